"""Counts calls against the two buckets of the simulated Strava: overall and read, per quarter hour and per day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from integrations.strava.simulator.faults import Modes


class Use(Enum):
    """What a call uses of the limits. `WRITE` makes an activity, which the read bucket does not count."""

    NOTHING = "nothing"
    READ = "read"
    WRITE = "write"


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
    modes: Modes = field(default_factory=Modes)
    _overall: _Bucket = field(default_factory=_Bucket)
    _read: _Bucket = field(default_factory=_Bucket)

    def use(self, now: datetime, use: Use) -> bool:
        """Count one call; False when a limit was already reached."""
        return self.spend(now, reads=int(use is Use.READ), writes=int(use is Use.WRITE))

    def spend(self, now: datetime, *, reads: int = 1, writes: int = 0) -> bool:
        """Count so many calls; False when a limit was already reached.

        Refused calls still count for the day, not for the quarter hour.
        """
        self._roll(now)
        allowed = not self._overall.is_full(self.level.overall)
        if self.modes.read_limits and reads:
            allowed = allowed and not self._read.is_full(self.level.read)
        for bucket, calls in ((self._overall, reads + writes), (self._read, reads)):
            bucket.used_day += calls
            bucket.used_quarter += calls if allowed else 0
        return allowed

    def headers(self, now: datetime, use: Use = Use.READ) -> dict[str, str]:
        """The four headers, spelled as on the wire. After a call that only writes, the use of the read bucket is blank.

        So it was recorded: a comma without numbers.
        """
        self._roll(now)
        overall = {
            "X-Ratelimit-Limit": "{},{}".format(*self.level.overall),
            "X-Ratelimit-Usage": f"{self._overall.used_quarter},{self._overall.used_day}",
        }
        if not self.modes.read_limits:
            return overall
        used = f"{self._read.used_quarter},{self._read.used_day}" if use is Use.READ else ","
        return overall | {"X-Readratelimit-Limit": "{},{}".format(*self.level.read), "X-Readratelimit-Usage": used}

    def _roll(self, now: datetime) -> None:
        self._overall.roll(now)
        self._read.roll(now)


def quarter_start(now: datetime) -> datetime:
    return now.replace(minute=now.minute - now.minute % 15, second=0, microsecond=0)


def day_start(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0)
