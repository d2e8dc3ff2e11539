"""Cleaning: from what was recorded to the runs that can be compared, and the view a rule gets of them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TypeVar

from rules.breaks import SIGHT as SIGHT
from rules.breaks import out_of_sight
from rules.diary import NOTHING_TOLD, Diary
from rules.model import RUN_FAMILY, Activity, Run

#: Shorter recordings are a pressed button, not a run.
SHORTEST_RUN_M = 500.0
#: Outside these speeds (m/s) a run is a GPS fault, a ride or a walk (evidence: global gates of the rules).
SLOWEST_MPS, FASTEST_MPS = 0.8, 6.7


def clean(activities: Iterable[Activity]) -> tuple[Run, ...]:
    """The runs worth comparing, in order of start (ties by id).

    Runs too short or impossibly fast or slow are dropped; recordings that overlap are one effort, of which
    the longer (if equal, the earlier) is kept with its own id, start and end.
    """
    kept: list[Run] = []
    for run in sorted(_believable(activities), key=lambda run: (run.start_local, run.id)):
        if kept and run.start_local < kept[-1].end_local:
            if run.distance_m > kept[-1].distance_m:
                kept[-1] = run
        else:
            kept.append(run)
    return tuple(kept)


def _believable(activities: Iterable[Activity]) -> Iterator[Run]:
    for activity in activities:
        if not activity.is_run:
            continue
        run = _as_run(activity)
        if run.distance_m < SHORTEST_RUN_M:
            continue
        if run.duration_s is None or SLOWEST_MPS <= run.distance_m / run.duration_s <= FASTEST_MPS:
            yield run


def _as_run(activity: Activity) -> Run:
    duration_s = _given(activity.moving_time_s) or _given(activity.elapsed_time_s)
    return Run(
        id=activity.id,
        start_local=activity.start_local,
        end_local=activity.start_local + timedelta(seconds=duration_s or 0),
        finished_local=activity.finished_local,
        distance_m=activity.distance_m or 0.0,
        duration_s=duration_s,
        race=activity.race,
        treadmill=activity.treadmill or activity.sport == "VirtualRun",
        manual=activity.manual,
    )


def _given(seconds: int | None) -> int | None:
    """A time of zero (or below) was not measured."""
    return seconds if seconds is not None and seconds > 0 else None


@dataclass(frozen=True, slots=True)
class ShoeDistance:
    """A pair of shoes and what it has run, as its source counts it.

    `last_run_id` is the newest run it was worn in: the distance is that after this run.
    """

    gear_id: str
    distance_m: float
    last_run_id: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class CadenceFade:
    """How a run's cadence changed from its first to its last third, measured from its streams.

    `change` is a share (-0.04 is 4 % lower); `comparable` says whether pace and grade of both thirds match.
    """

    run_id: int
    change: float
    comparable: bool


@dataclass(frozen=True)
class TrainingHistory:
    """Cleaned runs in order of start, and what is known beside them: the immutable input of every rule.

    `without_distance` holds the starts of runs that came without any distance, which no rule can compare.
    `before_break` are older runs, from before a long gap, where the runs in sight do not reach back far enough: only
    return-from-break and the return ladder use them. `others` are sessions of other sports. `fades` and
    `shoes` are there where the caller has streams and shoes; `diary` is what the runner told.
    """

    runs: tuple[Run, ...]
    without_distance: tuple[datetime, ...] = ()
    before_break: tuple[Run, ...] = ()
    others: tuple[Activity, ...] = ()
    fades: tuple[CadenceFade, ...] = ()
    shoes: tuple[ShoeDistance, ...] = ()
    diary: Diary = NOTHING_TOLD

    @classmethod
    def of(
        cls,
        activities: Iterable[Activity],
        *,
        before_break: Iterable[Activity] = (),
        fades: Iterable[CadenceFade] = (),
        shoes: Iterable[ShoeDistance] = (),
        diary: Diary = NOTHING_TOLD,
    ) -> TrainingHistory:
        activities = tuple(activities)
        missing = (one.start_local for one in activities if one.sport in RUN_FAMILY and not one.distance_m)
        others = (one for one in activities if one.sport not in RUN_FAMILY)
        return cls(
            runs=clean(activities),
            without_distance=tuple(sorted(missing)),
            before_break=clean(before_break),
            others=tuple(sorted(others, key=lambda one: (one.start_local, one.id))),
            fades=tuple(fades),
            shoes=tuple(shoes),
            diary=diary,
        )

    @cached_property
    def starts(self) -> list[datetime]:
        return [run.start_local for run in self.runs]

    @cached_property
    def known(self) -> tuple[Run, ...]:
        """All runs, those from before a break first: for return-from-break and the return ladder alone."""
        if not self.before_break or not self.runs:
            return self.before_break or self.runs
        older = (run for run in self.before_break if run.start_local < self.runs[0].start_local)
        return (*older, *self.runs)

    def between(self, first: datetime, last: datetime) -> tuple[Run, ...]:
        """Runs that start in [first, last]."""
        return self.runs[bisect_left(self.starts, first) : bisect_right(self.starts, last)]

    def before(self, moment: datetime, days: int) -> tuple[Run, ...]:
        """Runs that start in [moment - days, moment)."""
        first = bisect_left(self.starts, moment - timedelta(days=days))
        return self.runs[first : bisect_left(self.starts, moment)]

    def as_seen_at(self, moment: datetime) -> TrainingHistory:
        """What a rule may look at for a run that starts at `moment`: 182 days up to and including it."""
        first = moment - SIGHT
        return TrainingHistory(
            runs=self.between(first, moment),
            without_distance=_within(self.without_distance, first, moment, key=lambda start: start),
            before_break=out_of_sight(self.known, moment),
            others=_within(self.others, first, moment, key=lambda one: one.start_local),
            fades=self.fades,
            shoes=self.shoes,
            diary=self.diary if self.diary is NOTHING_TOLD else self.diary.until(moment),
        )


Item = TypeVar("Item")


def _within(
    items: tuple[Item, ...], first: datetime, last: datetime, *, key: Callable[[Item], datetime]
) -> tuple[Item, ...]:
    """The items, in order of time, that lie in [first, last]."""
    return items[bisect_left(items, first, key=key) : bisect_right(items, last, key=key)]
