"""Files as they come in: streamed to the spool, never held in memory, and no longer than the operator allows."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from typing import IO

from fastapi import Request
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser

from rules.words import N_
from service import intake
from service.bootstrap import Service
from service.errors import ServiceError
from service.language import _

#: For the routes that stream: the operator's limit is held while the body comes in.
UNBOUNDED = 2**50
#: No field beside the files is as long.
LONGEST_FIELD = 4096
#: Files in one form.
MOST_FILES = 50
MEGABYTE = 1024 * 1024


class TooLarge(ServiceError):
    message = N_("This is more than this installation takes at once.")


class BrokenForm(ServiceError):
    message = N_("The upload broke off or is no form. Please send it again.")


@dataclass(frozen=True, slots=True)
class Spooled:
    """A file in the spool, under the name that its sender gave it."""

    name: str
    spool: str
    size: int


async def spool_form(request: Request, service: Service, allowed: Callable[[str], bool] | None) -> list[Spooled]:
    """The files of a form. `allowed` is asked about the form's token before the first byte of a file is kept.

    Raises `PermissionError` where a file comes before a good token, `TooLarge` or `BrokenForm`; then nothing stays.
    """
    kind = Message()
    kind["content-type"] = request.headers.get("content-type", "")
    boundary = str(kind.get_param("boundary") or "")
    if kind.get_content_type() != "multipart/form-data" or not boundary:
        raise PermissionError("a form of another kind, without a token that could be seen") if allowed else BrokenForm
    spool = _Spool(service)
    form = _Form(spool, allowed)
    try:
        parser = MultipartParser(boundary.encode(), form.callbacks())  # type: ignore[arg-type]
        async for chunk in request.stream():
            parser.write(chunk)
        parser.finalize()
    except MultipartParseError:
        spool.discard()
        raise BrokenForm from None
    except BaseException:
        spool.discard()
        raise
    return spool.files


async def spool_body(request: Request, service: Service, name: str) -> Spooled:
    """The whole body as one file. Raises `TooLarge`."""
    spool = _Spool(service)
    try:
        spool.begin(name)
        async for chunk in request.stream():
            spool.write(chunk)
        spool.end()
    except BaseException:
        spool.discard()
        raise
    return spool.files[0]


async def small_body(request: Request, limit: int) -> bytes:
    """A body that has to be short. Raises `TooLarge`."""
    return b"".join([part async for part in _bounded(request, limit)])


async def _bounded(request: Request, limit: int) -> AsyncIterator[bytes]:
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise TooLarge
        yield chunk


@dataclass(slots=True)
class _Spool:
    """Writes one file after the other, readable by this service's user alone."""

    service: Service
    files: list[Spooled] = field(default_factory=list)
    total: int = 0
    _file: IO[bytes] | None = None
    _begun: list[Path] = field(default_factory=list)
    _name: str = ""
    _size: int = 0

    def begin(self, name: str) -> None:
        if len(self._begun) >= MOST_FILES:
            raise TooLarge(_("At most %(count)d files at once: put them into a zip.") % {"count": MOST_FILES})
        path = intake.spool_folder(self.service) / self.service.new_id()
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file, self._name, self._size = os.fdopen(descriptor, "wb"), name, 0
        self._begun.append(path)

    def write(self, data: bytes) -> None:
        self.total += len(data)
        limit = self.service.settings.upload_mb
        if self.total > limit * MEGABYTE:
            raise TooLarge(_("At most %(limit)d MB at once; send less, or ask who runs this.") % {"limit": limit})
        if self._file is not None:
            self._file.write(data)
            self._size += len(data)

    def end(self) -> None:
        if self._file is None:
            return
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._file = None
        self.files.append(Spooled(self._name, self._begun[-1].name, self._size))

    def discard(self) -> None:
        if self._file is not None:
            self._file.close()
        for path in self._begun:
            path.unlink(missing_ok=True)


class _Form:
    """What a form holds, part by part: its token first, then files."""

    def __init__(self, spool: _Spool, allowed: Callable[[str], bool] | None) -> None:
        self._spool = spool
        self._allowed = allowed
        self._is_allowed = allowed is None
        self._headers: dict[str, bytes] = {}
        self._header: list[bytes] = [b"", b""]
        self._field = b""
        self._in_file = False
        self._name = ""

    def callbacks(self) -> dict[str, Callable[..., None]]:
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._add(0, data[start:end]),
            "on_header_value": lambda data, start, end: self._add(1, data[start:end]),
            "on_header_end": self._end_header,
            "on_headers_finished": self._begin_content,
            "on_part_data": lambda data, start, end: self._take(data[start:end]),
            "on_part_end": self._end,
        }

    def _begin(self) -> None:
        self._headers, self._field, self._in_file, self._name = {}, b"", False, ""

    def _add(self, place: int, data: bytes) -> None:
        self._header[place] += data
        if len(self._header[place]) > LONGEST_FIELD:
            raise BrokenForm

    def _end_header(self) -> None:
        name, value = self._header
        self._headers[name.decode("latin-1").lower()] = value
        self._header = [b"", b""]

    def _begin_content(self) -> None:
        said = Message()
        said["content-disposition"] = self._headers.get("content-disposition", b"").decode("utf-8", "replace")
        self._name = str(said.get_param("name", "", "content-disposition"))
        filename = said.get_filename()
        if filename is None:
            return
        if not self._is_allowed:
            raise PermissionError("no file before the form's token")
        if filename:  # a form that is sent without a file chosen has a part without a name
            self._spool.begin(filename.replace("\\", "/").rpartition("/")[2])
            self._in_file = True

    def _take(self, data: bytes) -> None:
        if self._in_file:
            self._spool.write(data)
            return
        self._field += data
        if len(self._field) > LONGEST_FIELD:
            raise BrokenForm

    def _end(self) -> None:
        if self._in_file:
            self._spool.end()
        elif self._name == "csrf" and self._allowed is not None:
            self._is_allowed = self._allowed(self._field.decode("utf-8", "replace"))
