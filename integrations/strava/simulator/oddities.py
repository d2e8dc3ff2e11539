"""Everything odd that real histories hold, one activity each: what a reader of Strava must not stumble over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from integrations.strava.simulator.activity import ONLY_ME, SimulatedActivity, run
from integrations.strava.simulator.athletes import SimulatedAthlete

_LATE = timedelta(hours=19)
_LONG_AGO = timedelta(weeks=30)


def odd_athlete(athlete_id: int, last_day: date) -> SimulatedAthlete:
    """Someone whose last weeks up to `last_day` hold every oddity once."""
    return SimulatedAthlete(
        id=athlete_id,
        first_name="Odette",
        last_name="Odd",
        about="Every oddity that real histories hold, once",
        activities=tuple(activity for found in oddities(last_day).values() for activity in found),
    )


def oddities(last_day: date) -> Mapping[str, tuple[SimulatedActivity, ...]]:
    """The odd activities by name, one a day backwards from `last_day`; `back_dated` was thirty weeks before."""
    evenings = (datetime.combine(last_day - timedelta(days=back), time(18, 30)) for back in range(len(_ODDITIES)))
    return {name: make(evening) for (name, make), evening in zip(_ODDITIES.items(), evenings, strict=True)}


def _changed(activity: SimulatedActivity, **changes: Any) -> SimulatedActivity:
    return replace(activity, body=dict(activity.body) | changes)


def _without(activity: SimulatedActivity, *keys: str) -> SimulatedActivity:
    return replace(activity, body={key: value for key, value in activity.body.items() if key not in keys})


def _two_devices(start: datetime) -> tuple[SimulatedActivity, ...]:
    """A watch and a phone: the same run, not quite at the same time and not quite of the same length."""
    watch = run(start, 8000, average_hr=150.0, device_name="Garmin Forerunner 265")
    return watch, run(start + timedelta(seconds=40), 7940, device_name="Strava App")


def _back_dated(evening: datetime) -> tuple[SimulatedActivity, ...]:
    """Typed in today for a day long gone."""
    old = run(evening - _LONG_AGO, 12_000, manual=True)
    return (replace(old, uploaded_at=old.uploaded_at + _LONG_AGO),)


def _nulls(start: datetime) -> tuple[SimulatedActivity, ...]:
    """What may be missing is there, and null."""
    absent = ("gear_id", "workout_type", "average_cadence", "suffer_score", "device_name")
    return (_changed(run(start, 6000), **dict.fromkeys((*absent, "elev_high", "elev_low", "max_heartrate"))),)


def _clock_change(evening: datetime) -> tuple[SimulatedActivity, ...]:
    """Through the night in which the clocks of Berlin went forward or back last: 90 minutes from half past one."""
    sundays = (evening - timedelta(days=(evening.weekday() + 1) % 7 + 7 * weeks) for weeks in range(30))
    night = next(sunday for sunday in sundays if sunday.month in {3, 10} and sunday.day > 24)
    return (run(night.replace(hour=1, minute=30), 15_000, moving_time_s=5400),)


_ODDITIES: dict[str, Callable[[datetime], tuple[SimulatedActivity, ...]]] = {
    "ordinary": lambda start: (run(start, 8000, average_hr=148.5, cadence=82.0),),
    "manual": lambda start: (run(start, 5000, manual=True),),
    "treadmill": lambda start: (run(start, 6437.4, treadmill=True, average_hr=140.0),),
    "treadmill_without_distance": lambda start: (run(start, 0.0, treadmill=True, moving_time_s=2400),),
    "no_heart_rate": lambda start: (run(start, 7000),),
    "heart_rate_opt_out": lambda start: (_changed(run(start, 7000), heartrate_opt_out=True),),
    "fractional_heart_rate": lambda start: (
        _changed(run(start, 7000, average_hr=151.3), max_heartrate=174.5, suffer_score=41.5),
    ),
    "hidden_start": lambda start: (run(start, 8000, hidden_start=True),),
    "far_away": lambda start: (run(start, 9000, time_zone="Asia/Kolkata"),),
    "farther_away": lambda start: (run(start, 9000, time_zone="Pacific/Auckland"),),
    "clock_change": _clock_change,
    "unknown_sport": lambda start: (run(start, 8000, sport="CliffRunning"),),
    "trail_run": lambda start: (run(start, 14_000, sport="TrailRun", elevation_gain_m=640.0),),
    "nulls": _nulls,
    "bare": lambda start: (_without(run(start, 6000), "workout_type", "visibility", "elev_high", "timezone"),),
    "two_devices": _two_devices,
    "gps_spike": lambda start: (run(start, 21_709_000.0, moving_time_s=3000),),
    "forgotten_watch": lambda start: (run(start, 8000, elapsed_time_s=428_121),),
    "no_moving_time": lambda start: (run(start, 8000, moving_time_s=0, elapsed_time_s=2880),),
    "corrupt": lambda start: (replace(run(start, 8000), corrupt=True),),
    "late_upload": lambda start: (run(start, 10_000, upload_delay=_LATE),),
    "back_dated": _back_dated,
    "private": lambda start: (run(start, 8000, visibility=ONLY_ME),),
    "hostile_text": lambda start: (run(start, 8000, name="<script>alert(1)</script> {{ 7*7 }} \u202egnp.exe\u0000"),),
}
