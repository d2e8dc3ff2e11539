"""Counts calls against the two buckets of the simulated Strava: overall and read, per quarter hour and per day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Level:
    """What an application may use: (quarter hour, day), overall and of that for reading."""

    overall: tuple[int, int]
    read: tuple[int, int]


ONE_ATHLETE = Level(overall=(200, 2_000), read=(100, 1_000))
TEN_ATHLETES = Level(overall=(400, 4_000), read=(200, 2_000))


@dataclass
class _Bucket:
    """Used calls of the running quarter hour and the running UTC day."""

    quarter: datetime | None = None
    day: datetime | None = None
    used_quarter: int = 0
    used_day: int = 0

    def roll(self, now: datetime) -> None:
        quarter, day = quarter_start(now), day_start(now)
        if quarter != self.quarter:
            self.quarter, self.used_quarter = quarter, 0
        if day != self.day:
            self.day, self.used_day = day, 0

    def is_full(self, limits: tuple[int, int]) -> bool:
        return self.used_quarter >= limits[0] or self.used_day >= limits[1]


@dataclass
class Quota:
    """The application's use of its limits. All calls of all its athletes count together."""

    level: Level = ONE_ATHLETE
    _overall: _Bucket = field(default_factory=_Bucket)
    _read: _Bucket = field(default_factory=_Bucket)

    def spend(self, now: datetime, *, reads: int = 1, writes: int = 0) -> bool:
        """Count so many calls; False when a limit was already reached.

        Refused calls still count for the day, not for the quarter hour.
        """
        self._roll(now)
        allowed = not self._overall.is_full(self.level.overall)
        allowed = allowed and not (reads and self._read.is_full(self.level.read))
        for bucket, calls in ((self._overall, reads + writes), (self._read, reads)):
            bucket.used_day += calls
            bucket.used_quarter += calls if allowed else 0
        return allowed

    def headers(self, now: datetime) -> dict[str, str]:
        """The four headers, spelled as on the wire."""
        self._roll(now)
        return {
            "X-Ratelimit-Limit": "{},{}".format(*self.level.overall),
            "X-Ratelimit-Usage": f"{self._overall.used_quarter},{self._overall.used_day}",
            "X-Readratelimit-Limit": "{},{}".format(*self.level.read),
            "X-Readratelimit-Usage": f"{self._read.used_quarter},{self._read.used_day}",
        }

    def _roll(self, now: datetime) -> None:
        self._overall.roll(now)
        self._read.roll(now)


def quarter_start(now: datetime) -> datetime:
    return now.replace(minute=now.minute - now.minute % 15, second=0, microsecond=0)


def day_start(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0)
