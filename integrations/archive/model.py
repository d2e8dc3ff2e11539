"""What reading a runner's own files gives: activities and histories, and what was wrong with the files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from rules.model import Activity

#: `fatal`: the file (or folder) could not be used at all, or a list breaks off in the middle. `skipped`: a row,
#: a field or a file beside the others was left out. `note`: nothing was left out, but the reader should know.
Kind = Literal["fatal", "skipped", "note"]

#: What kind of file an activity was read from; `api` is one that a program gave without a file.
Source = Literal["strava-export", "strava-pages", "table", "fit", "gpx", "tcx", "api"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a file, at a line of it where there is one. `what` says what to do about it.

    Read as a sentence: "`path`, line `line`: `what`". For a member of a zip, `path` goes on inside the zip. It may
    quote the odd cell: it is for the runner whose file it is, not for a log.
    """

    path: Path
    line: int | None
    what: str
    kind: Kind = "skipped"

    def __str__(self) -> str:
        place = f"{self.path}" if self.line is None else f"{self.path}, line {self.line}"
        return f"{place}: {self.what}"


@dataclass(frozen=True, slots=True)
class FoundRun:
    """An activity (of any sport: a history needs the others too) and where it stood.

    `activity.id` is Strava's where the source names one, else negative and made from start, duration and distance:
    the same recording gives the same id however often it comes. `start_utc` is aware, and `None` where the source
    gives a wall clock alone or hides the start. Where `zone_known` is false, `activity.start_local` is UTC and not
    the runner's wall clock: use `in_zone`.
    """

    path: Path
    line: int | None
    activity: Activity
    source: Source
    start_utc: datetime | None
    zone_known: bool


def in_zone(found: FoundRun, zone: ZoneInfo) -> Activity:
    """The activity on the runner's wall clock: where the file knows it as it is, else UTC turned into this zone.

    A hidden start stays where it is: its time says nothing, so that turning it could only move the day.
    """
    if found.zone_known or found.start_utc is None:
        return found.activity
    local = found.start_utc.astimezone(zone)
    offset = local.utcoffset()
    return replace(
        found.activity,
        start_local=local.replace(tzinfo=None),
        utc_offset_s=None if offset is None else round(offset.total_seconds()),
        time_zone=zone.key,
    )


def found_in_list(path: Path, line: int | None, activity: Activity, source: Source, in_utc: bool) -> FoundRun:
    """An activity of a list, which gives UTC (`in_utc`), or the wall clock with or without its offset."""
    offset_s = 0 if in_utc else activity.utc_offset_s
    start_utc = None
    if offset_s is not None and activity.start_time_known:
        start_utc = activity.start_local.replace(tzinfo=UTC) - timedelta(seconds=offset_s)
    return FoundRun(path, line, activity, source, start_utc, zone_known=not in_utc)


#: What reading comes upon, one after the other.
Outcome = FoundRun | Problem


def forgiving(outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """The same outcomes; where anything was found, what could not be used beside it is skipped and no longer fatal."""
    found = False
    held: Problem | None = None
    for outcome in outcomes:
        if isinstance(outcome, Problem) and outcome.kind == "fatal":
            # The last one waits for the end: should nothing be found, it says why.
            if held is not None:
                yield replace(held, kind="skipped")
            held = outcome
        else:
            found = found or isinstance(outcome, FoundRun)
            yield outcome
    if held is not None:
        yield replace(held, kind="skipped") if found else held


@dataclass(frozen=True, slots=True)
class Item:
    """One outcome and its position: positions rise, and leave gaps; they fit a signed number of 64 bits."""

    position: int
    what: Outcome


@dataclass(frozen=True, slots=True)
class Progress:
    """How far reading has come: bytes of `total`, which is the size of what was given, and the file in hand."""

    done: int
    total: int
    path: Path


@dataclass(frozen=True, slots=True)
class History:
    """One runner's activities in order of start, each id once, and the problems met on the way to them."""

    name: str
    activities: tuple[Activity, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def fatal(self) -> tuple[Problem, ...]:
        """What made a file useless: the caller goes on with the rest and says at the end that it failed."""
        return tuple(problem for problem in self.problems if problem.kind == "fatal")

    @property
    def skipped(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.kind == "skipped")

    @property
    def notes(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.kind == "note")


class Unusable(Exception):
    """This file cannot be used: damaged, cut off, unreadable. It never leaves this package: it becomes a Problem."""

    def __init__(self, what: str, line: int | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.line = line


class Foreign(Unusable):
    """This file may be in order, but it holds no activities: beside others in a folder it is passed over."""


_UTC_NOTE = "times are UTC and no time zone is given: they are taken as the runner's wall clock, so a day may be off"


def history(name: str, outcomes: Iterable[Outcome]) -> History:
    """The history of what was found. Where an id comes twice, the one read last is kept.

    Nobody is there to say which zone the runner lives in: where a file gives UTC alone, that is noted once a file.
    """
    by_id: dict[int, Activity] = {}
    problems: list[Problem] = []
    in_utc: set[Path] = set()
    for outcome in outcomes:
        if isinstance(outcome, Problem):
            problems.append(outcome)
            continue
        if outcome.activity.id in by_id:
            problems.append(Problem(outcome.path, outcome.line, _twice(outcome.activity)))
        if not outcome.zone_known and outcome.path not in in_utc:
            in_utc.add(outcome.path)
            problems.append(Problem(outcome.path, None, _UTC_NOTE, "note"))
        by_id[outcome.activity.id] = outcome.activity
    ordered = sorted(by_id.values(), key=lambda activity: (activity.start_local, activity.id))
    return History(name, tuple(ordered), tuple(problems))


def _twice(activity: Activity) -> str:
    if activity.id < 0:
        return "this recording came before, in the same or another file; it counts once"
    return f"activity {activity.id} came before; only this later one is kept"
