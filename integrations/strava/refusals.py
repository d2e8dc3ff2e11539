"""What a refusal of Strava's asks of us: from a call, a status and a body to one of our errors. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Literal, NamedTuple

from integrations.errors import AdapterError, GiveUp, OperatorNeeded, RetryLater, SignInAgain
from integrations.strava.limits import Purpose

UNAUTHORIZED, FORBIDDEN, NOT_FOUND, TOO_MANY = 401, 403, 404, 429

Reason = Literal["dead-access-token", "dead-refresh-token", "missing-scope"]
Meaning = Callable[[str], AdapterError]


class CodeRefused(GiveUp):
    """Strava refused the code of a sign-in. Fresh codes are refused now and then: once more, 2 s later, may work."""


class AthletesExceeded(OperatorNeeded):
    """Strava lets no further athlete connect to this application: the only refusal of this kind that is known."""

    def __init__(self, told: str) -> None:
        super().__init__(f"{told}: the limit of connected athletes may be reached")


class ConnectionRefused(SignInAgain):
    """Strava no longer accepts this runner's connection, for this `reason`.

    A dead access token may be mended by a refresh; a missing scope and a dead refresh token only by the runner.
    """

    def __init__(self, message: str, reason: Reason) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Call:
    """One kind of call, by its name in messages.

    `by_runner` says whose credentials it carries, and so whom a refusal of them concerns: the runner's token, or
    the application's id and secret. `purpose` is what it may take of the limits. `about` is what a refusal means that
    names a field, `forbidden` what a 403 does, `refused` what any other does.
    """

    name: str
    by_runner: bool = False
    refused: Meaning = RetryLater
    forbidden: Meaning = OperatorNeeded
    purpose: Purpose = Purpose.FRESH
    about: Mapping[str, Meaning] = field(default_factory=dict)


EXCHANGE = Call("the exchange of a sign-in code", about={"code": CodeRefused}, forbidden=AthletesExceeded)
REFRESH = Call(
    "the refresh of a token", about={"refresh_token": partial(ConnectionRefused, reason="dead-refresh-token")}
)
REVOKE = Call("the end of a connection", refused=GiveUp)
LIST = Call("the list of activities", by_runner=True)
ACTIVITY = Call("one activity", by_runner=True, refused=GiveUp)
STREAMS = Call("the course of a run", by_runner=True, refused=GiveUp, purpose=Purpose.DETAIL)
GEAR = Call("a pair of shoes", by_runner=True, refused=GiveUp, purpose=Purpose.DETAIL)
ATHLETE = Call("the athlete", by_runner=True)
SUBSCRIBE = Call("a new push subscription", refused=GiveUp)
SUBSCRIPTIONS = Call("the push subscriptions")
UNSUBSCRIBE = Call("the end of a push subscription", refused=GiveUp)


class Fault(NamedTuple):
    """One entry of an error body: what is wrong (`code`) with which `field` of which `resource`."""

    resource: str
    field: str
    code: str


def error_from(call: Call, status: int, body: bytes, room_at: datetime | None) -> AdapterError:
    """The error for an answer that is not what was asked for; `room_at`: when the limits have room again, if known.

    Only what Strava itself says is believed to be lasting: a proxy's page, a portal's sign-in or half an answer passes.
    """
    faults = faults_in(status, body)
    told = f"Strava answered {status} to {call.name}" + "".join(f" ({' / '.join(fault)})" for fault in faults or ())
    if status == TOO_MANY:
        return RetryLater(told, at=room_at)
    if faults is None or not 400 <= status < 500:
        return RetryLater(told)
    if any(fault.resource == "Application" and fault.code == "Inactive" for fault in faults):
        return OperatorNeeded(f"{told}: the application's owner needs an active Strava subscription")
    return _to_runner(call, status, faults, told) if call.by_runner else _to_application(call, status, faults, told)


def faults_in(status: int, body: bytes) -> tuple[Fault, ...] | None:
    """The entries of an error body (at most three), `None` if the body is not Strava's.

    `errors` is mostly a list, has been a single text, and may be empty; a 404 of Strava's has no body at all.
    """
    if status == NOT_FOUND and not body:
        return ()
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(answer, dict) or not answer.keys() & {"message", "errors"}:
        return None
    errors = answer.get("errors")
    rows = errors if isinstance(errors, list) else [errors]
    return tuple(_fault(row) for row in rows[:3] if isinstance(row, dict))


def _to_runner(call: Call, status: int, faults: tuple[Fault, ...], told: str) -> AdapterError:
    if status != UNAUTHORIZED:
        return call.refused(told)
    scope_missing = any(fault.code == "missing" for fault in faults)
    return ConnectionRefused(told, "missing-scope" if scope_missing else "dead-access-token")


def _to_application(call: Call, status: int, faults: tuple[Fault, ...], told: str) -> AdapterError:
    for fault in faults:
        if fault.field in call.about:
            return call.about[fault.field](told)
        if fault.field == "client_id":
            return OperatorNeeded(told)
    if status == FORBIDDEN:
        return call.forbidden(told)
    return OperatorNeeded(told) if status == UNAUTHORIZED else call.refused(told)


def _fault(row: dict[Any, Any]) -> Fault:
    return Fault(_safe(row.get("resource")), _safe(row.get("field")), _safe(row.get("code")))


def _safe(text: Any) -> str:
    """Others' text, fit for a message of ours: short, on one line, without long words, as every token is one."""
    words = text.split() if isinstance(text, str) else []
    return " ".join(word for word in words if len(word) <= 30 and word.isprintable())[:80]
