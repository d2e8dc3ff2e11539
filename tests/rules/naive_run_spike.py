"""run-spike written a second time, straight from its definition: slow, exact, and sharing no code with rules/."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from fractions import Fraction
from typing import NamedTuple

DAY = timedelta(days=1)


class Row(NamedTuple):
    """One recording. Distance is exact, in metres."""

    id: int
    sport: str
    start: datetime
    distance: Fraction | None
    moving: int | None
    elapsed: int | None


class Kept(NamedTuple):
    id: int
    start: datetime
    end: datetime
    distance: Fraction


class Spike(NamedTuple):
    id: int
    day: str
    severity: str
    longest: Fraction


def spikes(rows: Iterable[Row]) -> list[Spike]:
    kept = one_per_effort(rows)
    found = (verdict(kept, run) for run in kept)
    return [spike for spike in found if spike is not None]


def one_per_effort(rows: Iterable[Row]) -> list[Kept]:
    kept: list[Kept] = []
    for row in sorted((row for row in rows if is_plausible(row)), key=lambda row: (row.start, row.id)):
        this = Kept(row.id, row.start, row.start + timedelta(seconds=duration(row) or 0), row.distance or Fraction(0))
        if not kept or this.start >= kept[-1].end:
            kept.append(this)
        elif this.distance > kept[-1].distance:
            kept[-1] = this
    return kept


def is_plausible(row: Row) -> bool:
    if row.sport not in ("Run", "TrailRun", "VirtualRun") or row.distance is None:
        return False
    seconds = duration(row)
    believable = seconds is None or Fraction(8, 10) <= row.distance / seconds <= Fraction(67, 10)
    return row.distance >= 500 and believable


def duration(row: Row) -> int | None:
    return row.moving or row.elapsed or None


def verdict(kept: list[Kept], run: Kept) -> Spike | None:
    ago_84, ago_30, ago_28 = (run.start - days * DAY for days in (84, 30, 28))
    recent = [other.distance for other in kept if ago_30 <= other.start < run.start]
    old = [other for other in kept if ago_84 <= other.start <= ago_28]
    if not old or len(recent) < 6 or run.distance < 5000 or run.distance - max(recent) < 1000:
        return None
    beyond = run.distance / max(recent) - 1
    if beyond <= Fraction(10, 100):
        return None
    severity = "note" if beyond <= Fraction(30, 100) else "caution" if beyond <= 1 else "high"
    return Spike(run.id, run.start.date().isoformat(), severity, max(recent))
