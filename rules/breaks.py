"""Breaks: the days off that end in a return, and the running that lies before them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import ceil

from rules.model import Run

#: So many whole local days without a run are a break (evidence: R6).
BREAK_DAYS = 14
#: The running before a break is that of the 84 local days which end with its last run ...
BASE_DAYS = 84
#: ... of which the sight of a rule must hold this much, else older runs are looked up ...
ENOUGH = timedelta(days=28)
#: ... at most this far back.
FURTHEST = timedelta(days=730)
#: What any rule may look at: this many days up to and including the run.
SIGHT = timedelta(days=182)
#: So long after the first run a break still matters: the longest ladder back, with weeks left out.
RETURN = timedelta(days=84)
#: What is fetched must also do for runs judged a few days late and for a look two weeks ahead.
SLACK = timedelta(days=16)
#: A mean week of less running than this would say little, so that shorter running counts as this much.
LEAST_WEEKS = 4
#: A longest run this far beyond the next one was not what the runner used to run.
LONE = 1.3


@dataclass(frozen=True, slots=True)
class Break:
    """A break: the last day with a run, how many whole days off followed, and the first run after them, if any yet.

    `before` are the runs of the 84 days that end with the last one, in order of start: never empty.
    """

    last_day: date
    days: int
    returned: Run | None
    before: tuple[Run, ...]

    @property
    def next_day(self) -> date:
        """The day after the last day off: that of the first run, or of the moment that was asked for."""
        return self.last_day + timedelta(days=self.days + 1)

    @property
    def longest_m(self) -> float:
        return max(run.distance_m for run in self.before)

    @property
    def usual_longest_m(self) -> float:
        """The longest run, or the second longest where the longest stands alone (a marathon, then a rest)."""
        distances = sorted((run.distance_m for run in self.before), reverse=True)
        if len(distances) > 1 and distances[0] > LONE * distances[1]:
            return distances[1]
        return distances[0]

    @property
    def week_m(self) -> float:
        """Metres of the mean week, over the whole weeks that these runs span, at least four."""
        days = (self.before[-1].local_day - self.before[0].local_day).days + 1
        return sum(run.distance_m for run in self.before) / max(LEAST_WEEKS, ceil(days / 7))


def latest_break(
    runs: Sequence[Run],
    at: datetime,
    *,
    unmeasured: Sequence[datetime] = (),
    least_days: int = BREAK_DAYS,
    within: timedelta = RETURN,
) -> Break | None:
    """The latest break at that local moment, lasting still or ended at most `within` before it.

    `runs` are in order of start; those that start after `at` count as not run yet. `unmeasured` are the starts, in
    order, of runs without any distance: nothing to compare with, but not days off either.
    """
    found = _last_before_break(runs, at, least_days, within)
    if found is None:
        return None
    last, later = runs[found], _next(runs, found, at)
    ended = later.start_local if later else at
    index = bisect_left(unmeasured, ended)
    began = max([last.start_local, *unmeasured[index - 1 : index]])
    if days_off(began, ended) < least_days:
        return None
    first = bisect_left(runs, max(_base_start(last), at - FURTHEST), 0, found, key=_start)
    return Break(began.date(), days_off(began, ended), later, tuple(runs[first : found + 1]))


def days_off(earlier: datetime, later: datetime) -> int:
    """Whole local days between two moments: from Monday's run to Wednesday's there is one."""
    return (later.date() - earlier.date()).days - 1


def out_of_sight(runs: Sequence[Run], at: datetime) -> tuple[Run, ...]:
    """The runs before the latest break that may be used although a rule at `at` would not see them.

    That is: none, unless the break leaves fewer than 28 days of earlier running in sight; then those of the 84 days
    before it, at most 24 months back.
    """
    found = _last_before_break(runs, at, BREAK_DAYS, RETURN)
    if found is None or _is_enough(runs, found, at - SIGHT):
        return ()
    oldest = max(_base_start(runs[found]), at - FURTHEST)
    first = bisect_left(runs, oldest, key=_start)
    return tuple(runs[first : bisect_left(runs, at - SIGHT, first, key=_start)])


def wanted_before_break(runs: Sequence[Run], at: datetime) -> tuple[datetime, datetime] | None:
    """The local span [after, before) to list once more, so that `out_of_sight` finds what it needs; else `None`.

    `runs` are the cleaned runs in hand, which reach back at least 182 days from `at`. Where the last run before the
    break is among them, the span is the 84 days before it. Where it is not, nobody knows where the break begins: then
    the span is all of the 24 months, of which only the 84 days before its last run will be used.
    """
    found = _last_before_break(runs, at, BREAK_DAYS, RETURN + SLACK)
    furthest = at - FURTHEST - SLACK
    if found is not None:
        after = max(_base_start(runs[found]), furthest)
        before = runs[0].start_local
        return (after, before) if after < before and not _is_enough(runs, found, at - SIGHT + SLACK) else None
    first = runs[0].start_local if runs and runs[0].start_local <= at else at
    return (furthest, first) if at - first <= RETURN + SLACK else None


def _last_before_break(runs: Sequence[Run], at: datetime, least_days: int, within: timedelta) -> int | None:
    later, earliest, least = at, at - within, timedelta(days=least_days)
    for index in range(bisect_right(runs, at, key=_start) - 1, -1, -1):
        start = runs[index].start_local
        # Whole days off lie only between starts that are further apart than that: a cheap test for most.
        if later - start > least and days_off(start, later) >= least_days:
            return index
        if start < earliest:
            return None
        later = start
    return None


def _next(runs: Sequence[Run], index: int, at: datetime) -> Run | None:
    later = index + 1
    return runs[later] if later < len(runs) and runs[later].start_local <= at else None


def _is_enough(runs: Sequence[Run], last: int, sight: datetime) -> bool:
    """Whether at least 28 days of the running that ends with `last` are in sight."""
    first = bisect_left(runs, sight, key=_start)
    return first <= last and runs[last].start_local - runs[first].start_local >= ENOUGH


def _base_start(last: Run) -> datetime:
    return datetime.combine(last.local_day - timedelta(days=BASE_DAYS - 1), time.min)


def _start(run: Run) -> datetime:
    return run.start_local
