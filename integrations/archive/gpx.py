"""GPX 1.0 and 1.1: every track is a session. It states no totals: all is summed up from the points."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from integrations.archive.believed import Session, measured
from integrations.archive.markup import BrokenOff, End, Start
from integrations.archive.model import Unusable
from integrations.archive.sports import is_treadmill, sport_of_word
from integrations.archive.track import FASTEST_STEP_MPS, Point, on_foot
from integrations.strava.mapping import FASTEST_BPM, FASTEST_CADENCE

#: How extensions call what their sensors saw: Garmin's, the older ones of Cluetrust, and Strava's.
_HEART_RATE = {"hr", "heartrate"}
_CADENCE = {"cad", "cadence"}

ROUTE = "this is a planned route, not a run: its points have no times; give the recording itself"
BROKEN = "the file breaks off or is damaged{where}; what came before is kept, give the whole file to have the rest"


def read_gpx(elements: Iterable[Start | End]) -> Iterator[Session | Unusable]:
    """Each track as a session, or why it is none. `Unusable` is raised where there is no track at all."""
    reading = _Reading()
    try:
        for element in elements:
            done = reading.take(element)
            if done is not None:
                yield done
    except BrokenOff as why:
        yield from reading.broken_off(why)
    if not reading.tracks:
        raise Unusable(ROUTE if reading.planned else "this GPX file holds no track; give the recording itself")


class _Reading:
    """The state while the elements of one file pass by."""

    def __init__(self) -> None:
        self.tracks = 0
        self.planned = 0
        self._device: str | None = None
        self._session: Session | None = None
        self._point: Point | None = None

    def take(self, element: Start | End) -> Session | Unusable | None:
        """Give one element; a session comes back where one is complete."""
        if isinstance(element, Start):
            self._started(element)
            return None
        if element.name == "trk" and self._session is not None:
            return self._finished(self._session)
        if element.name == "trkpt" and self._session is not None and self._point is not None:
            self._add(self._session, self._point)
        elif self._point is not None:
            _into_point(self._point, element)
        elif element.name == "type" and self._session is not None:
            self._session.sport = sport_of_word(element.text)
            self._session.treadmill = is_treadmill(element.text)
        return None

    def _started(self, element: Start) -> None:
        if element.name == "gpx":
            self._device = element.attributes.get("creator")
        elif element.name == "trk":
            self.tracks += 1
            self._session = Session(device=self._device)
        elif element.name == "trkseg" and self._session is not None:
            self._session.track.part()
        elif element.name == "trkpt":
            self._point = Point(
                latitude=coordinate(element.attributes.get("lat")), longitude=coordinate(element.attributes.get("lon"))
            )
        elif element.name in ("rtept", "wpt"):
            self.planned += 1

    def _add(self, session: Session, point: Point) -> None:
        session.track.fastest_mps = FASTEST_STEP_MPS[on_foot(session.sport)]
        session.track.add(point)
        self._point = None

    def _finished(self, session: Session) -> Session | Unusable:
        self._session = self._point = None
        if not session.track.points:
            return Unusable("a track of this file has no points; leave it out")
        return session if session.track.start is not None else Unusable(ROUTE)

    def broken_off(self, why: BrokenOff) -> Iterator[Session | Unusable]:
        where = broken_at(why)
        if self._session is not None and self._session.track.start is not None:
            self._session.notes = (BROKEN.format(where=where),)
            yield self._finished(self._session)
        else:
            self.tracks += 1
            yield Unusable(f"the file breaks off or is damaged{where}; give the whole file")


def broken_at(why: BrokenOff) -> str:
    return f" at line {why.line} ({why})" if why.line else f" ({why})"


def _into_point(point: Point, element: End) -> None:
    name = element.name.casefold()
    if name == "time":
        point.time, _ = moment(element.text)
    elif name in _HEART_RATE:
        point.heart_rate = measured(element.text, FASTEST_BPM)
    elif name in _CADENCE:
        point.cadence = measured(element.text, FASTEST_CADENCE)


def coordinate(text: str | None) -> float | None:
    """Degrees, of either sign."""
    text = (text or "").strip()
    degrees = measured(text.removeprefix("-"), 180.0)
    return -degrees if degrees is not None and text.startswith("-") else degrees


def moment(text: str) -> tuple[datetime | None, int | None]:
    """A moment in UTC, and the offset from it in seconds where the text states one that is not UTC itself."""
    try:
        time = datetime.fromisoformat(text)
        offset = time.utcoffset()
        if offset is None:
            return time.replace(tzinfo=UTC), None
        return time.astimezone(UTC), round(offset.total_seconds()) or None
    except (ValueError, OverflowError):
        return None, None
