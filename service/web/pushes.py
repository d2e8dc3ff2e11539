"""Strava's callback address: its question whether we are there, and its events."""

from __future__ import annotations

import secrets
from functools import cached_property
from threading import Lock
from typing import Annotated

from fastapi import APIRouter, Depends, Header, HTTPException, Request
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from starlette.responses import Response

from integrations.strava.events import SIGNATURE_HEADER, Challenge
from service import push
from service.bootstrap import Service
from service.bucket import TokenBucket
from service.errors import NotFound
from service.web.access import ServiceHere

#: A thousand runners send some hundred events an hour; a burst may be all that Strava held back during an outage.
EVENTS_PER_S = 20
BURST = 200


class Door:
    """Who is let in, and how many at once. In memory, so that whoever is turned away costs no look into the database.

    Strangers do not use up the room: the path is looked at first.
    """

    def __init__(self, service: Service) -> None:
        self._service = service
        self._room = TokenBucket(EVENTS_PER_S, BURST, service.wall)
        self._turned_away = 0
        self._lock = Lock()

    @cached_property
    def _secret(self) -> bytes:
        return push.push_secrets(self._service).path.encode()

    def knows(self, secret: str) -> bool:
        return secrets.compare_digest(self._secret, secret.encode("utf-8", "surrogatepass"))

    def has_room(self) -> bool:
        if self._room.take():
            return True
        with self._lock:
            self._turned_away += 1
        return False

    def take_turned_away(self) -> int:
        """How many were turned away since this was asked last: written down with the next who is let in."""
        with self._lock:
            count, self._turned_away = self._turned_away, 0
            return count


def door_of(request: Request) -> Door:
    door: Door = request.app.state.push_door
    return door


DoorHere = Annotated[Door, Depends(door_of)]


def known_caller(door: DoorHere, secret: str) -> None:
    """Only who was told the unguessable part of the address finds anything here."""
    if not door.knows(secret):
        raise NotFound


router = APIRouter(dependencies=[Depends(known_caller)])


@router.get("/strava/push/{secret}")
def validate(request: Request, service: ServiceHere, door: DoorHere) -> Response:
    if not door.has_room():
        return _too_many()
    try:
        challenge = Challenge.model_validate(dict(request.query_params))
    except ValidationError:
        raise HTTPException(403) from None
    answer = push.validate(service, challenge)
    if answer is None:
        raise HTTPException(403)
    return JSONResponse(answer)


async def event_body(request: Request) -> bytes:
    """The body, read no further than an event may be long. Asynchronous, because it is the server's edge."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > push.LARGEST_EVENT:
            break
    return body


@router.post("/strava/push/{secret}")
def receive(
    service: ServiceHere,
    door: DoorHere,
    body: Annotated[bytes, Depends(event_body)],
    signature: Annotated[str | None, Header(alias=SIGNATURE_HEADER)] = None,
) -> Response:
    """Stored, then answered; whatever it was, Strava need not send it again, but for what came too fast."""
    if not door.has_room():
        return _too_many()
    # What is too long to be an event is counted as nonsense, like anything else that cannot be read.
    whole = body if len(body) <= push.LARGEST_EVENT else b""
    push.receive(service, whole, signature, door.take_turned_away())
    return JSONResponse({})


def _too_many() -> Response:
    return JSONResponse({"detail": "too many at once"}, status_code=429, headers={"Retry-After": "10"})
