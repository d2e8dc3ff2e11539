"""Activities in Strava's own JSON: built from a short description, and shown as a summary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Json = dict[str, Any]

EVERYONE, FOLLOWERS_ONLY, ONLY_ME = "everyone", "followers_only", "only_me"
#: Strava's `workout_type` of runs.
RACE, LONG_RUN, WORKOUT = 1, 2, 3
#: Words of `sport_type` that the deprecated `type` does not know.
_COARSE_TYPE = {"TrailRun": "Run", "MountainBikeRide": "Ride", "GravelRide": "Ride", "PickleBall": "Workout"}
#: A line of a single point: the shape of a route is of no use here.
_POLYLINE = "??"
_USUAL_PACE_S_PER_KM = 360

#: What the list leaves out and only the detail shows.
DETAIL_ONLY = frozenset(
    {
        *("description", "calories", "perceived_exertion", "prefer_perceived_exertion", "private_note", "gear"),
        *("segment_efforts", "splits_metric", "splits_standard", "laps", "best_efforts", "photos", "available_zones"),
        *("stats_visibility", "hide_from_home", "embed_token", "similar_activities"),
    }
)


@dataclass(frozen=True, slots=True)
class SimulatedActivity:
    """An activity in Strava's JSON and the instant (aware) at which it reaches Strava.

    Without an `id` in `body`, the simulator gives it one. The body may hold what only the detail shows.
    `cadence_change` is how much the steps of its last third differ from those of the first (-0.05: 5 % fewer).
    The detail of a `corrupt` one always answers 500.
    """

    body: Mapping[str, Any]
    uploaded_at: datetime
    cadence_change: float = 0.0
    corrupt: bool = False

    @property
    def start_local(self) -> datetime:
        """The naive wall clock of the start."""
        return datetime.fromisoformat(self.body["start_date_local"]).replace(tzinfo=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What an athlete did, in few words; `recorded` tells it as Strava would.

    `start_local` is the naive wall clock in `time_zone`. Times are seconds (moving time by default 6 min/km,
    elapsed time equal to it), `cadence` counts one leg as Strava does. `upload_delay` runs from the end.
    """

    start_local: datetime
    distance_m: float
    moving_time_s: int | None = None
    elapsed_time_s: int | None = None
    time_zone: str = "Europe/Berlin"
    sport: str = "Run"
    name: str = "Run"
    workout_type: int | None = 0
    visibility: str = EVERYONE
    treadmill: bool = False
    manual: bool = False
    hidden_start: bool = False
    elevation_gain_m: float = 0.0
    average_hr: float | None = None
    max_hr: float | None = None
    cadence: float | None = None
    gear_id: str | None = None
    device_name: str | None = None
    place: tuple[float, float] | None = (52.51, 13.36)
    description: str | None = None
    perceived_exertion: int | None = None
    kudos: int = 0
    upload_delay: timedelta = timedelta(minutes=3)
    cadence_change: float = 0.0

    @property
    def moving_s(self) -> int:
        if self.moving_time_s is None:
            return round(self.distance_m / 1000 * _USUAL_PACE_S_PER_KM)
        return self.moving_time_s

    @property
    def elapsed_s(self) -> int:
        return self.moving_s if self.elapsed_time_s is None else self.elapsed_time_s

    @property
    def start(self) -> datetime:
        return self.start_local.replace(tzinfo=ZoneInfo(self.time_zone)).astimezone(UTC)

    def recorded(self) -> SimulatedActivity:
        body = (
            _effort(self) | _kind(self) | _when(self) | _social(self) | _where(self) | _sensors(self) | _private(self)
        )
        end = self.start + timedelta(seconds=self.elapsed_s)
        return SimulatedActivity(consistent(body), end + self.upload_delay, self.cadence_change)


def run(start_local: datetime, distance_m: float, **details: Any) -> SimulatedActivity:
    """A recorded run; `details` are fields of `Session`."""
    return Session(start_local=start_local, distance_m=distance_m, **details).recorded()


def consistent(body: Json) -> Json:
    """The body with everything that follows from something else made to follow: speed, type, privacy, heart rate."""
    moving = body.get("moving_time") or 0
    has_heartrate = body.get("average_heartrate") is not None
    sport = body.get("sport_type") or body["type"]
    return body | {
        "type": _COARSE_TYPE.get(sport, sport),
        "average_speed": round(body["distance"] / moving, 3) if moving else 0.0,
        "private": body.get("visibility") == ONLY_ME,
        "has_heartrate": has_heartrate,
        "display_hide_heartrate_option": has_heartrate,
    }


def numbered(body: Mapping[str, Any], activity_id: int, athlete_id: int) -> Json:
    """The body as that athlete's activity of that number."""
    named = dict(body) | {"id": activity_id, "athlete": {"id": athlete_id, "resource_state": 1}}
    named["map"] = dict(body.get("map") or {"summary_polyline": "", "resource_state": 2}) | {"id": f"a{activity_id}"}
    if body.get("manual"):
        return named | {"upload_id": None, "external_id": None}
    upload_id = body.get("upload_id") or activity_id + 1_000_000_000
    external_id = body.get("external_id") or f"watch_{upload_id}.fit"
    return named | {"upload_id": upload_id, "upload_id_str": str(upload_id), "external_id": external_id}


def summary(body: Mapping[str, Any]) -> Json:
    """What the list shows of an activity."""
    return {"resource_state": 2} | {key: value for key, value in body.items() if key not in DETAIL_ONLY}


def start_of(body: Mapping[str, Any]) -> datetime:
    """The start, aware, in UTC."""
    return datetime.fromisoformat(body["start_date"]).astimezone(UTC)


def zone_label(time_zone: str, local: datetime) -> str:
    """Strava's `timezone`: the zone's standard offset (even in summer) and its name."""
    moment = local.replace(tzinfo=ZoneInfo(time_zone))
    standard = (moment.utcoffset() or timedelta()) - (moment.dst() or timedelta())
    minutes = round(standard.total_seconds() / 60)
    sign = "-" if minutes < 0 else "+"
    return f"(GMT{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}) {time_zone}"


def zulu(moment: datetime) -> str:
    """Strava's spelling of a moment: to the second, with a `Z` whether it is UTC or not."""
    return moment.replace(tzinfo=None, microsecond=0).isoformat() + "Z"


def _effort(session: Session) -> Json:
    return {
        "name": session.name,
        "distance": round(float(session.distance_m), 1),
        "moving_time": session.moving_s,
        "elapsed_time": session.elapsed_s,
        "total_elevation_gain": round(session.elevation_gain_m, 1) or 0,
    }


def _kind(session: Session) -> Json:
    kind: Json = {"type": session.sport, "sport_type": session.sport}
    if _COARSE_TYPE.get(session.sport, session.sport) == "Run":
        kind["workout_type"] = session.workout_type
    return kind


def _when(session: Session) -> Json:
    local = session.start_local
    offset = local.replace(tzinfo=ZoneInfo(session.time_zone)).utcoffset() or timedelta()
    # A hidden start shows as one second past midnight, in both fields alike.
    hidden = local.replace(hour=0, minute=0, second=1)
    return {
        "start_date": zulu(hidden if session.hidden_start else session.start),
        "start_date_local": zulu(hidden if session.hidden_start else local),
        "timezone": zone_label(session.time_zone, local),
        "utc_offset": offset.total_seconds(),
        "location_city": None,
        "location_state": None,
        "location_country": None,
    }


def _social(session: Session) -> Json:
    return {
        "achievement_count": 0,
        "kudos_count": session.kudos,
        "comment_count": 0,
        "athlete_count": 1,
        "photo_count": 0,
    }


def _where(session: Session) -> Json:
    place = None if session.treadmill or session.manual else session.place
    position = list(place) if place else []
    return {
        "map": {"summary_polyline": _POLYLINE if place else "", "resource_state": 2},
        "trainer": session.treadmill,
        "commute": False,
        "manual": session.manual,
        "visibility": session.visibility,
        "flagged": False,
        "gear_id": session.gear_id,
        "start_latlng": position,
        "end_latlng": list(position),
    }


def _sensors(session: Session) -> Json:
    seen: Json = {
        "max_speed": 0 if session.manual else round(_usual_speed(session) * 1.3, 3),
        "heartrate_opt_out": False,
    }
    if session.cadence is not None:
        seen["average_cadence"] = round(float(session.cadence), 1)
    if session.average_hr is not None:
        highest = session.average_hr + 15 if session.max_hr is None else session.max_hr
        seen |= {"average_heartrate": round(float(session.average_hr), 1), "max_heartrate": float(round(highest))}
        seen["suffer_score"] = float(max(1, round(session.moving_s / 60 * max(session.average_hr - 90, 5) / 50)))
    if not (session.treadmill or session.manual):
        seen |= {"elev_high": round(40.0 + session.elevation_gain_m / 3, 1), "elev_low": 40.0}
    return seen


def _usual_speed(session: Session) -> float:
    return session.distance_m / session.moving_s if session.moving_s else 0.0


def _private(session: Session) -> Json:
    shown: Json = {
        "from_accepted_tag": False,
        "pr_count": 0,
        "total_photo_count": 0,
        "has_kudoed": False,
        "description": session.description,
        "perceived_exertion": session.perceived_exertion,
    }
    return shown if session.device_name is None else shown | {"device_name": session.device_name}
