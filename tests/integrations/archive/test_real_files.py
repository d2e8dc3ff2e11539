"""Real exports, pages and runners, where they are at hand: nothing in them may be lost without a word."""

from __future__ import annotations

import csv
import json
import os
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from integrations.archive import FoundRun, Problem, read_histories, read_runs
from integrations.archive.languages import SPORT_TYPES
from rules.model import RUN_FAMILY
from tests.integrations.archive.exports import read_one
from tests.integrations.archive.recordings import DEGREE_M

pytestmark = pytest.mark.real_data


@pytest.fixture(scope="module")
def real() -> Path:
    folder = os.environ.get("AFTERRUN_REAL_DATA")
    if not folder:
        pytest.skip("AFTERRUN_REAL_DATA is not set: no real files to read")
    return Path(folder)


def raw_rows(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.reader(file))


def test_every_row_of_every_export_arrives(real: Path) -> None:
    files = sorted((real / "exports" / "bulk").glob("*.csv"))
    assert files
    for file in files:
        _, *rows = raw_rows(file)
        told = read_one(file)
        assert sorted(activity.id for activity in told.activities) == sorted(int(row[0]) for row in rows), file.name
        assert (told.fatal, told.skipped) == ((), ()), file.name


def test_every_distance_and_time_of_an_export_is_the_plain_number(real: Path) -> None:
    for file in sorted((real / "exports" / "bulk").glob("*.csv")):
        header, *rows = raw_rows(file)
        told = {activity.id: activity for activity in read_one(file).activities}
        # The distance is the one header that comes twice with a fraction; elapsed time stands before the first.
        shown, metres = next(
            (first, last)
            for first in range(5, 8)
            for last in range(first + 1, len(header))
            if header[first] == header[last] and header[first][:4] in {"Dist", "Afst"}
        )
        for row in rows:
            activity = told[int(row[0])]
            if row[metres]:
                assert activity.distance_m == float(row[metres])
            assert activity.elapsed_time_s == int(row[shown - 1])


def test_every_sport_of_every_export_has_a_name_of_stravas(real: Path) -> None:
    told = read_histories(sorted((real / "exports" / "bulk").glob("*.csv")))
    unknown = {activity.sport for history in told for activity in history.activities} - set(SPORT_TYPES)
    assert unknown == set()


def test_dates_lie_where_the_file_names_say_the_exports_were_made(real: Path) -> None:
    for file in sorted((real / "exports" / "bulk").glob("activities.*.csv")):
        starts = [activity.start_local for activity in read_one(file).activities]
        year, month = map(int, file.name.split(".")[2].split("-"))
        assert datetime(2005, 1, 1) < min(starts)
        assert max(starts) < datetime(year + month // 12, month % 12 + 1, 1)
        month_words = {re.sub(r"[^a-z]", "", re.sub(r"[ap]\.?m\.?$", "", row[1].lower())) for row in raw_rows(file)[1:]}
        assert len({start.month for start in starts}) == len(month_words), f"{file.name}: months were mixed up"
        assert len({start.hour // 12 for start in starts}) == 2, f"{file.name}: mornings or evenings are missing"


def test_all_pages_of_the_api_are_one_history_without_loss(real: Path) -> None:
    folder = real / "exports" / "api" / "pages"
    expected = {body["id"] for file in folder.glob("*.json") for body in json.loads(file.read_text())}
    (told,) = read_histories([folder])
    assert {activity.id for activity in told.activities} == expected
    assert (told.name, told.problems) == ("pages", ())


def test_single_answers_of_the_api_are_read(real: Path) -> None:
    folder = real / "exports" / "api"
    for file in sorted(folder.glob("*.json")):
        content = json.loads(file.read_text())
        expected = len(content) if isinstance(content, list) else 1
        told = read_one(file)
        assert (len(told.activities), told.fatal) == (expected, ()), file.name


def test_every_row_of_every_runner_arrives(real: Path) -> None:
    told = {history.name: history for history in read_histories([real / "runners"])}
    files = sorted((real / "runners").glob("[0-9]*.csv"))
    assert sorted(told) == [file.stem for file in files]
    for file in files:
        header, *rows = raw_rows(file)
        sport = header.index("type")
        history = told[file.stem]
        assert len(history.activities) == len(rows)
        runs = sum(row[sport] in RUN_FAMILY for row in rows)
        assert sum(activity.sport in RUN_FAMILY for activity in history.activities) == runs
        assert history.fatal == ()


def recordings(real: Path) -> Iterator[tuple[Path, str]]:
    """Every recording and what its list says of it."""
    folder = real / "exports" / "files"
    for entry in csv.DictReader((folder / "FILES.csv").read_text().splitlines()):
        yield folder / entry["file"], entry["note"]


def test_every_recording_is_read_or_refused_with_its_reason(real: Path) -> None:
    for file, note in recordings(real):
        told = [item.what for item in read_runs(file)]
        found = [one for one in told if isinstance(one, FoundRun)]
        reasons = [one.what for one in told if isinstance(one, Problem)]
        if note == "0 bytes":
            assert (found, ["the file is empty" in reason for reason in reasons]) == ([], [True]), file.name
        elif "reader says" in note:
            assert ["breaks off or is damaged" in reason for reason in reasons] == [True], file.name
            assert len(found) == 1, f"{file.name}: its session is whole"
        else:
            assert (len(found), reasons) == (1, []), file.name


def test_what_another_reader_saw_in_a_fit_file_is_what_is_found(real: Path) -> None:
    sports = {"running": "Run", "cycling": "Ride", "training": "WeightTraining"}
    seen = 0
    for file, note in recordings(real):
        if "total_distance" not in note:
            continue
        seen += 1
        (run,) = (item.what.activity for item in read_runs(file) if isinstance(item.what, FoundRun))
        start = next(item.what.start_utc for item in read_runs(file) if isinstance(item.what, FoundRun))
        said = {name: re.search(rf"'{name}', ([^)]+)\)", note) for name in ("total_distance", "total_timer_time")}
        distance_m, timer_s = (float(match[1]) for match in said.values() if match)
        assert start is not None
        assert f"datetime({start.year}, {start.month}, {start.day}, {start.hour}, {start.minute}" in note
        assert run.distance_m == distance_m, file.name
        # Who did not pause is judged by the points: never longer than the timer, and most of it.
        assert timer_s * 0.9 <= (run.moving_time_s or 0) <= timer_s + 1, file.name
        assert any(word in note and run.sport == sport for word, sport in sports.items()), file.name
    assert seen >= 6


def test_gpx_and_tcx_agree_with_a_plain_sum_over_their_elements(real: Path) -> None:
    for file, _ in recordings(real):
        if file.suffix == ".fit":
            continue
        (found,) = (item.what for item in read_runs(file) if isinstance(item.what, FoundRun))
        elements = list(ElementTree.parse(file).iter())
        texts = {
            name: [one.text or "" for one in elements if one.tag.endswith("}" + name)] for name in ("time", "Time")
        }
        times = [datetime.fromisoformat(text) for text in texts["time"][1:] + texts["Time"]]
        assert found.start_utc == times[0].astimezone(UTC)
        assert found.activity.elapsed_time_s == pytest.approx((times[-1] - times[0]).total_seconds(), abs=3)
        if file.suffix == ".tcx":
            laps = [one for one in elements if one.tag.endswith("}Lap")]
            metres = [float(way.text or 0) for lap in laps for way in lap if way.tag.endswith("}DistanceMeters")]
        else:
            # The tracks were laid on the equator, where a degree of longitude is a degree of a great circle.
            places = [float(one.attrib["lon"]) for one in elements if one.tag.endswith("}trkpt")]
            metres = [abs(place - last) * DEGREE_M for last, place in pairwise(places)]
        assert found.activity.distance_m == pytest.approx(sum(metres), rel=0.001), file.name
        assert found.activity.sport == "Run"


def test_a_zip_and_a_folder_of_all_recordings_give_the_same_runs(real: Path, tmp_path: Path) -> None:
    folder = real / "exports" / "files"
    with zipfile.ZipFile(tmp_path / "all.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, f"activities/{file.name}")
    given = [
        [item.what.activity for item in read_runs(path) if isinstance(item.what, FoundRun)]
        for path in (folder, tmp_path / "all.zip")
    ]
    assert given[0] == given[1]
    assert len(given[0]) == 13


def test_an_export_and_the_stream_of_it_hold_the_same(real: Path) -> None:
    for file in sorted((real / "exports" / "bulk").glob("*.csv")):
        streamed = [item.what.activity for item in read_runs(file) if isinstance(item.what, FoundRun)]
        assert sorted(streamed, key=lambda one: (one.start_local, one.id)) == list(read_one(file).activities)
