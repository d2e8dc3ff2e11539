"""stair-climb, told sentence by sentence and at its exact limits."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.checks.stair_climb import RULE
from rules.model import Activity, Severity, Watch
from tests.rules.builders import TODAY, run, runs
from tests.rules.drawn import picks
from tests.rules.weeks import facts, found, told


def weeks(*kilometres: float, ending: int = 0) -> list[Activity]:
    """Weeks of three runs each, oldest first; the last one ends `ending` days before TODAY, with a run."""
    activities = []
    for ago, km in enumerate(reversed(kilometres)):
        third = round(km / 3, 3)
        thirds = ((0, third), (3, third), (6, km - 2 * third))
        activities += [run(ending + 7 * ago + day, part) for day, part in thirds if km > 0]
    return activities


def climbs(*parts: Activity | list[Activity]) -> bool:
    return found(RULE, [one for part in parts for one in ([part] if isinstance(part, Activity) else part)]) is not None


STEADY = [30.0] * 12


@pytest.mark.parametrize(
    ("last_weeks", "expected"),
    [
        ((33.1, 36.5, 40.2), True),
        ((33, 36.5, 40.2), False),  # the first step is exactly 10 %
        ((33.1, 36.41, 40.2), False),  # the second is exactly 10 %
        ((33.1, 36.5, 40.15), False),  # the third is exactly 10 %
        ((60, 36.5, 40.2), False),
        ((33.1, 36.5, 30), False),
        ((30, 30, 60), False),
    ],
)
def test_every_one_of_three_steps_must_be_above_ten_percent(last_weeks, expected):
    assert climbs(weeks(*STEADY, *last_weeks)) is expected


def test_it_is_a_note_however_steep():
    assert found(RULE, weeks(*STEADY, 60, 120, 240)).severity is Severity.NOTE


@pytest.mark.parametrize(("base", "expected"), [(10, True), (9.99, False)])
def test_all_four_weeks_must_hold_ten_kilometres(base, expected):
    assert climbs(weeks(*[base] * 12, 12, 14, 16)) is expected


def test_the_finding_carries_its_numbers_and_is_named_after_its_last_day():
    finding = found(RULE, weeks(*STEADY, 36, 42, 50.4))
    assert (finding.rule, finding.key, finding.day) == ("stair-climb", "2024-06-12", TODAY.date())
    assert dict(finding.facts) == {
        "base_week_m": 30_000,
        "first_7_days_m": 36_000,
        "second_7_days_m": 42_000,
        "last_7_days_m": 50_400,
        "smallest_step_percent": 16.7,
        "rise_percent": 68,
        "threshold_percent": 10,
    }


def test_distances_are_given_to_a_tenth_of_a_metre():
    given = facts(RULE, weeks(*STEADY[1:], 30.00016, 36.00016, 42.00016, 50.40016))
    assert [given[name] for name in ("base_week_m", "first_7_days_m", "second_7_days_m", "last_7_days_m")] == [
        30_000.2,
        36_000.2,
        42_000.2,
        50_400.2,
    ]
    assert given["rise_percent"] == 68


def test_shares_are_given_to_a_tenth_of_a_percent():
    given = facts(replace(RULE, note=0.12345), weeks(*STEADY, 36, 42, 50.41))
    assert (given["rise_percent"], given["threshold_percent"]) == (68.0, 12.3)
    assert facts(RULE, weeks(*STEADY, 36, 42, 50.437))["rise_percent"] == 68.1


def test_a_runner_may_ask_for_steeper_steps():
    steeper = replace(RULE, note=0.2)
    assert found(steeper, weeks(*STEADY, 36.1, 43.5, 50)) is None
    assert found(steeper, weeks(*STEADY, 36.1, 43.5, 52.5)) is not None


def test_weeks_are_counted_back_from_the_run_not_from_monday():
    climb = weeks(*STEADY, 36, 42, 50.4, ending=4)
    assert climbs(climb)
    # Four days later two of the three runs of each week belong to the week before.
    assert not climbs(climb, run(0, 0.5))


# After a gap or a light week


def test_coming_back_from_a_holiday_to_what_is_usual_is_no_climb():
    assert not climbs(weeks(*[50.0] * 10, 0, 20, 30, 40, 50))
    assert not climbs(weeks(*[50.0] * 11, 20, 30, 40, 50))


def test_after_a_holiday_climbing_beyond_the_usual_week_counts():
    assert climbs(weeks(*[50.0] * 10, 50, 20, 56, 62, 69))
    assert facts(RULE, weeks(*[50.0] * 10, 50, 20, 56, 62, 69))["base_week_m"] == 50_000


def test_a_week_of_sixty_percent_is_no_taper_and_one_below_is():
    assert facts(RULE, weeks(*[50.0] * 11, 30, 56, 62, 69))["base_week_m"] == 30_000
    assert facts(RULE, weeks(*[50.0] * 11, 29.9, 56, 62, 69))["base_week_m"] == 50_000


@pytest.mark.parametrize(("days_off", "base_m"), [(6, 44_000), (7, 48_000)])
def test_seven_days_without_a_run_are_a_gap_and_six_are_not(days_off, base_m):
    gaps_only = replace(RULE, taper=0.0)
    before = [*runs(range(21, 26), 8.8), *runs(range(26 + days_off, 105), 48 / 7)]
    assert facts(gaps_only, [*before, *weeks(56, 63, 71)])["base_week_m"] == pytest.approx(base_m, abs=20)


def test_a_gap_five_weeks_before_the_climb_is_forgotten():
    gaps_only = replace(RULE, taper=0.0)
    assert facts(gaps_only, weeks(*[50.0] * 6, 0, 35, 35, 35, 35, 56, 62, 69))["base_week_m"] == 35_000
    assert facts(gaps_only, weeks(*[50.0] * 7, 0, 35, 35, 35, 56, 62, 69))["base_week_m"] == 50_000


def test_after_a_light_week_the_fuller_one_before_it_stays_the_base():
    assert not climbs(weeks(*[40.0] * 9, 20, 40, 60, 63, 75, 90))
    assert facts(RULE, weeks(*[40.0] * 9, 20, 40, 60, 67, 75, 90))["base_week_m"] == 60_000


def test_a_light_week_five_weeks_before_the_climb_is_forgotten():
    assert facts(RULE, weeks(*[50.0] * 7, 5, 35, 35, 35, 35, 56, 62, 69))["base_week_m"] == 35_000


def test_weeks_before_the_first_run_say_nothing_about_what_is_usual():
    assert facts(RULE, weeks(30, 34, 38, 43))["base_week_m"] == 30_000


# What it needs, what it says it can do


def state(*kilometres: float, at=TODAY):
    return RULE.state(told(weeks(*kilometres)), at)


@pytest.mark.parametrize(("first_run", "expected"), [(27, True), (26, False)])
def test_it_needs_a_run_four_weeks_back(first_run, expected):
    four_weeks = [one for one in weeks(30, 34, 38, 43) if (TODAY - one.start_local).days < 27]
    assert climbs(four_weeks, run(first_run, 10)) is expected


@pytest.mark.parametrize(("first_run", "missing"), [(26, 1), (20, 7), (0, 27)])
def test_a_new_runner_is_told_how_many_days_are_missing(first_run, missing):
    state = RULE.state(told([run(first_run, 8), run(0, 8)]), TODAY)
    assert (state.watch, state.missing_days) == (Watch.LEARNING, missing)


def test_without_any_run_all_28_days_are_missing():
    state = RULE.state(told([]), TODAY)
    assert (state.watch, state.missing_days) == (Watch.LEARNING, 28)


def test_with_a_run_28_days_back_it_has_learnt():
    assert RULE.state(told([*weeks(30, 30, 30, 30), run(27, 8)]), TODAY).watch is Watch.WATCHING


def test_in_small_weeks_it_cannot_watch_and_says_why():
    small = state(*[9.9] * 8)
    assert (small.watch, small.why) == (Watch.CANNOT_WATCH, "base-too-small")
    assert state(*[10] * 8).watch is Watch.WATCHING
    assert state(*[9.9] * 8, 12, 12, 12).why == "base-too-small"
    assert state(*[9.9] * 8, 12, 12, 12, 12).watch is Watch.WATCHING


def test_runs_without_any_distance_cannot_be_watched_and_it_says_why():
    blind = RULE.state(told(runs(range(2, 60, 3), distance_m=None)), TODAY)
    assert (blind.watch, blind.why) == (Watch.CANNOT_WATCH, "no-distance")


@pytest.mark.parametrize(("days", "expected"), [(104, Watch.CANNOT_WATCH), (105, Watch.LEARNING)])
def test_it_looks_back_over_fifteen_weeks_that_end_with_the_day(days, expected):
    assert RULE.lookback_days == 105
    assert RULE.state(told([run(days, 10), *runs([1, 3, 5], 10)]), TODAY).watch is expected


week_distances = picks([float(km) for km in range(91)], 4, 16)


@given(week_distances)
def test_equal_and_falling_weeks_are_never_a_climb(kilometres):
    falling = sorted(kilometres, reverse=True)
    assert not climbs(weeks(*falling), run(0.1, 0.5))


@given(week_distances, st.sampled_from([2, 4]))
def test_who_runs_everything_twice_as_far_has_the_same_steps(kilometres, factor):
    without_metres = replace(RULE, least_week_m=1.0)
    plain = found(without_metres, [*weeks(*kilometres), run(0.1, 3)])
    longer = found(without_metres, [*weeks(*[factor * km for km in kilometres]), run(0.1, 3 * factor)])
    steps = [None if one is None else one.facts["smallest_step_percent"] for one in (plain, longer)]
    assert steps[0] == steps[1]
