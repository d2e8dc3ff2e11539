"""Bytes as they come: bounded, unpacked as they are needed, and ending where their source breaks off."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Protocol

from integrations.archive.model import Unusable

#: A list of activities is far smaller: one row of the widest export takes some 500 bytes.
LARGEST_LIST = 64 * 2**20
#: A day of one point a second with every sensor takes some 100 MB in the wordiest format (TCX).
LARGEST_RECORDING = 256 * 2**20
#: Recordings shrink to a tenth or a twentieth when packed. What grows far beyond that was made to, ...
HIGHEST_RATIO = 200
#: ... unless it is small anyway.
SMALL = 16 * 2**20

#: What zipfile, gzip and zlib raise on damaged bytes; RuntimeError is a password, NotImplementedError a rare method.
DAMAGED = (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError, RuntimeError, ValueError, struct.error)

_CHUNK = 64 * 1024


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Supply(io.RawIOBase):
    """A source that never gives more than `most` bytes (`Unusable` then), however much it said it holds.

    Where the source is damaged the supply ends, and `damage` says why, so that what came before can be kept.
    `on_read` is told how many bytes were given so far.
    """

    def __init__(self, source: Readable, most: int, on_read: Callable[[int], None] | None = None) -> None:
        super().__init__()
        self.damage = ""
        self._source = source
        self.most = most
        self.given = 0
        self._on_read = on_read

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        piece = self._piece(min(len(buffer), _CHUNK))
        buffer[: len(piece)] = piece
        self.given += len(piece)
        if self.given > self.most:
            raise Unusable(
                f"this unpacks to more than {self.most // 2**20} MB, far more than such a file holds; give the original"
            )
        if self._on_read:
            self._on_read(self.given)
        return len(piece)

    def _piece(self, size: int) -> bytes:
        if self.damage:
            return b""
        try:
            return self._source.read(size)
        except DAMAGED as why:
            self.damage = str(why) or type(why).__name__
            return b""

    def buffered(self) -> io.BufferedReader:
        return io.BufferedReader(self, _CHUNK)


def most_of(packed: int) -> int:
    """How far a recording of this packed size may unpack, in bytes."""
    return min(LARGEST_RECORDING, max(SMALL, packed * HIGHEST_RATIO))
