"""Strava's activities.csv: every language and vintage is read the same, whatever its columns and dates look like."""

from __future__ import annotations

import zipfile
from datetime import datetime
from pathlib import Path

import pytest

from integrations.archive import read_histories
from integrations.archive.languages import ENGLISH, FRENCH, GERMAN, ITALIAN, LANGUAGES, SPANISH
from integrations.archive.table import shown_distance
from rules.model import Activity
from tests.integrations.archive.exports import (
    CADENCE,
    DATE,
    ELAPSED,
    FILE,
    HEADERS,
    ID,
    MAX_HR,
    METRES,
    RACE,
    SHOWN_HR,
    SHOWN_KM,
    SHOWN_TIME,
    SPORT,
    TEXT,
    export,
    read_one,
    row,
    table,
)

THE_RUN = Activity(
    id=71,
    sport="Run",
    start_local=datetime(2026, 8, 2, 18, 20, 32),
    distance_m=10049.5,
    moving_time_s=3600,
    elapsed_time_s=3700,
    elevation_gain_m=42.5,
    average_hr_bpm=152.5,
    max_hr_bpm=181.0,
    cadence_spm=169.0,
)


@pytest.mark.parametrize(
    ("language", "date", "sport", "shown"),
    [
        ("en", "Aug 2, 2026, 6:20:32 PM", "Run", "10.05"),
        ("nl", "2 aug 2026, 18:20:32", "Hardloopsessie", "10,05"),
        ("nl", "2 aug. 2026 18:20:32", "Hardloopsessie", "10,05"),
        ("es", "2 ago 2026, 6:20:32\u202fp.m.", "Carrera", "10.05"),
        ("es", "2 ago 2026, 18:20:32", "Carrera", "10,05"),
        ("it", "2 ago 2026, 18:20:32", "Corsa", "10,05"),
        ("de", "02.08.2026, 18:20:32", "Lauf", "10,05"),
        ("fr", "2 août 2026, 18:20:32", "Course à pied", "10,05"),
    ],
)
def test_one_run_is_the_same_run_in_every_language(
    tmp_path: Path, language: str, date: str, sport: str, shown: str
) -> None:
    told = export(tmp_path, row({DATE: date, SPORT: sport, SHOWN_KM: shown}), language=language)
    assert told.activities == (THE_RUN,)
    assert (told.fatal, told.skipped) == ((), ())


def test_every_language_knows_twelve_months_and_the_columns_that_a_history_cannot_do_without() -> None:
    for language in LANGUAGES:
        assert sorted(set(language.month_of.values())) == list(range(1, 13)), language.name
        assert {"id", "date", "type", "elapsed_time"} <= language.columns.keys(), language.name


@pytest.mark.parametrize(
    ("date", "hour"),
    [
        ("Aug 2, 2026, 12:20:32 AM", 0),
        ("Aug 2, 2026, 12:20:32 PM", 12),
        ("Aug 2, 2026, 1:20:32\u202fPM", 13),
        ("Aug 2, 2026, 11:20:32 AM", 11),
    ],
)
def test_noon_and_midnight_are_not_confused(tmp_path: Path, date: str, hour: int) -> None:
    assert export(tmp_path, row({DATE: date})).activities[0].start_local == datetime(2026, 8, 2, hour, 20, 32)


@pytest.mark.parametrize(
    ("language", "date", "month"),
    [
        ("nl", "5 mrt. 2024 07:00:00", 3),
        ("nl", "5 mei 2024, 07:00:00", 5),
        ("it", "5 mag 2024, 07:00:00", 5),
        ("it", "5 gen 2024, 07:00:00", 1),
        ("es", "5 de enero de 2024, 07:00:00", 1),
        ("es", "5 sept 2024, 7:00:00\u202fa. m.", 9),
        ("fr", "5 févr. 2024, 07:00:00", 2),
        ("fr", "5 juin 2024, 07:00:00", 6),
        ("fr", "5 juil. 2024, 07:00:00", 7),
        ("de", "05.03.2024, 07:00:00", 3),
        ("de", "5. März 2024, 07:00:00", 3),
        ("en", "5 Sep 2024, 07:00:00", 9),
        ("en", "2024-11-05 07:00:00", 11),
    ],
)
def test_months_are_read_as_each_language_shortens_them(tmp_path: Path, language: str, date: str, month: int) -> None:
    told = export(tmp_path, row({DATE: date}), language=language)
    assert [activity.start_local for activity in told.activities] == [datetime(2024, month, 5, 7)]


def test_times_of_an_export_are_taken_as_they_stand_and_that_is_said_once(tmp_path: Path) -> None:
    told = export(tmp_path, row(), row({ID: "72", DATE: "Aug 4, 2026, 6:20:32 AM"}))
    assert [activity.utc_offset_s for activity in told.activities] == [None, None]
    assert len(told.notes) == 1
    assert "UTC" in told.notes[0].what


def test_the_columns_may_stand_in_any_order(tmp_path: Path) -> None:
    header, cells = HEADERS["nl"], row({DATE: "2 aug 2026, 18:20:32", SPORT: "Hardloopsessie"})
    shuffled = sorted(range(len(header)), key=lambda position: header[position])
    path = tmp_path / "activities.csv"
    path.write_text(table([header[position] for position in shuffled], [cells[position] for position in shuffled]))
    assert read_one(path).activities == (THE_RUN,)


def test_more_columns_than_known_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "activities.csv"
    path.write_text(
        table([*HEADERS["en"], "Vertical Oscillation", "Media"], [*row(), "9.1", "media/1.jpg|media/2.jpg"])
    )
    assert [activity.distance_m for activity in read_one(path).activities] == [10049.5]


def test_the_plain_number_counts_where_a_column_comes_twice(tmp_path: Path) -> None:
    (swim,) = export(tmp_path, row({SPORT: "Swim", SHOWN_KM: "1,600", METRES: "1600.0", SHOWN_TIME: "1"})).activities
    assert (swim.distance_m, swim.elapsed_time_s) == (1600.0, 3700)


def test_where_the_plain_number_is_missing_the_shown_one_counts(tmp_path: Path) -> None:
    (run,) = export(tmp_path, row({METRES: "", ELAPSED: "", MAX_HR: "", SHOWN_HR: "179.0"})).activities
    assert (run.distance_m, run.elapsed_time_s, run.max_hr_bpm) == (10050.0, 3700, 179.0)


def test_an_export_with_kilometres_alone_is_read_in_metres(tmp_path: Path) -> None:
    path = tmp_path / "activities.csv"
    lines = [
        '1,2 aug 2026 18:20:32,Hardloopsessie,3600,"9,72"',
        "2,4 aug 2026 18:20:32,Zwemmen,1800,1.500",
        "3,6 aug 2026 18:20:32,Training,1800,0",
    ]
    path.write_text("\n".join(["Activiteits-ID,Datum van activiteit,Activiteitstype,Verstreken tijd,Afstand", *lines]))
    assert [activity.distance_m for activity in read_one(path).activities] == [9720.0, 1500.0, 0.0]


@pytest.mark.parametrize(
    ("shown", "metres"),
    [("9.75", 9750.0), ("9,72", 9720.0), ("1,600", 1600.0), ("1.500", 1500.0), ("1,234.56", 1234560.0), ("0,00", 0.0)],
)
def test_a_shown_distance_is_kilometres_with_two_decimals_or_metres_of_a_swim(shown: str, metres: float) -> None:
    assert shown_distance(shown) == metres


def test_an_export_of_2018_gives_its_distance_in_metres(tmp_path: Path) -> None:
    path = tmp_path / "activities.csv"
    path.write_text(
        "id,date,name,type,description,elapsed_time,distance,commute,gear,filename\n"
        '9,2018-11-27 19:11:32,Home,Run,"",1468,6075.0,true,shoe,activities/9.fit.gz\n'
    )
    (run,) = read_one(path).activities
    assert (run.start_local, run.distance_m, run.elapsed_time_s) == (datetime(2018, 11, 27, 19, 11, 32), 6075.0, 1468)


def test_sports_get_the_names_that_strava_itself_gives_them() -> None:
    assert ENGLISH.sport("Weight Training") == "WeightTraining"
    assert ENGLISH.sport("Trail Run") == "TrailRun"
    assert ENGLISH.sport("E-Bike Ride") == "EBikeRide"
    assert ENGLISH.sport("Football (Soccer)") == "Soccer"
    assert SPANISH.sport("entrenamiento con  pesas") == "WeightTraining"
    assert GERMAN.sport("Virtueller Lauf") == "VirtualRun"
    assert FRENCH.sport("Trail") == ITALIAN.sport("Trail") == "TrailRun"
    assert GERMAN.sport("Yoga") == "Yoga"


def test_a_sport_nobody_knows_stays_as_it_is(tmp_path: Path) -> None:
    assert export(tmp_path, row({SPORT: "Underwater Hockey"})).activities[0].sport == "Underwater Hockey"


def test_cadence_counts_both_feet_in_a_run_and_is_left_out_on_a_bicycle(tmp_path: Path) -> None:
    told = export(tmp_path, row({CADENCE: "85"}), row({ID: "72", SPORT: "Ride", CADENCE: "85"}))
    assert [activity.cadence_spm for activity in told.activities] == [170.0, None]


def test_a_race_is_known_as_one(tmp_path: Path) -> None:
    told = export(tmp_path, row({RACE: "1.0"}), row({ID: "72", RACE: "0.0"}), row({ID: "73"}))
    assert [activity.race for activity in told.activities] == [True, False, False]


def test_what_strava_holds_no_file_of_was_entered_by_hand(tmp_path: Path) -> None:
    told = export(tmp_path, row(), row({ID: "72", FILE: ""}))
    assert [activity.manual for activity in told.activities] == [False, True]


def test_a_hidden_start_time_is_not_taken_for_a_run_at_midnight(tmp_path: Path) -> None:
    told = export(tmp_path, row({DATE: "Aug 2, 2026, 12:00:01 AM"}), row({ID: "72"}))
    assert [activity.start_time_known for activity in told.activities] == [False, True]


def test_a_description_of_many_lines_with_commas_quotes_and_emoji_stays_one_cell(tmp_path: Path) -> None:
    text = 'Slow, then "fast"\nand up 🏔️\r\n\n, done,'
    told = export(tmp_path, row({TEXT: text}), row({ID: "72", DATE: "no date"}), row({ID: "73"}))
    assert [activity.id for activity in told.activities] == [71, 73]
    assert [problem.line for problem in told.skipped] == [6]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_encodings_that_windows_leaves_behind_are_read(tmp_path: Path, encoding: str) -> None:
    told = export(
        tmp_path,
        row({DATE: "2 août 2026, 18:20:32", SPORT: "Course à pied", TEXT: "été"}),
        language="fr",
        encoding=encoding,
    )
    assert told.activities == (THE_RUN,)


def test_one_broken_byte_in_a_title_does_not_turn_every_accent(tmp_path: Path) -> None:
    path = tmp_path / "activities.csv"
    text = table(HEADERS["fr"], row({DATE: "2 août 2026, 18:20:32", SPORT: "Course à pied", TEXT: "BROKEN"}))
    path.write_bytes(text.encode().replace(b"BROKEN", b"\xf0\x9f\x98"))
    assert read_one(path).activities == (THE_RUN,)


def test_activities_come_in_order_of_start_whatever_the_order_of_the_file(tmp_path: Path) -> None:
    told = export(tmp_path, row({DATE: "Aug 9, 2026, 6:20:32 AM"}), row({ID: "72", DATE: "Aug 2, 2019, 6:20:32 AM"}))
    assert [activity.id for activity in told.activities] == [72, 71]


def test_a_whole_export_is_read_from_its_zip_under_the_name_of_the_zip(tmp_path: Path) -> None:
    path = tmp_path / "export_12.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("export_12/profile.csv", "Athlete ID,First Name\n1,Ada\n")
        archive.writestr("export_12/activities/71.fit.gz", b"\x1f\x8b not read")
        archive.writestr("export_12/activities.csv", table(HEADERS["en"], row({DATE: "Aug 2, 2026, 6:20:32 PM"})))
    told = read_one(path)
    assert (told.name, told.activities, told.fatal) == ("export_12", (THE_RUN,), ())


def test_an_unpacked_export_is_read_under_the_name_of_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "downloads" / "ada"
    (folder / "activities").mkdir(parents=True)
    (folder / "activities" / "71.gpx").write_text("<gpx/>")
    (folder / "messaging.json").write_text('{"messages": []}')
    (folder / "profile.csv").write_text("Athlete ID,First Name\n1,Ada\n")
    (folder / "activities.csv").write_text(table(HEADERS["en"], row({DATE: "Aug 2, 2026, 6:20:32 PM"})))
    for given in (folder, tmp_path):
        (told,) = read_histories([given])
        assert (told.name, told.activities, told.fatal, told.skipped) == ("ada", (THE_RUN,), (), ())
