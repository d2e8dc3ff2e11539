"""Files as bytes: what kind they are, within bounds; zips; text in the encodings that exports come in."""

from __future__ import annotations

import struct
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import Literal

from integrations.archive.model import Foreign, Unusable
from integrations.archive.table import header_of, plan

#: A list of activities is far smaller: one row of the widest export takes some 500 bytes.
LARGEST = 64 * 1024 * 1024
#: Enough to hold any header.
HEAD = 16 * 1024
#: Tables looked into in search of a zip's list of activities; Strava's export holds about thirty.
MOST_TABLES = 200

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")

Kind = Literal["table", "page", "zip"]

_WANTED = (
    "give a Strava export (the .zip, its folder or its activities.csv), pages of the Strava API (.json), "
    "or a CSV with the columns id, start_date_local, type and distance_m"
)
_RECORDING = f"is a single recording, not a list of activities; {_WANTED}"


def kind_of(path: Path) -> Kind:
    """What kind of list this file holds, by its first bytes. Raises `Foreign` where it holds none."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head:
        raise Foreign(f"the file is empty; {_WANTED}")
    if head.startswith(_ZIP):
        return "zip"
    _refuse_other(head)
    return "page" if decoded(head).lstrip().startswith(("[", "{")) else "table"


def _refuse_other(head: bytes) -> None:
    if head[8:12] == b".FIT":
        raise Foreign(f"a FIT file {_RECORDING}")
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        raise Foreign(f"an XML file (GPX, TCX) {_RECORDING}")
    if head.startswith(b"\x1f\x8b"):
        raise Foreign(f"a gzip file is not read as it is: unpack it first, or {_WANTED}")
    if b"\0" in head and not head.startswith(_UTF16):
        raise Foreign(f"this is no text (nor UTF-16 with its mark), so no list of activities; {_WANTED}")


def is_list(path: Path) -> bool:
    """Whether a file found in a folder looks like a list of activities; damaged ones do, so that they are told."""
    try:
        kind = kind_of(path)
        if kind == "zip":
            read_zip(path)
        return kind != "table" or _has_known_header(path)
    except Foreign:
        return False
    except (Unusable, OSError):
        return True


def _has_known_header(path: Path) -> bool:
    with path.open("rb") as file:
        return plan(header_of(decoded(file.read(HEAD)))) is not None


def read_bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return _within_bounds(file.read(LARGEST + 1))


def _within_bounds(data: bytes) -> bytes:
    if len(data) > LARGEST:
        raise Unusable(f"more than {LARGEST // 2**20} MB is no list of activities; {_WANTED}")
    return data


def decoded(data: bytes) -> str:
    """Text in UTF-8 or UTF-16 with a byte order mark, else in Windows' western code page; damage shows as U+FFFD.

    A header that is UTF-8 speaks for the whole file: a single broken byte in a title must not turn every accent.
    """
    if data.startswith(_UTF16):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        header = data.partition(b"\n")[0]
    try:
        header.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")
    return data.decode("utf-8-sig", errors="replace")


def read_zip(path: Path) -> tuple[Path, bytes]:
    """The activities.csv of a zipped export, wherever in it, and its place. `Foreign` where there is none."""
    try:
        with zipfile.ZipFile(path) as archive:
            for member in _tables(archive):
                reading = plan(header_of(decoded(_read(archive, member, HEAD))))
                if reading is not None and reading.is_strava:
                    data = _within_bounds(_read(archive, member, LARGEST + 1))
                    return path / member.filename.lstrip("/"), data
    # What zipfile and zlib raise on damaged bytes; RuntimeError is a password, NotImplementedError a rare method.
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, struct.error) as why:
        raise Unusable(f"the zip is damaged or cut off ({why}); download it again") from why
    raise Foreign(f"no activities.csv of a Strava export is in this zip; {_WANTED}")


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> bytes:
    """At most that many bytes, unpacked as they are needed: what the zip says about sizes is not believed."""
    with archive.open(member) as file:
        return file.read(most)


def _tables(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Where a list may be: files called activities.csv first, then other tables, the least deep first."""

    def order(member: zipfile.ZipInfo) -> tuple[bool, int, str]:
        place = PurePosixPath(member.filename)
        return place.name.casefold() != "activities.csv", len(place.parts), member.filename

    # Only the methods that unpack bit by bit: the others may blow up a few bytes to anything at once.
    streamed = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    members = (member for member in archive.infolist() if member.compress_type in streamed)
    tables = (member for member in members if member.filename.casefold().endswith(".csv"))
    return sorted(tables, key=order)[:MOST_TABLES]
