"""A real SMTP server on loopback that keeps what it is sent, so that the demo's mails can be read."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Lock
from typing import Any

from aiosmtpd.controller import Controller


class CaughtMail:
    """The mails that went out, oldest first. Safe to read while more come in."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._messages: list[EmailMessage] = []

    @property
    def messages(self) -> list[EmailMessage]:
        with self._lock:
            return list(self._messages)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        message = message_from_bytes(envelope.content, policy=policy.default)
        with self._lock:
            self._messages.append(message)
        return "250 kept"


@contextmanager
def catching_mail() -> Iterator[tuple[CaughtMail, str]]:
    """Yield what catches the mail and the server's address for AFTERRUN_SMTP_URL."""
    caught = CaughtMail()
    controller = Controller(caught, hostname="127.0.0.1", port=_free_port())
    controller.start()
    try:
        yield caught, f"smtp://{controller.hostname}:{controller.port}"
    finally:
        controller.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
