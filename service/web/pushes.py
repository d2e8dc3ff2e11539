"""Strava's callback address: its question whether we are there, and its events."""

from __future__ import annotations

import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from starlette.responses import Response

from integrations.strava.events import Challenge
from service import push
from service.bootstrap import Service
from service.errors import NotFound
from service.web.access import ServiceHere, service_of


def known_caller(request: Request, secret: str) -> None:
    """Only who was told the unguessable part of the address finds anything here."""
    kept = push.push_secrets(service_of(request)).path
    if not secrets.compare_digest(kept.encode(), secret.encode("utf-8", "surrogatepass")):
        raise NotFound


router = APIRouter(dependencies=[Depends(known_caller)])


@router.get("/strava/push/{secret}")
def validate(request: Request, service: ServiceHere) -> JSONResponse:
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
def receive(service: ServiceHere, body: Annotated[bytes, Depends(event_body)]) -> Response:
    """Stored, then answered; whatever it was, Strava need not send it again."""
    _take_in(service, body)
    return JSONResponse({})


def _take_in(service: Service, body: bytes) -> None:
    # What is too long to be an event is counted as nonsense, like anything else that cannot be read.
    push.receive(service, body if len(body) <= push.LARGEST_EVENT else b"")
