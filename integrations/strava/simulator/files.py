"""Activities from files: recorded pages of Strava's API, and the neutral table of one runner."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from integrations.strava.simulator.activity import Json, SimulatedActivity, consistent, start_of, zulu

_UPLOAD_DELAY = timedelta(minutes=3)


def from_api_pages(folder: Path, *, weeks: int = 0) -> list[SimulatedActivity]:
    """Activities of every `*.json` in the folder, each a page of Strava's list, moved by so many whole weeks.

    Ids stay as recorded. Ordered by start.
    """
    pages = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]
    return _in_order([_moved(body, weeks) for page in pages for body in page])


def from_neutral_csv(path: Path, *, weeks: int = 0) -> list[SimulatedActivity]:
    """One runner's table, moved by so many whole weeks, ordered by start.

    Columns: `id, start_date_local, utc_offset_s, time_basis, type, distance_m, moving_time_s, elapsed_time_s,
    elevation_gain_m, average_heartrate, max_heartrate, average_cadence`; empty is not given. Without an offset
    the local time counts as UTC.
    """
    with path.open(newline="", encoding="utf-8") as table:
        return _in_order([_moved(_from_row(row), weeks) for row in csv.DictReader(table)])


def _in_order(activities: list[SimulatedActivity]) -> list[SimulatedActivity]:
    return sorted(activities, key=lambda activity: start_of(activity.body))


def _moved(body: Json, weeks: int) -> SimulatedActivity:
    shift = timedelta(weeks=weeks)
    dates = {key: zulu(datetime.fromisoformat(body[key]) + shift) for key in ("start_date", "start_date_local")}
    moved = body | dates
    end = start_of(moved) + timedelta(seconds=moved.get("elapsed_time") or 0)
    return SimulatedActivity(moved, end + _UPLOAD_DELAY)


def _from_row(row: Mapping[str, str]) -> Json:
    offset_s = int(float(row["utc_offset_s"] or 0))
    local = datetime.fromisoformat(row["start_date_local"])
    elapsed_s = _seconds(row["elapsed_time_s"]) or _seconds(row["moving_time_s"])
    body: Json = {
        "id": int(row["id"]),
        "name": row["type"],
        "type": row["type"],
        "sport_type": row["type"],
        "workout_type": None,
        "distance": float(row["distance_m"] or 0),
        "moving_time": _seconds(row["moving_time_s"]) or elapsed_s,
        "elapsed_time": elapsed_s,
        "total_elevation_gain": float(row["elevation_gain_m"] or 0),
        "start_date": zulu(local - timedelta(seconds=offset_s)),
        "start_date_local": zulu(local),
        "timezone": _label(offset_s),
        "utc_offset": float(offset_s),
    }
    return consistent(body | _UNSAID | _sensors(row))


#: What the table does not say, as Strava shows it for an ordinary public upload.
_UNSAID: Json = {
    **dict.fromkeys(("location_city", "location_state", "location_country", "gear_id")),
    **dict.fromkeys(("achievement_count", "kudos_count", "comment_count", "photo_count", "total_photo_count"), 0),
    **dict.fromkeys(("trainer", "commute", "manual", "flagged", "heartrate_opt_out", "has_kudoed"), False),
    **{"pr_count": 0, "athlete_count": 1, "max_speed": 0, "visibility": "everyone", "from_accepted_tag": False},
    **{"start_latlng": [], "end_latlng": []},
}


def _sensors(row: Mapping[str, str]) -> Json:
    names = ("average_heartrate", "max_heartrate", "average_cadence")
    return {name: float(row[name]) for name in names if row[name]}


def _seconds(text: str) -> int:
    return round(float(text)) if text else 0


def _label(offset_s: int) -> str:
    """A zone with that offset all year; the names in `Etc` count westward. Odd offsets fall back to UTC's name."""
    hours, rest = divmod(offset_s, 3600)
    name = f"Etc/GMT{-hours:+d}" if hours and not rest and -12 <= hours <= 14 else "Etc/UTC"
    minutes = abs(offset_s) // 60
    return f"(GMT{'-' if offset_s < 0 else '+'}{minutes // 60:02d}:{minutes % 60:02d}) {name}"
