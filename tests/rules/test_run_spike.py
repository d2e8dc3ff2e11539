"""run-spike, told sentence by sentence, at its exact limits, and held against a second writing of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.checks.run_spike import RULE
from rules.history import TrainingHistory
from rules.model import Activity, Severity, Watch
from rules.policy import evaluate
from tests.rules.builders import TODAY, history, last_run, ordinary_weeks, run, run_at, runs, spike
from tests.rules.drawn import seeded
from tests.rules.naive_run_spike import Row, spikes
from tests.rules.real_runners import activity_of

SECOND = timedelta(seconds=1)


def severity(*parts) -> Severity | None:
    found = spike(*parts)
    return None if found is None else found.severity


# How far beyond the longest


@pytest.mark.parametrize(
    ("km", "expected"),
    [
        (10.0, None),
        (11.0, None),  # exactly 10 %
        (11.0001, Severity.NOTE),
        (13.0, Severity.NOTE),  # exactly 30 %
        (13.0001, Severity.CAUTION),
        (20.0, Severity.CAUTION),  # exactly 100 %
        (20.0001, Severity.HIGH),
        (42.195, Severity.HIGH),
    ],
)
def test_the_bands_begin_above_10_30_and_100_percent_beyond_the_longest_of_30_days(km, expected):
    assert severity(ordinary_weeks(10), run(km=km)) is expected


@pytest.mark.parametrize("longest_km", [7.3, 9.7, 10.1, 12.6, 14.7, 23.3])
@pytest.mark.parametrize(("percent", "band"), [(30, Severity.NOTE), (100, Severity.CAUTION)])
def test_equal_to_a_threshold_is_not_above_it_whatever_binary_fractions_make_of_it(longest_km, percent, band):
    exactly = round(longest_km * (100 + percent) / 100, 6)
    assert severity(ordinary_weeks(longest_km), run(km=exactly)) is band


def test_an_excess_of_exactly_a_kilometre_counts_and_a_metre_less_does_not():
    assert severity(ordinary_weeks(4.9), run(km=5.9)) is Severity.NOTE
    assert severity(ordinary_weeks(4.9), run(km=5.899)) is None


def test_a_run_of_exactly_five_kilometres_is_watched_and_a_shorter_one_is_not():
    assert severity(ordinary_weeks(3), run(km=5.0)) is Severity.CAUTION
    assert severity(ordinary_weeks(2), run(km=4.999)) is None


def test_the_finding_carries_its_numbers():
    found = spike(ordinary_weeks(12.5), run(km=18.2))
    assert found is not None
    assert (found.rule, found.key, found.day) == ("run-spike", str(run(km=18.2).id), TODAY.date())
    assert dict(found.facts) == {
        "distance_m": 18_200,
        "longest_m": 12_500,
        "longest_day": "2024-05-14",
        "longest_id": run(29).id,
        "excess_m": 5_700,
        "excess_percent": 45.6,
        "threshold_percent": 30,
        "runs_compared": 10,
        "compared_days": 30,
    }


def test_distances_are_given_as_recorded_and_thresholds_to_a_tenth_of_a_percent():
    seen = history(ordinary_weeks(12.5), run(km=18.2004))
    found = replace(RULE, caution=0.31234).check(seen, last_run(seen))
    assert [found.facts[name] for name in ("distance_m", "excess_m", "threshold_percent")] == [18_200.4, 5_700.4, 31.2]


def test_a_few_centimetres_short_of_a_kilometre_beyond_is_not_a_kilometre():
    assert severity(ordinary_weeks(4.9), run(km=5.8998)) is None


# What it is compared with


def test_a_run_exactly_30_days_before_is_compared_with_and_one_a_second_earlier_is_not():
    quiet_month = ordinary_weeks(10)
    assert severity(quiet_month, run(30, 16), run(km=16)) is None
    assert severity(quiet_month, run_at(TODAY - timedelta(days=30) - SECOND, 16), run(km=16)) is Severity.CAUTION


def test_a_longer_run_later_the_same_day_is_no_excuse_for_this_one():
    morning, evening = run(km=14), run_at(TODAY + timedelta(hours=10), 20)
    seen = history(ordinary_weeks(10), morning, evening)
    found = RULE.check(seen.as_seen_at(morning.start_local), seen.runs[-2])
    assert found is not None
    assert found.facts["longest_m"] == 10_000


def test_the_second_run_of_a_day_is_compared_with_the_first():
    morning, evening = run(km=14), run_at(TODAY + timedelta(hours=10), 15)
    assert severity(ordinary_weeks(10), morning, evening) is None


def test_two_runs_of_one_day_are_not_added_up():
    assert severity(ordinary_weeks(10), run(km=9), run_at(TODAY + timedelta(hours=10), 9)) is None


def test_at_least_six_runs_are_needed_in_the_30_days():
    long_ago = run(40, 10)
    assert severity(long_ago, runs([3, 6, 9, 12, 15, 30], 10), run(km=14)) is Severity.CAUTION
    assert severity(long_ago, runs([3, 6, 9, 12, 30], 10), run(km=14)) is None


@pytest.mark.parametrize(
    ("start", "watched"),
    [
        (TODAY - timedelta(days=28), True),
        (TODAY - timedelta(days=28) + SECOND, False),
        (TODAY - timedelta(days=84), True),
        (TODAY - timedelta(days=84) - SECOND, False),
    ],
)
def test_a_run_from_84_to_exactly_28_days_before_is_needed(start, watched):
    recent = runs([2, 5, 8, 11, 14, 17], 10)
    assert (severity(run_at(start, 8), recent, run(km=14)) is not None) is watched


def test_with_all_that_it_says_it_looks_back_over_the_verdict_is_complete():
    last_comparable = run(84, 8)
    seen = history(last_comparable, runs([2, 5, 8, 11, 14, 17], 10), run(km=14))
    in_hand = TrainingHistory(seen.between(TODAY - timedelta(days=RULE.lookback_days), TODAY))
    assert RULE.check(in_hand, last_run(seen)) == RULE.check(seen, last_run(seen)) is not None
    a_day_less = TrainingHistory(seen.between(TODAY - timedelta(days=RULE.lookback_days - 1), TODAY))
    assert RULE.check(a_day_less, last_run(seen)) is None


def test_a_break_of_more_than_four_weeks_leaves_nothing_to_compare_with():
    before_the_break = runs(range(50, 80, 3), 10)
    assert severity(before_the_break, run(km=14)) is None


def test_the_first_run_of_a_life_is_not_judged():
    assert severity(run(km=21)) is None


# Races, treadmills, manual entries, corrections


def test_a_marathon_after_ordinary_weeks_is_far_beyond():
    found = spike(ordinary_weeks(14), run(km=42.195, race=True))
    assert found is not None
    assert found.severity is Severity.HIGH
    assert found.facts["excess_percent"] == 201.4


def test_a_race_keeps_its_finding_and_is_what_the_next_weeks_are_compared_with():
    race = run(14, 21.1, race=True)
    assert severity(ordinary_weeks(10), race, run(km=20)) is None


def test_a_race_of_fifty_hours_is_judged_like_any_run():
    race = run(km=170, moving_time_s=40 * 3600, elapsed_time_s=50 * 3600, race=True)
    assert severity(ordinary_weeks(30), race) is Severity.HIGH


def test_a_marathon_corrected_to_a_tenth_is_no_longer_found():
    assert severity(ordinary_weeks(10), run(km=42)) is Severity.HIGH
    assert severity(ordinary_weeks(10), run(km=4.2)) is None


def test_an_earlier_run_cut_short_by_a_correction_no_longer_hides_this_one():
    assert severity(ordinary_weeks(10), run(4, 16), run(km=15)) is None
    assert severity(ordinary_weeks(10), run(4, 6), run(km=15)) is Severity.CAUTION


@pytest.mark.parametrize(
    "kind", [{"treadmill": True}, {"manual": True}, {"sport": "VirtualRun"}, {"sport": "TrailRun"}]
)
def test_treadmill_manual_virtual_and_trail_runs_are_judged_and_compared_with(kind):
    assert severity(ordinary_weeks(10), run(km=14, **kind)) is Severity.CAUTION
    assert severity(ordinary_weeks(10), run(7, 14, **kind), run(km=14)) is None


def test_a_ride_is_neither_judged_nor_compared_with():
    assert severity(ordinary_weeks(10), run(7, 60, sport="Ride", moving_time_s=7200), run(km=14)) is Severity.CAUTION


def test_a_run_recorded_twice_does_not_make_up_the_number_of_runs():
    recorded_twice = [run_at(TODAY - timedelta(days=5, minutes=minute), 10) for minute in (0, 1)]
    assert severity(run(40), runs([8, 11, 14, 17], 10), recorded_twice, run(km=14)) is None


def test_a_longer_second_recording_is_judged_under_its_own_id():
    watch = run(km=13.2)
    phone = run_at(TODAY + timedelta(minutes=1), 13.6)
    found = spike(ordinary_weeks(10), watch, phone)
    assert found is not None
    assert (found.key, found.facts["distance_m"]) == (str(phone.id), 13_600)


def test_a_gps_fault_does_not_become_the_longest():
    fault = run(7, 80, moving_time_s=3600, elapsed_time_s=3600)
    assert severity(ordinary_weeks(10), fault, run(km=14)) is Severity.CAUTION


# Nights


@pytest.mark.parametrize("change", [datetime(2024, 3, 31), datetime(2024, 10, 27)])
def test_the_30_days_are_counted_on_the_wall_clock_across_a_change_of_clocks(change):
    start = change + timedelta(days=10, hours=8)
    weeks = [run_at(start - timedelta(days=days), 10) for days in range(2, 60, 3)]
    exactly_30_days_before = run_at(start - timedelta(days=30), 16)
    assert severity(weeks, exactly_30_days_before, run_at(start, 16)) is None


def test_a_run_across_midnight_has_the_day_it_started():
    late = run_at(datetime(2024, 6, 12, 23, 40), 14)
    found = spike(ordinary_weeks(10), late)
    assert found is not None
    assert found.day.isoformat() == "2024-06-12"


# What it can do for this runner


def state(*parts, at: datetime = TODAY):
    return RULE.state(history(*parts), at)


def test_after_ordinary_weeks_it_watches():
    assert state(ordinary_weeks(10)).watch is Watch.WATCHING


def test_a_new_runner_is_told_how_many_runs_and_days_are_missing():
    nothing = state()
    assert (nothing.watch, nothing.missing_runs, nothing.missing_days) == (Watch.LEARNING, 6, 28)
    after_ten_days = state(runs([2, 5, 10], 8))
    assert (after_ten_days.watch, after_ten_days.missing_runs, after_ten_days.missing_days) == (Watch.LEARNING, 3, 18)


def test_runs_enough_but_too_new_wait_for_days_alone():
    waiting = state(runs([2, 4, 6, 8, 10, 12], 8))
    assert (waiting.watch, waiting.missing_runs, waiting.missing_days) == (Watch.LEARNING, 0, 16)


def test_what_it_waits_for_is_what_it_needs():
    new = runs([2, 4, 6, 8, 10, 12], 8)
    wait = timedelta(days=state(new).missing_days)
    assert state(new, at=TODAY + wait - timedelta(days=1)).missing_days == 1
    more = [run_at(TODAY + timedelta(days=day), 8) for day in (5, 10, 15)]
    assert state(new, more, at=TODAY + wait).watch is Watch.WATCHING


def test_after_a_month_off_it_learns_again():
    back = state(runs(range(31, 60, 3), 10))
    assert (back.watch, back.missing_runs, back.missing_days) == (Watch.LEARNING, 6, 0)


def test_runs_without_any_distance_cannot_be_watched_and_it_says_why():
    blind = state(runs(range(2, 60, 3), distance_m=None))
    assert (blind.watch, blind.why) == (Watch.CANNOT_WATCH, "no-distance")


def test_another_threshold_is_another_rule_of_the_same_kind():
    seen = history(ordinary_weeks(10), run(km=12.5))
    assert RULE.check(seen, last_run(seen)).severity is Severity.NOTE
    assert replace(RULE, caution=0.2).check(seen, last_run(seen)).severity is Severity.CAUTION


# Held against a second, slow and exact writing of the same definition


def _found(activities: list[Activity]) -> list[tuple[str, str, str, float]]:
    """Everything run-spike finds in a history, run by run, as a service would see it."""
    seen = TrainingHistory.of(activities)
    verdicts = [finding for one in seen.runs for finding in evaluate(seen, one, [RULE]).findings]
    return [(v.key, v.day.isoformat(), v.severity.word, float(v.facts["longest_m"])) for v in verdicts]


def _expected(rows: list[Row]) -> list[tuple[str, str, str, float]]:
    return [(str(found.id), found.day, found.severity, float(found.longest)) for found in spikes(rows)]


METRES = [499, 500, 4900, 5000, 5000, 5900, 6000, 9000, 10_000, 11_000, 13_000, 26_000]
TIMES = [(None, None), (0, 0), (2000, None), (0, 2000), (2000, 7000), (2000, 2000), (None, 900), (300, 300)]


def _busy_months(random: Random) -> list[Row]:
    """Four months, mostly dense enough to be watched; the coarse grid of times and distances meets every limit."""
    rows, day = [], 0
    for number in range(random.choice([0, 1, 30, 50, 50])):
        day += random.choice([0, 1, 2, 3, 4])
        start = TODAY + timedelta(days=day, minutes=random.choice([0, 0, 0, 30, 720]))
        moving, elapsed = random.choice(TIMES)
        sport = random.choice(["Run", "Run", "Run", "TrailRun", "VirtualRun", "Ride"])
        rows.append(Row(number + 5, sport, start, Fraction(random.choice(METRES)), moving, elapsed))
    return rows


# Dense histories are rare among hypothesis' own small examples, so that it only chooses the seed here.
busy_months = seeded.map(_busy_months)


@given(busy_months)
def test_random_months_are_judged_as_the_definition_says(rows):
    assert _found([activity_of(row) for row in rows]) == _expected(rows)


@given(busy_months, st.sampled_from([2, 4, 8]))
def test_who_runs_everything_twice_as_far_has_the_same_ratios(rows, factor):
    without_metres = replace(RULE, least_distance_m=0, least_excess_m=0)
    timeless = [row._replace(moving=None, elapsed=None) for row in rows if row.distance >= 500]
    longer = [row._replace(distance=factor * row.distance) for row in timeless]
    assert _ratios(without_metres, longer) == _ratios(without_metres, timeless)


def _ratios(rule, rows: list[Row]) -> list[tuple[str, Severity, object]]:
    seen = TrainingHistory.of(activity_of(row) for row in rows)
    verdicts = [finding for one in seen.runs for finding in evaluate(seen, one, [rule]).findings]
    return [(verdict.key, verdict.severity, verdict.facts["excess_percent"]) for verdict in verdicts]


@given(busy_months, st.integers(-400, 400))
def test_the_calendar_does_not_matter(rows, days):
    moved = [row._replace(start=row.start + timedelta(days=days)) for row in rows]
    found = _found([activity_of(row) for row in rows])
    assert [(key, severity) for key, _, severity, _ in _found([activity_of(row) for row in moved])] == [
        (key, severity) for key, _, severity, _ in found
    ]


@given(busy_months)
def test_what_comes_later_never_changes_a_verdict(rows):
    activities = [activity_of(row) for row in rows]
    whole = TrainingHistory.of(activities)
    for one in whole.runs:
        up_to_here = TrainingHistory(tuple(run for run in whole.runs if run.start_local <= one.start_local))
        assert RULE.check(up_to_here, one) == RULE.check(whole, one)
