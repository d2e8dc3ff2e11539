"""Saved answers of Strava's API: pages of the list, and single activities."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from integrations.archive import read_histories
from rules.model import Activity
from tests.integrations.archive.exports import read_one


def summary(id: int = 5, **more: Any) -> dict[str, Any]:
    return {
        "id": id,
        "name": "Along the canal",
        "distance": 8000.5,
        "moving_time": 2400,
        "elapsed_time": 2500,
        "total_elevation_gain": 12.0,
        "type": "Run",
        "sport_type": "TrailRun",
        "start_date": "2026-08-02T16:20:32Z",
        "start_date_local": "2026-08-02T18:20:32Z",
        "timezone": "(GMT+01:00) Europe/Rome",
        "utc_offset": 7200.0,
        "trainer": False,
        "manual": False,
        "average_cadence": 84.5,
    } | more


def page(path: Path, content: Any) -> Path:
    path.write_text(json.dumps(content))
    return path


def test_a_page_is_a_history_under_the_name_of_its_file(tmp_path: Path) -> None:
    before = summary(5, start_date="2026-08-01T16:20:32Z", start_date_local="2026-08-01T18:20:32Z")
    told = read_one(page(tmp_path / "ada.json", [summary(6), before]))
    assert (told.name, [activity.id for activity in told.activities]) == ("ada", [5, 6])
    assert told.problems == ()


def test_a_single_activity_is_a_history_of_one(tmp_path: Path) -> None:
    told = read_one(page(tmp_path / "run.json", summary(laps=[], splits_metric=[], description="slow")))
    assert told.activities == (
        Activity(
            id=5,
            sport="TrailRun",
            start_local=datetime(2026, 8, 2, 18, 20, 32),
            distance_m=8000.5,
            moving_time_s=2400,
            elapsed_time_s=2500,
            utc_offset_s=7200,
            elevation_gain_m=12.0,
            cadence_spm=169.0,
            time_zone="Europe/Rome",
        ),
    )


def test_all_pages_in_a_folder_are_one_history_under_the_name_of_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "ada"
    folder.mkdir()
    page(folder / "page01.json", [summary(7), summary(6)])
    page(folder / "page02.json", [summary(5)])
    page(folder / "page03.json", [])
    (told,) = read_histories([folder])
    assert (told.name, [activity.id for activity in told.activities]) == ("ada", [5, 6, 7])
    assert told.problems == ()


def test_an_activity_that_slid_to_the_next_page_counts_once(tmp_path: Path) -> None:
    page(tmp_path / "page01.json", [summary(7), summary(6)])
    page(tmp_path / "page02.json", [summary(6, distance=9000), summary(5)])
    (told,) = read_histories([tmp_path])
    assert {activity.id: activity.distance_m for activity in told.activities} == {5: 8000.5, 6: 9000, 7: 8000.5}
    assert [problem.path.name for problem in told.skipped] == ["page02.json"]


def test_an_odd_value_costs_that_value_and_an_odd_activity_costs_that_one(tmp_path: Path) -> None:
    told = read_one(page(tmp_path / "ada.json", [summary(7), summary(6, distance="far"), {"id": 5}, None]))
    assert {activity.id: activity.distance_m for activity in told.activities} == {6: None, 7: 8000.5}
    assert [problem.what.partition(" is ")[0] for problem in told.skipped] == [
        "activity 2 of this page: distance",
        "activity 3 of this page",
        "activity 4 of this page",
    ]


def test_a_broken_page_costs_that_page_and_is_a_failure(tmp_path: Path) -> None:
    page(tmp_path / "page01.json", [summary(7)])
    (tmp_path / "page02.json").write_text('[\n {"id": 6,\n  "type": "Ru')
    (told,) = read_histories([tmp_path])
    assert [activity.id for activity in told.activities] == [7]
    (problem,) = told.fatal
    assert (problem.path.name, problem.line) == ("page02.json", 3)
    assert "again" in problem.what


def test_an_error_answer_among_the_pages_is_a_failure_as_a_page_is_missing(tmp_path: Path) -> None:
    page(tmp_path / "page01.json", [summary(7)])
    page(tmp_path / "page02.json", {"message": "Rate Limit Exceeded", "errors": []})
    (told,) = read_histories([tmp_path])
    assert [problem.path.name for problem in told.fatal] == ["page02.json"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_pages_are_read_in_the_encodings_that_windows_leaves_behind(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "ada.json"
    path.write_bytes(json.dumps([summary(name="Läufchen")], ensure_ascii=False).encode(encoding))
    assert len(read_one(path).activities) == 1
