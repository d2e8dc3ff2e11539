"""Serves an ASGI program on loopback for as long as a `with` block lasts."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from integrations.strava.simulator.interruptions import TRANSPORT

#: How often the start is looked for and the end is noticed (s). Uvicorn's own tenth of a second adds up in tests.
TICK_S = 0.005


class _Protocol(H11Protocol):
    """Lets an answer reach its connection, so as to reset it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app_state = {**self.app_state, TRANSPORT: transport}


class _Server(uvicorn.Server):
    async def main_loop(self) -> None:
        tick = 0
        # Uvicorn renews its Date header whenever it is told a multiple of ten: once a second is enough.
        while not await self.on_tick(0 if tick % round(1 / TICK_S) == 0 else 1):
            await asyncio.sleep(TICK_S)
            tick += 1


@contextmanager
def serve(app: Any, port: int = 0, *, host: str = "127.0.0.1", log_level: str = "error") -> Iterator[str]:
    """Run `app` by uvicorn in a thread and yield its base URL; port 0 takes a free one.

    The socket is bound before the server starts, so the address is known and nobody else can take it.
    Raises `RuntimeError` when the program's own start fails.
    """
    listener = _listener(host, port)
    config = uvicorn.Config(app, log_config=None, log_level=log_level, access_log=False, ws="none", loop="asyncio")
    config.http = _Protocol
    config.timeout_graceful_shutdown = 1
    server = _Server(config)
    thread = Thread(target=_run, args=(server, listener), name="serve", daemon=True)
    thread.start()
    try:
        _await_start(server, thread)
        yield f"http://{host}:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def _listener(host: str, port: int) -> socket.socket:
    # Told its protocol, asyncio sends small answers at once; otherwise each one waits 40 ms for an acknowledgement.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener


def _run(server: uvicorn.Server, listener: socket.socket) -> None:
    # Uvicorn leaves by SystemExit when the program fails to start; `_await_start` reports that.
    with suppress(SystemExit):
        server.run(sockets=[listener])


def _await_start(server: uvicorn.Server, thread: Thread) -> None:
    while not server.started:
        if not thread.is_alive():
            raise RuntimeError("the program did not start; its log says why")
        time.sleep(TICK_S)
