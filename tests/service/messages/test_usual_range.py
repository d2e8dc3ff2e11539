"""The usual range in words: today, tomorrow and the coming days."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from rules.diary import CheckIn, Diary
from rules.return_ladder import Wait
from rules.usual_range import DayRange, Lowered
from service.messages.usual_range import (
    comes_first,
    day_words,
    lowered_words,
    range_data,
    range_rows,
    range_section,
    step_words,
    wait_words,
)
from tests.rules.builders import TODAY, ordinary_weeks, run
from tests.rules.diaries import pain, sign
from tests.service.messages.scenes import EVERY_LIMIT, EVERY_UNIT, LIMIT, RUN_WALK, STEP, every_range, ranges

WEEKS = ordinary_weeks(12.5)
TODAY_ROW = "Today, Wed, Jun 12"


def shown(days, units="km"):
    return dict(range_rows(days, units))


def said(days, units="km"):
    section = range_section(days, units, "en")
    return "\n".join([section.heading, *section.lines, *(f"{label}: {value}" for label, value in section.rows)])


def test_an_ordinary_runner_reads_a_range_and_where_a_message_would_come():
    assert shown(ranges(WEEKS))[TODAY_ROW] == "nothing unusual up to 13.7 km; a message from 16.2 km"


def test_distances_are_in_the_runners_unit_and_rounded_down():
    assert shown(ranges(WEEKS), "mi")[TODAY_ROW] == "nothing unusual up to 8.5 mi; a message from 10.0 mi"
    assert "12.9 km" in day_words(DayRange(TODAY.date(), 12_999.9), "km")


def test_a_line_that_is_a_millimetre_below_a_round_distance_names_the_round_one():
    assert "a message from 7.0 km" in day_words(DayRange(TODAY.date(), 6_000, 6_999.999), "km")


def test_today_and_tomorrow_have_a_row_and_alike_days_after_them_share_one():
    labels = list(shown(ranges(WEEKS, days=8)))
    assert labels == [TODAY_ROW, "Tomorrow, Thu, Jun 13", "Fri, Jun 14 to Wed, Jun 19"]


def test_a_day_of_its_own_is_named_alone():
    days = ranges(WEEKS, days=3)
    assert list(shown(days)) == [TODAY_ROW, "Tomorrow, Thu, Jun 13", "Fri, Jun 14"]
    assert list(shown(days[:1])) == [TODAY_ROW]


def test_what_lowers_the_range_is_named_and_no_line_is_shown():
    after = ranges(WEEKS, run(0.1, 18.2), days=8)
    assert set(shown(after).values()) == {"nothing unusual up to 10.9 km"}
    assert (
        "What lowers it today: an unusually long run in the 7 days before; a run far beyond the others, not counted as "
        "your longest yet."
    ) in said(after)
    assert "a message from" not in said(after)


def test_where_the_days_differ_each_says_what_decides_it():
    rows = shown(ranges(WEEKS, run(0.1, 18.2)))
    assert rows[TODAY_ROW] == "nothing unusual up to 10.9 km (an unusually long run in the 7 days before)"
    assert (
        "nothing unusual up to 13.7 km (a run far beyond the others, not counted as your longest yet)" in rows.values()
    )


def test_who_has_not_paused_yet_reads_no_step_of_a_way_back():
    assert "Step 1" not in said(ranges(WEEKS))


def test_nothing_is_said_to_lower_what_nothing_lowers():
    assert lowered_words(ranges(WEEKS)[0]) == ""


@pytest.mark.parametrize("reason", list(Lowered))
def test_every_reason_has_words(reason):
    words = day_words(DayRange(TODAY.date(), 8_000, reasons=(reason,)), "km")
    assert re.fullmatch(r"nothing unusual up to 8\.0 km \(.+\)", words)


def test_a_step_of_the_way_back_is_named_with_its_number():
    words = day_words(DayRange(TODAY.date(), 7_500, reasons=(Lowered.RETURN,), step=STEP), "km")
    assert words == "nothing unusual up to 7.5 km (step 2 of 3 of the way back)"


def test_too_little_history_gets_a_rule_of_thumb_with_its_grade():
    days = ranges(run(2, 4.0), days=8)
    assert shown(days)[TODAY_ROW] == "as a rule of thumb up to 4.5 km or 29 min"
    assert (
        "Too little to compare yet. The rule of thumb is your longest so far and 0.5 km or 5 minutes more. Strength of "
        "evidence: D (experience, not studies)."
    ) in said(days)
    assert "nothing unusual up to" not in said(days)
    assert "a message from" not in said(days)


def test_a_runner_of_miles_reads_the_rule_of_thumb_in_miles():
    assert "0.3 mi or 5 minutes more" in said(ranges(run(2, 4.0)), "mi")


def test_nothing_to_go_by_is_said():
    assert shown(ranges())[TODAY_ROW] == "too little to compare yet"


def test_an_own_limit_in_minutes_is_shown_in_minutes_where_the_pace_is_not_known():
    day = DayRange(TODAY.date(), None, reasons=(Lowered.OWN_LIMIT,), range_minutes=30)
    assert day_words(day, "km") == "nothing unusual up to 30 min (your own limit)"
    assert "30 min" in said(ranges(WEEKS, diary=Diary(limit=LIMIT)))


@pytest.mark.parametrize(
    ("diary", "wait"),
    [(Diary(signs=(sign("fever"),)), Wait.WARNING_SIGN), (Diary(check_ins=(pain(7),)), Wait.PAIN)],
)
def test_pain_and_warning_signs_leave_no_distance_only_what_to_wait_for(diary, wait):
    section = range_section(ranges(WEEKS, diary=diary), "km", "en")
    assert section.rows == ()
    assert section.lines == (f"No distance is named: {wait_words(wait)}.",)
    assert not re.search(r"\d (km|mi|min)\b", said(ranges(WEEKS, diary=diary)))


def test_days_that_wait_among_days_that_do_not_say_so_in_their_row():
    waiting = DayRange(TODAY.date(), None, waits_for=Wait.OWN_LIMIT_WEEK)
    free = DayRange(TODAY.date() + timedelta(days=1), 5_000, reasons=(Lowered.OWN_LIMIT,))
    rows = shown([waiting, free])
    assert rows[TODAY_ROW] == "no distance: the runs of your own limit for 7 days are done"
    assert rows["Tomorrow, Thu, Jun 13"] == "nothing unusual up to 5.0 km (your own limit)"


def test_every_wait_has_words_of_its_own():
    assert len({wait_words(wait) for wait in Wait}) == len(Wait)


def test_the_words_safe_may_allowed_and_risk_free_describe_no_distance():
    for units in EVERY_UNIT:
        for days in every_range():
            assert not re.search(r"(?i)\b(safe\w*|may|allowed|risk\w*|should|must)\b", said(days, units))


def test_a_step_back_tells_how_far_a_run_and_a_week_go_and_how_sure_that_is():
    assert step_words(STEP, "km") == (
        "Step 2 of 3 after 20 days off: easy runs up to 7.5 km, and 22.5 km in 7 days, of which 12.3 km are left. "
        "Strength of evidence: D (experience, not studies)."
    )
    assert step_words(RUN_WALK, "km") == (
        "Step 1 of 8 after 120 days off: running and walking in turns, up to 3.0 km at a time and 9.0 km in 7 days. "
        "Strength of evidence: D (experience, not studies)."
    )


def test_a_step_that_waits_names_no_distance():
    waiting = replace(STEP, run_m=None, waits_for=Wait.PAIN)
    assert step_words(waiting, "km") == f"The way back has no distance yet: {wait_words(Wait.PAIN)}."


def test_the_way_back_is_explained_below_the_range():
    returning = ranges(ordinary_weeks(10, days=84)[6:], run(0.1, 5))
    assert "Step 1 of 3 after 19 days off" in said(returning)


def test_amber_pain_takes_a_quarter_off():
    amber = Diary(check_ins=(CheckIn(TODAY, "knee", 4),))
    days = ranges(WEEKS, diary=amber, days=8)
    assert shown(days)[TODAY_ROW] == "nothing unusual up to 10.3 km"
    assert "What lowers it today: your last check-in, by a quarter." in said(days)


def test_it_speaks_the_language_that_is_asked_for():
    assert "Mittwoch" not in said(ranges(WEEKS))
    assert range_section(ranges(WEEKS), "km", "de").rows[0][0] == "Today, Mi., 12. Juni"


def test_pain_and_signs_come_before_an_own_limit_and_the_rest_after_it():
    assert [wait for wait in Wait if comes_first(wait, LIMIT)] == [Wait.WARNING_SIGN, Wait.PAIN]
    assert [wait for wait in Wait if comes_first(wait, None)] == [
        Wait.WARNING_SIGN,
        Wait.PAIN,
        Wait.INJURED,
        Wait.ILL,
    ]
    assert not comes_first(None, None)


def test_machines_read_metres_that_are_not_rounded():
    first = range_data(ranges(WEEKS))[0]
    assert first == {
        "day": "2024-06-12",
        "range_m": 13_750,
        "range_minutes": None,
        "message_from_m": 16_250,
        "lowered_by": [],
        "waits_for": None,
        "starting": False,
    }


def test_every_kind_of_own_limit_can_be_ranged():
    for limit in EVERY_LIMIT:
        assert "nothing unusual up to" in said(ranges(WEEKS, diary=Diary(limit=limit)))
