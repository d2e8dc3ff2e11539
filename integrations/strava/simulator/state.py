"""All that the simulated Strava knows, in memory, behind one lock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from threading import RLock
from typing import Any

from starlette.responses import Response

from integrations.clock import Clock
from integrations.strava.simulator.athletes import SimulatedAthlete
from integrations.strava.simulator.calls import Call, ReceivedCall
from integrations.strava.simulator.faults import Faults, Modes
from integrations.strava.simulator.grants import Access, Grants
from integrations.strava.simulator.quota import Quota
from integrations.strava.simulator.shelf import HeldActivity, Shelf

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Subscription:
    id: int
    callback_url: str
    created_at: datetime


@dataclass
class PendingEvent:
    """An event on its way to the subscriber: sent when `due_at` has come, at most three times."""

    payload: Json
    due_at: datetime
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Application:
    """The one registered application. `callback_domain` beside localhost is where athletes may be sent back to."""

    client_id: str
    client_secret: str
    name: str = "Afterrun"
    callback_domain: str = ""


@dataclass
class State:
    """Everything that calls read and change. Hold `lock` to touch it."""

    clock: Clock
    application: Application
    athletes: dict[int, SimulatedAthlete]
    grants: Grants
    quota: Quota
    faults: Faults
    modes: Modes
    activities: Shelf = field(default_factory=Shelf)
    subscription: Subscription | None = None
    events: list[PendingEvent] = field(default_factory=list)
    calls: list[ReceivedCall] = field(default_factory=list)
    lock: RLock = field(default_factory=RLock)
    subscriptions_made: int = 0

    def is_readable(self, held: HeldActivity) -> bool:
        """Whether an activity has arrived and can be read: never before its upload."""
        return held.released and self.clock() >= held.uploaded_at + self.faults.readable_after

    def readable(self, access: Access) -> Iterator[HeldActivity]:
        """The activities which that access can read now."""
        theirs = self.activities.of_athlete(access.athlete_id)
        return (held for held in theirs if held.is_open_to(access) and self.is_readable(held))

    def token_of(self, call: Call) -> str:
        """The access token of a call: from the header, and in the parameters as long as that is allowed."""
        return call.bearer or ("" if self.modes.header_only else call.get("access_token") or "")


Handler = Callable[[State, Call], Response]


def locked(handler: Handler) -> Handler:
    """Let a handler run with the state to itself."""

    @wraps(handler)
    def alone(state: State, call: Call) -> Response:
        with state.lock:
            return handler(state, call)

    return alone
