"""monotony, told sentence by sentence and at its exact limits."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.checks.monotony import RULE
from rules.model import Activity, Severity, Watch
from tests.rules.builders import TODAY, run, runs
from tests.rules.drawn import picks
from tests.rules.weeks import by_day, facts, found, told

#: Four days of 10 km a week; its own monotony is 1.15.
USUAL = [10, 0, 10, 0, 10, 0, 10]
#: Both 56 km: monotony 2.65 and 1.13.
EVEN = [8, 8, 4, 12, 4, 12, 8]
VARIED = [16, 0, 8, 0, 20, 4, 8]


def severity(*weeks: list[float]) -> Severity | None:
    finding = found(RULE, by_day(*USUAL * 12, *[km for week in weeks for km in week]))
    return None if finding is None else finding.severity


def test_a_full_even_week_is_a_note():
    assert severity(VARIED, EVEN) is Severity.NOTE


def test_two_even_weeks_in_a_row_are_told():
    assert severity(EVEN, EVEN) is Severity.CAUTION


def test_a_varied_week_ends_it():
    assert severity(EVEN, VARIED) is None


def test_days_that_are_all_alike_are_shown_as_maximal():
    given = facts(RULE, by_day(*USUAL * 12, *VARIED, *[8] * 7))
    assert given["monotony"] == "maximal"
    assert severity(VARIED, [8] * 7) is Severity.NOTE


def test_the_finding_carries_its_numbers_and_is_named_after_its_last_day():
    finding = found(RULE, by_day(*USUAL * 12, *VARIED, *EVEN))
    assert (finding.rule, finding.key, finding.day) == ("monotony", "2024-06-12", TODAY.date())
    assert dict(finding.facts) == {
        "monotony": 2.65,
        "previous_monotony": 1.13,
        "last_7_days_m": 56_000,
        "previous_7_days_m": 56_000,
        "usual_week_m": 40_000,
        "run_days": 7,
        "threshold_monotony": 2,
    }


def test_exactly_two_is_not_above_two():
    exactly = [4, 22, 5, 26, 27, 27, 29]  # mean 20, deviation 10
    assert severity(VARIED, exactly) is None
    assert severity(VARIED, [*exactly[:6], 28.9]) is Severity.NOTE


def test_a_week_a_few_centimetres_below_the_usual_one_is_not_full():
    full, almost = [7, 6, 4, 8, 4, 5, 6], [7, 6, 4, 8, 4, 5, 5.9998]
    assert severity(VARIED, full) is Severity.NOTE
    assert severity(VARIED, almost) is None


@pytest.mark.parametrize(
    ("week", "expected"),
    [
        ([0, 0, 9, 9, 9, 9, 9], None),  # five alike and two days off: 1.58
        ([0, 9, 9, 9, 9, 9, 9], Severity.NOTE),  # six alike and a day off: 2.45
        ([0, 9.5, 7, 9.5, 7, 9.5, 7], Severity.NOTE),
    ],
)
def test_days_off_count_as_nothing_run(week, expected):
    assert severity(VARIED, week) is expected


def test_it_needs_five_run_days_whatever_the_threshold():
    sensitive = replace(RULE, note=1.0)
    five, four = [0, 0, 9, 9, 9, 9, 9], [0, 0, 0, 11, 11, 11, 11]
    assert found(sensitive, by_day(*USUAL * 12, *VARIED, *five)) is not None
    assert found(sensitive, by_day(*USUAL * 12, *VARIED, *four)) is None


def test_two_runs_on_a_day_are_one_run_day():
    sensitive = replace(RULE, note=1.0)
    four = by_day(*USUAL * 12, *VARIED, *[0, 0, 0, 11, 11, 11, 11])
    assert found(sensitive, [*four, *runs([0.2, 1.2], 1)]) is None


@pytest.mark.parametrize(("km", "expected"), [(5.72, Severity.NOTE), (5.71, None)])
def test_a_week_lighter_than_usual_is_left_alone(km, expected):
    assert severity(VARIED, [km] * 7) is expected  # 40 km are 5.714 a day


def test_a_week_exactly_as_usual_is_not_lighter():
    assert severity(VARIED, [6, 6, 6, 6, 6, 5, 5]) is Severity.NOTE


def test_distances_are_given_to_a_tenth_of_a_metre():
    given = facts(RULE, by_day(*USUAL[:-1] * 14, *VARIED[:-1], 8.00016, *EVEN[:-1], 8.00016))
    assert (given["last_7_days_m"], given["previous_7_days_m"]) == (56_000.2, 56_000.2)
    assert facts(RULE, by_day(*[0, 10.00016, 10, 0, 10, 0, 10] * 12, *VARIED, *EVEN))["usual_week_m"] == 40_000.2


def test_the_run_days_of_the_week_are_counted():
    assert facts(RULE, by_day(*USUAL * 12, *VARIED, 0, 9, 9, 9, 9, 9, 9))["run_days"] == 6


def test_the_week_before_needs_five_run_days_too():
    sensitive = replace(RULE, note=1.0)
    four, five = [0, 0, 0, 11, 11, 11, 11], [0, 0, 9, 9, 9, 9, 9]
    assert found(sensitive, by_day(*USUAL * 12, *four, *EVEN)).severity is Severity.NOTE
    assert found(sensitive, by_day(*USUAL * 12, *five, *EVEN)).severity is Severity.CAUTION


def test_an_even_week_before_that_was_light_does_not_count_towards_two():
    assert severity([5] * 7, EVEN) is Severity.NOTE
    assert severity([6] * 7, EVEN) is Severity.CAUTION


def test_usual_is_the_median_week_of_the_twelve_before_the_fortnight():
    before = [*USUAL * 7, *[2, 0, 2, 0, 2, 0, 2] * 5]
    assert facts(RULE, by_day(*before, *VARIED, *EVEN))["usual_week_m"] == 40_000
    assert facts(RULE, by_day(*[30] * 7, *before, *VARIED, *EVEN))["usual_week_m"] == 40_000


def test_after_a_long_break_nothing_is_usual_and_it_stays_silent():
    assert found(RULE, by_day(10, *[0] * 83, *EVEN, *EVEN)) is None


# What it needs, what it says it can do


def state(activities: list[Activity]):
    return RULE.state(told(activities), TODAY)


@pytest.mark.parametrize(("first_run", "expected"), [(41, True), (40, False)])
def test_it_needs_a_run_six_weeks_back(first_run, expected):
    recent = by_day(*[8, 0, 0, 8, 0, 0, 8] * 2, *VARIED, *EVEN)
    assert (found(RULE, [*recent, run(first_run, 8)]) is not None) is expected


def test_a_new_runner_is_told_how_many_days_are_missing():
    assert (state([]).watch, state([]).missing_days) == (Watch.LEARNING, 42)
    assert state([run(10, 8), run(0, 8)]).missing_days == 31
    assert state([run(41, 8), run(0, 8)]).watch is Watch.WATCHING


@pytest.mark.parametrize(("days", "expected"), [(97, Watch.WATCHING), (98, Watch.LEARNING)])
def test_it_looks_back_over_fourteen_weeks_that_end_with_the_day(days, expected):
    assert RULE.lookback_days == 98
    assert state([run(days, 10), run(1, 10)]).watch is expected


def test_runs_without_any_distance_cannot_be_watched_and_it_says_why():
    blind = state(runs(range(2, 60, 3), distance_m=None))
    assert (blind.watch, blind.why) == (Watch.CANNOT_WATCH, "no-distance")


week_kilometres = picks([0, 5, 8, 12, 20], 7, 7)


@given(week_kilometres, week_kilometres)
def test_with_two_days_off_no_week_is_ever_monotonous(previous, last):
    # Five equal days and two off are the most even such week, at 1.58.
    assert severity(previous, [0, 0, *last[:4], 10]) is None


@given(week_kilometres, week_kilometres, st.sampled_from([2, 4]))
def test_who_runs_everything_twice_as_far_hears_the_same(previous, last, factor):
    plain = [*USUAL * 12, *previous, *last[:6], 10]
    first = found(RULE, by_day(*plain))
    longer = found(RULE, by_day(*[factor * km for km in plain]))
    assert (first and first.severity) == (longer and longer.severity)
    assert first is None or first.facts["monotony"] == longer.facts["monotony"]
