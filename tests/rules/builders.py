"""Readable histories: days are counted back from one Wednesday morning, distances are kilometres."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from rules.checks.fortnight_rise import RULE as FORTNIGHT_RISE
from rules.checks.run_spike import RULE as RUN_SPIKE
from rules.history import TrainingHistory
from rules.model import Activity, Finding, Run

#: The moment from which `ago` counts: a Wednesday, far from any change of clocks.
TODAY = datetime(2024, 6, 12, 7, 0)
EPOCH = datetime(2000, 1, 1)
EASY_S_PER_KM = 360
BOTH_RULES = (FORTNIGHT_RISE, RUN_SPIKE)


def run(ago: float = 0, km: float | None = 10, **given: Any) -> Activity:
    """A run `ago` days before TODAY at an easy pace; `given` overrides any field of `Activity`."""
    plain = _plain_run(ago, km)
    return replace(plain, **given) if given else plain


@cache  # years of the same run are built again and again
def _plain_run(ago: float, km: float | None) -> Activity:
    return run_at(TODAY - timedelta(days=ago), km)


def run_at(start: datetime, km: float | None = 10, **given: Any) -> Activity:
    """A run at a local moment. Its id grows with its start, so that two starts never share one."""
    seconds = None if km is None else round(km * EASY_S_PER_KM)
    plain = Activity(
        id=round((start - EPOCH).total_seconds()),
        sport="Run",
        start_local=start,
        distance_m=None if km is None else round(km * 1000, 3),
        moving_time_s=seconds,
        elapsed_time_s=seconds,
    )
    return replace(plain, **given) if given else plain


def runs(days_ago: Iterable[float], km: float = 10, **given: Any) -> list[Activity]:
    return [run(ago, km, **given) for ago in days_ago]


def ordinary_weeks(km: float = 10, days: int = 60) -> list[Activity]:
    """The same run every third day for `days` days, the last one the day before yesterday."""
    return runs(range(2, days, 3), km)


def history(*parts: Activity | Iterable[Activity]) -> TrainingHistory:
    """Everything given, single runs and lists of them alike, cleaned."""
    activities: list[Activity] = []
    for part in parts:
        activities += [part] if isinstance(part, Activity) else part
    return TrainingHistory.of(activities)


def last_run(seen: TrainingHistory) -> Run:
    return seen.runs[-1]


def spike(*parts: Activity | Iterable[Activity]) -> Finding | None:
    """What run-spike says of the last of these runs."""
    seen = history(*parts)
    return RUN_SPIKE.check(seen, last_run(seen))


def rise(*parts: Activity | Iterable[Activity]) -> Finding | None:
    """What fortnight-rise says at the last of these runs."""
    seen = history(*parts)
    return FORTNIGHT_RISE.check(seen, last_run(seen))
