"""A connection that is reset in place of an answer."""

from __future__ import annotations

import asyncio
import socket
import struct

from starlette.types import Receive, Scope, Send

from integrations.strava.simulator.answers import BrokenOff

#: Under this name the server puts a call's connection into its scope, so that an answer can end it.
TRANSPORT = "simulator_transport"


class Reset(BrokenOff):
    """A connection that is reset before any answer. Behind a server other than ours it breaks off instead."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        transport = scope.get("state", {}).get(TRANSPORT)
        if transport is None:
            await super().__call__(scope, receive, send)
            return
        # Lingering for no time makes the kernel send a reset where it would say goodbye.
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
        # One turn of the loop, in which the server learns that the caller is gone: else it would send an error instead.
        await asyncio.sleep(0)
