"""`afterrun replay`: what a runner sees who tries it on a history of their own."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from rules.model import Activity
from service.replay import replay_command
from service.replay.chart import weekly_chart
from service.replay.lived import middle_and_ninth_tenth
from tests.integrations.archive.recordings import activity, file_id, fit, gpx, gpx_track, session, steady
from tests.rules.builders import ordinary_weeks, run, runs
from tests.rules.naive_run_spike import spikes
from tests.rules.real_runners import real_runner_files, rows_of

COLUMNS = "id,start_date_local,utc_offset_s,time_basis,type,distance_m,moving_time_s,elapsed_time_s"
KEYS = ["athlete", "rule", "key", "day", "severity", "facts", "pushed", "silent_because"]


def replay(*arguments: object) -> Result:
    return CliRunner().invoke(replay_command, [str(one) for one in arguments], env={"COLUMNS": "160"})


def findings(*arguments: object) -> list[dict]:
    result = replay("--json", *arguments)
    assert result.exit_code == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def table(file: Path, *parts: Activity | Iterable[Activity], extra: str = "") -> Path:
    """A plain table of runs, `extra` lines at its end."""
    activities = [one for part in parts for one in ([part] if isinstance(part, Activity) else part)]
    rows = [_row(one) for one in sorted(activities, key=lambda one: one.start_local)]
    file.write_text("\n".join([COLUMNS, *rows, *([extra] if extra else [])]) + "\n", encoding="utf-8")
    return file


def _row(one: Activity) -> str:
    times = f"{one.moving_time_s},{one.elapsed_time_s}"
    return f"{one.id},{one.start_local.isoformat()},7200,local,{one.sport},{one.distance_m},{times}"


def page(file: Path, activities: Iterable[Activity]) -> Path:
    """A saved page of Strava's list of activities."""
    summaries = [
        {
            "id": one.id,
            "type": one.sport,
            "sport_type": one.sport,
            "start_date_local": one.start_local.isoformat() + "Z",
            "utc_offset": 7200.0,
            "distance": one.distance_m,
            "moving_time": one.moving_time_s,
            "elapsed_time": one.elapsed_time_s,
            "workout_type": 1 if one.race else 0,
        }
        for one in activities
    ]
    file.write_text(json.dumps(summaries), encoding="utf-8")
    return file


def cells(result: Result, rule: str) -> list[str]:
    """The first row of a table that begins with this word."""
    row = next(line for line in result.stdout.splitlines() if line.startswith(f"│ {rule} "))
    return [cell.strip() for cell in row.split("│")[2:-1]]


# For people


def test_it_says_when_it_would_have_spoken_and_why_in_words(tmp_path):
    result = replay(table(tmp_path / "anna.csv", ordinary_weeks(12.5), run(km=18.2)))
    assert result.exit_code == 0
    assert "anna: 21 runs in 10 weeks with runs" in result.stdout
    assert "18.2 km, 46 % beyond your longest of 30 days (12.5 km)" in result.stdout
    assert "2024-06-12" in result.stdout
    assert "It would have written once." in result.stdout


def test_a_folder_of_recordings_is_a_history_and_what_is_none_is_left_out(tmp_path):
    folder = tmp_path / "watch"
    folder.mkdir()
    begin = datetime(2024, 5, 1, 6, tzinfo=UTC)
    for number, km in enumerate([*[10.0] * 14, 16.0]):
        metres, start = km * 1000, begin + timedelta(days=3 * number)
        summary = session(start=start, elapsed_s=metres / 2.8, timer_s=metres / 2.8, distance_m=metres)
        (folder / f"{number}.fit").write_bytes(fit(file_id(), summary, activity(7200, start)))
    (folder / "plan.gpx").write_text(gpx(gpx_track(steady(), time=False)))
    result = replay(folder)
    assert result.exit_code == 0
    assert "watch: 15 runs" in result.stdout
    assert "16.0 km, 60 % beyond your longest of 30 days (10.0 km)" in result.stdout
    assert "plan.gpx: this is a planned route, not a run" in result.stderr


def test_a_rising_fortnight_is_told_with_its_weeks(tmp_path):
    result = replay(table(tmp_path / "ben.csv", runs(range(14, 60), 4), runs(range(0, 14), 7)))
    assert "above your usual week (28.0 km)" in result.stdout


def test_a_history_without_a_surprise_is_said_to_pass_in_silence(tmp_path):
    result = replay(table(tmp_path / "carla.csv", ordinary_weeks(10)))
    assert "It would have stayed silent throughout." in result.stdout
    assert "Why it would have written" not in result.stdout


def test_what_was_not_told_is_counted_with_its_reason(tmp_path):
    history = [*ordinary_weeks(10, days=90), run(20, 14), run(17, 18.5), run(0, 21)]
    result = replay(table(tmp_path / "dora.csv", history))
    assert "Kept quiet: the same was told shortly before (1)." in result.stdout
    assert "In weekly digests: 1 finding, the last on 2024-06-12" in result.stdout


def test_a_race_is_told_as_a_race_without_a_judgement(tmp_path):
    marathon = run(km=42.2, race=True)
    result = replay(page(tmp_path / "emil.json", [*ordinary_weeks(12), marathon]))
    assert "42.2 km race; races are not judged" in result.stdout
    assert "beyond" not in result.stdout


def test_a_chart_shows_the_weeks_and_marks_those_with_a_message(tmp_path):
    result = replay(table(tmp_path / "fred.csv", ordinary_weeks(10), run(km=21)))
    lines = result.stdout.splitlines()
    year = next(line for line in lines if line.startswith("  2024 "))
    marks = lines[lines.index(year) + 1]
    assert year.rstrip().endswith("█")
    assert marks.index("▲") == len(year.rstrip()) - 1
    assert "the tallest 31.0 km" in result.stdout


def test_several_histories_end_with_figures_over_all_of_them(tmp_path):
    one = table(tmp_path / "one.csv", ordinary_weeks(10, days=364), run(km=21))
    two = table(tmp_path / "two.csv", ordinary_weeks(10, days=364))
    result = replay(one, two)
    assert "All 2 histories with runs" in result.stdout
    assert "0.5 for the median runner, 0.9 at the 90th percentile" in result.stdout
    assert cells(result, "run-spike") == ["1", "0", "0", "0", "0", "0.5", "0.9"]
    assert "A run far beyond your recent longest: what it could do, week by week" in result.stdout
    assert "All" not in replay(one).stdout


def test_the_figures_say_who_was_only_starting(tmp_path):
    new = table(tmp_path / "new.csv", runs(range(0, 30, 3), 4))
    settled = table(tmp_path / "settled.csv", ordinary_weeks(10, days=364))
    starting = next(line for line in replay(new, settled).stdout.splitlines() if "only starting" in line)
    runners, weeks = starting.replace("│", " ").split()[2:4]
    assert (runners, weeks) == ("2", "7")  # five weeks of the new one, the first two of the other


# For machines


def test_json_is_one_finding_a_line_told_or_not_and_nothing_else(tmp_path):
    history = [*ordinary_weeks(10, days=90), run(20, 14), run(17, 18.5), run(0, 21)]
    lines = findings(table(tmp_path / "dora.csv", history))
    assert [list(line) for line in lines] == [KEYS] * 3
    assert [(line["severity"], line["pushed"], line["silent_because"]) for line in lines] == [
        ("caution", True, None),
        ("caution", False, "quiet"),
        ("note", False, "note"),
    ]
    assert lines[0]["athlete"] == "dora"
    assert (lines[0]["rule"], lines[0]["key"], lines[0]["day"]) == ("run-spike", str(run(20).id), "2024-05-23")
    assert lines[0]["facts"]["longest_m"] == 10_000


def test_json_of_a_silent_history_is_empty(tmp_path):
    assert findings(table(tmp_path / "carla.csv", ordinary_weeks(10))) == []


def test_pages_of_the_api_in_a_folder_are_one_history_under_the_folders_name(tmp_path):
    folder = tmp_path / "greta"
    folder.mkdir()
    weeks = ordinary_weeks(10)
    page(folder / "1.json", weeks[:10])
    page(folder / "2.json", [*weeks[10:], run(km=21)])
    assert [(line["athlete"], line["severity"]) for line in findings(folder)] == [("greta", "high")]


def test_a_table_and_a_saved_page_of_the_same_runs_say_the_same(tmp_path):
    weeks = [*ordinary_weeks(10), run(km=15)]
    assert findings(table(tmp_path / "hugo.csv", weeks)) == findings(page(tmp_path / "hugo.json", weeks))


# Bad input


def test_a_foreign_file_is_named_with_its_line_and_the_rest_goes_on(tmp_path):
    foreign = tmp_path / "shopping.csv"
    foreign.write_text("milk,bread\n1,2\n", encoding="utf-8")
    good = table(tmp_path / "anna.csv", ordinary_weeks(10), run(km=21))
    result = replay("--json", foreign, good)
    assert result.exit_code == 1
    assert f"{foreign}, line 1: " in result.stderr
    assert [json.loads(line)["athlete"] for line in result.stdout.splitlines()] == ["anna"]


def test_a_missing_file_is_named_and_the_rest_goes_on(tmp_path):
    good = table(tmp_path / "anna.csv", ordinary_weeks(10), run(km=21))
    result = replay(tmp_path / "nowhere.zip", good)
    assert result.exit_code == 1
    assert str(tmp_path / "nowhere.zip") in result.stderr
    assert "It would have written once." in result.stdout
    assert "nowhere" not in result.stdout


def test_rows_that_were_left_out_are_counted_in_one_line_and_are_no_failure(tmp_path):
    extra = "1,not a day,,local,Run,5000,1800,1800\n2,neither,,local,Run,5000,1800,1800"
    result = replay(table(tmp_path / "anna.csv", ordinary_weeks(10), extra=extra))
    assert result.exit_code == 0
    (line,) = result.stderr.splitlines()
    assert line.startswith("2 things were left out. The first: ")
    assert "anna.csv, line 22: " in line


def test_a_list_without_activities_is_no_failure(tmp_path):
    empty = table(tmp_path / "empty.csv")
    result = replay(empty)
    assert result.exit_code == 0
    assert "No runs that can be compared." in result.stdout
    assert findings(empty) == []


def test_without_a_path_it_says_how_to_use_it():
    result = replay()
    assert result.exit_code == 2
    assert "PATH" in result.stderr


# The program


def test_it_starts_without_the_web_the_store_and_strava(tmp_path):
    heavy = ["fastapi", "sqlalchemy", "stravalib", "pydantic", "apscheduler", "uvicorn", "httpx", "babel", "jinja2"]
    program = f"import sys, service.replay; print([name for name in {heavy} if name in sys.modules])"
    assert _python("-c", program).stdout.strip() == "[]"


def test_the_bar_is_for_a_terminal_only(tmp_path):
    file = table(tmp_path / "anna.csv", ordinary_weeks(10), run(km=21))
    assert replay(file).stderr == ""
    command = [sys.executable, "-m", "service.replay", "--json", str(file)]
    reader, terminal = pty.openpty()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=terminal, env={**os.environ, "TERM": "xterm"}
    ) as done:
        output = done.communicate()[0]
    os.close(terminal)
    assert b"anna.csv" in os.read(reader, 65_536)
    os.close(reader)
    assert json.loads(output)["severity"] == "high"


def test_a_terminal_of_plain_letters_gets_a_plain_chart(tmp_path):
    file = table(tmp_path / "anna.csv", ordinary_weeks(10), run(km=21))
    done = _python("-m", "service.replay", str(file), PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert done.stdout.isascii()
    assert "^" in done.stdout


def _python(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, env={**os.environ, **env})


# Its parts


def test_each_year_has_a_line_of_its_own_and_a_year_off_has_none():
    monday = date(2021, 3, 1)
    weeks = {monday: 10_000.0, monday + timedelta(weeks=1): 80_000.0, monday.replace(year=2023, day=6): 40_000.0}
    assert list(weekly_chart(weeks, [monday], plain=True)) == [
        "2021         :#",
        "             ^",
        "2023          +",
    ]


def test_without_weeks_there_is_no_chart():
    assert list(weekly_chart({}, [])) == []


@pytest.mark.parametrize(
    ("values", "expected"),
    [([3.0], (3.0, 3.0)), ([1.0, 3.0], (2.0, 2.8)), ([float(n) for n in range(11)], (5.0, 9.0))],
)
def test_the_median_and_the_90th_percentile(values, expected):
    assert middle_and_ninth_tenth(values) == pytest.approx(expected)


# Real runners


@pytest.mark.real_data
def test_all_real_runners_are_replayed_and_every_run_spike_is_as_defined():
    files = real_runner_files()
    found = [line for line in findings(*files) if line["rule"] == "run-spike"]
    got = sorted((f["athlete"], f["key"], f["day"], f["severity"], f["facts"]["longest_m"]) for f in found)
    expected = [
        (file.stem, str(spike.id), spike.day, spike.severity, float(spike.longest))
        for file in files
        for spike in spikes(rows_of(file))
    ]
    assert len(files) == 109
    assert got == sorted(expected)


@pytest.mark.real_data
def test_every_real_export_is_read_without_a_failure():
    exports = real_runner_files()[0].parent.parent / "exports"
    result = replay(*sorted((exports / "bulk").glob("activities*.csv")), exports / "api" / "pages")
    assert result.exit_code == 0, result.stderr
    assert "No runs that can be compared." not in result.stdout
    assert "All 7 histories with runs" in result.stdout
