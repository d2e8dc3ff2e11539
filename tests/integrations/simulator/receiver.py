"""A subscriber to push events: a small real server that answers as it is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from integrations.strava.simulator import serve


@dataclass
class Receiver:
    """Keeps what was posted, and how it was signed.

    `statuses` are used up one per post, then every post is answered with 200.
    """

    url: str = ""
    posts: list[dict[str, Any]] = field(default_factory=list)
    signatures: list[str | None] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    validation_status: int = 200
    echo: str | None = None
    verify_token: str | None = None

    async def validate(self, request: Request) -> Response:
        self.verify_token = request.query_params["hub.verify_token"]
        echo = request.query_params["hub.challenge"] if self.echo is None else self.echo
        return JSONResponse({"hub.challenge": echo}, self.validation_status)

    async def receive(self, request: Request) -> Response:
        self.posts.append(await request.json())
        self.signatures.append(request.headers.get("x-strava-signature"))
        self.raw.append(await request.body())
        return Response(status_code=self.statuses.pop(0) if self.statuses else 200)


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()
    routes = [
        Route("/callback", receiver.validate, methods=["GET"]),
        Route("/callback", receiver.receive, methods=["POST"]),
    ]
    with serve(Starlette(routes=routes)) as url:
        receiver.url = f"{url}/callback"
        yield receiver
