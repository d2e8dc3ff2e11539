"""Strava's rate limits: who may call, what is used, and when there is room again. Pure: `now` is an argument.

Limits hold for the application, over all its runners. Windows end on the quarter hours and at midnight UTC;
refused calls count as well, and no answer says how long to wait.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from integrations.errors import RetryLater

QUARTER = timedelta(minutes=15)
DAY = timedelta(days=1)


class Purpose(StrEnum):
    """What a call is for. Fresh runs come first, then reading again what is known, then details."""

    FRESH = "fresh"
    RECONCILE = "reconcile"
    DETAIL = "detail"


#: The share of a window that each purpose leaves to those before it.
KEPT_FREE = {Purpose.FRESH: 0.0, Purpose.RECONCILE: 0.2, Purpose.DETAIL: 0.4}


class NoRoom(RetryLater):
    """The calls that Strava allows are used up, or kept for fresh runs."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One call that was counted before it goes out, at that instant. `windows` are as they stood after it."""

    at: datetime
    windows: tuple[Window, ...] = ()


class Ledger(Protocol):
    """Where every call is counted before it goes out: one for all threads and processes of an application."""

    def reserve(self, purpose: Purpose) -> Slot:
        """Count one call. Raises `NoRoom`, with when to ask again, and then the call must not go out."""

    def note(self, slot: Slot, usage: Usage, *, refused: bool) -> None:
        """What the answer's headers said; `refused` is whether it was a 429."""


class Unbounded:
    """A ledger without end: for one-off calls and for tests of other things."""

    def reserve(self, purpose: Purpose) -> Slot:
        return Slot(datetime.max.replace(tzinfo=UTC))

    def note(self, slot: Slot, usage: Usage, *, refused: bool) -> None:
        """Nothing is kept."""


@dataclass(frozen=True, slots=True)
class Count:
    """Calls used in one window, and how many it allows."""

    used: int
    limit: int


@dataclass(frozen=True, slots=True)
class Usage:
    """What Strava last told about its four windows; `None` where it told nothing.

    `at` is when it told: a count is worth nothing once its window has ended. All calls count in the overall
    windows, all but uploads in the read ones as well.
    """

    at: datetime
    quarter: Count | None = None
    day: Count | None = None
    read_quarter: Count | None = None
    read_day: Count | None = None

    @classmethod
    def from_headers(cls, headers: Mapping[str, str], at: datetime) -> Usage:
        """Read `X-RateLimit-Limit/-Usage` and `X-ReadRateLimit-Limit/-Usage`, in any spelling of case."""
        lowered = {name.lower(): value for name, value in headers.items()}
        quarter, day = _counts(lowered, "x-ratelimit")
        read_quarter, read_day = _counts(lowered, "x-readratelimit")
        return cls(at, quarter, day, read_quarter, read_day)

    @property
    def is_known(self) -> bool:
        return any((self.quarter, self.day, self.read_quarter, self.read_day))

    def day_is_full(self, now: datetime) -> bool:
        return now < next_midnight(self.at) and _any_full((self.day, self.read_day))

    def quarter_is_full(self, now: datetime) -> bool:
        return now < next_quarter(self.at) and _any_full((self.quarter, self.read_quarter))


@dataclass(frozen=True, slots=True)
class Window:
    """A quarter hour or a UTC day as the ledger keeps it: calls used and allowed, of all kinds and for reading.

    Until Strava told its limits they are those of a new application: too few wait, too many would be refused.
    """

    span: timedelta
    starts_at: datetime
    limit: int
    read_limit: int
    used: int = 0
    read_used: int = 0

    @classmethod
    def around(cls, now: datetime, span: timedelta) -> Window:
        """The window of a new application that `now` lies in."""
        limit, read_limit = NEW_APPLICATION[span]
        return cls(span, start_of(now, span), limit, read_limit)

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + self.span

    @property
    def left(self) -> int:
        """How many more reads it allows; each counts in both buckets."""
        return min(self.limit - self.used, self.read_limit - self.read_used)

    @property
    def allowed(self) -> int:
        """How many reads it allows in all."""
        return min(self.limit, self.read_limit)

    def has_room(self, purpose: Purpose, now: datetime) -> bool:
        """Whether one more call leaves what is kept for more urgent ones: of a day, for the rest of it."""
        rest = (self.ends_at - now) / DAY if self.span == DAY else 1.0
        return self.left - 1 >= KEPT_FREE[purpose] * self.allowed * min(max(rest, 0.0), 1.0)

    def spent(self) -> Window:
        """One read more."""
        return replace(self, used=self.used + 1, read_used=self.read_used + 1)

    def raised(self, overall: Count | None, read: Count | None) -> Window:
        """As the headers say, where they count more than we do: others may use the same application."""
        told = self
        if overall is not None:
            told = replace(told, limit=overall.limit, used=max(told.used, overall.used))
        if read is not None:
            told = replace(told, read_limit=read.limit, read_used=max(told.read_used, read.used))
        return told

    def closed(self) -> Window:
        """Full: Strava refused a call without saying why."""
        return replace(self, used=max(self.used, self.limit), read_used=max(self.read_used, self.read_limit))


#: What a new application may use, overall and for reading (developers.strava.com/docs/rate-limits).
NEW_APPLICATION = {QUARTER: (200, 100), DAY: (2_000, 1_000)}


def start_of(now: datetime, span: timedelta) -> datetime:
    """When the window that `now` lies in began."""
    return (next_quarter(now) if span == QUARTER else next_midnight(now)) - span


def told(windows: Sequence[Window], usage: Usage, *, refused: bool) -> tuple[Window, ...]:
    """The windows after an answer. A refusal that no header explains closes the quarter hour."""
    by_span = {QUARTER: (usage.quarter, usage.read_quarter), DAY: (usage.day, usage.read_day)}
    raised = tuple(window.raised(*by_span[window.span]) for window in windows)
    if refused and not usage.is_known:
        return tuple(window.closed() if window.span == QUARTER else window for window in raised)
    return raised


def room_at(windows: Sequence[Window], purpose: Purpose, now: datetime) -> datetime | None:
    """When to ask again, `None` where there is room now: at the end of the last window that has none."""
    return max((window.ends_at for window in windows if not window.has_room(purpose, now)), default=None)


def ends_at_this_pace(day: Window, recent: int, over: timedelta, now: datetime) -> datetime | None:
    """When the day's reads end if they go on as in the last while (`recent` reads in `over`); `None`: they last."""
    if recent <= 0 or over <= timedelta(0):
        return None
    end = now + max(day.left, 0) / (recent / over.total_seconds()) * timedelta(seconds=1)
    return end if end < day.ends_at else None


def next_quarter(now: datetime) -> datetime:
    """The next quarter hour after `now`, when the short windows begin anew."""
    now = now.astimezone(UTC)
    return now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0) + QUARTER


def next_midnight(now: datetime) -> datetime:
    """The next midnight UTC after `now`, when the daily windows begin anew."""
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def retry_at(now: datetime, usage: Usage) -> datetime | None:
    """When to ask again after a refusal, `None` where the headers say that there is room.

    Midnight UTC if the day is used up, the next quarter hour if that is or nothing is known.
    """
    if usage.day_is_full(now):
        return next_midnight(now)
    return next_quarter(now) if usage.quarter_is_full(now) or not usage.is_known else None


def _any_full(counts: tuple[Count | None, ...]) -> bool:
    return any(count is not None and count.used >= count.limit for count in counts)


def _counts(headers: Mapping[str, str], name: str) -> tuple[Count | None, Count | None]:
    """The counts of the quarter hour and of the day."""
    used = _pair(headers.get(f"{name}-usage", ""))
    limit = _pair(headers.get(f"{name}-limit", ""))
    return _count(used[0], limit[0]), _count(used[1], limit[1])


def _pair(text: str) -> tuple[int | None, int | None]:
    """`5,148` as numbers. Strava has sent a lone `,` (on creating an activity): that is nothing told."""
    numbers = [_whole(part) for part in text.split(",")]
    return (numbers[0], numbers[1]) if len(numbers) == 2 else (None, None)


def _whole(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _count(used: int | None, limit: int | None) -> Count | None:
    return None if used is None or not limit else Count(used, limit)
