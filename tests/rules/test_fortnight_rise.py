"""fortnight-rise, told sentence by sentence and at its exact limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.checks.fortnight_rise import RULE
from rules.model import Activity, Severity, Watch
from tests.rules.builders import TODAY, history, last_run, rise, run, run_at, runs
from tests.rules.drawn import picks


def weeks(*kilometres: float, ending: int = 0) -> list[Activity]:
    """Weeks of three runs each, oldest first; the last one ends `ending` days before TODAY, with a run."""
    activities = []
    for ago, km in enumerate(reversed(kilometres)):
        third = round(km / 3, 3)
        thirds = ((0, third), (3, third), (6, km - 2 * third))
        activities += [run(ending + 7 * ago + day, part) for day, part in thirds if km > 0]
    return activities


def severity(*parts) -> Severity | None:
    found = rise(*parts)
    return None if found is None else found.severity


@pytest.mark.parametrize(
    ("week_km", "expected"),
    [
        (30, None),
        (49.5, None),  # exactly 65 % above
        (49.53, Severity.CAUTION),
        (59.97, Severity.CAUTION),
        (60, Severity.HIGH),  # exactly double
        (90, Severity.HIGH),
    ],
)
def test_two_weeks_must_both_be_above_65_percent_and_from_double_on_it_is_high(week_km, expected):
    assert severity(weeks(30, 30, 30, 30, week_km, week_km)) is expected


@pytest.mark.parametrize("fortnight", [(60, 45), (45, 60), (90, 30), (30, 90)])
def test_one_big_week_alone_stays_quiet(fortnight):
    assert severity(weeks(30, 30, 30, 30, *fortnight)) is None


def test_the_smaller_of_the_two_weeks_decides_how_high():
    assert severity(weeks(30, 30, 30, 30, 54, 90)) is Severity.CAUTION


def test_together_the_weeks_must_be_ten_kilometres_more():
    lower = replace(RULE, caution=1.3)
    exactly_ten = history(weeks(12, 12, 12, 12, 17.1, 16.9))
    one_metre_less = history(weeks(12, 12, 12, 12, 17.1, 16.899))
    assert lower.check(exactly_ten, last_run(exactly_ten)) is not None
    assert lower.check(one_metre_less, last_run(one_metre_less)) is None


def test_under_ten_kilometres_a_week_it_stays_silent():
    assert severity(weeks(12, 9, 9, 9.9, 30, 30)) is None
    assert severity(weeks(10.2, 10.2, 9.6, 9.99, 30, 30)) is None
    assert severity(weeks(10, 10, 10, 10, 30, 30)) is Severity.HIGH


def test_the_finding_carries_its_numbers_and_is_named_after_its_last_day():
    found = rise(weeks(30, 30, 30, 30, 51, 54))
    assert found is not None
    assert (found.rule, found.key, found.day) == ("fortnight-rise", "2024-06-12", TODAY.date())
    assert dict(found.facts) == {
        "last_7_days_m": 54_000,
        "previous_7_days_m": 51_000,
        "base_week_m": 30_000,
        "rise_m": 45_000,
        "rise_percent": 70,
        "threshold_percent": 65,
    }


def test_distances_are_given_to_a_tenth_of_a_metre_and_shares_to_a_tenth_of_a_percent():
    seen = history(weeks(*[30.00017] * 4, 51.37037, 54.00025))
    finding = replace(RULE, caution=1.6543).check(seen, last_run(seen))
    assert dict(finding.facts) == {
        "last_7_days_m": 54_000.2,
        "previous_7_days_m": 51_370.4,
        "base_week_m": 30_000.2,
        "rise_m": 45_370.3,
        "rise_percent": 71.2,
        "threshold_percent": 65.4,
    }


def test_a_high_finding_names_the_threshold_of_a_high_one():
    assert rise(weeks(30, 30, 30, 30, 60, 60)).facts["threshold_percent"] == 100


def test_a_rise_a_few_centimetres_below_ten_kilometres_is_not_ten_kilometres():
    sensitive = replace(RULE, caution=1.3)
    almost = history(weeks(12, 12, 12, 12, 17.1, 16.8998))
    assert sensitive.check(almost, last_run(almost)) is None


def test_weeks_are_counted_back_from_the_run_not_from_monday():
    six_weeks = weeks(30, 30, 30, 30, 51, 51, ending=3)
    assert severity(six_weeks) is Severity.CAUTION
    assert severity(six_weeks, run(0, 0.5)) is None  # by then the first of the two weeks has lost a run to the base


def test_a_second_run_of_the_day_belongs_to_the_same_finding():
    morning = weeks(30, 30, 30, 30, 51, 51)
    evening = run_at(TODAY + timedelta(hours=10), 5)
    assert rise(morning).key == rise(morning, evening).key
    assert rise(morning, evening).facts["last_7_days_m"] == 56_000


# What counts as the usual week


def test_after_a_holiday_week_the_usual_week_of_twelve_counts():
    normal = [40.2] * 8
    assert severity(weeks(*normal, 40.2, 0, 40.2, 40.2, 51, 51)) is None
    assert severity(weeks(*normal, 40.2, 0, 40.2, 40.2, 68, 68)) is Severity.CAUTION


def test_a_taper_before_a_race_does_not_lower_the_base():
    normal = [40.2] * 8
    tapered = (40.2, 40.2, 30, 21)  # the last week is under 60 % of the usual one
    assert severity(weeks(*normal, *tapered, 57, 57)) is None
    assert severity(weeks(*normal, 40.2, 40.2, 30, 27, 57, 57)) is Severity.CAUTION


def test_a_week_of_exactly_60_percent_of_the_usual_one_is_no_taper():
    normal = [40] * 8
    assert rise(weeks(*normal, 40, 40, 40, 24, 90, 90)).facts["base_week_m"] == 36_000
    assert rise(weeks(*normal, 40, 40, 40, 23.9, 90, 90)).facts["base_week_m"] == 40_000


def test_the_usual_week_is_that_of_twelve_weeks_and_not_of_thirteen():
    twelve = [50] * 6 + [30] * 5 + [0]
    assert rise(weeks(*twelve, 90, 90)).facts["base_week_m"] == 40_000
    assert rise(weeks(90, *twelve, 90, 90)).facts["base_week_m"] == 40_000


def test_seven_days_without_a_run_are_a_gap_and_six_are_not():
    gaps_only = replace(RULE, taper=0.0)
    around = [*runs(range(14), 11.5), *runs(range(42, 98), 10)]  # 80.5 km now, 70 km a week before
    six_days_off = history(around, runs([*range(14, 20), *range(26, 42)], 6.5))
    seven_days_off = history(around, runs([*range(14, 20), *range(27, 42)], 6.5))
    assert gaps_only.check(six_days_off, last_run(six_days_off)).facts["base_week_m"] == 35_750
    assert gaps_only.check(seven_days_off, last_run(seven_days_off)) is None


def test_weeks_before_the_first_run_say_nothing_about_what_is_usual():
    started_with_a_gap = weeks(30, 0, 30, 30, 51, 51)
    assert rise(started_with_a_gap).facts["base_week_m"] == 30_000


def test_back_after_two_months_off_nothing_is_usual():
    assert severity(weeks(40.2, 40.2, 40.2, *[0] * 9, 30, 30)) is None


# What it needs, what it says it can do


def state(*parts, at=TODAY):
    return RULE.state(history(*parts), at)


def test_it_needs_a_run_before_the_four_weeks_of_comparison_are_over():
    six_weeks = weeks(30, 30, 30, 30, 51, 51)
    assert rise(six_weeks) is not None
    one_day_too_new = [activity for activity in six_weeks if (TODAY - activity.start_local).days < 41]
    assert rise(one_day_too_new) is None
    assert rise(one_day_too_new, run(41, 10)) is not None
    assert rise(one_day_too_new, run(40, 10)) is None


def test_a_new_runner_is_told_how_many_days_are_missing():
    assert (state().watch, state().missing_days) == (Watch.LEARNING, 42)
    ten_days = state(runs([10, 7, 4, 1]))
    assert (ten_days.watch, ten_days.missing_days) == (Watch.LEARNING, 31)
    assert state(runs([10, 7, 4, 1]), at=TODAY + timedelta(days=30)).missing_days == 1
    assert state(runs(range(1, 41, 2), 10)).missing_days == 2


def test_what_it_waits_for_is_what_it_needs():
    new = runs([10, 7, 4, 1])
    later = [run_at(TODAY + timedelta(days=day), 10) for day in range(1, 31, 2)]
    assert state(new, later, at=TODAY + timedelta(days=30)).watch is Watch.LEARNING
    assert state(new, later, at=TODAY + timedelta(days=31)).watch is Watch.WATCHING


def test_in_small_weeks_it_cannot_watch_and_says_why():
    small = state(weeks(*[9] * 8))
    assert (small.watch, small.why) == (Watch.CANNOT_WATCH, "base-too-small")


def test_in_weeks_of_exactly_ten_kilometres_it_watches():
    assert state(weeks(*[10] * 8)).watch is Watch.WATCHING


@pytest.mark.parametrize(("days", "expected"), [(97, Watch.CANNOT_WATCH), (98, Watch.LEARNING)])
def test_it_looks_back_over_fourteen_weeks_that_end_with_the_day(days, expected):
    assert RULE.lookback_days == 98
    assert state(run(days, 10), runs([1, 3, 5], 10)).watch is expected


def test_runs_without_any_distance_cannot_be_watched_and_it_says_why():
    blind = state(runs(range(2, 60, 3), distance_m=None))
    assert (blind.watch, blind.why) == (Watch.CANNOT_WATCH, "no-distance")


def test_in_ordinary_weeks_it_watches_and_has_nothing_to_say():
    steady = weeks(*[30] * 12)
    assert state(steady).watch is Watch.WATCHING
    assert rise(steady) is None


@pytest.mark.parametrize("ago", [30, 60])
def test_the_nights_the_clocks_change_do_not_matter(ago):
    spring, autumn = TODAY.replace(month=3, day=31), TODAY.replace(month=10, day=27)
    plain = rise(weeks(30, 30, 30, 30, 51, 51))
    for night in (spring, autumn):
        moved = [
            replace(one, start_local=one.start_local - TODAY + night + timedelta(days=ago))
            for one in weeks(30, 30, 30, 30, 51, 51)
        ]
        assert rise(moved).facts == plain.facts


week_distances = picks(range(91), 6, 14)


@given(week_distances)
def test_equal_weeks_and_falling_weeks_are_never_a_rise(kilometres):
    falling = sorted(kilometres, reverse=True)
    assert severity(weeks(*falling), run(0, 0.5)) is None


@given(week_distances, st.sampled_from([2, 4, 8]))
def test_who_runs_everything_twice_as_far_has_the_same_ratio(kilometres, factor):
    without_metres = replace(RULE, least_rise_m=0.0, least_base_m=1.0)
    plain = history(weeks(*kilometres), run(0, 3, id=1))
    longer = history(weeks(*[factor * km for km in kilometres]), run(0, 3 * factor, id=1))
    assert _ratio(without_metres, plain) == _ratio(without_metres, longer)


def _ratio(rule, seen):
    found = rule.check(seen, last_run(seen))
    return None if found is None else (found.severity, found.facts["rise_percent"])
