"""Load over days: plain sums per local day, from which weeks are made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from rules.model import Run


def daily_distance_m(runs: Iterable[Run], last_day: date, days: int) -> list[float]:
    """Metres run on each of the `days` local days that end with `last_day`, oldest first; rest days are 0."""
    series = [0.0] * days
    for run in runs:
        age = (last_day - run.local_day).days
        if 0 <= age < days:
            series[days - 1 - age] += run.distance_m
    return series


def weekly_totals(daily: Sequence[float]) -> list[float]:
    """Sums of consecutive 7-day blocks, the last block ending with the last day; a part week in front is left out."""
    weeks = len(daily) // 7
    start = len(daily) - 7 * weeks
    return [sum(daily[start + 7 * week : start + 7 * week + 7]) for week in range(weeks)]


def longest_rest(daily: Sequence[float]) -> int:
    """The most consecutive days without a run."""
    longest = current = 0
    for load in daily:
        current = 0 if load > 0 else current + 1
        longest = max(longest, current)
    return longest
