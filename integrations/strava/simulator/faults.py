"""Everything that can be made to go wrong, as one object that a test sets."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from random import Random
from typing import Literal

from starlette.responses import Response

from integrations.strava.simulator import answers
from integrations.strava.simulator.interruptions import Reset

#: The calls that can be told to fail.
Endpoint = Literal[
    "list",
    "detail",
    "streams",
    "laps",
    "zones",
    "gear",
    "athlete",
    "athlete_zones",
    "stats",
    "update",
    "create",
    "token",
    "revoke",
    "deauthorize",
    "subscriptions",
]
#: When a refresh answers with a new refresh token (`sometimes`: every second time).
Rotation = Literal["always", "sometimes", "never"]


class Fault(Enum):
    """One bad answer. `FORBIDDEN` is a gateway's page, not Strava's own refusal.

    With `ANSWER_LOST` the call is done all the same, and only its answer breaks off.
    """

    UNAUTHORIZED = "401"
    INACTIVE = "403"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "404"
    RATE_LIMITED = "429"
    SERVER_ERROR = "500"
    BAD_GATEWAY = "502"
    UNAVAILABLE = "503"
    OVERLOADED = "597"
    HTML = "html"
    EMPTY = "empty"
    DROP = "drop"
    RESET = "reset"
    ANSWER_LOST = "answer lost"


_ANSWERS: dict[Fault, Callable[[], Response]] = {
    Fault.UNAUTHORIZED: answers.bad_token,
    Fault.INACTIVE: answers.inactive,
    Fault.FORBIDDEN: lambda: answers.page("<h1>403 Forbidden</h1>", 403),
    Fault.NOT_FOUND: answers.not_found,
    Fault.RATE_LIMITED: answers.rate_limited,
    Fault.SERVER_ERROR: answers.broken,
    Fault.BAD_GATEWAY: lambda: answers.page("<h1>502 Bad Gateway</h1>", 502),
    Fault.UNAVAILABLE: lambda: answers.empty(503),
    Fault.OVERLOADED: lambda: answers.empty(597),
    Fault.HTML: answers.maintenance,
    Fault.EMPTY: answers.empty,
    Fault.DROP: answers.BrokenOff,
    Fault.RESET: Reset,
    Fault.ANSWER_LOST: answers.BrokenOff,
}


def bad_answer(fault: Fault) -> Response:
    return _ANSWERS[fault]()


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
    carry no rate-limit headers (recordings of 2020 have none). `slow_answers_s`: answers to these calls are held
    back for so many real seconds, after the call was done.
    """

    inactive: bool = False
    refuse_next_codes: int = 0
    fresh_code_refused_for: timedelta = timedelta(0)
    readable_after: timedelta = timedelta(0)
    broken_activities: set[int] = field(default_factory=set)
    headers_on_errors: bool = True
    slow_answers_s: dict[Endpoint, float] = field(default_factory=dict)
    events: EventFaults = field(default_factory=EventFaults)
    _next: dict[str, deque[Fault | None]] = field(default_factory=dict)
    _share: float = 0.0
    _seed: int = 0
    _number: int = 0
    _kinds: tuple[Fault, ...] = tuple(Fault)

    def fail_next(self, endpoint: Endpoint, fault: Fault, *, times: int = 1, after: int = 0) -> None:
        """The next `times` calls to `endpoint` are answered with `fault`, once `after` more were answered well.

        Calls made before the earlier ones are used up queue behind them.
        """
        queue = self._next.setdefault(endpoint, deque())
        queue.extend([None] * after + [fault] * times)

    def fail_share(self, share: float, seed: int = 0, kinds: Sequence[Fault] = tuple(Fault)) -> None:
        """From now on that share (0 to 1) of all API and token calls fails, each of the kinds as often as another.

        Which calls fail, and how, follows from the seed and from how many calls came before: the same in every run.
        What `fail_next` plans comes first. Raises `ValueError` for a share outside its bounds and for no kinds at all.
        """
        if not 0 <= share <= 1:
            raise ValueError("the share of calls that fail lies between 0 and 1")
        if not kinds:
            raise ValueError("name at least one kind of fault")
        self._share, self._seed, self._number, self._kinds = share, seed, 0, tuple(kinds)

    def clear(self) -> None:
        """Answer well again from now on (planned failures and shares only, not the switches)."""
        self._next.clear()
        self._share = 0.0

    def delay_of(self, endpoint: str) -> float:
        """For how many real seconds the answer to such a call is held back."""
        return next((seconds for name, seconds in self.slow_answers_s.items() if name == endpoint), 0.0)

    def take(self, endpoint: str) -> Fault | None:
        """What goes wrong with this call, if anything."""
        drawn = self._drawn()
        queue = self._next.get(endpoint)
        planned = queue.popleft() if queue else None
        return planned or drawn

    def _drawn(self) -> Fault | None:
        self._number += 1
        chance = Random(f"{self._seed}/{self._number}")  # noqa: S311 - a simulation
        return chance.choice(self._kinds) if chance.random() < self._share else None


#: How a refused call says that the limit is reached: as of 2026, as in older captures, and as recorded in 2018.
LimitBody = Literal["overall rate limit", "rate limit", "2018"]


@dataclass
class Modes:
    """How this Strava behaves where Strava's own behaviour varies, changes or is not documented.

    `scope_in_token`: token answers name the granted scopes. `oldest_first_with_only_after`: order of the list
    when `after` alone is given. `capacity`: athletes that may be connected at once; one more is turned away with
    a page where consent is asked for, or with `capacity_at_token` when the code is exchanged. `event_spacing`: time
    between the attempts to deliver an event. `event_timeout_s`: real seconds a receiver may take. `sign_events`:
    events carry `X-Strava-Signature`. `header_only`: tokens in parameters are refused and `deauthorize` is gone,
    as from June 2027 on. `limit_body`: the words of a 429. `read_limits`: off, the read bucket neither counts nor
    shows, as before it existed. `limits_on_streams`: off, the answers with streams carry no rate-limit headers (the
    one recording of 2025 has none).
    """

    rotation: Rotation = "sometimes"
    scope_in_token: bool = True
    oldest_first_with_only_after: bool = False
    capacity: int | None = None
    capacity_at_token: bool = False
    header_only: bool = False
    limit_body: LimitBody = "overall rate limit"
    read_limits: bool = True
    limits_on_streams: bool = True
    sign_events: bool = False
    code_lifetime: timedelta = timedelta(minutes=10)
    event_spacing: timedelta = timedelta(seconds=60)
    event_timeout_s: float = 2.0
