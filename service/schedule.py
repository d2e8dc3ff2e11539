"""When an athlete is read next without a push: as the quota carries it, and when a run is likely. Pure.

Strava wants deletions to show within 48 hours (API policy, 6.3), and only a reading shows those that no push told of.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from rules.model import Run

#: Never more often, however few runners there are.
QUICKEST = timedelta(minutes=15)
#: Where pushes tell of runs, reading again only mends what they left out.
DAILY = timedelta(days=1)
#: Never less often: what is left of the 48 hours serves tries that fail, and chance.
SLOWEST = timedelta(hours=44)
#: The share of a day's reads that may go to reading again. The rest is for fresh runs: at 44 hours it leaves each
#: runner 0.8 reads a day, and runners run on 0.5 to 0.7 of days.
SHARE = 0.4
#: How much of an interval is left to chance, so that runners who came together do not stay together.
JITTER = 0.08

#: A run reaches Strava within minutes of its end; half an hour later a reading finds it.
AFTER_FINISH = timedelta(minutes=30)
#: Runs of this long tell when somebody usually runs, at least so many in the same two hours and this share of all.
HABIT = timedelta(days=56)
HABIT_RUNS = 5
HABIT_SHARE = 0.35
BIN_HOURS = 2


@dataclass(frozen=True, slots=True)
class Load:
    """What has to be carried: calls to read every athlete once, and the reads that Strava allows a day.

    `pushed` is whether pushes from Strava arrive.
    """

    calls: int
    reads_a_day: int
    pushed: bool

    @property
    def interval(self) -> timedelta:
        """How often every athlete is read without a push."""
        shared = self.reads_a_day * SHARE
        carried = DAILY * (self.calls / shared) if shared else SLOWEST
        return min(max(carried, DAILY if self.pushed else QUICKEST), SLOWEST)


def capacity(reads_a_day: int, calls_each: float = 1.0) -> int:
    """How many athletes these reads carry at the slowest interval."""
    return int(reads_a_day * SHARE * (SLOWEST / DAILY) / max(calls_each, 1.0))


def usual_finish(runs: Sequence[Run], now_local: datetime) -> time | None:
    """The time of day at which this runner mostly finishes, if there is one."""
    recent = [run.finished_local for run in runs if now_local - HABIT <= run.finished_local]
    bins = Counter(finished.hour // BIN_HOURS for finished in recent)
    if not bins:
        return None
    fullest, count = max(bins.items(), key=lambda item: (item[1], -item[0]))
    if count < max(HABIT_RUNS, HABIT_SHARE * len(recent)):
        return None
    inside = sorted(finished.time() for finished in recent if finished.hour // BIN_HOURS == fullest)
    return inside[len(inside) // 2].replace(microsecond=0)


def next_reading(
    now: datetime, interval: timedelta, usual: time | None, zone: tzinfo, randomness: random.Random
) -> datetime:
    """When to read next: an interval from now, or earlier, soon after the runner will usually have finished."""
    latest = now + interval * (1 + JITTER * randomness.random())
    if usual is None:
        return latest
    soon_after = _last_between(now + interval / 2, latest, usual, zone)
    return latest if soon_after is None else soon_after + AFTER_FINISH / 3 * randomness.random()


def _last_between(first: datetime, last: datetime, usual: time, zone: tzinfo) -> datetime | None:
    """The last moment in [first, last] that lies just after the usual time of a day."""
    day = last.astimezone(zone).date()
    for back in range(3):
        moment = datetime.combine(day - timedelta(days=back), usual, tzinfo=zone) + AFTER_FINISH
        if first <= moment <= last:
            return moment.astimezone(first.tzinfo)
    return None
