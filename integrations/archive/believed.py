"""From what a recording says of a session to an activity, or to the reason why it cannot be believed. Pure."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from integrations.archive.model import FoundRun, Source, Unusable
from integrations.archive.sports import UNKNOWN
from integrations.archive.track import Track, both_feet, on_foot
from rules.model import LONGEST_BELIEVABLE_ELAPSED_S, RUN_FAMILY, Activity

#: The first watches with GPS came on the market in 2003; an empty clock starts in 1970, 1980, 1989 or 1999.
EARLIEST = datetime(2001, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
#: Over a whole session: on foot faster than any sprint, else faster than a train.
FASTEST_MPS = {True: 12.5, False: 150.0}
#: Wall clocks lie between 12 hours behind and 14 hours before UTC, in quarters of an hour.
_QUARTER_S = 900
_LOWEST_OFFSET_S, _HIGHEST_OFFSET_S = -12 * 3600, 14 * 3600
#: A timer that stood still for less was not paused, it was stopped a moment before the file was closed.
_PAUSED_S = 2.0
_LONGEST_WORD = 100


@dataclass(slots=True)
class Session:
    """What a file says of one session: totals where it states them, and the track for what it does not.

    Times in seconds, `start` aware. `timer_s` ran while the device was not paused. `cadence` is as the format counts.
    """

    sport: str = UNKNOWN
    start: datetime | None = None
    utc_offset_s: int | None = None
    elapsed_s: float | None = None
    timer_s: float | None = None
    distance_m: float | None = None
    ascent_m: float | None = None
    average_hr: float | None = None
    max_hr: float | None = None
    cadence: float | None = None
    treadmill: bool = False
    device: str | None = None
    track: Track = field(default_factory=Track)
    notes: tuple[str, ...] = ()


def offset_of(seconds: float) -> int | None:
    """An offset from UTC in seconds where there can be such a zone."""
    quarters = round(seconds / _QUARTER_S) * _QUARTER_S
    near = abs(seconds - quarters) <= 60
    return quarters if near and _LOWEST_OFFSET_S <= quarters <= _HIGHEST_OFFSET_S else None


def notes_of(session: Session) -> tuple[str, ...]:
    """What the runner should know of a session that was read."""
    unnamed = (
        ""
        if session.sport != UNKNOWN
        else (
            "the file does not say which sport this was, so it is not counted as a run; if it was one, export it as "
            "FIT or TCX, or write <type>running</type> into its track"
        )
    )
    summed = session.track.notes if session.elapsed_s is None or session.distance_m is None else ()
    return tuple(note for note in (*session.notes, *summed, unnamed) if note)


def believed(session: Session, source: Source, path: Path) -> FoundRun:
    """The session as an activity. Raises `Unusable` where start, duration or distance cannot be believed."""
    start = _start(session)
    elapsed_s = _elapsed_s(session)
    distance_m = _distance_m(session, elapsed_s)
    offset_s = session.utc_offset_s
    activity = Activity(
        id=stable_id(start, elapsed_s, distance_m),
        sport=session.sport,
        start_local=(start + timedelta(seconds=offset_s or 0)).replace(tzinfo=None, microsecond=0),
        distance_m=distance_m,
        moving_time_s=_moving_s(session, elapsed_s),
        elapsed_time_s=round(elapsed_s),
        utc_offset_s=offset_s,
        treadmill=session.treadmill and session.sport in RUN_FAMILY,
        elevation_gain_m=session.ascent_m,
        average_hr_bpm=session.average_hr or session.track.heart_rate.value,
        max_hr_bpm=session.max_hr or session.track.heart_rate.highest,
        cadence_spm=both_feet(session.cadence or session.track.cadence.value) if on_foot(session.sport) else None,
        device_name=_word(session.device),
    )
    return FoundRun(path, None, activity, source, start, zone_known=offset_s is not None)


def _start(session: Session) -> datetime:
    start = session.start or session.track.start
    if start is None:
        raise Unusable("it does not say when it began; export it again from where it was recorded")
    if not EARLIEST <= start < LATEST:
        raise Unusable(f"it says that it began in {start.year}, so its clock was not set; enter this run by hand")
    return start.astimezone(UTC)


def _elapsed_s(session: Session) -> float:
    elapsed_s = session.elapsed_s or session.track.elapsed_s or session.timer_s
    if not elapsed_s or elapsed_s < 1:
        raise Unusable("it has no duration: it was stopped as soon as it was started; leave it out")
    if elapsed_s > LONGEST_BELIEVABLE_ELAPSED_S:
        raise Unusable(f"it says that it took {elapsed_s / 86400:.0f} days, which cannot be; enter this run by hand")
    return elapsed_s


def _distance_m(session: Session, elapsed_s: float) -> float | None:
    distance_m = session.distance_m if session.distance_m is not None else session.track.distance_m
    if distance_m is not None and distance_m > FASTEST_MPS[on_foot(session.sport)] * elapsed_s:
        raise Unusable(
            f"it says {distance_m / 1000:.1f} km in {elapsed_s / 60:.1f} minutes, which cannot be; "
            "correct it where it was recorded and export it again"
        )
    return None if distance_m is None else round(distance_m, 2)


def _moving_s(session: Session, elapsed_s: float) -> int | None:
    """As Strava counts a run: who paused the device is believed, else the points say who stood still.

    (Strava's training glossary for running, "Moving Time".) Without points the timer is all there is.
    """
    paused = session.timer_s is not None and session.timer_s < elapsed_s - _PAUSED_S
    seconds = session.timer_s if paused else session.track.moving_s or session.timer_s
    return None if seconds is None else min(round(seconds), round(elapsed_s))


def stable_id(start: datetime, elapsed_s: float, distance_m: float | None) -> int:
    """An id below zero, which no id of Strava's is: the same recording has the same one, in every file it lies in."""
    told = f"{start.astimezone(UTC):%Y-%m-%dT%H:%M:%S} {round(elapsed_s)} {round(distance_m or 0)}"
    return -1 - int.from_bytes(hashlib.sha256(told.encode()).digest()[:7])


def _word(text: str | None) -> str | None:
    text = (text or "").strip()
    return text if text and text.isprintable() and len(text) <= _LONGEST_WORD else None


def measured(value: object, highest: float) -> float | None:
    """A finite number between 0 and `highest`, else `None`."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and 0 <= number <= highest else None
