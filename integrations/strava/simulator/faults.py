"""Everything that can be made to go wrong, as one object that a test sets."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from typing import Literal

from starlette.responses import Response

from integrations.strava.simulator import answers

#: The calls that can be told to fail.
Endpoint = Literal["list", "detail", "streams", "gear", "athlete", "token", "revoke", "deauthorize", "subscriptions"]
#: When a refresh answers with a new refresh token (`sometimes`: every second time).
Rotation = Literal["always", "sometimes", "never"]


class Fault(Enum):
    """One bad answer."""

    UNAUTHORIZED = "401"
    INACTIVE = "403"
    NOT_FOUND = "404"
    RATE_LIMITED = "429"
    SERVER_ERROR = "500"
    BAD_GATEWAY = "502"
    UNAVAILABLE = "503"
    HTML = "html"
    EMPTY = "empty"
    DROP = "drop"


_ANSWERS: dict[Fault, Callable[[], Response]] = {
    Fault.UNAUTHORIZED: answers.bad_token,
    Fault.INACTIVE: answers.inactive,
    Fault.NOT_FOUND: answers.not_found,
    Fault.RATE_LIMITED: answers.rate_limited,
    Fault.SERVER_ERROR: answers.broken,
    Fault.BAD_GATEWAY: lambda: answers.page("<h1>502 Bad Gateway</h1>", 502),
    Fault.UNAVAILABLE: lambda: answers.empty(503),
    Fault.HTML: answers.maintenance,
    Fault.EMPTY: answers.empty,
    Fault.DROP: answers.BrokenOff,
}


@dataclass
class EventFaults:
    """What happens to events on their way: the next so many are lost or sent twice; all late or backwards."""

    drop_next: int = 0
    duplicate_next: int = 0
    delay: timedelta = timedelta(0)
    reverse: bool = False


@dataclass
class Faults:
    """Switches, all off at first.

    `inactive`: every call is refused as for an app whose owner does not pay. `refuse_next_codes`: so many
    exchanges of a good code are refused, the code staying good; `fresh_code_refused_for`: every code is refused
    until it is that old. `readable_after`: an activity is announced, yet missing until so long after its upload.
    `broken_activities`: ids whose detail always answers 500. `headers_on_errors`: off, error answers
    carry no rate-limit headers (recordings of 2020 have none).
    """

    inactive: bool = False
    refuse_next_codes: int = 0
    fresh_code_refused_for: timedelta = timedelta(0)
    readable_after: timedelta = timedelta(0)
    broken_activities: set[int] = field(default_factory=set)
    headers_on_errors: bool = True
    events: EventFaults = field(default_factory=EventFaults)
    _next: dict[str, deque[Fault | None]] = field(default_factory=dict)

    def fail_next(self, endpoint: Endpoint, fault: Fault, *, times: int = 1, after: int = 0) -> None:
        """The next `times` calls to `endpoint` are answered with `fault`, once `after` more were answered well.

        Calls made before the earlier ones are used up queue behind them.
        """
        queue = self._next.setdefault(endpoint, deque())
        queue.extend([None] * after + [fault] * times)

    def clear(self) -> None:
        """Answer well again from now on (planned failures only, not the switches)."""
        self._next.clear()

    def take(self, endpoint: str) -> Response | None:
        """The bad answer that is planned for this call, if any."""
        queue = self._next.get(endpoint)
        fault = queue.popleft() if queue else None
        return _ANSWERS[fault]() if fault else None


@dataclass
class Modes:
    """How this Strava behaves where Strava's own behaviour varies or is not documented.

    `scope_in_token`: token answers name the granted scopes. `oldest_first_with_only_after`: order of the list
    when `after` alone is given. `capacity`: athletes that may be connected at once. `event_spacing`: time between
    the attempts to deliver an event. `event_timeout_s`: real seconds a receiver may take.
    """

    rotation: Rotation = "sometimes"
    scope_in_token: bool = True
    oldest_first_with_only_after: bool = False
    capacity: int | None = None
    code_lifetime: timedelta = timedelta(minutes=10)
    event_spacing: timedelta = timedelta(seconds=60)
    event_timeout_s: float = 2.0
