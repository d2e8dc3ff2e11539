"""Time is an argument: whoever needs the time is given one of these."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

#: Returns the present instant, aware, in UTC.
Clock = Callable[[], datetime]


def wall_clock() -> datetime:
    return datetime.now(UTC)
