"""From an activity as Strava's API gives it to ours. Pure, and tolerant: an odd value costs that value only.

stravalib's own models lose a whole page over one odd value, and a page is half a year of someone's running.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from rules.course import Course
from rules.model import RUN_FAMILY, Activity

#: Sports on two feet, whose cadence Strava counts for one leg. In other sports cadence is not steps at all.
ON_FOOT = RUN_FAMILY | {"Walk", "Hike", "Snowshoe"}
#: Strava's mark for a race; undocumented, and for runs alone.
RACE = 1
#: A hidden start time is given as midnight plus one second, in both start fields.
HIDDEN_START = (0, 0, 1)

#: Beyond these a value is a fault of recording or transport and is left out. They are wide on purpose: what
#: is believable is for cleaning to say; these only keep sums finite and dates within the calendar.
HIGHEST_ID = 2**63 - 1
FARTHEST_M = 1e8
LONGEST_S = 100 * 366 * 24 * 3600.0
HIGHEST_GAIN_M = 1e6
FASTEST_BPM = 1000.0
FASTEST_CADENCE = 1000.0
FASTEST_MPS = 1000.0
STEEPEST_PERCENT = 100.0
LONGEST_OFFSET = timedelta(hours=18)
YEARS = range(1900, 2200)
LONGEST_WORD = 100

_ZONE_LABEL = re.compile(r"^\(GMT[^)]*\)\s*")


@dataclass(frozen=True, slots=True)
class Problem:
    """A value that could not be used, for the log: never the value itself, which may be personal."""

    activity_id: int | None
    field: str
    what: str


def activity_from_api(body: Any) -> tuple[Activity | None, list[Problem]]:
    """The activity in a summary or detail answer, and what was odd in it.

    Without an id or a start there is no activity: `None`, and the problem says so.
    """
    if not isinstance(body, Mapping):
        return None, [Problem(None, "activity", "not an object")]
    reading = _Reading(body)
    return reading.activity(), reading.problems


@dataclass(slots=True)
class _Reading:
    """One body being read: takes values from it by name and notes those that cannot be used."""

    body: Mapping[str, Any]
    id: int | None = None
    problems: list[Problem] = field(default_factory=list)

    def activity(self) -> Activity | None:
        self.id = self._id()
        start_local = self._start_local()
        if self.id is None or start_local is None:
            return None
        sport = self._sport()
        runs = sport in RUN_FAMILY
        start_time_known = (start_local.hour, start_local.minute, start_local.second) != HIDDEN_START
        return Activity(
            id=self.id,
            sport=sport,
            start_local=start_local,
            distance_m=self._number("distance", FARTHEST_M),
            moving_time_s=self._seconds("moving_time"),
            elapsed_time_s=self._seconds("elapsed_time"),
            utc_offset_s=self._utc_offset_s(start_local, start_time_known),
            start_time_known=start_time_known,
            race=self._number("workout_type", 1000) == RACE and runs,
            treadmill=self._flag("trainer") and runs,
            manual=self._flag("manual"),
            elevation_gain_m=self._number("total_elevation_gain", HIGHEST_GAIN_M),
            average_hr_bpm=self._measured("average_heartrate", FASTEST_BPM),
            max_hr_bpm=self._measured("max_heartrate", FASTEST_BPM),
            cadence_spm=self._cadence_spm(sport),
            time_zone=self._time_zone(),
            device_name=self._text("device_name"),
            gear_id=self._text("gear_id"),
        )

    def _odd(self, name: str, what: str) -> None:
        self.problems.append(Problem(self.id, name, what))

    def _id(self) -> int | None:
        value = self.body.get("id")
        number = whole_number(value)
        if number is None or not 0 < number <= HIGHEST_ID:
            self._odd("id", "missing" if value is None else "not an id")
            return None
        return number

    def _sport(self) -> str:
        """`sport_type`, which tells a trail run from a run; bodies of before 2022 have `type` alone."""
        return self._text("sport_type") or self._text("type") or "Unknown"

    def _start_local(self) -> datetime | None:
        """The runner's wall clock. Strava ends it in a `Z` that is not true."""
        local = self._moment("start_date_local")
        if local is not None:
            return local.replace(tzinfo=None)
        start, offset_s = _moment(self.body.get("start_date")), _offset_s(self.body.get("utc_offset"))
        if start is None or offset_s is None:
            self._odd("start", "missing")
            return None
        return (_in_utc(start) + timedelta(seconds=offset_s)).replace(tzinfo=None)

    def _utc_offset_s(self, start_local: datetime, start_time_known: bool) -> int | None:
        """The two starts subtracted, else `utc_offset`.

        The label of `timezone` is of no use: it names the standard offset even in summer. Of a hidden start
        both fields say midnight, so that their difference says nothing.
        """
        start = self._moment("start_date")
        if start is not None and start_time_known:
            difference = start_local - _in_utc(start).replace(tzinfo=None)
            if abs(difference) <= LONGEST_OFFSET:
                return round(difference.total_seconds())
            self._odd("start_date", "too far from the local start")
        value = self.body.get("utc_offset")
        offset_s = _offset_s(value)
        if offset_s is None and value is not None:
            self._odd("utc_offset", "not an offset")
        return offset_s

    def _moment(self, name: str) -> datetime | None:
        value = self.body.get(name)
        moment = _moment(value)
        if moment is None and value is not None:
            self._odd(name, "not a time")
        return moment

    def _number(self, name: str, highest: float) -> float | None:
        value = self.body.get(name)
        if value is None:
            return None
        number = _number(value)
        if number is None:
            self._odd(name, "not a number")
        elif not 0 <= number <= highest:
            self._odd(name, "out of range")
            number = None
        return number

    def _seconds(self, name: str) -> int | None:
        seconds = self._number(name, LONGEST_S)
        return None if seconds is None else round(seconds)

    def _measured(self, name: str, highest: float) -> float | None:
        """A sensor's average: zero means that the sensor saw nothing."""
        return self._number(name, highest) or None

    def _cadence_spm(self, sport: str) -> float | None:
        if sport not in ON_FOOT:
            return None
        one_leg = self._measured("average_cadence", FASTEST_CADENCE)
        return None if one_leg is None else one_leg * 2

    def _flag(self, name: str) -> bool:
        value = self.body.get(name)
        word = value.lower() if isinstance(value, str) else value
        if word in (True, "true", "1"):
            return True
        if word not in (None, False, "false", "0"):
            self._odd(name, "neither true nor false")
        return False

    def _text(self, name: str) -> str | None:
        value = self.body.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str) or len(value) > LONGEST_WORD or not value.isprintable():
            self._odd(name, "not a short text")
            return None
        return value

    def _time_zone(self) -> str | None:
        label = self._text("timezone")
        return _ZONE_LABEL.sub("", label) or None if label else None


def course_from_api(body: Any) -> Course:
    """The course in an answer of streams by type; without usable times it is empty.

    A sensor that was not there has no stream. Strava counts the steps of one leg.
    """
    if not isinstance(body, Mapping):
        return Course()
    times = _samples(body, "time", 0.0, LONGEST_S)
    if not times or None in times:
        return Course()
    one_leg = _samples(body, "cadence", 0.0, FASTEST_CADENCE)
    return Course(
        time_s=[time for time in times if time is not None],
        cadence_spm=[None if steps is None else steps * 2 for steps in one_leg],
        speed_mps=_samples(body, "velocity_smooth", 0.0, FASTEST_MPS),
        grade_percent=_samples(body, "grade_smooth", -STEEPEST_PERCENT, STEEPEST_PERCENT),
    )


def _samples(body: Mapping[str, Any], name: str, lowest: float, highest: float) -> list[float | None]:
    stream = body.get(name)
    data = stream.get("data") if isinstance(stream, Mapping) else None
    numbers = [_number(value) for value in data] if isinstance(data, list) else []
    return [number if number is not None and lowest <= number <= highest else None for number in numbers]


@dataclass(frozen=True, slots=True)
class Gear:
    """A pair of shoes as Strava knows it: what its owner calls it, and how far it has gone."""

    id: str
    name: str
    distance_m: float


def gear_from_api(body: Any) -> Gear | None:
    """The pair in an answer; `None` without an id or a distance. A name that is no short text is left out."""
    if not isinstance(body, Mapping):
        return None
    distance_m = _number(body.get("distance"))
    gear_id, name = body.get("id"), body.get("name")
    if not isinstance(gear_id, str) or not gear_id or distance_m is None or not 0 <= distance_m <= FARTHEST_M:
        return None
    if not isinstance(name, str) or len(name) > LONGEST_WORD or not name.isprintable():
        name = ""
    return Gear(gear_id, name.strip(), distance_m)


def _number(value: Any) -> float | None:
    """A finite number, also where it comes as text; `True` is not 1 here."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def whole_number(value: Any) -> int | None:
    """A whole number to the last digit: ids are too long for a float to be trusted with them as text."""
    if isinstance(value, str):
        return int(value) if value.isascii() and value.isdecimal() and len(value) < 20 else None
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 2**53 else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _moment(value: Any) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.year in YEARS else None


def _in_utc(start: datetime) -> datetime:
    return start.replace(tzinfo=UTC) if start.tzinfo is None else start.astimezone(UTC)


def _offset_s(value: Any) -> int | None:
    seconds = _number(value)
    if seconds is None or abs(seconds) > LONGEST_OFFSET.total_seconds():
        return None
    return round(seconds)
