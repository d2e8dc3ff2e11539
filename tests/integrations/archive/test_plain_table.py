"""The plain table, for histories from anywhere: small, in metres and seconds, with local times."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from integrations.archive import History, read_histories
from rules.model import Activity
from tests.integrations.archive.exports import read_one

HEADER = (
    "id,start_date_local,utc_offset_s,time_basis,type,distance_m,moving_time_s,elapsed_time_s,"
    "elevation_gain_m,average_heartrate,max_heartrate,average_cadence"
)
RUN = "5,2026-08-02T18:20:32,7200,local,Run,10049.5,3600,3700,42.5,152.5,181,84.5"


def runner(folder: Path, *lines: str, header: str = HEADER, name: str = "ada.csv") -> History:
    path = folder / name
    path.write_text("\n".join([header, *lines]) + "\n")
    return read_one(path)


def test_every_column_arrives_in_its_field(tmp_path: Path) -> None:
    told = runner(tmp_path, RUN)
    assert told == History(
        "ada",
        (
            Activity(
                id=5,
                sport="Run",
                start_local=datetime(2026, 8, 2, 18, 20, 32),
                distance_m=10049.5,
                moving_time_s=3600,
                elapsed_time_s=3700,
                utc_offset_s=7200,
                elevation_gain_m=42.5,
                average_hr_bpm=152.5,
                max_hr_bpm=181.0,
                cadence_spm=169.0,
            ),
        ),
    )


def test_an_empty_cell_is_not_given_and_a_zero_is_a_zero(tmp_path: Path) -> None:
    told = runner(tmp_path, "5,2026-08-02T18:20:32,,local,Run,,0,,0,,,", "6,2026-08-03T18:20:32,,local,Run,0.0,,0,,,,")
    first, second = told.activities
    assert (first.distance_m, first.moving_time_s, first.elapsed_time_s) == (None, 0, None)
    assert (first.elevation_gain_m, first.average_hr_bpm, first.cadence_spm) == (0.0, None, None)
    assert (second.distance_m, second.moving_time_s, second.elapsed_time_s) == (0.0, None, 0)
    assert told.problems == ()


@pytest.mark.parametrize("odd", ["nan", "inf", "-5", "1e300", "ten", "1;5"])
@pytest.mark.parametrize("column", ["distance_m", "moving_time_s", "elapsed_time_s", "elevation_gain_m"])
def test_an_odd_value_costs_that_value_and_is_noted_with_its_line(tmp_path: Path, column: str, odd: str) -> None:
    cells = RUN.split(",")
    cells[HEADER.split(",").index(column)] = odd
    told = runner(tmp_path, RUN.replace("5,", "4,", 1), ",".join(cells))
    assert getattr(told.activities[1], column) is None
    assert [(problem.line, odd in problem.what) for problem in told.skipped] == [(3, True)]
    assert told.fatal == ()


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (RUN.replace("5,", "five,", 1), "id 'five'"),
        (RUN.replace("5,", "-5,", 1), "id '-5'"),
        (RUN.replace("5,", "99999999999999999999,", 1), "not an id"),
        (RUN.replace("2026-08-02T18:20:32", "last Sunday"), "last Sunday"),
        (RUN.replace("2026-08-02T18:20:32", ""), "''"),
        (RUN.replace("2026-08-02", "2026-02-30"), "2026-02-30"),
        (RUN.replace("2026-08-02", "9999-12-31"), "9999-12-31"),
        (RUN[:40], "columns"),
        (RUN + ",more", "13 columns, not 12"),
    ],
)
def test_an_odd_row_costs_that_row_and_is_noted_with_its_line(tmp_path: Path, line: str, says: str) -> None:
    told = runner(tmp_path, RUN.replace("5,", "4,", 1), line)
    assert [activity.id for activity in told.activities] == [4]
    assert [problem.line for problem in told.skipped] == [3]
    assert says in told.skipped[0].what
    assert told.fatal == ()


def test_of_two_rows_with_one_id_the_last_is_kept(tmp_path: Path) -> None:
    told = runner(tmp_path, RUN, RUN.replace("10049.5", "9000.0"))
    assert [activity.distance_m for activity in told.activities] == [9000.0]
    assert [(problem.line, problem.kind) for problem in told.problems] == [(3, "skipped")]


def test_times_in_utc_are_taken_as_the_wall_clock_and_that_is_said_once(tmp_path: Path) -> None:
    lines = [RUN.replace("5,", f"{id},", 1).replace("7200,local", ",utc_inferred") for id in (1, 2, 3)]
    told = runner(tmp_path, *lines)
    assert {activity.utc_offset_s for activity in told.activities} == {None}
    assert [problem.kind for problem in told.problems] == ["note"]


def test_the_z_behind_a_local_time_is_not_believed(tmp_path: Path) -> None:
    (run,) = runner(tmp_path, RUN.replace("18:20:32", "18:20:32Z")).activities
    assert run.start_local == datetime(2026, 8, 2, 18, 20, 32)


def test_a_hidden_start_time_is_not_taken_for_a_run_at_midnight(tmp_path: Path) -> None:
    told = runner(tmp_path, RUN.replace("18:20:32", "00:00:01"), RUN.replace("5,", "6,", 1))
    assert [activity.start_time_known for activity in told.activities] == [False, True]


def test_id_start_type_and_distance_are_enough(tmp_path: Path) -> None:
    told = runner(tmp_path, "5,2026-08-02T18:20:32,Run,8000", header="id,start_date_local,type,distance_m")
    assert told.activities == (Activity(5, "Run", datetime(2026, 8, 2, 18, 20, 32), distance_m=8000.0),)


def test_an_empty_list_is_a_history_without_activities_and_no_failure(tmp_path: Path) -> None:
    told = runner(tmp_path)
    assert (told.activities, told.fatal) == ((), ())
    assert "empty" in told.notes[0].what


def test_each_table_in_a_folder_is_a_history_of_its_own(tmp_path: Path) -> None:
    runner(tmp_path, RUN, name="ada.csv")
    runner(tmp_path, RUN, name="bob.csv")
    (tmp_path / "INDEX.csv").write_text("file,origin\nada.csv,made up\n")
    (tmp_path / "notes.txt").write_text("Both run.\n")
    told = list(read_histories([tmp_path]))
    assert [(history.name, len(history.activities)) for history in told] == [("ada", 1), ("bob", 1)]
    assert [history.fatal for history in told] == [(), ()]
    (passed_over,) = told[0].skipped
    assert "INDEX.csv, notes.txt" in passed_over.what


def test_progress_names_each_file_before_it_is_read(tmp_path: Path) -> None:
    runner(tmp_path, RUN, name="ada.csv")
    runner(tmp_path, RUN, name="bob.csv")
    seen: list[str] = []
    for history in read_histories([tmp_path], on_progress=lambda path: seen.append(path.stem)):
        assert seen[-1] == history.name
    assert seen == ["ada", "bob"]
