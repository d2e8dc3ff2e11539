"""Load over days: daily sums, rolling weeks, and the standard metrics made of them.

Every series is daily, oldest first, one value for each local day, with 0 on days without a run. A load may be metres,
minutes or session RPE units; where a metric is a ratio, the unit falls away. "Not enough days" is `None`, never 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, dropwhile
from math import inf, sqrt
from statistics import median

from rules.model import Run

ACUTE_DAYS = 7
CHRONIC_DAYS = 28
FITNESS_DAYS = 42
FATIGUE_DAYS = 7


def daily_distance_m(runs: Iterable[Run], last_day: date, days: int) -> list[float]:
    """Metres run on each of the `days` local days that end with `last_day`, oldest first; rest days are 0."""
    return daily_load(((run.local_day, run.distance_m) for run in runs), last_day, days)


def daily_load(loads: Iterable[tuple[date, float]], last_day: date, days: int) -> list[float]:
    """The sum of the (local day, load) pairs for each of the `days` days that end with `last_day`, oldest first."""
    series = [0.0] * days
    last = last_day.toordinal()
    for day, load in loads:
        age = last - day.toordinal()
        if 0 <= age < days:
            series[days - 1 - age] += load
    return series


def session_rpe_load(rpe: float | None, duration_s: float | None) -> float | None:
    """Session RPE load: rated exertion (0 to 10) times minutes, in arbitrary units (Foster 2001).

    `None` where either is missing, the rating lies outside its scale or the duration is not above 0.
    """
    if rpe is None or duration_s is None or not 0 <= rpe <= 10 or duration_s <= 0:
        return None
    return rpe * duration_s / 60


def daily_session_rpe(
    runs: Iterable[Run], rated: Mapping[int, float], last_day: date, days: int
) -> tuple[list[float], int]:
    """Session RPE load (AU) of each of the `days` local days that end with `last_day`, and how many runs lack it.

    `rated` holds the exertion (0 to 10) by the run's id. A sum over days with runs that lack it is too small: say so.
    """
    first = last_day.toordinal() - days + 1
    within = [run for run in runs if first <= run.local_day.toordinal() <= last_day.toordinal()]
    loads = [(run.local_day, session_rpe_load(rated.get(run.id), run.duration_s)) for run in within]
    known = [(day, load) for day, load in loads if load is not None]
    return daily_load(known, last_day, days), len(loads) - len(known)


# Weeks


def weekly_totals(daily: Sequence[float]) -> list[float]:
    """Sums of consecutive 7-day blocks, the last block ending with the last day; a part week in front is left out."""
    weeks = len(daily) // 7
    start = len(daily) - 7 * weeks
    return [sum(daily[start + 7 * week : start + 7 * week + 7]) for week in range(weeks)]


def rolling_weeks(daily: Sequence[float]) -> list[float]:
    """The sum of the last 7 days for each day that has six before it: "last 7 days", not calendar weeks."""
    return [sum(daily[end - 7 : end]) for end in range(7, len(daily) + 1)]


def usual_week(weeks: Iterable[float]) -> float:
    """The median of weekly totals (oldest first); weeks before the first run say nothing. 0 without any run."""
    return median(list(dropwhile(lambda week: week == 0, weeks)) or [0.0])


def longest_rest(daily: Sequence[float]) -> int:
    """The most consecutive days without a run."""
    longest = current = 0
    for load in daily:
        current = 0 if load > 0 else current + 1
        longest = max(longest, current)
    return longest


# Acute and chronic load, and their ratio


def acute_load(daily: Sequence[float], days: int = ACUTE_DAYS) -> float | None:
    """Mean daily load of the last 7 days. `None` with fewer days."""
    return sum(daily[-days:]) / days if len(daily) >= days else None


def chronic_load(daily: Sequence[float], days: int = CHRONIC_DAYS) -> float | None:
    """Mean daily load of the last 28 days, the last 7 among them ("coupled"). `None` with fewer days."""
    return acute_load(daily, days)


def uncoupled_chronic_load(daily: Sequence[float]) -> float | None:
    """Mean daily load of the 21 days before the last 7. `None` with fewer than 28 days."""
    return acute_load(daily[:-ACUTE_DAYS], CHRONIC_DAYS - ACUTE_DAYS)


def acwr_coupled(daily: Sequence[float]) -> float | None:
    """Acute:chronic workload ratio, rolling averages, 7 to 28 days, the week counted in both: never above 4.

    `None` with fewer than 28 days or without any load in them. Shown as context alone: in two cohorts of runners it
    pointed the other way (Frandsen 2025, Nakaoka 2021), and the shared week correlates both halves (Lolli 2019).
    """
    return _ratio(acute_load(daily), chronic_load(daily))


def acwr_uncoupled(daily: Sequence[float]) -> float | None:
    """Acute:chronic workload ratio of the last 7 days to the 21 before them, which share no day.

    Infinite after three weeks without load; `None` with fewer than 28 days or without any load in them.
    """
    return _ratio(acute_load(daily), uncoupled_chronic_load(daily))


def ewma_loads(daily: Iterable[float], days: int) -> list[float]:
    """Exponentially weighted load of each day, lambda = 2 / (N + 1) (Williams 2017), seeded with the first day.

    Other programs seed otherwise (mean of the first weeks, or 0): expect differences in the first four weeks.
    """
    weight = 2 / (days + 1)
    return list(accumulate(daily, lambda before, load: before + weight * (load - before)))


def acwr_ewma(daily: Sequence[float]) -> float | None:
    """Acute:chronic workload ratio of exponentially weighted loads, N = 7 and 28 (Williams 2017).

    `None` with fewer than 28 days, as with the rolling ratios, or without any load at all.
    """
    if len(daily) < CHRONIC_DAYS:
        return None
    return _ratio(ewma_loads(daily, ACUTE_DAYS)[-1], ewma_loads(daily, CHRONIC_DAYS)[-1])


def _ratio(acute: float | None, chronic: float | None) -> float | None:
    if acute is None or chronic is None:
        return None
    if chronic > 0:
        return acute / chronic
    return inf if acute > 0 else None


# Monotony and strain


def monotony(daily: Sequence[float], *, sample: bool = False) -> float | None:
    """Mean daily load divided by its standard deviation over the given days, 7 as a rule (Foster 1998).

    Population standard deviation, or with `sample` the sample one, which gives 7 % less over 7 days. Equal days are
    infinite ("maximal"), never 0. `None` without load or with fewer than two days.
    """
    days = len(daily)
    if days < 2 or not any(daily):
        return None
    if min(daily) == max(daily):  # asked directly: the mean of equal floats may miss them by a rounding
        return inf
    mean = sum(daily) / days
    deviation = sqrt(sum((load - mean) ** 2 for load in daily) / (days - 1 if sample else days))
    return mean / deviation if deviation > 0 else inf


def strain(daily: Sequence[float], *, sample: bool = False) -> float | None:
    """Total load times monotony (Foster 1998), in the unit of the load; `None` and infinite where monotony is."""
    even = monotony(daily, sample=sample)
    return None if even is None else sum(daily) * even


# Fitness and fatigue


@dataclass(frozen=True, slots=True)
class TrainingBalance:
    """CTL (fitness, 42 days), ATL (fatigue, 7 days) and their difference, TSB (form), in the unit of the load."""

    ctl: float
    atl: float

    @property
    def tsb(self) -> float:
        """Of the same day; some programs subtract yesterday's values instead."""
        return self.ctl - self.atl


def training_balances(daily: Iterable[float]) -> list[TrainingBalance]:
    """CTL and ATL of each day: C += (load - C) / tau, tau = 42 and 7 days, both from 0 before the first day.

    The gain is 1 / tau. Two others are in circulation: 1 - e^(-1/tau) (slightly lower) and 2 / (tau + 1) (twice as
    quick). No relation with injury is known for any of them.
    """
    series = list(daily)
    both = zip(_impulse_response(series, FITNESS_DAYS), _impulse_response(series, FATIGUE_DAYS), strict=True)
    return [TrainingBalance(ctl, atl) for ctl, atl in both]


def _impulse_response(daily: Sequence[float], tau: int) -> list[float]:
    return list(accumulate(daily, lambda before, load: before + (load - before) / tau, initial=0.0))[1:]


# Within one run, from its streams

#: How many samples of a third must hold a value for its mean to stand for it.
LEAST_COVERAGE = 0.5

Samples = Sequence[float | None]


def third_means(time_s: Sequence[float], values: Samples) -> tuple[float, float] | None:
    """Mean of a stream in the first and in the last third of the time, in its own unit.

    `time_s` are the seconds of the samples, ascending; a sample without a value is `None`. `None` where a third has
    values for fewer than half of its samples, or none, or where the streams differ in length.
    """
    if len(time_s) != len(values) or len(time_s) < 3:
        return None
    third = (time_s[-1] - time_s[0]) / 3
    pairs = list(zip(time_s, values, strict=True))
    first = _mean_of([value for second, value in pairs if second < time_s[0] + third])
    last = _mean_of([value for second, value in pairs if second > time_s[-1] - third])
    return None if first is None or last is None else (first, last)


def _mean_of(values: Samples) -> float | None:
    given = [value for value in values if value is not None]
    if not given or len(given) < LEAST_COVERAGE * len(values):
        return None
    return sum(given) / len(given)


def cadence_fade(time_s: Sequence[float], cadence_spm: Samples) -> float | None:
    """Change of cadence from the first to the last third of a run as a share: -0.04 is 4 % lower.

    Standing (0) counts as no value. `None` where either third is not covered (`third_means`).
    """
    means = third_means(time_s, [cadence or None for cadence in cadence_spm])
    return None if means is None else means[1] / means[0] - 1


def thirds_are_comparable(
    time_s: Sequence[float], speed_mps: Samples, grade_percent: Samples, *, pace: float = 0.03, grade: float = 2.0
) -> bool:
    """Whether the first and the last third of a run were run alike: pace within 3 %, mean grade within 2 points.

    Pace is compared as speed while moving. Without speed or grade for both thirds they are not comparable.
    """
    speeds = third_means(time_s, [speed or None for speed in speed_mps])
    grades = third_means(time_s, grade_percent)
    if speeds is None or grades is None:
        return False
    return abs(speeds[1] / speeds[0] - 1) <= pace and abs(grades[1] - grades[0]) <= grade
