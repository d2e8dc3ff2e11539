"""A server on loopback that answers what a test tells it to, faults of transport included."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SHUT_RDWR, socket
from threading import Event, Thread
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

CLIENT_ID = "24523"
CLIENT_SECRET = "0123456789abcdef0123456789abcdef01234567"
ACCESS = "aaaa456789abcdef0123456789abcdef0123aaaa"
REFRESH = "bbbb456789abcdef0123456789abcdef0123bbbb"
NOW = datetime(2026, 11, 23, 10, 7, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Request:
    """What came in; `query` and `form` hold the first value of each name in address and body."""

    method: str
    path: str
    query: dict[str, str]
    form: dict[str, str]
    headers: Mapping[str, str]
    target: str
    body: str


@dataclass(frozen=True)
class Answer:
    """What goes out. `promised` bytes are announced where fewer are sent."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json; charset=utf-8"})
    promised: int | None = None


def says(value: Any, status: int = 200, **headers: str) -> Answer:
    """An answer in JSON."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Answer(status, json.dumps(value).encode(), {"Content-Type": "application/json; charset=utf-8", **named})


def refuses(status: int, resource: str, field: str, code: str, message: str = "Bad Request") -> Answer:
    """An error as Strava words it."""
    return says({"message": message, "errors": [{"resource": resource, "field": field, "code": code}]}, status)


def page(text: str, status: int = 200) -> Answer:
    """Somebody's web page, where JSON was asked for."""
    return Answer(status, text.encode(), {"Content-Type": "text/html"})


#: No answer at all, until the stand-in ends; and a connection that is dropped.
SILENCE = Answer(-1)
DROPPED = Answer(-2)

Script = Callable[[Request], Answer]


class StandIn:
    """Serves in a thread while a `with` block lasts. Set `answer` to an answer, or to a function of the request."""

    def __init__(self) -> None:
        self.answer: Answer | Script = Answer(500)
        self.received: list[Request] = []
        self._over = Event()
        self._connections: list[socket] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = False
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._server.shutdown()
        self._thread.join()
        for connection in self._connections:  # one that a failed test still holds must not hold up the rest
            with suppress(OSError):
                connection.shutdown(SHUT_RDWR)
        self._server.server_close()

    def _answer_to(self, request: Request) -> Answer:
        self.received.append(request)
        answer = self.answer if isinstance(self.answer, Answer) else self.answer(request)
        if answer is SILENCE:
            self._over.wait()
        return answer

    def _handler(stand_in) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # head and body in one packet: else the kernel holds the second back for 40 ms

            def setup(self) -> None:
                super().setup()
                stand_in._connections.append(self.connection)

            def answer(self) -> None:
                answer = stand_in._answer_to(self._request())
                if answer.status < 0:
                    self.close_connection = True
                    return
                self.send_response(answer.status)
                promised = len(answer.body) if answer.promised is None else answer.promised
                for name, value in {**answer.headers, "Content-Length": str(promised)}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer.body)
                self.close_connection = answer.promised is not None

            do_GET = do_POST = do_DELETE = answer

            def _request(self) -> Request:
                address = urlsplit(self.path)
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                query, form = _first(address.query), _first(body)
                return Request(self.command, address.path, query, form, self.headers, self.path, body)

            def log_message(self, *_: object) -> None:
                """Nothing to stderr."""

        return Handler


def _first(text: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(text, keep_blank_values=True).items()}
