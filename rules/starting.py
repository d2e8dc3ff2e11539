"""Who is only starting to run: for them no ratio means anything yet, so runs, minutes and days are counted instead."""

from __future__ import annotations

from datetime import datetime, timedelta

from rules.history import SIGHT, TrainingHistory

#: Defaults set for low noise, not taken from a study.
LOOK_BACK = timedelta(weeks=12)
LEAST_LONGEST_M = 5_000.0
LEAST_RUNS = 6


def is_starting(history: TrainingHistory, at: datetime) -> bool:
    """Whether the runner is only starting at this local moment, by the 12 weeks up to and including it.

    That is: the longest of those runs is under 5 km, or they are under 6 and no run is in sight before them.
    Without any run in those weeks a runner with earlier runs in sight is back from a break, not starting.
    """
    first = at - LOOK_BACK
    recent = history.between(first, at)
    if recent and max(run.distance_m for run in recent) < LEAST_LONGEST_M:
        return True
    earlier = history.before(first, (SIGHT - LOOK_BACK).days)
    return len(recent) < LEAST_RUNS and not earlier
