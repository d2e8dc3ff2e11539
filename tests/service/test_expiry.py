"""What has an end: Strava's data after seven days without a confirmation, old pushes, old sessions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from integrations.strava.simulator import Fault
from service import expiry
from tests.service.tables import tables
from tests.world import NOON, World, ordinary_weeks, run, world

TUESDAY = datetime(2026, 6, 2, 7)
DAY = timedelta(days=1)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path, ordinary_weeks(NOON), poll_minutes=2880) as built:
        built.connect()
        yield built


def a_day_passes(home: World) -> None:
    home.clock.advance(DAY)
    home.simulator.release_due()
    home.work()
    expiry.sweep(home.service)


def test_what_strava_confirms_stays(home):
    for _ in range(12):
        a_day_passes(home)
    assert len(home.held) == 35


def test_what_strava_has_not_confirmed_for_seven_days_is_deleted(home):
    home.simulator.faults.fail_next("list", Fault.UNAVAILABLE, times=100)
    for _ in range(7):
        a_day_passes(home)
    assert len(home.held) == 35
    home.clock.advance(timedelta(seconds=1))
    expiry.sweep(home.service)
    assert home.held == []


def test_when_strava_answers_again_the_runs_are_back_and_none_of_them_alerts(home):
    home.arrives(run(TUESDAY, 12))
    home.simulator.faults.fail_next("list", Fault.UNAVAILABLE, times=8)
    for _ in range(9):
        a_day_passes(home)
    assert home.held == []
    a_day_passes(home)
    assert len(home.held) == 36
    assert home.told() == []
    assert len(home.told("welcome")) == 1


def test_an_alert_outlives_the_run_that_expired(home):
    home.arrives(run(TUESDAY, 21))
    home.simulator.faults.fail_next("list", Fault.UNAVAILABLE, times=9)
    for _ in range(10):
        a_day_passes(home)
    assert len(home.told()) == 1
    assert home.withdrawn == []


def test_a_runner_who_stopped_running_is_no_runner_whose_runs_expired(tmp_path):
    with world(tmp_path, [], poll_minutes=2880) as home:
        home.connect()
        for _ in range(20):
            a_day_passes(home)
        home.arrives(run(datetime(2026, 6, 22, 7), 5))
        assert len(home.told("receipt")) == 1


def test_pushes_that_are_done_are_forgotten_after_seven_days(home):
    with home.service.store.transaction() as tx:
        tx.push_events.add(1, "one", 15_000_000_001, "update", home.clock())
    home.read_again()
    home.clock.advance(7 * DAY)
    expiry.sweep(home.service)
    assert len(tables(home.service)["push_events"]) == 1
    home.clock.advance(timedelta(seconds=1))
    expiry.sweep(home.service)
    assert tables(home.service)["push_events"] == []


def test_sessions_end_at_their_time(home):
    now = home.service.wall()
    with home.service.store.transaction() as tx:
        tx.sessions.start(1, now, now + DAY)
        lasting = tx.sessions.start(1, now, now + 3 * DAY)
    home.clock.advance(DAY)
    expiry.sweep(home.service)
    assert len(tables(home.service)["sessions"]) == 1
    with home.service.store.transaction() as tx:
        assert tx.sessions.athlete(lasting, home.service.wall()) == 1
