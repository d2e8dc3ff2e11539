"""no-rest-month, told sentence by sentence and at its exact limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.checks.no_rest_month import RULE
from rules.diary import CheckIn, Diary, WeeklyAnswer
from rules.model import Activity, Severity, Watch
from tests.rules.builders import TODAY, run, run_at, runs
from tests.rules.drawn import picks
from tests.rules.weeks import by_day, facts, found, told

#: Four days of 10 km a week.
FOUR_A_WEEK = [10, 0, 10, 0, 10, 0, 10]


def month(*, rest: int, km: float = 10) -> list[float]:
    """28 days that end with a run, `rest` of them without one."""
    return [km, *[0] * rest, *[km] * (27 - rest)]


def speaks(before: list[float], last: list[float], diary: Diary | None = None) -> bool:
    return found(RULE, by_day(*before, *last), diary or Diary()) is not None


@pytest.mark.parametrize(("rest", "expected"), [(0, True), (3, True), (4, False), (10, False)])
def test_fewer_than_four_days_off_in_28_are_noted(rest, expected):
    assert speaks(FOUR_A_WEEK * 12, month(rest=rest)) is expected


def test_it_is_never_more_than_a_note():
    assert found(RULE, by_day(*FOUR_A_WEEK * 12, *month(rest=0, km=30))).severity is Severity.NOTE


def test_the_finding_carries_its_numbers_and_is_named_after_its_last_day():
    finding = found(RULE, by_day(*FOUR_A_WEEK * 12, *month(rest=2)))
    assert (finding.rule, finding.key, finding.day) == ("no-rest-month", "2024-06-12", TODAY.date())
    assert dict(finding.facts) == {
        "rest_days": 2,
        "period_days": 28,
        "mean_week_m": 65_000,
        "usual_week_m": 40_000,
        "threshold_rest_days": 4,
        "complaint": False,
    }


@pytest.mark.parametrize(("km", "expected"), [(6.4, True), (6.39, False)])
def test_four_weeks_lighter_than_usual_are_left_alone(km, expected):
    # 25 run days of 6.4 km are 40 km a week, as usual.
    assert speaks(FOUR_A_WEEK * 12, month(rest=3, km=km)) is expected


def test_four_weeks_a_few_centimetres_lighter_than_usual_are_lighter():
    assert speaks(FOUR_A_WEEK * 12, [15.75, *[0] * 3, *[6.25] * 23, 0.5])
    assert not speaks(FOUR_A_WEEK * 12, [15.7498, *[0] * 3, *[6.25] * 23, 0.5])


def test_distances_are_given_to_a_tenth_of_a_metre():
    given = facts(RULE, by_day(*[10.00016, 0, 10, 0, 10, 0, 10] * 12, 10.00064, 0, 0, *[10] * 25))
    assert (given["usual_week_m"], given["mean_week_m"]) == (40_000.2, 65_000.2)


def test_usual_is_the_median_week_of_the_twelve_before():
    seven_full, five_light = [[10] * 4 + [0] * 3] * 7, [[2] * 4 + [0] * 3] * 5
    before = [km for week in [*seven_full, *five_light] for km in week]
    assert facts(RULE, by_day(*before, *month(rest=2)))["usual_week_m"] == 40_000
    assert facts(RULE, by_day(*[20] * 7, *before, *month(rest=2)))["usual_week_m"] == 40_000


def test_two_runs_on_a_day_are_one_run_day():
    activities = by_day(*FOUR_A_WEEK * 12, *month(rest=4))
    assert found(RULE, [*activities, *runs([0.2, 1.2, 2.2], 5)]) is None


def test_a_run_across_midnight_counts_for_the_day_it_started():
    activities = by_day(*FOUR_A_WEEK * 12, *month(rest=4))
    late = run_at(TODAY.replace(hour=23, minute=30) - timedelta(days=27), 8)
    assert found(RULE, [*activities, late]) is None


def test_a_runner_may_ask_for_two_days_off_a_week():
    two_a_week = replace(RULE, least_rest_days=8)
    six_off = by_day(*FOUR_A_WEEK * 12, *month(rest=6, km=12))
    assert found(RULE, six_off) is None
    assert found(two_a_week, six_off) is not None


# Habit and complaint


def habit(rest: int) -> list[float]:
    """84 days, the last 28 of them with 2 days off, with `rest` days off in all."""
    earlier = [*[0] * (rest - 2), *[10] * (56 - rest + 2)]
    return [*FOUR_A_WEEK * 8, *earlier, *month(rest=2, km=12)]


@pytest.mark.parametrize(("rest", "expected"), [(11, False), (12, True)])
def test_who_has_run_so_for_twelve_weeks_is_left_alone(rest, expected):
    assert speaks([], habit(rest=rest)) is expected


def aching(pain: int, ago: int) -> Diary:
    return Diary(check_ins=(CheckIn(TODAY - timedelta(days=ago), "knee", pain),))


@pytest.mark.parametrize(
    ("diary", "expected"),
    [
        (aching(3, ago=0), True),
        (aching(3, ago=83), True),
        (aching(3, ago=84), False),
        (aching(2, ago=0), False),
        (Diary(weekly=(WeeklyAnswer(TODAY.date(), 0, 0, 2),)), True),
        (Diary(weekly=(WeeklyAnswer(TODAY.date(), 0, 2, 0),)), True),
        (Diary(weekly=(WeeklyAnswer(TODAY.date(), 3, 1, 1),)), False),
    ],
)
def test_with_a_complaint_in_those_twelve_weeks_a_habit_is_noted_too(diary, expected):
    assert speaks([], habit(rest=5), diary) is expected


def test_a_complaint_from_before_the_runner_told_it_changes_nothing():
    tomorrow = Diary(check_ins=(CheckIn(TODAY + timedelta(days=1), "knee", 8),))
    assert not speaks([], habit(rest=5), tomorrow)


def test_who_runs_every_day_on_purpose_is_left_alone_until_a_complaint():
    new_streak = (FOUR_A_WEEK * 12, month(rest=0))
    assert not speaks(*new_streak, Diary(streak_runner=True))
    assert speaks(*new_streak, replace(aching(4, ago=3), streak_runner=True))
    assert facts(RULE, by_day(*FOUR_A_WEEK * 12, *month(rest=0)), aching(4, ago=3))["complaint"] is True


# What it needs, what it says it can do


def state(activities: list[Activity]):
    return RULE.state(told(activities), TODAY)


@pytest.mark.parametrize(("first_run", "expected"), [(55, True), (54, False)])
def test_it_needs_a_run_eight_weeks_back(first_run, expected):
    four_weeks = by_day(*[8, 0, 0, 8, 0, 0, 8] * 3, *month(rest=2))
    assert (found(RULE, [*four_weeks, run(first_run, 8)]) is not None) is expected


def test_a_new_runner_is_told_how_many_days_are_missing():
    assert (state([]).watch, state([]).missing_days) == (Watch.LEARNING, 56)
    assert state([run(10, 8), run(0, 8)]).missing_days == 45
    assert state([run(54, 8), run(0, 8)]).missing_days == 1
    assert state([run(55, 8), run(0, 8)]).watch is Watch.WATCHING


@pytest.mark.parametrize(("days", "expected"), [(111, Watch.WATCHING), (112, Watch.LEARNING)])
def test_it_looks_back_over_sixteen_weeks_that_end_with_the_day(days, expected):
    assert RULE.lookback_days == 112
    assert state([run(days, 10), run(1, 10)]).watch is expected


def test_after_a_long_break_nothing_is_usual_and_it_stays_silent():
    assert not speaks([10, *[0] * 83], month(rest=0))


def test_runs_without_any_distance_cannot_be_watched_and_it_says_why():
    blind = state(runs(range(2, 60, 3), distance_m=None))
    assert (blind.watch, blind.why) == (Watch.CANNOT_WATCH, "no-distance")


day_kilometres = picks([0, 5, 8, 12], 112, 112)


@given(day_kilometres)
def test_who_has_a_day_off_every_week_never_hears_of_it(kilometres):
    rested = [km if day % 7 else 0 for day, km in enumerate(kilometres[:-1], start=1)]
    assert not speaks([], [*rested, 10])


@given(day_kilometres, st.sampled_from([2, 4]))
def test_who_runs_everything_twice_as_far_hears_the_same(kilometres, factor):
    plain = [*kilometres[:-1], 10]
    assert speaks([], plain) is speaks([], [factor * km for km in plain])
