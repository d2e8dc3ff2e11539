"""What a stretch of days held: runs, distance, time, the longest run and the free days in between."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from rules.history import clean
from rules.model import RUN_FAMILY, Activity, Run

WEEK = timedelta(days=7)
WEEKS_BEFORE = 4


@dataclass(frozen=True, slots=True)
class Period:
    """Sums over some days. Runs without a distance count as runs and with their time."""

    runs: int
    distance_m: float
    time_s: int
    run_days: tuple[date, ...]
    longest: Run | None
    without_distance: int

    @property
    def free_days_between(self) -> tuple[int, ...]:
        """Days without a run between each run day and the next."""
        return tuple((later - earlier).days - 1 for earlier, later in pairwise(self.run_days))


#: When runs were first read, in local time, by their id: from then on a run counts, else from its start on. A run that
#: begins on Sunday at 17:30 is read after that Sunday's digest, and belongs to the next.
ReadAt = Mapping[int, datetime]
NOT_KNOWN: ReadAt = {}


def period(activities: Iterable[Activity], after: datetime, until: datetime, read_at: ReadAt = NOT_KNOWN) -> Period:
    """What the runs that count in (after, until] add up to, both ends in the runner's local time."""

    def counts(one: Run | Activity) -> bool:
        return after < read_at.get(one.id, one.start_local) <= until

    activities = list(activities)
    kept = [run for run in clean(activities) if counts(run)]
    bare = [one for one in activities if _is_bare(one) and counts(one)]
    times = [run.duration_s or 0 for run in kept]
    times += [one.moving_time_s or one.elapsed_time_s or 0 for one in bare]
    run_days = {run.local_day for run in kept} | {one.local_day for one in bare}
    return Period(
        runs=len(kept) + len(bare),
        distance_m=sum(run.distance_m for run in kept),
        time_s=sum(times),
        run_days=tuple(sorted(run_days)),
        longest=max(kept, key=lambda run: (run.distance_m, run.start_local), default=None),
        without_distance=len(bare),
    )


def _is_bare(activity: Activity) -> bool:
    return activity.sport in RUN_FAMILY and not activity.distance_m


def last_7_days(activities: Iterable[Activity], until: datetime, read_at: ReadAt = NOT_KNOWN) -> Period:
    return period(activities, until - WEEK, until, read_at)


def recorded_in(activities: Iterable[Activity], until: datetime, read_at: ReadAt = NOT_KNOWN) -> list[Activity]:
    """The recordings of runs of the last 7 days."""
    runs = (one for one in activities if one.sport in RUN_FAMILY)
    return [one for one in runs if until - WEEK < read_at.get(one.id, one.start_local) <= until]


def four_weeks_before(activities: Iterable[Activity], until: datetime, read_at: ReadAt = NOT_KNOWN) -> Period | None:
    """The four weeks that end where the last 7 days begin; `None` while running is not known that far back."""
    activities = list(activities)
    first = until - WEEK * (1 + WEEKS_BEFORE)
    if not any(activity.sport in RUN_FAMILY and activity.start_local <= first for activity in activities):
        return None
    return period(activities, first, until - WEEK, read_at)
