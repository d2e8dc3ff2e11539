"""The traffic light of pain, at its exact limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.diary import CheckIn, Diary
from rules.pain import (
    Light,
    asks_again_at,
    is_substantial,
    places_asked_about,
    questions_due,
    readings,
    substantial_week,
    traffic_light,
)
from rules.signs import SIGNS
from tests.rules.builders import TODAY
from tests.rules.diaries import answers, pain, sign, week
from tests.rules.drawn import numbers, picks

SECOND = timedelta(seconds=1)


def light(*check_ins: CheckIn, **given) -> Light:
    return traffic_light(answers(*check_ins, **given), TODAY)


# One answer


def test_without_any_answer_there_is_no_light():
    assert light() is Light.NONE
    assert light(pain(8, ago=-1)) is Light.NONE  # not told yet


@pytest.mark.parametrize(
    ("level", "expected"),
    [(0, "green"), (2, "green"), (3, "amber"), (5, "amber"), (6, "red"), (10, "red"), (11, "red")],
)
def test_0_to_2_is_green_3_to_5_amber_and_6_or_more_red(level, expected):
    assert light(pain(level)).value == expected


@pytest.mark.parametrize(("level", "expected"), [(0, "green"), (1, "amber"), (2, "amber"), (5, "amber"), (6, "red")])
def test_what_is_still_there_the_next_morning_is_amber(level, expected):
    assert light(pain(level, next_morning=True)).value == expected


@pytest.mark.parametrize("flag", ["altered_stride", "at_night"])
def test_a_changed_stride_or_pain_at_night_is_red_however_little_it_hurts(flag):
    assert light(pain(0, **{flag: True})) is Light.RED


@pytest.mark.parametrize("code", [*SIGNS, "a-sign-of-the-past"])
def test_any_warning_sign_is_red_whatever_hurts_and_amber_never_stands_beside_it(code):
    for check_ins in ((), (pain(0),), (pain(4),), (pain(9),)):
        assert light(*check_ins, signs=(sign(code),)) is Light.RED
    assert light(pain(1), signs=(sign(code, ago=3, cleared=1),)) is Light.GREEN


# Rising


def test_two_rises_from_run_to_run_are_red_and_one_is_not():
    assert light(pain(0, 6), pain(1, 3), pain(2, 0)) is Light.RED
    assert light(pain(1, 3), pain(2, 0)) is Light.GREEN
    assert light(pain(0, 6), pain(1, 3), pain(1, 0)) is Light.GREEN
    assert light(pain(1, 6), pain(1, 3), pain(2, 0)) is Light.GREEN
    assert light(pain(2, 6), pain(0, 3), pain(2, 0)) is Light.GREEN


def test_rises_are_counted_at_each_place_for_itself():
    assert light(pain(0, 6), pain(1, 3, "calf"), pain(2, 0)) is Light.GREEN


def test_several_answers_about_one_run_are_no_rise():
    assert light(pain(0, 0.2, run_id=1), pain(1, 0.1, run_id=1), pain(2, 0, run_id=1)) is Light.GREEN
    assert light(pain(0, 0.2), pain(1, 0.1), pain(2, 0)) is Light.GREEN  # one day, no run named
    assert light(pain(0, 0.2, run_id=1), pain(1, 0.1, run_id=2), pain(2, 0, run_id=3)) is Light.RED
    assert light(pain(0, 0.2, run_id=1), pain(1, 0.1), pain(2, 0)) is Light.GREEN  # one that names it, two of its day
    assert light(pain(0, 0.2, run_id=1), pain(1, 0.1), pain(2, 0, run_id=3)) is Light.GREEN
    twice = (pain(1, 5, run_id=2), pain(1, 4.9, run_id=2))
    assert light(pain(0, 8, run_id=1), *twice, pain(2, 0, run_id=3)) is Light.RED


def test_of_each_earlier_run_the_most_counts_and_of_the_last_what_is_left():
    evening_and_morning = (pain(2, 6, run_id=1), pain(1, 5, run_id=1))
    assert light(*evening_and_morning, pain(2, 3, run_id=2), pain(2, 0, run_id=3)) is Light.GREEN
    assert light(pain(0, 6), pain(1, 3), pain(2, 1), pain(1, 0.9)) is Light.GREEN


def test_a_morning_answer_without_a_run_belongs_to_the_evening_before():
    evening, morning = pain(3, 2.5), pain(3, 2, next_morning=True)
    assert light(evening, morning) is Light.AMBER
    assert light(evening, pain(3, 2)) is Light.RED
    assert light(pain(3, 3.5), morning) is Light.RED


def test_rising_red_says_that_it_is_rising():
    read = readings(answers(pain(0, 6), pain(1, 3), pain(2, 0)), TODAY)
    assert [(one.light.value, one.rising) for one in read] == [("green", False), ("green", False), ("red", True)]


# Two ambers


def test_two_ambers_within_7_days_are_red_and_a_second_later_they_are_not():
    assert light(pain(3, 7), pain(3, 0)) is Light.RED
    just_outside = CheckIn(TODAY - timedelta(days=7) - SECOND, "knee", 3)
    assert light(just_outside, pain(3, 0)) is Light.AMBER


def test_two_ambers_count_together_whatever_the_place_unless_of_one_run():
    assert light(pain(3, 3, "calf"), pain(3, 0)) is Light.RED
    assert light(pain(3, 0.01, "calf"), pain(3, 0)) is Light.AMBER


def test_an_amber_soon_after_a_red_is_red():
    assert light(pain(7, 3), pain(4, 0)) is Light.RED
    assert light(pain(7, 8), pain(4, 0)) is Light.AMBER


# How long an answer stands


def test_the_newest_answer_of_each_place_counts_and_the_reddest_place_decides():
    assert light(pain(4, 3), pain(1, 0)) is Light.GREEN
    assert light(pain(4, 3), pain(1, 0, "calf")) is Light.AMBER
    assert light(pain(7, 3), pain(4, 0, "calf"), pain(1, 0)) is Light.RED


def test_answers_are_read_in_order_of_time_however_they_are_held():
    assert light(pain(1, 0), pain(7, 3)) is Light.GREEN


def test_red_stays_until_an_answer_is_better():
    assert light(pain(0, 60), pain(1, 50), pain(2, 40), pain(2, 0)) is Light.RED
    assert light(pain(0, 60), pain(1, 50), pain(2, 40), pain(1, 0)) is Light.GREEN
    assert light(pain(1, 9, altered_stride=True), pain(1, 0)) is Light.GREEN
    assert light(pain(1, 9, altered_stride=True), pain(2, 0)) is Light.RED
    assert light(pain(1, 9, at_night=True), pain(1, 0)) is Light.GREEN


def test_pain_that_grew_beyond_an_amber_morning_is_amber_still():
    assert light(pain(1, 9, next_morning=True), pain(2, 0)) is Light.AMBER
    assert light(pain(1, 9, next_morning=True), pain(1, 0)) is Light.GREEN


def test_green_and_amber_stand_28_days_and_red_until_the_next_answer():
    assert light(pain(3, 28)) is Light.AMBER
    assert light(CheckIn(TODAY - timedelta(days=28) - SECOND, "knee", 3)) is Light.NONE
    assert light(pain(0, 28)) is Light.GREEN
    assert light(pain(0, 28.1)) is Light.NONE
    assert light(pain(6, 400)) is Light.RED


def test_own_levels_make_it_stricter_and_never_milder():
    stricter = {"pain": {"caution": 2.0, "high": 5.0}}
    assert light(pain(2), thresholds=stricter) is Light.AMBER
    assert light(pain(5), thresholds=stricter) is Light.RED
    milder = {"pain": {"caution": 8.0, "high": 9.0}}
    assert light(pain(3), thresholds=milder) is Light.AMBER
    assert light(pain(6), thresholds=milder) is Light.RED


check_ins = st.builds(
    CheckIn,
    at=st.integers(1, 60 * 24).map(lambda hours: TODAY - timedelta(hours=hours)),
    place=st.sampled_from(["knee", "calf", "upper-back"]),
    pain=st.integers(0, 10),
    next_morning=st.booleans(),
    altered_stride=st.sampled_from([False, False, True]),
    at_night=st.sampled_from([False, False, False, True]),
    run_id=st.sampled_from([None, 1, 2, 3]),
)
#: Next morning, altered stride, at night, and the run that it is about.
SIDES = list(product([False, True], [False, False, True], [False, False, False, True], [None, 1, 2, 3]))


def _diary(hours, places, levels, sides) -> Diary:
    told = zip(hours, places, levels, sides, strict=False)
    return Diary(
        check_ins=tuple(
            CheckIn(TODAY - timedelta(hours=ago + 1), place, level, *side) for ago, place, level, side in told
        )
    )


diaries = st.builds(
    _diary,
    numbers(60 * 24 - 1, 0, 9),
    picks(["knee", "calf", "upper-back"], 9, 9),
    picks(range(11), 9, 9),
    picks(SIDES, 9, 9),
)
a_while = st.sampled_from([timedelta(0), timedelta(hours=9), timedelta(days=6), timedelta(days=40)])


@given(diaries, check_ins, st.integers(1, 10), a_while)
def test_one_more_answer_with_more_pain_never_makes_it_greener(diary, last, more, later):
    """Wherever and whenever it comes, and whatever else it says."""
    before = [one.pain for one in sorted(diary.check_ins, key=lambda one: one.at) if one.place == last.place]
    level = (before[-1] if before else 0) + more
    worse = CheckIn(TODAY + later, last.place, level, last.next_morning, False, False, last.run_id)
    with_it = Diary(check_ins=(*diary.check_ins, worse))
    assert traffic_light(with_it, worse.at).level >= traffic_light(diary, worse.at).level


@given(diaries, check_ins, st.sampled_from(["altered_stride", "at_night", "next_morning"]), a_while)
def test_the_same_answer_once_more_and_with_a_bad_sign_never_makes_it_greener(diary, last, flag, later):
    diary = Diary(check_ins=(*diary.check_ins, replace(last, at=TODAY, pain=max(1, last.pain))))
    worse = replace(diary.check_ins[-1], at=TODAY + later, **{flag: True})
    with_it = Diary(check_ins=(*diary.check_ins, worse))
    assert traffic_light(with_it, worse.at).level >= traffic_light(diary, worse.at).level


@given(diaries, st.sampled_from(sorted(SIGNS)))
def test_one_more_sign_is_always_red(diary, code):
    assert traffic_light(Diary(check_ins=diary.check_ins, signs=(sign(code),)), TODAY) is Light.RED


# Asking again


def asked(*check_ins: CheckIn, **given) -> tuple[str, ...]:
    return places_asked_about(answers(*check_ins, **given), TODAY)


def test_it_asks_until_three_answers_in_a_row_are_green():
    assert asked(pain(4, 9)) == ("knee",)
    assert asked(pain(4, 9), pain(2, 6), pain(1, 3)) == ("knee",)
    assert asked(pain(4, 9), pain(2, 6), pain(1, 3), pain(0, 1)) == ()
    assert asked(pain(4, 20), pain(2, 12), pain(1, 9), pain(5, 6), pain(0, 3), pain(0, 1)) == ("knee",)


def test_an_answer_of_no_pain_opens_nothing_and_a_little_does():
    assert asked(pain(0, 1)) == ()
    assert asked(pain(1, 1)) == ("knee",)
    assert asked(pain(1, 5), pain(1, 3), pain(1, 1)) == ()
    assert asked(pain(1, 9), pain(1, 7), pain(1, 5), pain(0, 3), pain(2, 1)) == ("knee",)


def test_each_place_is_asked_about_for_itself():
    assert asked(pain(4, 9), pain(2, 6, "calf")) == ("knee", "calf")


def test_an_old_complaint_is_let_go_unless_it_was_red():
    assert asked(pain(4, 28.1)) == ()
    assert asked(pain(7, 28.1)) == ("knee",)


def at(day: int, hour: int, minute: int = 0, level: int = 4, **given) -> CheckIn:
    return CheckIn(datetime(2024, 6, day, hour, minute), "knee", level, **given)


@pytest.mark.parametrize(
    ("answered", "expected"),
    [
        (at(10, 18), datetime(2024, 6, 11, 8)),
        (at(10, 8), datetime(2024, 6, 11, 8)),
        (at(10, 2), datetime(2024, 6, 10, 8)),
        (at(10, 2, 1), datetime(2024, 6, 11, 8)),
        (at(10, 23, 59), datetime(2024, 6, 11, 8)),
        (at(10, 8, next_morning=True), datetime(2024, 6, 11, 8)),
    ],
)
def test_the_next_question_comes_the_next_morning_at_8(answered, expected):
    assert asks_again_at(answers(answered), TODAY) == expected


def test_after_a_green_morning_the_next_question_waits_for_the_next_run():
    evening, morning = at(10, 18, level=2), at(11, 8, level=0, next_morning=True)
    assert asks_again_at(answers(evening, morning), TODAY) is None
    assert places_asked_about(answers(evening, morning), TODAY) == ("knee",)


def test_with_nothing_open_nothing_is_asked_and_with_two_places_the_earlier_morning_counts():
    assert asks_again_at(answers(), TODAY) is None
    two = answers(at(10, 18), CheckIn(datetime(2024, 6, 8, 18), "calf", 5))
    assert asks_again_at(two, TODAY) == datetime(2024, 6, 9, 8)


def due(*check_ins: CheckIn, now: datetime, ran: datetime | None = None) -> list[bool]:
    """Whether each question that is due is the morning's."""
    return [question.morning for question in questions_due(answers(*check_ins), now, ran)]


EVENING, MORNING = datetime(2024, 6, 10, 18), datetime(2024, 6, 11, 8)


def test_the_question_of_the_morning_is_due_from_8_on():
    assert due(at(10, 18), now=datetime(2024, 6, 11, 7, 59)) == []
    assert due(at(10, 18), now=MORNING) == [True]
    assert due(at(10, 18), now=datetime(2024, 6, 13, 20)) == [True]


def test_a_run_after_the_answer_is_asked_about_at_once():
    run_at_7 = datetime(2024, 6, 11, 7)
    assert due(at(10, 18), now=run_at_7, ran=run_at_7) == [False]
    assert due(at(10, 18), now=datetime(2024, 6, 11, 7, 30), ran=EVENING) == []


def test_of_the_morning_and_a_run_the_later_one_is_asked_about():
    noon = datetime(2024, 6, 11, 12)
    assert due(at(10, 18), now=noon, ran=datetime(2024, 6, 11, 7)) == [True]
    assert due(at(10, 18), now=noon, ran=datetime(2024, 6, 11, 9)) == [False]


def test_after_a_green_morning_only_a_run_is_asked_about_even_days_later():
    green = (at(10, 18, level=2), at(11, 8, level=0, next_morning=True))
    assert due(*green, now=datetime(2024, 6, 13, 12)) == []
    assert due(*green, now=datetime(2024, 6, 13, 12), ran=datetime(2024, 6, 11, 19)) == [False]


def test_nothing_is_asked_of_a_run_that_is_still_to_come():
    assert due(at(10, 18), now=datetime(2024, 6, 10, 19), ran=datetime(2024, 6, 10, 20)) == []


def test_each_sore_place_has_its_own_question():
    both = (at(10, 18), CheckIn(datetime(2024, 6, 11, 9), "calf", 5))
    questions = questions_due(answers(*both), datetime(2024, 6, 11, 12), datetime(2024, 6, 11, 10))
    assert [(one.place, one.morning) for one in questions] == [("knee", False), ("calf", False)]
    assert questions_due(answers(), TODAY) == ()


# Weekly answers


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (week(participation=2, changed=1, felt=1), False),
        (week(participation=3), True),
        (week(changed=2), True),
        (week(felt=2), True),
    ],
)
def test_a_week_is_substantial_without_training_or_when_much_was_changed_or_felt(answer, expected):
    assert is_substantial(answer) is expected


def test_a_substantial_week_stands_14_days_or_until_a_later_answer_for_the_same_place():
    def stands(*weekly):
        return substantial_week(Diary(weekly=weekly), TODAY)

    assert stands(week(14, felt=2)) == week(14, felt=2)
    assert stands(week(15, felt=2)) is None
    assert stands(week(-1, felt=2)) is None
    assert stands(week(7, felt=2, place="knee"), week(0, place="knee")) is None
    assert stands(week(0, place="knee"), week(7, felt=2, place="knee")) is None
    assert stands(week(7, felt=2, place="knee"), week(0, place="calf")) == week(7, felt=2, place="knee")
    assert stands(week(7, felt=2, place="knee"), week(2, felt=3, place="calf")) == week(2, felt=3, place="calf")
