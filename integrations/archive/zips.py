"""Zips: what counts in them, without unpacking the rest, and within bounds."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from integrations.archive.kinds import HEAD, WANTED
from integrations.archive.model import Outcome, Problem
from integrations.archive.part import OnRead, Part, Spent, damaged_zip, problem, read_source, told
from integrations.archive.streams import DAMAGED, LARGEST_LIST, Supply
from integrations.archive.table import header_of, plan

#: Tables looked into in search of a zip's list of activities; Strava's export holds about thirty.
MOST_TABLES = 200
#: The table of contents of a zip with some 150,000 files; zipfile holds all of it in memory.
LARGEST_CONTENTS = 16 * 2**20
#: What the recordings of one zip may unpack to: ten thousand hours of them.
MOST_UNPACKED = 16 * 2**30

#: The list in an export, whatever its language.
EXPORT = "activities.csv"
_RECORDING = (".fit", ".gpx", ".tcx", ".fit.gz", ".gpx.gz", ".tcx.gz")
#: Files named one by one among those passed over.
NAMED = 3


@contextmanager
def parts_in(path: Path, place: Path) -> Iterator[Sequence[Part]]:
    """The parts of a zip: the list of a Strava export, else its recordings. They are read while it is open."""
    with _Sparing(path) as file:
        try:
            archive = zipfile.ZipFile(file)
        except DAMAGED as why:
            yield [told(problem(place, damaged_zip(why)))]
            return
        with archive:
            yield _inside(archive, place)


class _Sparing(io.FileIO):
    """A zip's file, which refuses the one read that zipfile does not bound: the table of contents."""

    def read(self, size: int | None = -1) -> bytes:
        if size is not None and size > LARGEST_CONTENTS:
            raise zipfile.BadZipFile("its table of contents is larger than that of any export")
        return super().read(-1 if size is None else size)


def _inside(archive: zipfile.ZipFile, place: Path) -> Sequence[Part]:
    """The list of a Strava export, wherever in the zip; where there is none that can be read, the recordings."""
    members = sorted((one for one in archive.infolist() if not one.is_dir()), key=lambda one: one.filename)
    try:
        listed, foreign = _list_in(archive, members)
    except DAMAGED as why:
        return [told(problem(place, damaged_zip(why)))]
    if listed is not None:
        return [_member(archive, listed, place, listed.file_size)]
    recordings = [one for one in members if one.filename.casefold().endswith(_RECORDING)]
    problems = list(_passed_over(members, recordings, place))
    if foreign is not None:
        what = "its first line is damaged or in no language that is known; any recordings beside it are read instead"
        problems.insert(0, Problem(within(place, foreign), 1, what))
    if not recordings:
        what = f"neither the activities.csv of a Strava export nor any recording is in this zip; {WANTED}"
        return [told(*problems, Problem(place, None, what, "fatal"), foreign=foreign is None)]
    if sum(one.compress_size for one in recordings) > _size_of(archive):
        return [told(Problem(place, None, "the files in this zip overlap, which no honest zip does", "fatal"))]
    spent = Spent()
    parts = [_member(archive, one, place, 0, spent) for one in recordings]
    return [*parts, told(*problems)] if problems else parts


def _size_of(archive: zipfile.ZipFile) -> int:
    file = archive.fp
    assert file is not None
    return file.seek(0, io.SEEK_END)


def _member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, place: Path, claimed: int, spent: Spent | None = None
) -> Part:
    inside = within(place, member)

    def read(on_read: OnRead | None) -> Iterator[Outcome]:
        if spent is not None and spent.bytes > MOST_UNPACKED:
            limit = f"the files before it unpacked to {MOST_UNPACKED // 2**30} GB"
            yield Problem(inside, None, f"not read, as {limit}; give it in a zip of its own", "fatal")
            return
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            # The other methods may blow up a few bytes to anything at once.
            yield Problem(inside, None, "packed in a way that is not read; zip it anew in the usual way", "fatal")
            return
        yield from read_source(lambda: archive.open(member), inside, member.compress_size, claimed, on_read, spent)

    return Part(inside, member.file_size, read)


def within(place: Path, member: zipfile.ZipInfo) -> Path:
    return place / member.filename.lstrip("/")


def _list_in(
    archive: zipfile.ZipFile, members: Sequence[zipfile.ZipInfo]
) -> tuple[zipfile.ZipInfo | None, zipfile.ZipInfo | None]:
    """The list of a Strava export, and a file called like one that cannot be understood."""
    foreign = None
    for member in _tables(members):
        with archive.open(member) as source:
            head = Supply(source, LARGEST_LIST).buffered().read(HEAD)
        reading = plan(header_of(head))
        if reading is not None and reading.is_strava:
            return member, None
        if foreign is None and PurePosixPath(member.filename).name.casefold() == EXPORT:
            foreign = member
    return None, foreign


def _tables(members: Sequence[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    """Where a list may be: files called activities.csv first, then other tables, the least deep first."""

    def order(member: zipfile.ZipInfo) -> tuple[bool, int, str]:
        path = PurePosixPath(member.filename)
        return path.name.casefold() != EXPORT, len(path.parts), member.filename

    streamed = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    tables = [one for one in members if one.filename.casefold().endswith(".csv") and one.compress_type in streamed]
    return sorted(tables, key=order)[:MOST_TABLES]


def _passed_over(
    members: Sequence[zipfile.ZipInfo], recordings: Sequence[zipfile.ZipInfo], place: Path
) -> Iterator[Problem]:
    read = {one.filename for one in recordings}
    others = [one for one in members if one.filename not in read]
    for nested in (one for one in others if one.filename.casefold().endswith(".zip")):
        yield Problem(within(place, nested), None, "a zip within a zip is not followed; unpack it and give it itself")
    if plain := [one.filename for one in others if not one.filename.casefold().endswith(".zip")]:
        yield passed_over(place, plain)


def passed_over(place: Path, names: Sequence[str]) -> Problem:
    named = ", ".join(names[:NAMED])
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return Problem(place, None, f"passed over, as they hold no activities: {named}{more}")
