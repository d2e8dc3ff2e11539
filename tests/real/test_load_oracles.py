"""The load metrics beside the `acwr` and `trainingload` packages, over the last two years of every real runner.

Where `acwr` has "not a number" (too few days, no load at all) we have `None`; both have equal days and a return after
three weeks off as infinite. `trainingload` rounds its results to a tenth. No other difference is known.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache

import pytest

from rules.history import clean
from rules.load import (
    acwr_coupled,
    acwr_ewma,
    acwr_uncoupled,
    daily_distance_m,
    ewma_loads,
    monotony,
    strain,
    training_balances,
)
from tests.rules.real_runners import activity_of, real_runner_files, rows_of

pytestmark = pytest.mark.real_data

LONGEST_DAYS = 730
#: A week is looked at twice: on its first and on its fourth day.
COMPARED = (0, 3)
#: `trainingload` rounds to a tenth.
ROUNDED = 0.05 + 1e-6


@cache
def daily_series() -> tuple[tuple[date, tuple[float, ...]], ...]:
    """First day and metres of each day, for every real runner."""
    series = []
    for file in real_runner_files():
        runs = clean(activity_of(row) for row in rows_of(file))
        last = runs[-1].local_day
        days = min(LONGEST_DAYS, (last - runs[0].local_day).days + 1)
        series.append((last - timedelta(days=days - 1), tuple(daily_distance_m(runs, last, days))))
    return tuple(series)


def compared_days(days: int) -> Iterator[int]:
    """Positions of days: all of the first five weeks, where histories are too short, then two a week."""
    return (day for day in range(days) if day < 35 or day % 7 in COMPARED)


def by_acwr(first: date, daily: tuple[float, ...]) -> dict[str, list[float]]:
    """What the `acwr` package says of each day."""
    acwr = pytest.importorskip("acwr")
    pandas = pytest.importorskip("pandas")
    load = pandas.Series(daily, index=pandas.date_range(first, periods=len(daily)))
    return {
        "coupled": acwr.acwr(load, method="rac").tolist(),
        "uncoupled": acwr.acwr(load, method="rau").tolist(),
        "ewma": acwr.acwr(load, method="ewma").tolist(),
        "monotony": acwr.monotony(load, ddof=0).tolist(),
        "monotony of a sample": acwr.monotony(load, ddof=1).tolist(),
        "strain": acwr.strain(load, ddof=1).tolist(),
    }


#: Each of our metrics with the days it looks at.
OURS: dict[str, tuple[Callable[..., float | None], int, dict[str, bool]]] = {
    "coupled": (acwr_coupled, 28, {}),
    "uncoupled": (acwr_uncoupled, 28, {}),
    "monotony": (monotony, 7, {}),
    "monotony of a sample": (monotony, 7, {"sample": True}),
    "strain": (strain, 7, {"sample": True}),
}


def same(ours: float | None, theirs: float) -> bool:
    """Equal to nine digits; what is `None` here is not a number there."""
    if ours is None:
        return math.isnan(theirs)
    return ours == theirs or math.isclose(ours, theirs, rel_tol=1e-9)


def test_on_every_real_runner_ratios_monotony_and_strain_are_those_of_the_acwr_package():
    different, compared = [], 0
    for first, daily in daily_series():
        reference = by_acwr(first, daily)
        for day in compared_days(len(daily)):
            for name, (metric, days, how) in OURS.items():
                ours = _of_the_last(metric, days, daily[: day + 1], how)
                compared += 1
                if not same(ours, reference[name][day]):
                    different.append((name, first, day, ours, reference[name][day]))
        different += _ewma_differences(first, daily, reference["ewma"])
    assert different == []
    assert compared > 50_000


def _of_the_last(
    metric: Callable[..., float | None], days: int, daily: tuple[float, ...], how: dict[str, bool]
) -> float | None:
    """With fewer days than a metric looks at, `acwr` says nothing; our monotony is asked for a whole week only."""
    return metric(daily[-days:], **how) if len(daily) >= days else None


def _ewma_differences(first: date, daily: tuple[float, ...], reference: list[float]) -> Iterator[tuple[object, ...]]:
    """Weights reach back to the first day, so that whole series are compared, and the last day by our ratio."""
    both = zip(ewma_loads(daily, 7), ewma_loads(daily, 28), strict=True)
    for day, (acute, chronic) in enumerate(both):
        ours = None if day < 27 or not chronic else acute / chronic
        if not same(ours, reference[day]):
            yield "ewma", first, day, ours, reference[day]
    if not same(acwr_ewma(daily), reference[-1]):
        yield "ewma of the last day", first, acwr_ewma(daily), reference[-1]


def test_on_every_real_runner_the_window_that_is_held_gives_the_ratio_of_the_whole_history():
    for _first, daily in daily_series():
        held = acwr_ewma(daily[-182:])
        whole = acwr_ewma(daily)
        if held is None or whole is None:
            assert held is whole
        else:
            # The first day of the window weighs (1 - 2/29)^181 on its last, some two millionths.
            assert math.isclose(held, whole, rel_tol=1e-4)


def test_on_every_real_runner_fitness_fatigue_and_form_are_those_of_the_trainingload_package():
    trainingload = pytest.importorskip("trainingload")
    for first, daily in daily_series():
        loads = {first + timedelta(days=day): load for day, load in enumerate(daily)}
        reference = trainingload.PMCCalculator().calculate_pmc(loads, first, first + timedelta(days=len(daily) - 1))
        for ours, theirs in zip(training_balances(daily), reference, strict=True):
            apart = (ours.ctl - theirs.ctl, ours.atl - theirs.atl, ours.tsb - theirs.tsb)
            assert max(map(abs, apart)) <= ROUNDED
