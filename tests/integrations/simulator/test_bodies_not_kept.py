"""Answers whose recordings were kept without their body: the keys and types they are known to have, all of them.

Laps are compared with those in a recorded detail. The rest is what Strava's reference and clients' recordings name.
"""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from integrations.strava.simulator import Shoes, SimulatedAthlete, run
from integrations.strava.simulator.grants import SCOPES
from tests.integrations.simulator.conftest import App

SAM = 9
TYPED_IN = {"name": "Track", "sport_type": "Run", "start_date_local": "2026-03-09T18:30:00Z", "elapsed_time": "1800"}

Number = (int, float)
Text = (str, type(None))
TOTAL = {"count": int, "distance": Number, "moving_time": Number, "elapsed_time": Number, "elevation_gain": Number}
BUCKETS = [{"min": Number, "max": Number, "time": int}]
ZONE = {"score": int, "distribution_buckets": BUCKETS, "type": str, "resource_state": int, "sensor_based": bool}
KEPT_OF_SHOES = {"id": str, "primary": bool, "name": str, "nickname": Text, "resource_state": int, "retired": bool}
SHOES = KEPT_OF_SHOES | {"distance": Number, "converted_distance": Number}
TREND = {"speeds": [Number], "current_activity_index": (int, type(None)), "direction": int} | dict.fromkeys(
    ("min_speed", "mid_speed", "max_speed"), Number
)
SIMILAR = {"effort_count": int, "pr_rank": type(None), "frequency_milestone": type(None), "resource_state": int}
SPEEDS = dict.fromkeys(("average_speed", "min_average_speed", "mid_average_speed", "max_average_speed"), Number)
#: Of an activity that was typed in, as it is answered when made and when changed.
ENTERED = {
    **dict.fromkeys(("id", "resource_state", "moving_time", "elapsed_time", "achievement_count", "kudos_count"), int),
    **dict.fromkeys(("comment_count", "athlete_count", "photo_count", "pr_count", "total_photo_count"), int),
    **dict.fromkeys(("distance", "total_elevation_gain", "utc_offset", "average_speed", "max_speed"), Number),
    **dict.fromkeys(("name", "type", "sport_type", "start_date", "start_date_local", "timezone"), str),
    **dict.fromkeys(("visibility", "embed_token"), str),
    **dict.fromkeys(("trainer", "commute", "manual", "private", "flagged", "from_accepted_tag", "has_kudoed"), bool),
    **dict.fromkeys(("has_heartrate", "heartrate_opt_out", "display_hide_heartrate_option", "hide_from_home"), bool),
    **dict.fromkeys(("workout_type", "perceived_exertion", "prefer_perceived_exertion"), (int, type(None))),
    **dict.fromkeys(("location_city", "location_state", "location_country", "gear_id", "external_id"), Text),
    **{key: [] for key in ("start_latlng", "end_latlng", "segment_efforts", "best_efforts")},
    "upload_id": (int, type(None)),
    "description": Text,
    "calories": Number,
    "athlete": {"id": int, "resource_state": int},
    "map": {"id": str, "polyline": str, "resource_state": int, "summary_polyline": str},
    "photos": {"primary": type(None), "count": int},
    "stats_visibility": [{"type": str, "visibility": str}],
    "similar_activities": SIMILAR | SPEEDS | {"trend": TREND},
    "available_zones": [str],
}
#: Shown by the simulator beyond that: the owner's note, and shoes where there are any.
MORE_OF_ENTERED = {"private_note", "gear"}


@pytest.fixture
def token(app: App) -> str:
    shoes = (Shoes("g7", "Road", 430_000),)
    app.simulator.add_athlete(SimulatedAthlete(SAM, shoes=shoes))
    app.simulator.add_activity(SAM, run(datetime(2026, 3, 9, 7), 12_000, gear_id="g7", average_hr=150.0, cadence=82.0))
    return str(app.connect(SAM, SCOPES)["access_token"])


@pytest.fixture
def newest(app: App, token: str) -> int:
    return app.simulator.activity_ids(SAM)[-1]


def write(app: App, method: str, path: str, token: str, **form: str) -> httpx.Response:
    return app.http.request(method, f"/api/v3{path}", data=form, headers={"Authorization": f"Bearer {token}"})


def fits(value: object, form: Any, path: str = "") -> list[str]:
    """Where a value departs from its form; an empty list in the form takes an empty list, a tuple any of its types."""
    if isinstance(form, dict):
        if not isinstance(value, dict) or value.keys() != form.keys():
            keys = sorted(value.keys() ^ form.keys()) if isinstance(value, dict) else value
            return [f"{path}: {keys}"]
        return [wrong for key, inner in form.items() for wrong in fits(value[key], inner, f"{path}.{key}")]
    if isinstance(form, list):
        if not isinstance(value, list) or (value and not form):
            return [f"{path}: {value}"]
        return [wrong for one in value for wrong in fits(one, form[0], f"{path}[]")]
    types = form if isinstance(form, tuple) else (form,)
    # To Python a truth value is a number, to JSON it is none.
    good = isinstance(value, types) and (not isinstance(value, bool) or bool in types)
    return [] if good else [f"{path}: {value!r}"]


def kinds(body: dict[str, Any]) -> dict[str, type]:
    """The JSON type of every key: whole numbers are numbers too."""
    return {key: float if type(value) is int else type(value) for key, value in body.items()}


def test_the_time_in_zones(app: App, token: str, newest: int):
    heart_rate, pace = app.get(f"/api/v3/activities/{newest}/zones", token).json()
    assert fits(heart_rate, ZONE | {"points": int, "custom_zones": bool}) == []
    assert fits(pace, ZONE) == []
    assert (heart_rate["type"], pace["type"]) == ("heartrate", "pace")
    for zone in (heart_rate, pace):
        buckets = zone["distribution_buckets"]
        assert (len(buckets), buckets[0]["min"], buckets[-1]["max"]) == (5, 0, -1)
        assert [bucket["max"] for bucket in buckets[:-1]] == [bucket["min"] for bucket in buckets[1:]]


def test_the_athlete_s_zones(app: App, token: str):
    answer = app.get("/api/v3/athlete/zones", token).json()
    assert fits(answer, {"heart_rate": {"custom_zones": bool, "zones": [{"min": int, "max": int}]}}) == []
    assert len(answer["heart_rate"]["zones"]) == 5


def test_the_athlete_s_totals(app: App, token: str):
    form = {
        f"{span}_{sport}_totals": TOTAL | ({"achievement_count": int} if span == "recent" else {})
        for span in ("recent", "ytd", "all")
        for sport in ("ride", "run", "swim")
    }
    assert fits(app.get(f"/api/v3/athletes/{SAM}/stats", token).json(), form) == []


def test_a_pair_of_shoes(app: App, token: str):
    more = {"brand_name": Text, "model_name": Text, "description": Text}
    assert fits(app.get("/api/v3/gear/g7", token).json(), SHOES | more) == []


def test_where_no_stream_is_chosen_it_is_the_distance_alone(app: App, token: str, newest: int):
    stream = {"data": [Number], "series_type": str, "original_size": int, "resolution": str}
    answer = app.get(f"/api/v3/activities/{newest}/streams", token, key_by_type="true").json()
    assert fits(answer, {"distance": stream}) == []


@pytest.mark.parametrize("way", ["made", "changed"])
def test_an_activity_that_is_typed_in(app: App, token: str, way: str):
    answer = write(app, "POST", "/activities", token, **TYPED_IN)
    assert answer.status_code == 201
    if way == "changed":
        answer = write(app, "PUT", f"/activities/{answer.json()['id']}", token, name="Track, fast")
    body = {key: value for key, value in answer.json().items() if key not in MORE_OF_ENTERED}
    assert fits(body, ENTERED) == []


@pytest.mark.real_data
def test_laps_and_shoes_are_those_of_a_recorded_detail(app: App, token: str, newest: int):
    folder = os.environ.get("AFTERRUN_REAL_DATA")
    if not folder:
        pytest.skip("AFTERRUN_REAL_DATA is not set")
    text = (Path(folder) / "exports" / "api" / "detailed_activity.run.json").read_text(encoding="utf-8")
    recorded = json.loads(text)
    (lap,) = app.get(f"/api/v3/activities/{newest}/laps", token).json()
    # The recorded run had neither sensor.
    measured = {"average_cadence", "average_heartrate", "max_heartrate"}
    assert kinds({key: value for key, value in lap.items() if key not in measured}) == kinds(recorded["laps"][0])
    shoes = app.get("/api/v3/athlete", token).json()["shoes"][0]
    assert kinds(shoes) == kinds(recorded["gear"])
