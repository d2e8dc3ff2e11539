"""The points of one recording, summed up as they come: nothing of them is kept. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime

from rules.model import RUN_FAMILY

#: Strava's threshold of movement for runs, a mile in 30 minutes (its training glossary for running, "Moving Time").
SLOWEST_MOVING_MPS = 1609.344 / 1800
#: Movement is judged over at least this long: many devices renew distance and place every few seconds only.
SHORTEST_JUDGED_S = 10.0
#: A step faster than this is a jump of the position, not a step: on foot the fastest sprint ever timed, else a car.
FASTEST_STEP_MPS = {True: 12.5, False: 60.0}
#: Mean radius of the earth (IUGG), in metres.
EARTH_M = 6_371_008.8
#: Above this many steps a minute a number counts both feet: 130 of one leg would be 260.
MOST_OF_ONE_LEG = 130.0

_FOOT = RUN_FAMILY | {"Walk", "Hike", "Snowshoe"}


def on_foot(sport: str) -> bool:
    return sport in _FOOT


def both_feet(cadence: float | None) -> float | None:
    """Steps a minute of both feet. FIT, GPX and TCX count one leg; some apps write both, which shows."""
    if not cadence:
        return None
    return cadence * 2 if cadence <= MOST_OF_ONE_LEG else cadence


@dataclass(slots=True)
class Point:
    """One point as its file gives it. `distance_m` is the whole way so far, `cadence` of one leg as a rule."""

    time: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None
    distance_m: float | None = None
    heart_rate: float | None = None
    cadence: float | None = None

    @property
    def is_placed(self) -> bool:
        return (
            self.latitude is not None
            and self.longitude is not None
            and abs(self.latitude) <= 90
            and abs(self.longitude) <= 180
        )


@dataclass(slots=True)
class _Mean:
    """The mean and the highest of what a sensor saw; zero means that it saw nothing."""

    total: float = 0.0
    count: int = 0
    highest: float | None = None

    def add(self, value: float | None) -> None:
        if value:
            self.total += value
            self.count += 1
            self.highest = max(value, self.highest or 0.0)

    @property
    def value(self) -> float | None:
        return round(self.total / self.count, 1) if self.count else None


@dataclass(slots=True)
class Track:
    """Start, end, way and sensors over all points added so far.

    The way is the one the device states where it does, else the sum of great circles between neighbouring points.
    Points without a time and points that go back in time are counted and left out; jumps are left out of the way.
    """

    fastest_mps: float = FASTEST_STEP_MPS[False]
    start: datetime | None = None
    end: datetime | None = None
    points: int = 0
    timeless: int = 0
    backward: int = 0
    jumps: int = 0
    heart_rate: _Mean = field(default_factory=_Mean)
    cadence: _Mean = field(default_factory=_Mean)
    _stated_from: float | None = None
    _stated_m: float | None = None
    _walked_m: float | None = None
    _moving_s: float = 0.0
    _window_s: float = 0.0
    _window_m: float = 0.0
    _last: Point | None = None

    def add(self, point: Point) -> None:
        self.points += 1
        if point.time is None:
            self.timeless += 1
            return
        if self.end is not None and point.time < self.end:
            self.backward += 1
            return
        self.start = self.start or point.time
        self.end = point.time
        self.heart_rate.add(point.heart_rate)
        self.cadence.add(point.cadence)
        self._step_to(point, point.time)

    def part(self) -> None:
        """What comes next does not hang together with what came: the way between is not known."""
        self._judge()
        self._last = None

    def _step_to(self, point: Point, time: datetime) -> None:
        stated_m = self._stated_step(point)
        last, self._last = self._last, point
        if last is None or last.time is None:
            return
        seconds = (time - last.time).total_seconds()
        step_m = stated_m
        if last.is_placed and point.is_placed:
            walked_m = _great_circle_m(last, point)
            if walked_m > self.fastest_mps * max(seconds, 1.0):
                self.jumps += 1
                walked_m = 0.0
            self._walked_m = (self._walked_m or 0.0) + walked_m
            step_m = walked_m if step_m is None else step_m
        elif point.is_placed or last.is_placed:
            # One point without a place between two that have one must not tear the way: measure from the last one.
            self._last = last if last.is_placed else point
            self._last.time = time
        self._move(seconds, step_m or 0.0)

    def _stated_step(self, point: Point) -> float | None:
        """Metres since the last point by the device's own count, which only grows."""
        if point.distance_m is None:
            return None
        if self._stated_m is None:
            self._stated_from = self._stated_m = point.distance_m
            return None
        step_m = max(0.0, point.distance_m - self._stated_m)
        self._stated_m += step_m
        return step_m

    def _move(self, seconds: float, metres: float) -> None:
        if seconds >= SHORTEST_JUDGED_S:
            self._judge()
        self._window_s += seconds
        self._window_m += metres
        if self._window_s >= SHORTEST_JUDGED_S:
            self._judge()

    def _judge(self) -> None:
        self._moving_s += self._moving_in_window()
        self._window_s = self._window_m = 0.0

    def _moving_in_window(self) -> float:
        return self._window_s if self._window_m > SLOWEST_MOVING_MPS * self._window_s else 0.0

    @property
    def elapsed_s(self) -> float | None:
        return (self.end - self.start).total_seconds() if self.start and self.end else None

    @property
    def distance_m(self) -> float | None:
        """The stated way where it got anywhere (a first point may already have come some metres), else the walked."""
        if self._stated_m:
            return round(self._stated_m, 1)
        return self._stated_m if self._walked_m is None else round(self._walked_m, 1)

    @property
    def moving_s(self) -> float | None:
        """Seconds faster than Strava's threshold of movement; `None` where no way is known at all."""
        return self._moving_s + self._moving_in_window() if self.distance_m else None

    @property
    def notes(self) -> tuple[str, ...]:
        said = {
            "points left out, as they have no time": self.timeless if self.timeless < self.points else 0,
            "points left out, as they go back in time": self.backward,
            "jumps of the position left out of the distance": 0 if self._stated_m else self.jumps,
        }
        return tuple(f"{what}: {count}" for what, count in said.items() if count)


def _great_circle_m(one: Point, other: Point) -> float:
    """The haversine distance between two placed points, in metres."""
    first, second = math.radians(one.latitude or 0.0), math.radians(other.latitude or 0.0)
    turn = math.radians((other.longitude or 0.0) - (one.longitude or 0.0))
    half = math.sin((second - first) / 2) ** 2 + math.cos(first) * math.cos(second) * math.sin(turn / 2) ** 2
    return 2 * EARTH_M * math.asin(math.sqrt(min(1.0, half)))
