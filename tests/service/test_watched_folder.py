"""The watched folder: what lies still is taken in and moved beside its report; nothing is lost on the way."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from service import intake, watched_folder
from service.bootstrap import Service
from service.store.records import NewAthlete
from tests.own_files import export_zip, gpx, season
from tests.world import NOON, World, world

MORNING = datetime(2026, 5, 30, 6)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "inbox"
    made.mkdir()
    return made


@pytest.fixture
def home(tmp_path: Path, folder: Path) -> Iterator[World]:
    with world(tmp_path / "data") as built:
        settings = built.service.settings.model_copy(update={"inbox_dir": folder})
        yield replace(built, service=replace(built.service, settings=settings))


def joins(service: Service, email: str | None = None) -> int:
    with service.store.transaction() as tx:
        athlete = tx.accounts.create(NewAthlete(None, NOON, "km", 0, "en"))
        if email:
            tx.accounts.change(athlete.id, email=email)
    return athlete.id


def own(service: Service, athlete_id: int = 1) -> int:
    with service.store.transaction() as tx:
        return tx.own.count(athlete_id)


def looks(service: Service, times: int = 2) -> list[int]:
    return [watched_folder.sweep(service) for _ in range(times)]


def test_a_file_is_taken_at_the_second_look_and_moved_beside_its_report(home, folder):
    joins(home.service)
    export_zip(folder / "export.zip", season(NOON, weeks=4))
    assert looks(home.service, 3) == [0, 1, 0]
    assert own(home.service) == 14
    assert sorted(str(file.relative_to(folder)) for file in folder.rglob("*.*")) == [
        "done/export.zip",
        "done/export.zip.txt",
    ]
    assert (folder / "done/export.zip.txt").read_text() == "export.zip: 14 new, 0 known before, 0 left out\n"


def test_a_file_that_is_still_written_waits(home, folder):
    joins(home.service)
    file = gpx(folder / "run.gpx", MORNING, 5.0)
    looks(home.service, 1)
    file.write_text(file.read_text() + " ")
    assert looks(home.service) == [0, 1]
    touched = gpx(folder / "other.gpx", MORNING, 6.0)
    looks(home.service, 1)
    os.utime(touched, ns=(1, 1))
    assert looks(home.service) == [0, 1]
    assert own(home.service) == 2


def test_what_cannot_be_read_is_refused_with_the_reason_beside_it(home, folder):
    joins(home.service)
    (folder / "diary.txt").write_text("dear diary")
    looks(home.service)
    assert (folder / "refused/diary.txt").read_text() == "dear diary"
    assert "Strava export" in (folder / "refused/diary.txt.txt").read_text()


def test_a_crash_leaves_the_file_for_the_next_look_and_nothing_doubles(home, folder, monkeypatch):
    joins(home.service)
    gpx(folder / "run.gpx", MORNING, 5.0)
    with monkeypatch.context() as broken:
        broken.setattr(Path, "rename", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            looks(home.service)
    assert (folder / "run.gpx").exists()
    assert looks(home.service, 1) == [1]
    assert (own(home.service), (folder / "done/run.gpx").exists()) == (1, True)


def test_a_reading_that_broke_off_is_ended_and_can_be_repeated(home, folder, monkeypatch):
    joins(home.service)
    path = export_zip(folder / "export.zip", season(NOON, weeks=4))
    reading = intake.read_runs

    def breaks(*args, **given):
        for number, item in enumerate(reading(*args, **given)):
            if number == 9:
                raise KeyboardInterrupt
            yield item

    monkeypatch.setattr(intake, "BATCH", 5)
    monkeypatch.setattr(intake, "read_runs", breaks)
    with pytest.raises(KeyboardInterrupt):
        looks(home.service)
    home.clock.advance(intake.LEASE)
    intake.sweep(home.service)
    with home.service.store.transaction() as tx:
        (lost,) = tx.intakes.of(1)
        assert (lost.state, tx.intakes.problems(lost.id)[-1][1]) == (
            "failed",
            "reading broke off; hand in the same file again",
        )
    monkeypatch.setattr(intake, "read_runs", reading)
    assert looks(home.service, 1) == [1]
    assert (own(home.service), path.exists()) == (14, False)


def test_an_earlier_file_of_the_same_name_is_kept(home, folder):
    joins(home.service)
    for km in (5.0, 6.0):
        gpx(folder / "run.gpx", MORNING, km)
        looks(home.service)
    assert sorted(file.name for file in (folder / "done").glob("*.gpx")) == ["run-2.gpx", "run.gpx"]


def test_of_several_runners_each_has_a_subfolder_by_number_or_address(home, folder):
    first, second = joins(home.service), joins(home.service, "kim@example.org")
    for name in ("1", "kim", "somebody"):
        (folder / name).mkdir()
        gpx(folder / name / "run.gpx", MORNING, 5.0)
    gpx(folder / "whose.gpx", MORNING, 5.0)
    assert looks(home.service) == [0, 2]
    assert (own(home.service, first), own(home.service, second)) == (1, 1)
    assert (folder / "whose.gpx").exists()
    assert (folder / "somebody/run.gpx").exists()


def test_links_and_hidden_files_are_left_alone(home, folder, tmp_path):
    joins(home.service)
    gpx(tmp_path / "elsewhere.gpx", MORNING, 5.0)
    (folder / "link.gpx").symlink_to(tmp_path / "elsewhere.gpx")
    gpx(folder / ".part.gpx", MORNING, 5.0)
    assert looks(home.service) == [0, 0]


def test_without_the_setting_or_the_folder_nothing_happens(home, folder, tmp_path):
    joins(home.service)
    none = replace(home.service, settings=home.service.settings.model_copy(update={"inbox_dir": None}))
    gone = replace(home.service, settings=home.service.settings.model_copy(update={"inbox_dir": tmp_path / "no"}))
    assert looks(none) == looks(gone) == [0, 0]
