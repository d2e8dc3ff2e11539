"""What a file holds, told by its first bytes and not by its name."""

from __future__ import annotations

import codecs
import re
from typing import Literal

from integrations.archive import markup
from integrations.archive.model import Foreign
from integrations.archive.text import decoded, is_utf16

#: Enough to hold any header.
HEAD = 16 * 1024

Kind = Literal["table", "page", "zip", "gzip", "fit", "gpx", "tcx"]

WANTED = (
    "give a Strava export (the .zip, its folder or its activities.csv), recordings (FIT, GPX or TCX), pages of the "
    "Strava API (.json), or a CSV with the columns id, start_date_local, type and distance_m"
)

ZIP = (b"PK\x03\x04", b"PK\x05\x06")
GZIP = b"\x1f\x8b"
_ROOT = re.compile(r"<(?:[\w.-]+:)?(gpx|TrainingCenterDatabase)[\s>]")


def kind_of(head: bytes) -> Kind:
    """What kind of file begins like this. Raises `Foreign` where it holds no activities that could be read."""
    if not head:
        raise Foreign(f"the file is empty; {WANTED}")
    if head.startswith(ZIP):
        return "zip"
    if head.startswith(GZIP):
        return "gzip"
    if head[8:12] == b".FIT":
        return "fit"
    if _is_markup(head):
        return _root(head)
    if b"\0" in head and not is_utf16(head):
        raise Foreign(f"this is no text (nor UTF-16 with its mark), so no list of activities; {WANTED}")
    return "page" if decoded(head).lstrip().startswith(("[", "{")) else "table"


def _is_markup(head: bytes) -> bool:
    start = head.lstrip(codecs.BOM_UTF8 + codecs.BOM_UTF16_LE + b" \r\n\t\0")
    return start.startswith(b"<")


def _root(head: bytes) -> Kind:
    root = _ROOT.search(head.decode(markup.encoding_of(head), errors="replace"))
    if root is None:
        raise Foreign(f"an XML file, but neither GPX nor TCX; {WANTED}")
    return "gpx" if root[1] == "gpx" else "tcx"
