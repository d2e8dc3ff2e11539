"""Which runs fall on which local days, and how many days of history are still missing."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from rules.history import TrainingHistory
from rules.model import Run


def runs_of_days(history: TrainingHistory, last_day: date, days: int) -> tuple[Run, ...]:
    """The runs of the `days` local days that end with `last_day`, in order of start."""
    first = datetime.combine(last_day - timedelta(days=days - 1), time.min)
    return history.between(first, datetime.combine(last_day, time.max))


def run_days(history: TrainingHistory, last_day: date, days: int) -> int:
    """On how many of those days there was a run."""
    return len({run.local_day for run in runs_of_days(history, last_day, days)})


def missing_days(history: TrainingHistory, day: date, *, needed: int, sight: int) -> int:
    """How many days of history a comparison still waits for on that day; 0 once it can be made.

    It can when a run lies on the first of the `needed` days that end with `day`, or before them. Runs more than
    `sight` days back are forgotten.
    """
    seen = runs_of_days(history, day, sight)
    held = (day - seen[0].local_day).days + 1 if seen else 0
    return max(0, needed - held)
