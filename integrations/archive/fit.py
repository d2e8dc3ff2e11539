"""FIT, read by fitdecode: every session message is a session; without one, the records are summed up."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import BinaryIO

import fitdecode
from fitdecode import CrcCheck, ErrorHandling, FitReader

from integrations.archive.believed import Session, measured, offset_of
from integrations.archive.model import Unusable
from integrations.archive.sports import UNKNOWN, is_treadmill, sport_of_fit
from integrations.archive.track import FASTEST_STEP_MPS, Point, on_foot
from integrations.strava.mapping import FARTHEST_M, FASTEST_BPM, FASTEST_CADENCE, HIGHEST_GAIN_M, LONGEST_S

#: FIT counts its seconds from here.
_EPOCH = datetime(1989, 12, 31, tzinfo=UTC)
_DEGREES = 180 / 2**31
#: No multisport event has as many parts.
_MOST_SESSIONS = 100
#: A week of one record a second, and beats between them, has some 1.5 million messages.
MOST_MESSAGES = 2_000_000
#: What fitdecode lets through on damaged bytes.
_BROKEN = (fitdecode.FitError, ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError)

_CHECKSUM = "its checksum is wrong, so something in it was changed or lost; what could be read is taken as it is"
_CUT = "it breaks off or is damaged ({why}); what came before is kept, give the whole file to have the rest"
_SUMMED = "its summary is missing, so the numbers are summed up from its points"

Fields = Mapping[str, object]


def read_fit(stream: BinaryIO) -> Iterator[Session | Unusable]:
    """Each session of a FIT file (several files may be chained), or why it is none.

    What comes before a break is kept. Raises `Unusable` where there is no session and no record at all.
    """
    reading = _Reading()
    # The values are converted here: the reader's own conversion keeps every name it meets in memory.
    reader = FitReader(
        stream, processor=None, check_crc=CrcCheck.READONLY, error_handling=ErrorHandling.IGNORE, keep_raw_chunks=False
    )
    try:
        for number, frame in enumerate(reader):
            if number > MOST_MESSAGES:
                raise Unusable("it has more messages than any recording; give the original file")
            if isinstance(frame, fitdecode.FitCRC):
                reading.notes += () if frame.matched else (_CHECKSUM,)
                yield from reading.finished()
            elif isinstance(frame, fitdecode.FitDataMessage) and frame.name in reading.wanted:
                reading.take(frame.name, {field.name: field.value for field in frame.fields})
    except (*_BROKEN, struct.error) as why:
        reading.notes += (_CUT.format(why=str(why) or type(why).__name__),)
    yield from reading.finished()
    if reading.notes:
        nothing = () if reading.sessions else (_nothing(reading.holds),)
        yield Unusable("; ".join((*reading.notes, *nothing)))
    elif not reading.sessions:
        raise Unusable(_nothing(reading.holds))


def _nothing(holds: str) -> str:
    if holds and holds != "activity":
        return f"this FIT file holds {holds.replace('_', ' ')}, not an activity; leave it out"
    return "nothing of a session can be read from this FIT file; export it again from where it was recorded"


class _Reading:
    """The state while the messages of one file pass by."""

    wanted = frozenset({"file_id", "record", "session", "activity", "sport", "lap", "device_settings"})

    def __init__(self) -> None:
        self.sessions = 0
        self.holds = ""
        self.notes: tuple[str, ...] = ()
        self._begin()

    def _begin(self) -> None:
        """Anew, for the next file of a chain."""
        self._found: list[Session] = []
        self._points = Session()
        self._device: str | None = None
        self._offset_s: int | None = None
        self.notes = ()

    def take(self, name: str, fields: Fields) -> None:
        if name == "record":
            self._points.track.add(_point(fields))
        elif name == "session":
            if len(self._found) == _MOST_SESSIONS:
                raise Unusable(f"this FIT file says it holds more than {_MOST_SESSIONS} sessions, which cannot be")
            self._found.append(_session(fields))
        elif name in ("sport", "lap"):
            self._sport(fields)
        elif name == "file_id":
            self.holds = str(fields.get("type") or "")
            self._device = _device(fields)
        elif name == "activity":
            self._offset_s = _offset_s(fields) if self._offset_s is None else self._offset_s
        else:
            self._settings(fields)

    def _sport(self, fields: Fields) -> None:
        """Which sport the points belong to, for a file whose summary is lost: the first message that says so counts."""
        if self._points.sport == UNKNOWN:
            self._points.sport = sport_of_fit(fields.get("sport"), fields.get("sub_sport"))
            self._points.treadmill = is_treadmill(fields.get("sub_sport"))
            self._points.track.fastest_mps = FASTEST_STEP_MPS[on_foot(self._points.sport)]

    def _settings(self, fields: Fields) -> None:
        """The zone as the device is set: the activity message, which comes last, may be lost."""
        seconds = fields.get("time_offset")
        if isinstance(seconds, int) and fields.get("active_time_zone") == 0:
            self._points.utc_offset_s = offset_of(seconds - 2**32 if seconds >= 2**31 else seconds)

    def finished(self) -> Iterator[Session | Unusable]:
        """The sessions of the file that ends here."""
        found, notes = self._found, self.notes
        if not found and self._points.track.start is not None and self.holds in ("", "activity"):
            found, notes = [self._points], (*notes, _SUMMED)
        if len(found) == 1 and found[0] is not self._points:
            # Of several sessions nobody says which points are whose.
            found[0].track = self._points.track
        for session in found:
            session.device = self._device
            session.utc_offset_s = self._points.utc_offset_s if self._offset_s is None else self._offset_s
            session.notes = notes
            if session.sport == UNKNOWN:
                session.sport, session.treadmill = self._points.sport, self._points.treadmill
            self.sessions += 1
            yield session
        if found:
            self._begin()


def _session(fields: Fields) -> Session:
    cadence = measured(fields.get("avg_running_cadence", fields.get("avg_cadence")), FASTEST_CADENCE)
    elapsed_s = measured(fields.get("total_elapsed_time"), LONGEST_S)
    timer_s = measured(fields.get("total_timer_time"), LONGEST_S)
    return Session(
        sport=sport_of_fit(fields.get("sport"), fields.get("sub_sport")),
        treadmill=is_treadmill(fields.get("sub_sport")),
        start=_moment(fields.get("start_time")),
        elapsed_s=elapsed_s or timer_s,
        timer_s=timer_s,
        distance_m=measured(fields.get("total_distance"), FARTHEST_M),
        ascent_m=measured(fields.get("total_ascent"), HIGHEST_GAIN_M),
        average_hr=measured(fields.get("avg_heart_rate"), FASTEST_BPM) or None,
        max_hr=measured(fields.get("max_heart_rate"), FASTEST_BPM) or None,
        cadence=None if not cadence else cadence + (measured(fields.get("avg_fractional_cadence"), 1.0) or 0.0),
    )


def _point(fields: Fields) -> Point:
    return Point(
        time=_moment(fields.get("timestamp")),
        latitude=_degrees(fields.get("position_lat")),
        longitude=_degrees(fields.get("position_long")),
        distance_m=measured(fields.get("distance"), FARTHEST_M),
        heart_rate=measured(fields.get("heart_rate"), FASTEST_BPM),
        cadence=measured(fields.get("cadence"), FASTEST_CADENCE),
    )


def _degrees(semicircles: object) -> float | None:
    return semicircles * _DEGREES if isinstance(semicircles, int) else None


def _moment(seconds: object) -> datetime | None:
    """A moment of FIT; counts below 2**28 are seconds since the device was switched on."""
    if not isinstance(seconds, int) or seconds < 2**28:
        return None
    return _EPOCH + timedelta(seconds=seconds)


def _offset_s(fields: Fields) -> int | None:
    """The wall clock of the device less UTC, both noted in the same moment."""
    local, utc = fields.get("local_timestamp"), fields.get("timestamp")
    return offset_of(local - utc) if isinstance(local, int) and isinstance(utc, int) else None


def _device(fields: Fields) -> str | None:
    """The product's own name, else maker and product: "garmin fr945"."""
    name = fields.get("product_name")
    if isinstance(name, str) and name:
        return name
    product = fields.get("garmin_product")
    words = (fields.get("manufacturer"), product if isinstance(product, str) else None)
    return " ".join(word for word in words if isinstance(word, str)) or None
