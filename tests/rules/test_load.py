"""Daily and weekly sums, and what must hold of them whatever is run."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.load import daily_distance_m, longest_rest, weekly_totals
from rules.model import Run
from tests.rules.builders import TODAY, history, run, run_at
from tests.rules.drawn import numbers

DAY = TODAY.date()


def test_a_day_without_a_run_counts_as_zero():
    series = daily_distance_m(history(run(3, 10), run(0, 5)).runs, DAY, 4)
    assert series == [10_000, 0, 0, 5_000]


def test_two_runs_on_one_day_add_up():
    doubles = history(run_at(TODAY, 8), run_at(TODAY + timedelta(hours=10), 6))
    assert daily_distance_m(doubles.runs, DAY, 1) == [14_000]


def test_a_run_across_midnight_counts_for_the_day_it_started():
    late = history(run_at(datetime(2024, 6, 11, 23, 30), 12))
    assert daily_distance_m(late.runs, date(2024, 6, 12), 2) == [12_000, 0]


def test_runs_outside_the_days_asked_for_do_not_count():
    seen = history(run(4, 10), run(-1, 10))
    assert daily_distance_m(seen.runs, DAY, 4) == [0, 0, 0, 0]


def test_without_runs_every_day_is_zero():
    assert daily_distance_m((), DAY, 3) == [0, 0, 0]


@pytest.mark.parametrize("changes_on", [datetime(2024, 3, 31, 2, 30), datetime(2024, 10, 27, 2, 30)])
def test_the_nights_the_clocks_change_are_one_day_like_others(changes_on):
    seen = history(
        run_at(changes_on - timedelta(days=1), 5), run_at(changes_on, 6), run_at(changes_on + timedelta(1), 7)
    )
    assert daily_distance_m(seen.runs, changes_on.date() + timedelta(1), 3) == [5_000, 6_000, 7_000]


def test_weeks_are_counted_back_from_the_last_day_and_a_part_week_in_front_is_left_out():
    assert weekly_totals([100, *[1] * 7, *[2] * 7]) == [7, 14]
    assert weekly_totals([1] * 6) == []


def test_the_longest_rest_is_the_most_days_in_a_row_without_a_run():
    assert longest_rest([0, 0, 5, 0, 0, 0, 5, 0]) == 3
    assert longest_rest([5, 5]) == 0
    assert longest_rest([]) == 0


daily_loads = numbers(40_000, 7, 98)


def _runs_of(daily: list[int]) -> tuple[Run, ...]:
    ago = range(len(daily) - 1, -1, -1)
    return history(run(days, metres / 1000) for days, metres in zip(ago, daily, strict=True) if metres >= 500).runs


@given(daily_loads)
def test_nothing_is_lost_between_runs_days_and_weeks(daily):
    runs = _runs_of(daily)
    series = daily_distance_m(runs, DAY, len(daily))
    assert sum(series) == pytest.approx(sum(one.distance_m for one in runs))
    whole_weeks = series[len(series) % 7 :]
    assert sum(weekly_totals(series)) == pytest.approx(sum(whole_weeks))


@given(daily_loads)
def test_a_rest_day_never_raises_the_last_week(daily):
    runs = _runs_of(daily)
    today = sum(daily_distance_m(runs, DAY, 7))
    after_a_rest_day = sum(daily_distance_m(runs, DAY + timedelta(1), 7))
    assert after_a_rest_day <= today


@given(daily_loads, st.integers(2, 5))
def test_running_everything_twice_as_far_doubles_every_day(daily, factor):
    series = daily_distance_m(_runs_of([metres if metres >= 500 else 0 for metres in daily]), DAY, len(daily))
    longer = daily_distance_m(_runs_of([factor * metres if metres >= 500 else 0 for metres in daily]), DAY, len(daily))
    assert longer == pytest.approx([factor * metres for metres in series])
