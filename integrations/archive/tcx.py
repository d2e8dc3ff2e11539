"""TCX: every activity is a session, with the totals of its laps; the points fill in what those leave open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from integrations.archive.believed import Session, measured, offset_of
from integrations.archive.gpx import BROKEN, broken_at, coordinate, moment
from integrations.archive.markup import BrokenOff, End, Start
from integrations.archive.model import Unusable
from integrations.archive.sports import sport_of_word
from integrations.archive.track import FASTEST_STEP_MPS, Point, on_foot
from integrations.strava.mapping import FARTHEST_M, FASTEST_BPM, FASTEST_CADENCE, LONGEST_S


def read_tcx(elements: Iterable[Start | End]) -> Iterator[Session | Unusable]:
    """Each activity as a session, or why it is none. `Unusable` is raised where there is no activity at all."""
    reading = _Reading()
    try:
        for element in elements:
            done = reading.take(element)
            if done is not None:
                yield done
    except BrokenOff as why:
        yield reading.broken_off(why)
    if not reading.activities:
        raise Unusable(
            "this is a planned course, not a run; give the recording itself"
            if reading.planned
            else "this TCX file holds no activity; give the recording itself"
        )


class _Laps:
    """The totals of the laps so far. Heart rate and cadence are weighed by time."""

    def __init__(self) -> None:
        self.timer_s = 0.0
        self.distance_m: float | None = None
        self._lap_s = 0.0
        self._weighed: dict[str, tuple[float, float]] = {}

    def time(self, seconds: float) -> None:
        self.timer_s += seconds
        self._lap_s = seconds

    def way(self, metres: float) -> None:
        self.distance_m = (self.distance_m or 0.0) + metres

    def sensor(self, name: str, value: float) -> None:
        total, seconds = self._weighed.get(name, (0.0, 0.0))
        self._weighed[name] = total + value * self._lap_s, seconds + self._lap_s

    def mean(self, name: str) -> float | None:
        total, seconds = self._weighed.get(name, (0.0, 0.0))
        return round(total / seconds, 1) if seconds and total else None


class _Reading:
    """The state while the elements of one file pass by."""

    def __init__(self) -> None:
        self.activities = 0
        self.planned = False
        self._session: Session | None = None
        self._laps = _Laps()
        self._point: Point | None = None
        self._inside: list[str] = []

    def take(self, element: Start | End) -> Session | Unusable | None:
        """Give one element; a session comes back where one is complete."""
        if isinstance(element, Start):
            self._inside.append(element.name)
            self._started(element)
            return None
        self._inside.pop()
        if element.name == "Activity" and self._session is not None:
            return self._finished(self._session)
        if self._session is not None:
            self._ended(self._session, element)
        return None

    def _started(self, element: Start) -> None:
        if element.name == "Activity":
            self.activities += 1
            self._session = Session(sport=sport_of_word(element.attributes.get("Sport")))
            self._session.track.fastest_mps = FASTEST_STEP_MPS[on_foot(self._session.sport)]
            self._laps = _Laps()
        elif element.name == "Course":
            self.planned = True
        elif element.name == "Trackpoint":
            self._point = Point()
        elif element.name == "Lap" and self._session is not None and self._session.start is None:
            self._starts(self._session, element.attributes.get("StartTime", ""))

    def _starts(self, session: Session, text: str) -> None:
        session.start, offset_s = moment(text)
        session.utc_offset_s = None if offset_s is None else offset_of(offset_s)

    def _ended(self, session: Session, element: End) -> None:
        if element.name == "Trackpoint" and self._point is not None:
            session.track.add(self._point)
            self._point = None
        elif self._point is not None:
            self._into_point(self._point, element)
        elif element.name == "Track":
            session.track.part()
        elif element.name == "Id" and session.start is None:
            self._starts(session, element.text)
        elif element.name == "Name" and "Creator" in self._inside:
            session.device = element.text
        else:
            self._into_laps(session, element)

    def _into_point(self, point: Point, element: End) -> None:
        name, text = element
        if name == "Time":
            point.time, _ = moment(text)
        elif name == "LatitudeDegrees":
            point.latitude = coordinate(text)
        elif name == "LongitudeDegrees":
            point.longitude = coordinate(text)
        elif name == "DistanceMeters":
            point.distance_m = measured(text, FARTHEST_M)
        elif name == "Value" and "HeartRateBpm" in self._inside:
            point.heart_rate = measured(text, FASTEST_BPM)
        elif name in ("RunCadence", "Cadence"):
            point.cadence = measured(text, FASTEST_CADENCE)

    def _into_laps(self, session: Session, element: End) -> None:
        name, text = element
        inside = self._inside[-1] if self._inside else ""
        if name == "TotalTimeSeconds":
            self._laps.time(measured(text, LONGEST_S) or 0.0)
        elif name == "DistanceMeters" and inside == "Lap":
            self._laps.way(measured(text, FARTHEST_M) or 0.0)
        elif name == "Value" and inside == "AverageHeartRateBpm":
            self._laps.sensor("heart rate", measured(text, FASTEST_BPM) or 0.0)
        elif name == "Value" and inside == "MaximumHeartRateBpm":
            session.max_hr = max(session.max_hr or 0.0, measured(text, FASTEST_BPM) or 0.0) or None
        elif name == "AvgRunCadence":
            self._laps.sensor("run cadence", measured(text, FASTEST_CADENCE) or 0.0)
        elif name == "Cadence":
            self._laps.sensor("cadence", measured(text, FASTEST_CADENCE) or 0.0)

    def _finished(self, session: Session) -> Session:
        """The laps as totals. Their time is the timer's: from first to last point it may have taken longer."""
        self._session = self._point = None
        laps = self._laps
        session.timer_s = laps.timer_s or None
        session.distance_m = laps.distance_m or session.track.distance_m
        session.average_hr = laps.mean("heart rate")
        session.cadence = laps.mean("run cadence") or laps.mean("cadence")
        start, end = session.start or session.track.start, session.track.end
        spanned_s = (end - start).total_seconds() if start and end else 0.0
        session.elapsed_s = max(laps.timer_s, spanned_s) or None
        return session

    def broken_off(self, why: BrokenOff) -> Session | Unusable:
        where = broken_at(why)
        if self._session is not None and (self._laps.timer_s or self._session.track.start is not None):
            self._session.notes = (BROKEN.format(where=where),)
            return self._finished(self._session)
        self.activities += 1
        return Unusable(f"the file breaks off or is damaged{where}; give the whole file")
