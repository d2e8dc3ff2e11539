"""One runner's files as a stream: item by item, with progress, and to be taken up again where it stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from integrations.archive.folders import groups_of
from integrations.archive.model import Item, Outcome, Problem, Progress
from integrations.archive.part import Part, told
from integrations.archive.parts import parts_of

#: Positions set aside for each part of a file: more than a list within its bounds has rows.
PART = 2**32


def read_runs(
    path: Path,
    *,
    name: str | None = None,
    start_at: int = 0,
    on_progress: Callable[[Progress], None] | None = None,
) -> Iterator[Item]:
    """Everything one runner's file or folder holds, lazily and in an order that stays; never raises for a file.

    A file is a Strava export (.zip or activities.csv), a zip of recordings, a FIT, GPX or TCX recording (gzipped or
    not), pages of Strava's API or a plain table; a folder is any number of them. Every row, recording or file that
    is left out is a `Problem` among the items. What comes twice is given twice, under the same id.

    Of many files or recordings, one that cannot be used is `skipped`; `fatal` is a single file of no use, or a list
    that breaks off.

    `name` stands for `path` in the problems (an uploaded file lies under a name that nobody knows). To go on after
    a break, give the position handled last plus one as `start_at`: what lies before it is skipped, whole recordings
    unread. `on_progress` is called at every read from the file.
    """
    groups = list(groups_of(path))
    files = [file for group in groups for file in group.files]
    problems = [replace(one, path=_place(one.path, path, name)) for group in groups for one in group.problems]
    reading = _Reading(start_at, len(files) > 1, on_progress, sum(_size(file) for file in files))
    yield from reading.part(told(*problems), 0, 0) if problems else ()
    for file in files:
        yield from reading.file(file, _place(file, path, name))


@dataclass(slots=True)
class _Reading:
    """Where reading stands: the number of the part at hand, and the bytes of the files behind it."""

    start_at: int
    beside: bool
    on_progress: Callable[[Progress], None] | None
    total: int
    number: int = 0
    behind: int = 0

    def file(self, file: Path, place: Path) -> Iterator[Item]:
        size = _size(file)
        with parts_of(file, place) as parts:
            self.beside = self.beside or len(parts) > 1
            weight = size / max(1, sum(part.size for part in parts))
            before = 0
            for part in parts:
                yield from self.part(part, before, weight)
                before += part.size
        self.behind += size
        self._tell(0, place)

    def part(self, part: Part, before: int, weight: float) -> Iterator[Item]:
        """The items of one part. Positions begin anew with each, so that one behind us need not be opened."""
        first = self.number * PART
        self.number += 1
        if self.start_at >= first + PART:
            return

        def on_read(done: int) -> None:
            self._tell(round((before + min(done, part.size)) * weight), part.place)

        for position, outcome in enumerate(part.read(on_read), start=first):
            if position >= self.start_at:
                yield Item(position, self._beside_others(outcome))

    def _beside_others(self, outcome: Outcome) -> Outcome:
        """Of many files, one that cannot be used is skipped."""
        if self.beside and isinstance(outcome, Problem) and outcome.kind == "fatal":
            return replace(outcome, kind="skipped")
        return outcome

    def _tell(self, done: int, place: Path) -> None:
        if self.on_progress:
            self.on_progress(Progress(min(self.behind + done, self.total), self.total, place))


def _place(file: Path, path: Path, name: str | None) -> Path:
    """What to call a file in what was given."""
    return file if name is None else Path(name) / file.relative_to(path)


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0
