"""What is read on its own: a file, or one member of a zip."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from integrations.archive.kinds import HEAD, WANTED, Kind, kind_of
from integrations.archive.model import Foreign, FoundRun, Outcome, Problem, Unusable
from integrations.archive.pages import read_page
from integrations.archive.recording import read_recording
from integrations.archive.streams import DAMAGED, LARGEST_LIST, Readable, Supply, most_of
from integrations.archive.table import read_table
from integrations.archive.text import decoded, encoding_of

OnRead = Callable[[int], None]
_RECORDED = {"fit", "gpx", "tcx"}


@dataclass(frozen=True, slots=True)
class Part:
    """Something to be read on its own: `size` in bytes as far as is known, `read` never raises for what it reads.

    `read` is given what to call with the bytes read so far.
    """

    place: Path
    size: int
    read: Callable[[OnRead | None], Iterator[Outcome]]
    #: Nothing in the file is ours: beside others in a folder it is passed over.
    foreign: bool = False


@dataclass(slots=True)
class Spent:
    """How much the members of one zip have unpacked to so far."""

    bytes: int = 0


def problem(place: Path, why: Unusable | OSError) -> Problem:
    if isinstance(why, Unusable):
        return Problem(place, why.line, why.what, "fatal")
    what = f"this file cannot be read ({why.strerror or why}); check its name and permissions"
    return Problem(place, None, what, "fatal")


def told(*problems: Problem, foreign: bool = False) -> Part:
    """A part that holds no more than what there is to say."""
    return Part(problems[0].path, 0, lambda on_read: iter(problems), foreign)


def damaged_zip(why: Exception) -> Unusable:
    return Unusable(f"the zip is damaged or cut off ({why}); download it again")


def read_source(
    open_source: Callable[[], AbstractContextManager[Readable]],
    place: Path,
    packed: int,
    claimed: int,
    on_read: OnRead | None,
    spent: Spent | None = None,
) -> Iterator[Outcome]:
    """What a file or a member of a zip holds. `packed` is its size as it lies, `claimed` as it says it unpacks to."""
    kept = False
    supplies: list[Supply] = []
    try:
        with _opened(open_source) as source:
            for outcome in _dispatched(source, place, packed, claimed, supplies, on_read):
                kept = kept or (isinstance(outcome, FoundRun) and outcome.source in _RECORDED)
                yield outcome
    except (Unusable, OSError) as why:
        if not _damage(supplies):
            yield problem(place, why)
            return
    finally:
        if spent is not None and supplies:
            spent.bytes += supplies[-1].given
    if damage := _damage(supplies):
        what = f"the file is damaged or cut off ({damage}); what came before is kept, download it again for the rest"
        yield Problem(place, None, what, "skipped" if kept else "fatal")


def _opened(open_source: Callable[[], AbstractContextManager[Readable]]) -> AbstractContextManager[Readable]:
    try:
        return open_source()
    except DAMAGED as why:
        raise damaged_zip(why) from why


def _damage(supplies: Sequence[Supply]) -> str:
    return next((supply.damage for supply in supplies if supply.damage), "")


def _dispatched(
    source: Readable, place: Path, packed: int, claimed: int, supplies: list[Supply], on_read: OnRead | None
) -> Iterator[Outcome]:
    """Told by its first bytes, gzip looked through, and given to the reader of its kind."""
    stream = _supplied(Supply(source, max(packed, LARGEST_LIST), on_read), supplies)
    kind = kind_of(stream.peek(HEAD)[:HEAD])
    if kind == "gzip":
        stream = _supplied(Supply(gzip.GzipFile(fileobj=stream), most_of(packed), None), supplies)
        kind = kind_of(stream.peek(HEAD)[:HEAD])
        claimed = 0
    if kind in ("zip", "gzip"):
        raise Foreign("a packed file within a packed one is not followed; unpack it and give what is in it")
    if kind in ("table", "page"):
        supplies[-1].most = LARGEST_LIST
        if claimed > LARGEST_LIST:
            raise Unusable(f"more than {LARGEST_LIST // 2**20} MB is no list of activities; {WANTED}")
    else:
        supplies[-1].most = most_of(packed)
    yield from _by_kind(kind, stream, place)


def _supplied(supply: Supply, supplies: list[Supply]) -> io.BufferedReader:
    supplies.append(supply)
    return supply.buffered()


def _by_kind(kind: Kind, stream: io.BufferedReader, place: Path) -> Iterator[Outcome]:
    if kind == "table":
        return read_table(stream, encoding_of(stream.peek(HEAD)), place)
    if kind == "page":
        return read_page(decoded(stream.read()), place)
    assert kind in ("fit", "gpx", "tcx")
    return read_recording(stream, kind, place)
