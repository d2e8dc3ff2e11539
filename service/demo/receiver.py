"""A webhook receiver on loopback that checks every signature with the reference library, as a good one does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from integrations.strava.simulator import serve


class Receiver:
    """Keeps the bodies that came in with a right signature; `refused` counts the others."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._bodies: dict[str, Any] = {}
        self.secret = ""
        self.url = ""
        self.refused = 0

    @property
    def bodies(self) -> list[Any]:
        """What came in, once per webhook-id, oldest first."""
        with self._lock:
            return list(self._bodies.values())

    @property
    def ids(self) -> list[str]:
        """The webhook-ids, oldest first."""
        with self._lock:
            return list(self._bodies)

    async def receive(self, request: Request) -> Response:
        body = await request.body()
        try:
            Webhook(self.secret).verify(body, dict(request.headers))
        except (WebhookVerificationError, RuntimeError):
            self.refused += 1
            return PlainTextResponse("the signature is not right", 401)
        with self._lock:
            self._bodies.setdefault(request.headers["webhook-id"], json.loads(body))
        return PlainTextResponse("thank you")


@contextmanager
def receiving_webhooks() -> Iterator[Receiver]:
    receiver = Receiver()
    with serve(Starlette(routes=[Route("/hook", receiver.receive, methods=["POST"])])) as base:
        receiver.url = f"{base}/hook"
        yield receiver
