"""Folders: which files in them belong together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from integrations.archive.kinds import kind_of
from integrations.archive.model import Foreign, Problem, Unusable
from integrations.archive.parts import head_of, parts_of
from integrations.archive.table import header_of, plan
from integrations.archive.zips import EXPORT, passed_over

#: How far below a given folder an export may lie.
DEEPEST = 4

#: What a file is beside others in a folder.
Sort = Literal["list", "page", "recording", "other"]


@dataclass(slots=True)
class Group:
    """Files that are one history, in an order that stays, and what was passed over beside them."""

    name: str
    files: Sequence[Path] = ()
    problems: list[Problem] = field(default_factory=list)
    #: Single recordings: one of them that cannot be used is no great matter.
    recordings: bool = False


def groups_of(path: Path) -> Iterator[Group]:
    """The groups of what was given: a file is one alone. Never raises for a file.

    In a folder, each table or zip is a group of its own, all pages of the API are one under the folder's name and so
    are all recordings, other files are passed over and noted, and its subfolders are read too. Of an unpacked
    export (a folder with an activities.csv) that list alone counts, under the folder's name.
    """
    if not _is_folder(path):
        yield Group(path.stem, [path])
        return
    found = False
    for group in _below(path, DEEPEST):
        found = True
        yield group
    if not found:
        what = (
            "no list of activities is in this folder, and no recording (FIT, GPX, TCX); give the folder or .zip of a "
            "Strava export"
        )
        yield _failed(path, what)


def _below(folder: Path, depth: int) -> Iterator[Group]:
    """The groups of a folder and, where it is no unpacked export, of its subfolders."""
    try:
        files, folders = _entries(folder)
    except OSError as why:
        yield _failed(folder, f"this folder cannot be opened ({why.strerror or why}); check its permissions")
        return
    sorts = {file: _sort_of(file) for file in files}
    exports = [file for file in files if file.name.casefold() == EXPORT and sorts[file] in ("list", "page")]
    if exports:
        yield Group(_name_of(folder), exports)
        return
    yield from _side_by_side(folder, sorts)
    if depth:
        for subfolder in folders:
            yield from _below(subfolder, depth - 1)


def _entries(folder: Path) -> tuple[list[Path], list[Path]]:
    """Files and folders, hidden ones and links to folders left out: a link may lead back up."""
    entries = sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))
    folders = [entry for entry in entries if entry.is_dir() and not entry.is_symlink()]
    return [entry for entry in entries if entry.is_file()], folders


def _side_by_side(folder: Path, sorts: Mapping[Path, Sort]) -> Iterator[Group]:
    """The groups of a folder's files; the first of them carries the note on what was passed over."""
    pages, recordings, lists, others = (
        [file for file, one in sorts.items() if one == sort] for sort in ("page", "recording", "list", "other")
    )
    groups = [Group(_name_of(folder), pages)] if pages else []
    groups += [Group(_name_of(folder), recordings, recordings=True)] if recordings else []
    groups += [Group(file.stem, [file]) for file in lists]
    if groups and others:
        groups[0].problems.append(passed_over(folder, [file.name for file in others]))
    yield from groups


def _sort_of(file: Path) -> Sort:
    """What a file is beside others. A damaged one is a list, so that it is told."""
    try:
        head = head_of(file)
        kind = kind_of(head)
        if kind == "zip":
            return "list" if _has_something(file) else "other"
        if kind == "table":
            return "list" if plan(header_of(head)) is not None else "other"
        return "page" if kind == "page" else "recording"
    except Foreign:
        return "other"
    except (Unusable, OSError):
        return "list"


def _has_something(file: Path) -> bool:
    """Whether a zip holds anything to read, or is damaged; one of pictures and texts is passed over."""
    with parts_of(file, file) as parts:
        return not all(part.foreign for part in parts)


def _name_of(folder: Path) -> str:
    return folder.resolve().name


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _failed(path: Path, what: str) -> Group:
    return Group(_name_of(path), (), [Problem(path, None, what, "fatal")])
