"""A clock for demonstrations and tests: it stands still, is advanced by hand, or runs at a multiple of real time."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock


class SimulatedClock:
    """An `integrations.clock.Clock` that the simulator and the service can share. Safe to use from any thread.

    `speed` is simulated seconds per real second: 0 stands still, 1 is real time, 86400 a day per second.
    `monotonic` measures the real seconds.
    """

    def __init__(self, start: datetime, *, speed: float = 0.0, monotonic: Callable[[], float] = time.monotonic) -> None:
        if start.tzinfo is None:
            raise ValueError("a clock starts at an aware instant")
        self._lock = Lock()
        self._monotonic = monotonic
        self._instant = start.astimezone(UTC)
        self._speed = speed
        self._since = monotonic()

    def __call__(self) -> datetime:
        with self._lock:
            return self._now()

    def advance(self, by: timedelta) -> datetime:
        """Move forward and return the new instant. A clock never goes back."""
        if by < timedelta(0):
            raise ValueError("a clock never goes back")
        with self._lock:
            self._rebase(self._now() + by)
            return self._instant

    def advance_to(self, instant: datetime) -> datetime:
        """Move forward to that instant; where the clock is already past it, nothing happens."""
        with self._lock:
            self._rebase(max(self._now(), instant.astimezone(UTC)))
            return self._instant

    def set_speed(self, speed: float) -> None:
        """Run at another speed from now on."""
        with self._lock:
            self._rebase(self._now())
            self._speed = speed

    def _now(self) -> datetime:
        return self._instant + timedelta(seconds=(self._monotonic() - self._since) * self._speed)

    def _rebase(self, instant: datetime) -> None:
        self._since = self._monotonic()
        self._instant = instant
