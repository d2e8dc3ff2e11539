"""From the paths a runner gives to histories: files, folders of pages, recordings or tables, exports."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from integrations.archive.folders import Group, groups_of
from integrations.archive.model import History, Outcome, forgiving, history
from integrations.archive.parts import parts_of


def read_histories(paths: Sequence[Path], on_progress: Callable[[Path], None] | None = None) -> Iterator[History]:
    """Every history in these files and folders, one after the other as they are read; never raises for a file.

    What a file holds is told by its content, not by its name. A file is one history under its stem; what a folder
    holds is parted as `groups_of` says. A path that cannot be used is a history without activities and with a fatal
    problem. `on_progress` is told each file before it is read.
    """
    for path in paths:
        for group in groups_of(path):
            yield history(group.name, _read(group, on_progress or (lambda file: None)))


def _read(group: Group, progress: Callable[[Path], None]) -> Iterator[Outcome]:
    """Everything in a group. Of many recordings, one that cannot be used is skipped."""
    yield from group.problems
    outcomes = chain.from_iterable(_file(file, progress) for file in group.files)
    yield from forgiving(outcomes) if group.recordings else outcomes


def _file(file: Path, progress: Callable[[Path], None]) -> Iterator[Outcome]:
    progress(file)
    with parts_of(file, file) as parts:
        outcomes = chain.from_iterable(part.read(None) for part in parts)
        yield from forgiving(outcomes) if len(parts) > 1 else outcomes
