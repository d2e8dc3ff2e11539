"""Runs without Strava: an export at first, then a file a day; alerts, digest and range come all the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from integrations.archive import read_runs
from integrations.archive.model import Item
from service import connect, intake, leaving
from service.store.records import Athlete, Intake, NewAthlete
from service.web.outlook import outlook
from service.web.watching import watching
from tests.own_files import export_zip, gpx, season, tcx
from tests.service.store.databases import new_postgres_database
from tests.world import ALL_SCOPES, NOON, RUNNER, World, ordinary_weeks, run, world

TUESDAY = datetime(2026, 6, 2, 6)
DAY = timedelta(days=1)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """An installation that Strava knows nothing of yet."""
    if request.param == "sqlite":
        with world(tmp_path / "data") as built:
            yield built
        return
    with new_postgres_database() as url, world(tmp_path / "data", database_url=url) as built:
        yield built


def joins(home: World) -> Athlete:
    """A runner who did not connect Strava, with somewhere to send messages."""
    with home.service.store.transaction() as tx:
        athlete = tx.accounts.create(NewAthlete(None, home.clock(), "km", 0, "en"))
        tx.deliveries.add_destination(athlete.id, "recorder", "recorder", "{}", "active", home.clock())
    return athlete


def hands_in(home: World, path: Path) -> Intake:
    """Take in a file now and let what follows from it go out."""
    begun = intake.begin(home.service, 1, path.name, path.stat().st_size)
    done = intake.take_in(home.service, begun, path)
    home.work()
    return done


def counted(done: Intake) -> tuple[int, int, int, int]:
    return done.found, done.added, done.known, done.skipped


def own_runs(home: World) -> int:
    with home.service.store.transaction() as tx:
        return tx.own.count(1)


def report(home: World, done: Intake) -> list[str]:
    with home.service.store.transaction() as tx:
        return [line for _kind, line in tx.intakes.problems(done.id)]


def runs_seen(home: World) -> list[float]:
    """The kilometres of all runs that count, oldest first."""
    athlete = home.athlete
    with home.service.store.transaction() as tx:
        seen = outlook(home.service, tx, athlete).history.runs
    return [round(one.distance_m / 1000, 1) for one in seen]


def test_a_runner_without_strava_gets_alert_digest_and_range(home, tmp_path):
    athlete = joins(home)
    done = hands_in(home, export_zip(tmp_path / "export.zip", season(NOON, weeks=20)))
    assert (done.state, counted(done)) == ("done", (70, 70, 0, 0))
    (welcome,) = home.told("welcome")
    assert welcome.subject == "70 runs read from your files"
    assert home.told() == []

    for number, (start, km) in enumerate([(TUESDAY, 10.0), (TUESDAY + 2 * DAY, 16.0), (TUESDAY + 4 * DAY, 9.0)]):
        home.live_until((start + timedelta(hours=3)).replace(tzinfo=NOON.tzinfo))
        write = gpx if number % 2 else tcx
        assert counted(hands_in(home, write(tmp_path / f"{number}.xml", start, km)))[:2] == (1, 1)

    (alert,) = home.told("alert")
    assert alert.data["run"]["distance_m"] == pytest.approx(16_000, abs=50)
    assert not [link for section in alert.sections for link in section.links if link.role == "strava"]
    home.live(days=3)
    (digest,) = home.told("digest")
    # Sunday's run was handed in after that Sunday's digest would have gone out, so it stands in this one.
    assert digest.subject.startswith("4 runs, 44.")
    with home.service.store.transaction() as tx:
        days = outlook(home.service, tx, athlete).ranges
        shown = watching(home.service, tx, athlete)
    assert all(one.waits_for is None for one in days)
    assert all(one.reads for one in shown.rules)
    assert shown.limits == ("Strava is not connected: only the runs that you hand in are read.",)


def test_own_runs_stay_where_stravas_would_have_expired(home, tmp_path):
    joins(home)
    hands_in(home, export_zip(tmp_path / "export.zip", season(NOON, weeks=20)))
    home.live(days=40)
    assert own_runs(home) == 70
    assert len(home.told("digest")) == 5
    assert "No runs handed in" in home.told("digest")[-2].subject


def test_the_same_export_twice_adds_nothing_and_says_so(home, tmp_path):
    joins(home)
    path = export_zip(tmp_path / "export.zip", season(NOON, weeks=10))
    hands_in(home, path)
    sent = len(home.recorder.sent)
    assert counted(hands_in(home, path)) == (35, 0, 35, 0)
    assert own_runs(home) == 35
    assert len(home.recorder.sent) == sent


def test_a_recording_of_a_run_that_the_export_holds_counts_once(home, tmp_path):
    joins(home)
    runs = season(NOON, weeks=10)
    hands_in(home, export_zip(tmp_path / "export.zip", runs))
    before = runs_seen(home)
    done = hands_in(home, gpx(tmp_path / "watch.gpx", runs[-1][0] + timedelta(minutes=2), runs[-1][1]))
    assert counted(done) == (1, 1, 0, 0)
    assert runs_seen(home) == before


def test_a_run_told_from_its_file_is_not_told_again_when_strava_brings_it(home, tmp_path):
    home.add(*ordinary_weeks(NOON))
    home.connect()
    home.live_until((TUESDAY + timedelta(hours=2)).replace(tzinfo=NOON.tzinfo))
    hands_in(home, gpx(tmp_path / "long.gpx", TUESDAY, 16.0))
    assert len(home.told()) == 1
    # By the wall clock in Berlin this is the same moment.
    home.arrives(run(TUESDAY + timedelta(hours=2), 16.0, moving_time_s=5760, elapsed_time_s=5760))
    home.live(days=1)
    assert len(home.told()) == 1
    assert runs_seen(home)[-2:] == [10.0, 16.0]
    assert next(one.run.id > 0 for one in home.findings if one.rule == "run-spike")
    assert home.withdrawn == []


def test_a_run_told_from_strava_is_not_told_again_when_its_file_comes(home, tmp_path):
    home.add(*ordinary_weeks(NOON))
    home.connect()
    home.arrives(run(TUESDAY + timedelta(hours=2), 16.0, moving_time_s=5760, elapsed_time_s=5760))
    assert len(home.told()) == 1
    assert counted(hands_in(home, gpx(tmp_path / "long.gpx", TUESDAY, 16.0))) == (1, 1, 0, 0)
    home.live(days=1)
    assert len(home.told()) == 1
    assert runs_seen(home)[-2:] == [10.0, 16.0]


def test_a_file_steps_in_for_a_run_deleted_at_strava_and_what_was_told_stays(home, tmp_path):
    home.add(*ordinary_weeks(NOON))
    home.connect()
    (uploaded,) = home.arrives(run(TUESDAY + timedelta(hours=2), 16.0, moving_time_s=5760, elapsed_time_s=5760))
    hands_in(home, gpx(tmp_path / "long.gpx", TUESDAY, 16.0))
    home.simulator.delete_activity(RUNNER, uploaded)
    home.read_again()
    assert runs_seen(home)[-2:] == [10.0, 16.0]
    assert len(home.told()) == 1
    assert home.withdrawn == []


def test_disconnecting_strava_keeps_own_runs_and_the_digest_and_repeats_nothing(home, tmp_path):
    home.add(*ordinary_weeks(NOON))
    athlete = home.connect()
    hands_in(home, export_zip(tmp_path / "export.zip", season(NOON, weeks=10, km=9.0)[:-3]))
    home.live_until((TUESDAY + timedelta(hours=2)).replace(tzinfo=NOON.tzinfo))
    hands_in(home, gpx(tmp_path / "long.gpx", TUESDAY, 16.0))
    assert len(home.told()) == 1
    leaving.disconnect(home.service, athlete)
    home.live(days=8)
    assert own_runs(home) == 33
    assert len(home.told()) == 1
    assert len(home.told("digest")) == 1
    leaving.delete_account(home.service, athlete)
    assert own_runs(home) == 0


class PowerCut(Exception):
    """The machine stops."""


def test_a_file_broken_off_in_the_middle_goes_on_where_it_was(home, tmp_path, monkeypatch):
    joins(home)
    monkeypatch.setattr(intake, "BATCH", 10)
    path = export_zip(tmp_path / "export.zip", season(NOON, weeks=20))
    spooled = intake.spool_folder(home.service) / "spooled"
    path.rename(spooled)
    begun = intake.begin(home.service, 1, "export.zip", spooled.stat().st_size, "spooled")

    def stops(*args: object, **given: object) -> Iterator[Item]:
        for number, item in enumerate(read_runs(*args, **given)):  # type: ignore[arg-type]
            if number == 35:
                raise PowerCut
            yield item

    monkeypatch.setattr(intake, "read_runs", stops)
    with pytest.raises(PowerCut):
        intake.take_in(home.service, begun, spooled)
    kept = own_runs(home)
    assert 20 < kept <= 35
    assert runs_seen(home) == []

    read_from: list[int] = []

    def goes_on(*args: object, **given: object) -> Iterator[Item]:
        read_from.append(int(str(given["start_at"])))
        return read_runs(*args, **given)  # type: ignore[arg-type]

    monkeypatch.setattr(intake, "read_runs", goes_on)
    assert intake.sweep(home.service) == 0  # its lease still runs
    intake.resume(home.service)
    assert intake.sweep(home.service) == 1
    with home.service.store.transaction() as tx:
        (done,) = tx.intakes.of(1)
    assert (done.state, counted(done)) == ("done", (70, 70, 0, 0))
    assert read_from == [kept]
    assert (len(runs_seen(home)), list(spooled.parent.iterdir())) == (70, [])
    home.work()
    assert len(home.told("welcome")) == 1


def test_while_a_file_is_read_nothing_of_it_counts(home, tmp_path, monkeypatch):
    """The long run comes first in the file: against nothing else it would be more than ever."""
    home.add(*ordinary_weeks(NOON, km=5.0))
    home.connect()
    monkeypatch.setattr(intake, "BATCH", 1)
    yesterday = (NOON - DAY).replace(hour=17, tzinfo=None)
    earlier = [(start.replace(hour=17), 12.0) for start, _ in season(NOON - DAY, weeks=10)]
    path = export_zip(tmp_path / "export.zip", [(yesterday, 12.0), *earlier])
    syncs: list[int] = []

    def with_a_sync(*args: object, **given: object) -> Iterator[Item]:
        for number, item in enumerate(read_runs(*args, **given)):  # type: ignore[arg-type]
            yield item
            if number == 2:
                home.add(run(datetime(2026, 6, 1, 8), 5.1))
                home.read_again()
                syncs.append(number)

    monkeypatch.setattr(intake, "read_runs", with_a_sync)
    done = hands_in(home, path)
    assert (syncs, counted(done)) == ([2], (36, 36, 0, 0))
    home.live(hours=2)
    assert home.told() == []


def test_what_cannot_be_read_is_named_with_the_reason_and_the_rest_is_kept(home, tmp_path):
    joins(home)
    folder = tmp_path / "files"
    folder.mkdir()
    gpx(folder / "good.gpx", TUESDAY - DAY, 10.0)
    (folder / "broken.gpx").write_text("<gpx><trk><trkseg><trkpt")
    done = hands_in(home, folder)
    assert (done.state, counted(done)) == ("done", (1, 1, 0, 1))
    assert any("broken.gpx" in line for line in report(home, done))
    (tmp_path / "holiday.txt").write_text("dear diary")
    failed = hands_in(home, tmp_path / "holiday.txt")
    assert (failed.state, counted(failed)) == ("failed", (0, 0, 0, 1))
    assert "Strava export" in report(home, failed)[0]
    assert own_runs(home) == 1


def test_an_old_file_says_nothing_and_a_deleted_run_takes_back_what_was_said(home, tmp_path):
    athlete = joins(home)
    hands_in(home, export_zip(tmp_path / "export.zip", season(NOON, weeks=20)))
    hands_in(home, gpx(tmp_path / "old.gpx", (NOON - 3 * DAY).replace(hour=17, tzinfo=None), 30.0))
    assert home.told() == []
    with home.service.store.transaction() as tx:
        (old,) = (one.activity.id for one in tx.own.newest(1, 10) if (one.activity.distance_m or 0) > 20_000)
    intake.delete(home.service, athlete, old)
    home.live_until((TUESDAY + timedelta(hours=2)).replace(tzinfo=NOON.tzinfo))
    hands_in(home, gpx(tmp_path / "new.gpx", TUESDAY, 16.0))
    assert len(home.told()) == 1
    assert intake.delete_all(home.service, athlete) == 71
    assert len(home.withdrawn) == 1
    assert runs_seen(home) == []


def test_who_connects_strava_later_keeps_the_account_and_the_own_runs_move_to_its_clock(home, tmp_path):
    athlete = joins(home)
    late_evening = [(start.replace(hour=22, minute=30), km) for start, km in season(NOON - DAY, weeks=10)]
    hands_in(home, export_zip(tmp_path / "export.zip", late_evening))
    home.add(run(datetime(2026, 5, 31, 8), 5.0))
    code = home.simulator.approve(RUNNER, ALL_SCOPES)
    draft = connect.Draft(state="state")
    answer = connect.Answer(state="state", code=code, scope=",".join(ALL_SCOPES))
    connected = connect.complete(home.service, draft, answer, athlete)
    home.work()
    assert (connected.athlete.id, connected.is_new, home.athlete.time_zone) == (1, False, "Europe/Berlin")
    with home.service.store.transaction() as tx:
        assert tx.accounts.count() == 1
        own = {item.activity.start_local.time() for item in tx.own.newest(1, 100)}
    assert own <= {time(0, 30), time(23, 30)}
    assert runs_seen(home)[-1] == 5.0
    assert len(home.told("welcome")) == 1
