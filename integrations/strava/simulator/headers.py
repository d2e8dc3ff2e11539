"""The headers of an answer: what is used of the limits, and what Strava's servers add."""

from __future__ import annotations

from hashlib import sha256
from http import HTTPStatus

from starlette.responses import Response

from integrations.strava.simulator.quota import Use
from integrations.strava.simulator.state import State

_PRIVATE, _ERROR, _PUSH = "max-age=0, private, must-revalidate", "no-cache", "no-cache, private"


def dress(state: State, endpoint: str, use: Use, response: Response) -> None:
    """Add the headers that Strava has been recorded to send with such an answer."""
    if use is not Use.NOTHING and _shows_limits(state, endpoint, response.status_code):
        response.headers.update(state.quota.headers(state.clock(), use))
    if endpoint in {"authorize", "unknown", "streams"}:
        return
    if endpoint == "subscriptions":
        response.headers["Cache-Control"] = _PUSH
        return
    response.headers["Status"] = f"{response.status_code} {_phrase(response.status_code)}".strip()
    is_good = response.status_code < HTTPStatus.BAD_REQUEST
    response.headers["Cache-Control"] = _PRIVATE if is_good else _ERROR
    if is_good:
        response.headers["ETag"] = f'W/"{sha256(response.body).hexdigest()[:32]}"'


def _shows_limits(state: State, endpoint: str, status: int) -> bool:
    if endpoint == "streams" and not state.modes.limits_on_streams:
        return False
    return status < HTTPStatus.BAD_REQUEST or status == HTTPStatus.TOO_MANY_REQUESTS or state.faults.headers_on_errors


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
