"""A file as the parts that are read one by one: itself, or what counts in a zip."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from integrations.archive.kinds import GZIP, HEAD, ZIP
from integrations.archive.model import Unusable
from integrations.archive.part import Part, problem, read_source, told
from integrations.archive.streams import LARGEST_LIST, Supply
from integrations.archive.zips import parts_in


@contextmanager
def parts_of(path: Path, place: Path) -> Iterator[Sequence[Part]]:
    """The parts of a file, in an order that stays; `place` stands for it in problems. They are read while it is open.

    Of a Strava export that is its list alone. A file that cannot be used is one part that says so.
    """
    try:
        is_zip = head_of(path, look_inside=False).startswith(ZIP)
        size = path.stat().st_size
    except (Unusable, OSError) as why:
        yield [told(problem(place, why))]
        return
    if is_zip:
        with parts_in(path, place) as parts:
            yield parts
    else:
        yield [Part(place, size, partial(read_source, lambda: path.open("rb"), place, size, size))]


def head_of(path: Path, look_inside: bool = True) -> bytes:
    """How a file begins; of a gzip how what is in it does. Raises `Unusable` and `OSError`."""
    if path.exists() and not path.is_file():
        raise Unusable("this is neither a file nor a folder; give the file itself")
    with path.open("rb") as file:
        head = file.read(HEAD)
        if not look_inside or not head.startswith(GZIP):
            return head
        file.seek(0)
        return Supply(gzip.GzipFile(fileobj=file), LARGEST_LIST).buffered().read(HEAD)
