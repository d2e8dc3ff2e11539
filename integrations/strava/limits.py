"""Strava's rate limits: what its headers say is used, and when there is room again. Pure: `now` is an argument.

Limits hold for the application, over all its runners. Windows end on the quarter hours and at midnight UTC;
refused calls count as well, and no answer says how long to wait.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

QUARTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Count:
    """Calls used in one window, and how many it allows."""

    used: int
    limit: int

    def has_room(self, reserve: int = 0) -> bool:
        """Whether one more call leaves at least `reserve` for others."""
        return self.used + reserve < self.limit


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

    def day_is_full(self, now: datetime, reserve: int = 0) -> bool:
        return now < next_midnight(self.at) and _any_full((self.day, self.read_day), reserve)

    def quarter_is_full(self, now: datetime, reserve: int = 0) -> bool:
        return now < next_quarter(self.at) and _any_full((self.quarter, self.read_quarter), reserve)


def next_quarter(now: datetime) -> datetime:
    """The next quarter hour after `now`, when the short windows begin anew."""
    now = now.astimezone(UTC)
    return now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0) + QUARTER


def next_midnight(now: datetime) -> datetime:
    """The next midnight UTC after `now`, when the daily windows begin anew."""
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def may_call(now: datetime, usage: Usage | None, reserve: int = 0) -> bool:
    """Whether every window has room for one more call and `reserve` others. Nothing known: yes."""
    return usage is None or not (usage.day_is_full(now, reserve) or usage.quarter_is_full(now, reserve))


def retry_at(now: datetime, usage: Usage | None, reserve: int = 0) -> datetime:
    """When to ask again after a refusal: midnight UTC if the day is used up, else the next quarter hour."""
    if usage is not None and usage.day_is_full(now, reserve):
        return next_midnight(now)
    return next_quarter(now)


def _any_full(counts: tuple[Count | None, ...], reserve: int) -> bool:
    return any(count is not None and not count.has_room(reserve) for count in counts)


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
