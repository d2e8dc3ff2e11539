"""Serving a real runner's history, and looking like the real Strava."""

from __future__ import annotations

import csv
import json
import os
from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from integrations.strava.simulator import SimulatedAthlete, SimulatedClock, Simulator
from integrations.strava.simulator.activity import Json, numbered, summary
from integrations.strava.simulator.files import from_api_pages, from_neutral_csv
from integrations.strava.simulator.generator import generate
from integrations.strava.simulator.personas import PERSONAS

COLUMNS = (
    "id,start_date_local,utc_offset_s,time_basis,type,distance_m,moving_time_s,elapsed_time_s,"
    "elevation_gain_m,average_heartrate,max_heartrate,average_cadence"
)


@pytest.fixture
def real_data() -> Path:
    folder = os.environ.get("AFTERRUN_REAL_DATA")
    if not folder:
        pytest.skip("AFTERRUN_REAL_DATA is not set")
    return Path(folder)


def table(folder: Path, *rows: str) -> Path:
    path = folder / "runner.csv"
    path.write_text("\n".join((COLUMNS, *rows)) + "\n", encoding="utf-8")
    return path


def test_a_row_of_the_neutral_table_becomes_an_activity(tmp_path: Path):
    path = table(tmp_path, "42,2024-07-01T18:00:00,-14400,local,Run,10003.0,3066,3266,84.5,151.2,170,81.5")
    (activity,) = from_neutral_csv(path)
    body = activity.body
    assert (body["id"], body["sport_type"], body["distance"], body["moving_time"]) == (42, "Run", 10003.0, 3066)
    assert (body["start_date"], body["start_date_local"]) == ("2024-07-01T22:00:00Z", "2024-07-01T18:00:00Z")
    assert (body["utc_offset"], body["timezone"]) == (-14400.0, "(GMT-04:00) Etc/GMT+4")
    assert (body["average_heartrate"], body["average_cadence"], body["has_heartrate"]) == (151.2, 81.5, True)
    assert activity.uploaded_at.isoformat() == "2024-07-01T22:57:26+00:00"


def test_what_the_table_leaves_empty_stays_unsaid(tmp_path: Path):
    path = table(
        tmp_path, "42,2024-07-01T18:00:00,,utc,TrailRun,,,1800,,,,", "41,2024-06-01T18:00:00,19800,local,Run,,,,,,,"
    )
    earlier, later = from_neutral_csv(path)
    assert (later.body["type"], later.body["distance"], later.body["moving_time"]) == ("Run", 0.0, 1800)
    assert (later.body["timezone"], later.body["utc_offset"]) == ("(GMT+00:00) Etc/UTC", 0.0)
    assert not {"average_heartrate", "average_cadence"} & later.body.keys()
    assert (earlier.body["elapsed_time"], earlier.body["timezone"]) == (0, "(GMT+05:30) Etc/UTC")


def test_histories_are_moved_by_whole_weeks(tmp_path: Path):
    path = table(tmp_path, "42,2024-07-01T18:00:00,-14400,local,Run,10003.0,3066,3266,84.5,,,")
    (here,), (moved,) = from_neutral_csv(path), from_neutral_csv(path, weeks=100)
    assert moved.start_local - here.start_local == timedelta(weeks=100)
    assert moved.uploaded_at - here.uploaded_at == timedelta(weeks=100)


def test_recorded_pages_are_read_in_the_order_of_the_runs(tmp_path: Path):
    told = generate(PERSONAS["anna"], 1, datetime(2026, 1, 1).date(), datetime(2026, 2, 1).date())
    bodies = [summary(numbered(activity.body, 100 + number, 1)) for number, activity in enumerate(told)]
    (tmp_path / "page1.json").write_text(json.dumps(bodies[:3:-1]), encoding="utf-8")
    (tmp_path / "page2.json").write_text(json.dumps(bodies[3::-1]), encoding="utf-8")
    (tmp_path / "page3.json").write_text("[]", encoding="utf-8")
    assert [activity.body for activity in from_api_pages(tmp_path)] == bodies


@pytest.mark.real_data
def test_a_real_history_is_served_as_it_was_recorded(real_data: Path):
    pages = real_data / "exports" / "api" / "pages"
    recorded = [body for page in sorted(pages.glob("*.json")) for body in json.loads(page.read_text())]
    athlete = SimulatedAthlete(id=1, activities=tuple(from_api_pages(pages)))
    simulator = Simulator(clock=SimulatedClock(datetime.fromisoformat("2026-01-01T00:00:00+00:00")), athletes=[athlete])
    served = list(reversed(simulator.activity_ids(1)))
    assert served == [body["id"] for body in recorded]


@pytest.mark.real_data
def test_every_real_runner_s_table_can_be_served(real_data: Path):
    for path in sorted((real_data / "runners").glob("[0-9]*.csv")):
        with path.open(newline="") as rows:
            distances = {int(row["id"]): float(row["distance_m"] or 0) for row in csv.DictReader(rows)}
        served = {activity.body["id"]: activity.body["distance"] for activity in from_neutral_csv(path)}
        assert served == distances, path.name


def shapes(bodies: list[Json]) -> dict[str, set[str]]:
    """The types seen under each key, also of nested objects."""
    seen: dict[str, set[str]] = defaultdict(set)
    for body in bodies:
        for key, value in body.items():
            seen[key].add(type(value).__name__)
            if isinstance(value, dict):
                for inner, content in value.items():
                    seen[f"{key}.{inner}"].add(type(content).__name__)
    return seen


def always(bodies: list[Json]) -> set[str]:
    """Keys that no body lacks."""
    return set.intersection(*(set(body) for body in bodies))


@pytest.mark.real_data
def test_summaries_have_the_keys_and_types_of_recorded_ones(real_data: Path):
    pages = sorted((real_data / "exports" / "api" / "pages").glob("*.json"))
    recorded: list[dict[str, Any]] = [body for page in pages for body in json.loads(page.read_text())]
    made = [
        summary(numbered(activity.body, number, 1))
        for persona in PERSONAS.values()
        for number, activity in enumerate(
            generate(persona, 1, datetime(2025, 1, 1).date(), datetime(2025, 12, 31).date())
        )
    ]
    # Strava names the device in summaries since a week after the recording.
    expected = shapes(recorded) | {"device_name": {"str"}}
    for key, types in shapes(made).items():
        assert types <= expected[key], key
    assert always(recorded) <= always(made)
    assert {key for key in shapes(recorded) if "." not in key} - shapes(made).keys() == {"average_temp"}
    run_keys = always([body for body in recorded if body["type"] == "Run"])
    assert run_keys <= always([body for body in made if body["type"] == "Run"])
