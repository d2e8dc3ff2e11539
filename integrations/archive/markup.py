"""XML as a stream of elements, safe against what XML can do: no document type, no entities, no tree in memory.

lxml parses; gpxpy and the TCX readers there are would build the whole file in memory first.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO, NamedTuple

from lxml import etree

from integrations.archive.model import Unusable

#: Longer text is no number and no time; titles and the like are not read.
_LONGEST = 100
#: A week of one point a second has some 6 million elements, none deeper than a dozen; more is made to keep us busy.
MOST_ELEMENTS = 6_000_000
_DEEPEST = 64
_CHUNK = 64 * 1024
#: Encodings that XML files of this kind come in. Python knows more, some of which are no encodings of text.
_ENCODINGS = re.compile(
    r"utf-?(8|16)|(us-)?ascii|iso-?8859-\d+|latin-?\d|(windows-|cp)125\d|koi8-[ru]|gb(2312|k|18030)"
)
_DECLARED = re.compile(rb"""^[^>]{0,100}\bencoding\s*=\s*["']([\w.-]{1,20})["']""")
#: What XML cannot hold, and what sloppy programs let through in titles.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


class Start(NamedTuple):
    name: str
    attributes: Mapping[str, str]


class End(NamedTuple):
    name: str
    text: str


class BrokenOff(Exception):
    """The XML ends early or is no XML from here on; what came before stands."""

    def __init__(self, what: str, line: int | None) -> None:
        super().__init__(what)
        self.line = line


class _Target:
    """Receives what the parser reads. Names are given without their namespace."""

    def __init__(self) -> None:
        self.read: list[Start | End] = []
        self._text = ""
        self._depth = self._count = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        self._count += 1
        if self._depth > _DEEPEST or self._count > MOST_ELEMENTS:
            raise Unusable("it has more elements, or deeper ones, than any recording; give the original file")
        self.read.append(Start(_local(tag), {_local(name): value for name, value in attributes.items()}))
        self._text = ""

    def end(self, tag: str) -> None:
        self._depth -= 1
        self.read.append(End(_local(tag), self._text.strip()))
        self._text = ""

    def data(self, text: str) -> None:
        if len(self._text) < _LONGEST:
            self._text += text[:_LONGEST]

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        raise Unusable("this XML brings a document type of its own, which no recording needs; it is not read")

    def close(self) -> None:
        pass

    def taken(self) -> list[Start | End]:
        read, self.read = self.read, []
        return read


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def elements(stream: BinaryIO) -> Iterator[Start | End]:
    """Every element as it starts and ends. `BrokenOff` where the XML breaks, `Unusable` where it must not be read."""
    target = _Target()
    parser = etree.XMLParser(
        target=target, encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        for text in _decoded(stream):
            parser.feed(text.encode())
            yield from target.taken()
        parser.close()
    except etree.XMLSyntaxError as why:
        yield from target.taken()
        raise BrokenOff(why.msg or "no XML", why.lineno) from why


def _decoded(stream: BinaryIO) -> Iterator[str]:
    """The text, whatever it claims to be encoded in; damage shows as U+FFFD and does not end it."""
    head = stream.read(_CHUNK)
    decoder = codecs.getincrementaldecoder(encoding_of(head))(errors="replace")
    first = True
    while head:
        text = _FORBIDDEN.sub("\ufffd", decoder.decode(head))
        # Strava's own TCX files begin with blanks, which XML does not allow.
        yield text.lstrip("\ufeff \t\r\n") if first else text
        first = False
        head = stream.read(_CHUNK)


def encoding_of(head: bytes) -> str:
    """The encoding of XML by its first bytes: by its mark, its zeros, then what it says, else UTF-8."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if head[:4].count(0) == 2:
        return "utf-16-le" if head[1:2] == b"\0" else "utf-16-be"
    declared = _DECLARED.search(head[:200])
    name = declared[1].decode("ascii", "replace").casefold() if declared else "utf-8"
    # A file that says UTF-16 and has no zeros is UTF-8: programs on Windows write that.
    if not _ENCODINGS.fullmatch(name) or name.startswith(("utf16", "utf-16")):
        return "utf-8"
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "utf-8"
