"""What reading a runner's own files gives: histories, and what was wrong with the files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from rules.model import Activity

#: `fatal`: the file (or folder) could not be used at all. `skipped`: a row, a field or a file beside the others was
#: left out. `note`: nothing was left out, but the reader should know.
Kind = Literal["fatal", "skipped", "note"]


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
    """This file may be in order, but it is no list of activities: beside others in a folder it is passed over."""


@dataclass(frozen=True, slots=True)
class Found:
    """An activity and where it stood."""

    path: Path
    line: int | None
    activity: Activity


@dataclass(slots=True)
class Log:
    """The problems of one history, written down as they are met."""

    problems: list[Problem] = field(default_factory=list)

    def fatal(self, path: Path, line: int | None, what: str) -> None:
        self.problems.append(Problem(path, line, what, "fatal"))

    def skip(self, path: Path, line: int | None, what: str) -> None:
        self.problems.append(Problem(path, line, what, "skipped"))

    def note(self, path: Path, what: str) -> None:
        self.problems.append(Problem(path, None, what, "note"))


def history(name: str, found: Iterable[Found], log: Log) -> History:
    """The history of what was found. Where an id comes twice, the one read last is kept."""
    by_id: dict[int, Activity] = {}
    for entry in found:
        if entry.activity.id in by_id:
            log.skip(entry.path, entry.line, f"activity {entry.activity.id} came before; only this later one is kept")
        by_id[entry.activity.id] = entry.activity
    ordered = sorted(by_id.values(), key=lambda activity: (activity.start_local, activity.id))
    return History(name, tuple(ordered), tuple(log.problems))
