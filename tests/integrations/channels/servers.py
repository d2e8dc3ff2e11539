"""Servers on loopback: a mail server that keeps what it is given, one that follows a script, a webhook receiver."""

from __future__ import annotations

import contextlib
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedRWPair
from socket import socket
from socketserver import BaseRequestHandler, TCPServer, ThreadingTCPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, Session

Connection = Callable[[socket], None]


@dataclass(frozen=True)
class Tls:
    server: ssl.SSLContext
    client: ssl.SSLContext


@dataclass
class Mailroom:
    """What a mail server was given, and what it answers; an empty answer accepts."""

    to_sender: str = ""
    to_recipient: str = ""
    to_content: str = ""
    envelopes: list[Envelope] = field(default_factory=list)

    async def handle_MAIL(self, _server: Any, _session: Session, envelope: Envelope, address: str, options: Any) -> str:
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self.to_sender or "250 OK"

    async def handle_RCPT(self, _server: Any, _session: Session, envelope: Envelope, address: str, options: Any) -> str:
        if not self.to_recipient:
            envelope.rcpt_tos.append(address)
        return self.to_recipient or "250 OK"

    async def handle_DATA(self, _server: Any, _session: Session, envelope: Envelope) -> str:
        if not self.to_content:
            self.envelopes.append(envelope)
        return self.to_content or "250 OK"


class _MailServer(Controller):
    def _trigger_server(self) -> None:
        # Port 0 was asked for; the controller knocks at the port it was given, so it is told the real one.
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class HttpReceiver:
    """Answers every post the same way and keeps what came."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.status = 200
        self.headers: dict[str, str] = {}
        self.body = b"thanks"
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        if tls:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                content = self.rfile.read(int(self.headers["content-length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver.requests.append((self.path, headers, content))
                self.send_response(receiver.status)
                for name, value in {"content-length": str(len(receiver.body)), **receiver.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                with contextlib.suppress(OSError):
                    self.wfile.write(receiver.body)

            def log_message(self, *_: Any) -> None:
                """Nothing: the test's own output is enough."""

        return Handler


class _Tcp(ThreadingTCPServer):
    daemon_threads = True


class Servers:
    """Starts servers and stops them all."""

    def __init__(self) -> None:
        self._stops: list[Callable[[], None]] = []

    def mail(self, room: Mailroom | None = None, **options: Any) -> tuple[Mailroom, int]:
        """A real mail server and its port. `options` are aiosmtpd's."""
        room = room or Mailroom()
        server = _MailServer(room, hostname="127.0.0.1", port=0, **options)
        server.start()
        self._stops.append(server.stop)
        return room, server.port

    def http(self, tls: ssl.SSLContext | None = None) -> HttpReceiver:
        receiver = HttpReceiver(tls)
        self._serve(receiver.server)
        return receiver

    def tcp(self, connection: Connection) -> int:
        """The port of a server that treats every connection as told."""

        class Handler(BaseRequestHandler):
            def handle(self) -> None:
                with contextlib.suppress(OSError):
                    connection(self.request)

        server = _Tcp(("127.0.0.1", 0), Handler)
        self._serve(server)
        return server.server_address[1]

    def smtp_script(self, answers: dict[str, str], greeting: str = "220 ready") -> int:
        """The port of a mail server that answers by the command's first word; an empty answer hangs up."""
        answers = {"DATA": "354 go on", "QUIT": "", **answers}

        def connection(peer: socket) -> None:
            with peer.makefile("rwb") as lines:
                reply = greeting
                while reply:
                    lines.write(f"{reply}\r\n".encode())
                    lines.flush()
                    reply = answers.get(_heard(lines, reply), "250 OK")

        return self.tcp(connection)

    def _serve(self, server: TCPServer) -> None:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()

        def stop() -> None:
            server.shutdown()
            server.server_close()
            thread.join()

        self._stops.append(stop)

    def stop(self) -> None:
        while self._stops:
            self._stops.pop()()


def _heard(lines: BufferedRWPair, last_reply: str) -> str:
    """The first word of the next command, `.` after a mail's content, `QUIT` where the client has left."""
    if last_reply.startswith("354"):
        while lines.readline() not in (b".\r\n", b""):
            pass
        return "."
    return lines.readline().decode("ascii").strip().partition(" ")[0].upper() or "QUIT"


def sign_in(user: str, password: str) -> Callable[..., AuthResult]:
    """An authenticator for aiosmtpd that knows one user."""

    def authenticator(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
        known = (given.login, given.password) == (user.encode(), password.encode())
        return AuthResult(success=known, handled=False)

    return authenticator
