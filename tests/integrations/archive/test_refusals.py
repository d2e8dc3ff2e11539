"""What cannot be used is refused by name, with the line where there is one and a way out; the rest goes on."""

from __future__ import annotations

import gzip
import io
import json
import struct
import zipfile
from pathlib import Path

import pytest

from integrations.archive import Problem, read_histories
from tests.integrations.archive.exports import DATE, HEADERS, ID, SPORT, TEXT, export, read_one, row, table

GOOD = table(HEADERS["en"], row())


def zipped(name: str, content: str | bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def encrypted(archive: bytes) -> bytes:
    """The same zip, marked as if its member had a password."""
    at = archive.index(b"PK\x01\x02") + 8
    return archive[:at] + struct.pack("<H", 1) + archive[at + 2 :]


def refused(path: Path) -> Problem:
    told = read_one(path)
    assert told.activities == ()
    (problem,) = told.fatal
    assert problem.path.is_relative_to(path)
    return problem


@pytest.mark.parametrize(
    ("name", "content", "cure"),
    [
        ("run.fit", b"\x0e\x10\x43\x08\x10\x00\x00\x00.FIT\x00\x00" + bytes(200), "export it again"),
        ("run.gpx", b'\xef\xbb\xbf<?xml version="1.0"?>\n<gpx></gpx>', "give the recording itself"),
        ("place.kml", b'<?xml version="1.0"?>\n<kml></kml>', "give a Strava export"),
        ("run.fit.gz", b"\x1f\x8b\x08\x00" + bytes(40), "download it again"),
        ("twice.gz", gzip.compress(gzip.compress(b"run", mtime=0), mtime=0), "unpack it"),
        ("map.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(40), "give a Strava export"),
        ("empty.csv", b"", "give a Strava export"),
        ("half.zip", zipped("activities.csv", GOOD * 50)[:300], "download it again"),
        ("other.zip", zipped("holiday.txt", "sun"), "give a Strava export"),
        ("locked.zip", encrypted(zipped("activities.csv", GOOD)), "password"),
        ("mark-less.csv", GOOD.encode("utf-16-le"), "UTF-16"),
        ("ebcdic.csv", GOOD.encode("cp500"), "take the original"),
        ("person.json", b'{"id": 5, "firstname": "Ada"}', "GET /athlete/activities"),
        ("numbers.json", b"[1, 2, 3]", "GET /athlete/activities"),
        ("deep.json", b"[" * 100_000, "again"),
        ("long.json", b"[" + b"9" * 5000 + b"]", "again"),
    ],
)
def test_a_file_of_something_else_is_refused_with_a_cure(tmp_path: Path, name: str, content: bytes, cure: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert cure in refused(path).what


@pytest.mark.parametrize(
    ("content", "line", "cure"),
    [
        ("name,price\nshoe,120\n", 1, "take the original"),
        ("\n\nDear diary,\nI ran.", 3, "take the original"),
        (GOOD.replace("Activity ID", "Identyfikator aktywności"), 1, "set Strava to English"),
        (GOOD.replace(",", ";"), 1, "take the original"),
        ('[\n {"id": 5}\n', 3, "fetch this page again"),
    ],
    ids=["prices", "diary", "polish", "spreadsheet", "cut json"],
)
def test_the_line_is_named_where_there_is_one(tmp_path: Path, content: str, line: int, cure: str) -> None:
    path = tmp_path / "given"
    path.write_text(content)
    problem = refused(path)
    assert problem.line == line
    assert cure.casefold() in problem.what.casefold()
    assert str(problem).startswith(f"{path}, line {line}: ")


@pytest.mark.parametrize("rest", ["x" * 200_000, "x" * 3_000_000, "x\n" * 200_000])
def test_what_came_before_a_quote_that_is_never_closed_is_kept_and_the_line_named(tmp_path: Path, rest: str) -> None:
    path = tmp_path / "activities.csv"
    path.write_text(GOOD + '72,"Aug 3, 2026, 6:20:32 AM","' + rest)
    told = read_one(path)
    assert [activity.id for activity in told.activities] == [71]
    assert [problem.line for problem in told.fatal] == [3]
    assert "Request the export again" in told.fatal[0].what


def test_a_path_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    assert "check its name" in refused(tmp_path / "nowhere.csv").what


def test_a_device_is_not_read_for_ever() -> None:
    assert "neither a file nor a folder" in refused(Path("/dev/zero")).what


def test_a_folder_without_any_list_is_refused(tmp_path: Path) -> None:
    (tmp_path / "run.gpx").write_text("<gpx/>")
    (tmp_path / "deeper").mkdir()
    assert "no list of activities is in this folder" in refused(tmp_path).what


def test_a_file_that_unpacks_to_something_absurd_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    path.write_bytes(zipped("activities.csv", GOOD.encode() + b" " * (65 * 2**20)))
    assert path.stat().st_size < 2**20
    assert "more than 64 MB" in refused(path).what


def test_a_file_of_absurd_size_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.write(GOOD.encode() * 100)
        file.truncate(2**36)
    assert "more than 64 MB" in refused(path).what


def test_an_export_none_of_whose_rows_can_be_read_is_refused(tmp_path: Path) -> None:
    told = export(tmp_path, row({DATE: "yesterday"}), row({ID: "72", DATE: "today"}))
    assert [problem.line for problem in told.skipped] == [2, 3]
    assert "none of its 2 rows" in told.fatal[0].what


def test_a_download_that_broke_off_keeps_what_is_whole_and_names_the_line_where_it_broke(tmp_path: Path) -> None:
    path = tmp_path / "activities.csv"
    whole = table(HEADERS["en"], row(), row({ID: "72", TEXT: "with, a comma"}))
    path.write_text(whole[:-90])
    told = read_one(path)
    assert [activity.id for activity in told.activities] == [71]
    assert [problem.line for problem in told.skipped] == [3]
    assert "cut off" in told.skipped[0].what


def test_a_damaged_zip_in_a_folder_is_told_although_other_files_are_fine(tmp_path: Path) -> None:
    (tmp_path / "ada.csv").write_text(GOOD)
    (tmp_path / "bob.zip").write_bytes(zipped("activities.csv", GOOD * 50)[:300])
    told = {history.name: history for history in read_histories([tmp_path])}
    assert len(told["ada"].activities) == 1
    assert len(told["bob"].fatal) == 1


def test_the_rest_goes_on_after_a_refusal(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(GOOD)
    bad.write_text("nothing of ours")
    told = list(read_histories([bad, good, tmp_path / "nowhere"]))
    assert [(history.name, len(history.activities), len(history.fatal)) for history in told] == [
        ("bad", 0, 1),
        ("good", 1, 0),
        ("nowhere", 0, 1),
    ]


def test_a_name_in_a_zip_leads_nowhere_outside_of_it(tmp_path: Path) -> None:
    path = tmp_path / "odd.zip"
    path.write_bytes(zipped("/etc/../activities.csv", table(HEADERS["en"], row(), row({ID: "x", SPORT: "Run"}))))
    (problem,) = read_one(path).skipped
    assert problem.path.is_relative_to(path)


def test_a_page_of_activities_under_any_name_is_still_a_page(tmp_path: Path) -> None:
    path = tmp_path / "activities.csv"
    path.write_text(json.dumps([{"id": 5, "type": "Run", "start_date_local": "2026-08-02T18:20:32Z", "start_date": 0}]))
    assert [activity.id for activity in read_one(path).activities] == [5]
