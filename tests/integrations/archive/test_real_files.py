"""Real exports, pages and runners, where they are at hand: nothing in them may be lost without a word."""

from __future__ import annotations

import csv
import json
import os
import re
from datetime import datetime
from pathlib import Path

import pytest

from integrations.archive import read_histories
from integrations.archive.languages import SPORT_TYPES
from rules.model import RUN_FAMILY
from tests.integrations.archive.exports import read_one

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


def test_a_folder_of_single_recordings_is_refused_file_by_file(real: Path) -> None:
    files = sorted((real / "exports" / "files").iterdir())
    for file, told in zip(files, read_histories(files), strict=True):
        assert told.activities == ()
        assert [problem.path for problem in told.fatal] == [file]
