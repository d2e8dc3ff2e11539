"""The usual range and the message line: what lowers them, what hides them, and that they keep their word."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time, timedelta
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.checks.run_spike import RULE, RunSpike
from rules.diary import Absence, AbsenceKind, CheckIn, Diary, Exclusions, OwnLimit, WarningSign
from rules.history import TrainingHistory
from rules.model import Activity, Severity
from rules.policy import evaluate
from rules.return_ladder import Wait
from rules.usual_range import DayRange, Lowered, message_line_m, usual_range
from tests.rules.builders import TODAY, history, ordinary_weeks, run, run_at, runs
from tests.rules.drawn import numbers, picks

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def days(*parts, diary: Diary | None = None, at: datetime = TODAY, **given) -> list[DayRange]:
    seen = history(*parts)
    return usual_range(seen if diary is None else replace(seen, diary=diary), at, **given)


def today(*parts, **given) -> DayRange:
    return days(*parts, **given)[0]


def with_limit(**given) -> Diary:
    return Diary(limit=OwnLimit(**{"until": (TODAY + 30 * DAY).date(), **given}))


def with_pain(*pains: int) -> Diary:
    return Diary(check_ins=tuple(CheckIn(TODAY - HOUR, "knee", pain) for pain in pains))


# An ordinary runner


def test_the_range_is_the_longest_run_of_30_days_and_ten_percent_or_a_kilometre():
    assert today(ordinary_weeks(8)).range_m == 9_000
    assert today(ordinary_weeks(20)).range_m == 22_000
    assert today(ordinary_weeks(8), run(31, 20)).range_m == 9_000


def test_the_line_is_where_run_spike_begins_to_speak():
    assert today(ordinary_weeks(10)).line_m == 13_000
    expecting = today(ordinary_weeks(10), diary=Diary(exclusions=Exclusions(("C1",), expecting=True)))
    assert (expecting.line_m, expecting.range_m, expecting.waits_for) == (None, None, Wait.EXPECTING)


def test_today_tomorrow_and_the_days_after_it_are_told():
    told = days(ordinary_weeks(10))
    assert [one.day for one in told] == [(TODAY + ahead * DAY).date() for ahead in range(15)]
    assert {(one.range_m, one.line_m) for one in told[:12]} == {(11_000, 13_000)}


def test_the_days_ahead_assume_that_nothing_more_is_run():
    told = days(ordinary_weeks(10), run(25, 12))
    assert [told[ahead].range_m for ahead in (0, 4, 5)] == [13_200, 13_200, 11_000]
    assert (told[14].reasons, told[14].step.number, told[14].line_m) == ((Lowered.RETURN,), 1, None)


def test_what_is_not_run_yet_changes_nothing():
    assert days(ordinary_weeks(10), run(-1, 30)) == days(ordinary_weeks(10))


def test_a_runner_who_wants_to_hear_of_less_has_a_smaller_range():
    careful = replace(RULE, note=0.01, caution=0.05)
    found = today(ordinary_weeks(20), rule=careful)
    assert (found.range_m, found.line_m) == (21_000, 21_000)


# After a spike or a long race


def test_the_day_after_a_lone_marathon_the_range_is_at_most_the_median_run():
    found = today(ordinary_weeks(10), run(1, 42.195))
    assert (found.range_m, found.line_m, found.reasons[0]) == (10_000, None, Lowered.AFTER_SPIKE)
    for parts in (ordinary_weeks(14, days=25), runs([40, 20, 9], 10), []):
        marathon = run(1, 42.195)
        assert today(parts, marathon).range_m <= median([one.distance_m for one in [*parts, marathon]])


def test_after_an_18_km_run_with_a_12_km_longest_it_is_below_11_km():
    for ago in (0.1, 1, 7):
        assert today(ordinary_weeks(12.5), run(ago, 18.2)).range_m < 11_000


def test_after_a_spike_it_is_60_percent_of_it_where_that_is_less_than_the_median_run():
    found = today(ordinary_weeks(10), run(1, 13.5))
    assert (found.range_m, found.reasons[0]) == (pytest.approx(8_100), Lowered.AFTER_SPIKE)


def test_for_a_week_runs_stay_shorter_and_for_two_the_spike_is_no_measure():
    weeks, spike = ordinary_weeks(10), run(1, 15)
    told = days(weeks, spike, runs([0], 6))
    assert [told[ahead].range_m for ahead in (0, 6, 7, 13, 14)] == [9_000, 9_000, 11_000, 11_000, 16_500]
    assert told[7].reasons == (Lowered.SPIKE_NOT_COUNTED,)
    assert [told[ahead].line_m for ahead in (0, 13, 14)] == [None, None, 19_500]


def test_a_second_run_of_90_percent_makes_it_a_measure_at_once():
    weeks, spike = ordinary_weeks(10), run(10, 15)
    assert today(weeks, spike, run(1, 13.4)).range_m == 13_400 + 1_340
    assert today(weeks, spike, run(1, 13.5)).range_m == 16_500


def test_a_spike_counts_whether_it_was_told_or_not():
    beginners = ordinary_weeks(4.5)
    found = today(beginners, run(1, 7))  # nothing is told to who is only starting
    assert (found.range_m, found.reasons[0]) == (pytest.approx(4_200), Lowered.AFTER_SPIKE)


def test_a_spike_that_starts_this_moment_counts():
    assert today(ordinary_weeks(10), run(0, 18)).reasons[0] is Lowered.AFTER_SPIKE


def test_a_note_lowers_nothing():
    assert today(ordinary_weeks(10), run(1, 13)).range_m == 14_300


def test_after_a_long_race_runs_stay_shorter_too():
    weeks = ordinary_weeks(20)
    race = today(weeks, run(1, 21.1, race=True))
    assert (race.range_m, race.reasons) == (pytest.approx(12_660), (Lowered.AFTER_LONG_RACE,))
    assert today(weeks, run(1, 21, race=True)).reasons == (Lowered.AFTER_LONG_RACE,)
    assert today(weeks, run(1, 20.9, race=True)).reasons == ()
    assert today(weeks, run(1, 21.1)).reasons == ()
    assert today(weeks, run(8, 21.1, race=True)).range_m == pytest.approx(23_210)


def test_a_marathon_that_nothing_can_be_compared_with_is_no_measure_either():
    for ago in (1, 8, 14):
        assert today(run(ago, 42.2)).range_m == pytest.approx(0.6 * 42_200)


def test_a_long_run_among_others_as_long_is_ordinary_however_few_there_are():
    once_a_week = runs([2, 9, 16, 23], 25)
    assert today(once_a_week).range_m == 25_500
    assert today(once_a_week, run(1, 32)).range_m == 32_500
    assert today(once_a_week, run(1, 33)).reasons[0] is Lowered.AFTER_SPIKE


def test_what_lowers_a_distance_leaves_no_minutes_beside_it():
    assert today(run(1, 42.2)).range_minutes is None


# Back from a break


def test_back_from_a_break_the_ladder_holds():
    found = today(ordinary_weeks(10), at=TODAY + 16 * DAY)
    assert (found.range_m, found.reasons, found.line_m) == (6_000, (Lowered.RETURN,), None)
    assert (found.step.number, found.step.of, found.starting) == (1, 3, False)


def test_the_ladder_never_raises_what_the_last_month_allows():
    back = [*runs(range(60, 150, 2), 20), *runs([12, 8, 4], 3)]
    assert today(back).range_m == 4_000


# Pain, signs, illness


def test_amber_pain_leaves_three_quarters():
    found = today(ordinary_weeks(10), diary=with_pain(4))
    assert (found.range_m, found.line_m, found.reasons) == (8_250, None, (Lowered.AMBER_PAIN,))
    found = today(ordinary_weeks(12.5), run(1, 18.2), diary=with_pain(4))
    assert found.range_m == pytest.approx(0.75 * 10_920)


def test_little_pain_changes_nothing():
    assert today(ordinary_weeks(10), diary=with_pain(1)) == today(ordinary_weeks(10))


def test_with_red_pain_no_distance_is_shown():
    for one in days(ordinary_weeks(10), diary=with_pain(7)):
        assert (one.range_m, one.line_m, one.waits_for) == (None, None, Wait.PAIN)


def test_with_a_warning_sign_no_distance_is_shown_until_it_is_cleared():
    sign = WarningSign("night-pain", TODAY - 9 * DAY)
    assert {one.waits_for for one in days(ordinary_weeks(10), diary=Diary(signs=(sign,)))} == {Wait.WARNING_SIGN}
    cleared = replace(sign, cleared_at=TODAY - DAY)
    assert today(ordinary_weeks(10), diary=Diary(signs=(cleared,))).range_m == 11_000


@pytest.mark.parametrize("kind", [AbsenceKind.ILL, AbsenceKind.INJURED])
def test_with_an_illness_or_injury_no_distance_is_shown_until_it_is_over(kind):
    since = (TODAY - DAY).date()
    lasting = days(ordinary_weeks(10), diary=Diary(absences=(Absence(kind, since),)))
    assert {(one.range_m, one.waits_for.value) for one in lasting} == {(None, kind.value)}
    until_friday = Diary(absences=(Absence(kind, since, (TODAY + 2 * DAY).date()),))
    told = days(ordinary_weeks(10), diary=until_friday)
    assert [one.range_m for one in told[:4]] == [None, None, None, 11_000]


def test_a_holiday_changes_nothing():
    away = Diary(absences=(Absence(AbsenceKind.HOLIDAY, (TODAY - DAY).date()),))
    assert days(ordinary_weeks(10), diary=away) == days(ordinary_weeks(10))


def test_what_is_told_later_is_not_known_yet():
    later = Diary(check_ins=(CheckIn(TODAY + HOUR, "knee", 8),), signs=(WarningSign("chest-pain", TODAY + HOUR),))
    assert days(ordinary_weeks(10), diary=later) == days(ordinary_weeks(10))


# The own limit


def test_the_own_limit_holds_until_its_day():
    told = days(ordinary_weeks(10), diary=with_limit(run_m=6_000, until=(TODAY + DAY).date()))
    assert [one.range_m for one in told[:3]] == [6_000, 6_000, 11_000]
    assert (told[0].reasons, told[0].line_m, told[2].line_m) == ((Lowered.OWN_LIMIT,), None, 13_000)


def test_an_own_limit_beyond_the_range_lowers_nothing():
    found = today(ordinary_weeks(10), diary=with_limit(run_m=20_000))
    assert (found.range_m, found.line_m, found.reasons) == (11_000, 13_000, ())


def test_minutes_become_a_distance_at_the_runners_median_pace():
    found = today(ordinary_weeks(10), diary=with_limit(run_minutes=30))  # 6:00/km
    assert (found.range_m, found.range_minutes) == (pytest.approx(5_000), 30)
    both = today(ordinary_weeks(10), diary=with_limit(run_minutes=30, run_m=4_000))
    assert both.range_m == 4_000


def test_without_any_known_pace_minutes_alone_are_shown():
    untimed = [replace(one, moving_time_s=None, elapsed_time_s=None) for one in ordinary_weeks(10)]
    found = today(untimed, diary=with_limit(run_minutes=30))
    assert (found.range_m, found.range_minutes, found.line_m) == (None, 30, None)


def test_with_the_runs_of_a_week_done_the_next_one_waits():
    told = days(ordinary_weeks(10), diary=with_limit(runs_a_week=2))
    assert [one.waits_for for one in told[:5]] == [Wait.OWN_LIMIT_WEEK] * 2 + [None] * 3
    assert told[2].range_m == 11_000


def test_even_with_an_own_limit_pain_comes_first():
    told = Diary(limit=OwnLimit((TODAY + DAY).date(), run_m=5_000), check_ins=with_pain(8).check_ins)
    assert today(ordinary_weeks(10), diary=told).waits_for is Wait.PAIN


# Too little history


def test_with_a_2_km_longest_it_is_2_and_a_half():
    for parts in (ordinary_weeks(2), runs([1, 3, 5], 2), [run(1, 2)]):
        found = today(parts)
        assert (found.range_m, found.line_m, found.starting, found.range_minutes) == (2_500, None, True, 17)


def test_with_too_little_history_no_line_is_shown():
    found = today(runs([1, 4, 9], 10))
    assert (found.range_m, found.line_m, found.starting) == (10_500, None, True)
    once_a_week = today(runs(range(1, 100, 7), 10))
    assert (once_a_week.range_m, once_a_week.line_m, once_a_week.starting) == (10_500, None, True)


def test_without_any_run_there_is_nothing_to_go_by():
    for one in days():
        assert (one.range_m, one.line_m, one.waits_for, one.starting) == (None, None, None, True)
    assert today(diary=with_limit(run_m=3_000)).range_m == 3_000


# For every runner


def severe(seen: TrainingHistory, km_run: Activity, rule: RunSpike = RULE) -> list[Severity]:
    with_it = replace(seen, runs=(*seen.runs, *history(km_run).runs))
    found = evaluate(with_it, with_it.runs[-1], [rule]).findings
    return [one.severity for one in found if one.severity >= Severity.CAUTION]


def runs_on(days_ago: Iterable[int], metres_beyond_a_kilometre: Iterable[int]) -> TrainingHistory:
    both = zip(days_ago, metres_beyond_a_kilometre, strict=False)
    return TrainingHistory.of(run(ago, 1 + metres / 1000) for ago, metres in dict(both).items())


lives = st.builds(runs_on, picks(range(2, 121), 0, 40), numbers(41_195, 40, 40))
regular_lives = st.builds(runs_on, st.integers(2, 5).map(lambda days: range(2, 99, days)), numbers(41_195, 14, 14))


def just_run(day_range: DayRange, distance_m: float) -> Activity:
    """A run without a known time in the last minute of that day."""
    last_minute = datetime.combine(day_range.day, time(23, 59))
    return replace(run_at(last_minute, 10, moving_time_s=None, elapsed_time_s=None), distance_m=distance_m)


@given(lives | regular_lives, st.integers(11, 90))
def test_a_run_of_exactly_the_line_brings_no_message_and_a_metre_more_does(seen, percent):
    rule = replace(RULE, caution=percent / 100)
    for one in usual_range(seen, TODAY, rule=rule):
        if one.line_m is not None:
            assert severe(seen, just_run(one, one.line_m), rule) == []
            assert severe(seen, just_run(one, one.line_m + 1), rule) != []


@given(lives | regular_lives)
def test_a_run_within_the_range_brings_no_message_of_its_length(seen):
    for one in usual_range(seen, TODAY):
        if one.range_m is not None and one.range_m >= 500:
            assert severe(seen, just_run(one, one.range_m)) == []


def ceiling(seen: TrainingHistory, day_range: DayRange) -> float | None:
    """The longest run of the 30 days that end with that day, and ten percent or a kilometre."""
    end = datetime.combine(day_range.day, time.max)
    longest = max((one.distance_m for one in seen.before(end, 30)), default=None)
    return None if longest is None else longest + max(0.1 * longest, 1_000)


@given(lives | regular_lives)
def test_the_range_is_never_beyond_the_longest_run_and_the_usual_step(seen):
    for one in usual_range(seen, TODAY):
        highest = ceiling(seen, one)
        assert one.range_m is None or one.range_m > 0
        assert one.range_m is None or highest is None or one.range_m <= highest
        assert one.line_m is None or (one.reasons == () and one.range_m <= one.line_m)
        assert one.waits_for is None


@given(lives, st.sampled_from([with_pain(4), with_limit(run_m=5_000), with_limit(run_minutes=40), with_pain(9)]))
def test_nothing_that_is_told_ever_raises_the_range(seen, diary):
    for plain, told in zip(usual_range(seen, TODAY), usual_range(replace(seen, diary=diary), TODAY), strict=True):
        if plain.range_m is not None:
            assert told.range_m is None or told.range_m <= plain.range_m
            assert told.line_m in (None, plain.line_m)


def test_the_line_keeps_to_the_gates_of_run_spike():
    assert message_line_m(10_000) == 13_000
    assert message_line_m(3_500) == pytest.approx(5_000, abs=0.01)
    assert 4_999.9 < message_line_m(3_500) < 5_000
    assert 5_899.9 < message_line_m(4_900, replace(RULE, caution=0.1)) < 5_900
