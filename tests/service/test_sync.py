"""One sync: who may do it, what it takes in, when the next one is, and what is left when something breaks."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from integrations.channels.message import Message
from integrations.strava.simulator import Fault, SimulatedAthlete
from service import connect, reading, sync, zones
from service.store.records import Claim
from tests.service.tables import tables
from tests.world import ALL_SCOPES, NOON, RUNNER, World, ordinary_weeks, run, world

TUESDAY = datetime(2026, 6, 2, 7)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path, ordinary_weeks(NOON), poll_minutes=60) as built:
        built.connect()
        yield built


def claim(home: World) -> Claim | None:
    with home.service.store.transaction() as tx:
        return tx.connections.claim_due(home.clock(), home.service.wall(), sync.LEASE)


def make_due(home: World) -> None:
    with home.service.store.transaction() as tx:
        tx.connections.nudge(1, home.clock())


# The claim


def test_nobody_is_synced_before_they_are_due(home):
    assert sync.sweep(home.service) == 0
    home.clock.advance(59 * MINUTE)
    assert sync.sweep(home.service) == 0
    home.clock.advance(MINUTE)
    assert sync.sweep(home.service) == 1


def test_while_one_syncs_nobody_else_does(home):
    make_due(home)
    first = claim(home)
    assert first is not None
    assert sync.sweep(home.service) == 0
    sync.sync(home.service, first)
    assert home.connection.synced_at == home.clock()


def test_a_claim_of_the_dead_ends_with_its_lease(home):
    make_due(home)
    assert claim(home) is not None
    home.clock.advance(sync.LEASE)
    assert sync.sweep(home.service) == 1


def test_who_lost_the_claim_writes_nothing(home):
    make_due(home)
    slow = claim(home)
    assert slow is not None
    window = reading.read_window(home.service, slow)
    home.clock.advance(sync.LEASE)
    home.add(run(datetime(2026, 6, 1, 10), 9))
    assert sync.sweep(home.service) == 1
    before = tables(home.service)
    sync.take_in(home.service, slow, window)
    assert tables(home.service) == before
    assert len(home.held) == 36


def second_runner(home: World) -> None:
    home.simulator.add_athlete(SimulatedAthlete(RUNNER + 1, activities=(run(datetime(2026, 5, 30, 7), 5),)))
    invitation = connect.new_invitation(home.service).rpartition("/")[2]
    draft = connect.Draft(state="state", adult=True, invitation=invitation)
    code = home.simulator.approve(RUNNER + 1)
    connect.complete(home.service, draft, connect.Answer(state="state", code=code, scope=",".join(ALL_SCOPES)))


def test_two_runners_are_synced_each_under_a_claim_of_their_own(home):
    second_runner(home)
    make_due(home)
    assert sync.sweep(home.service) == 2
    held = tables(home.service)["activities"]
    assert {athlete: len([row for row in held if row["athlete_id"] == athlete]) for athlete in (1, 2)} == {1: 35, 2: 1}


def test_what_concerns_one_runner_alone_holds_up_no_other(home):
    second_runner(home)
    make_due(home)
    home.simulator.revoke(RUNNER)
    assert sync.sweep(home.service) == 2
    with home.service.store.transaction() as tx:
        states = [connection.state for connection in tx.connections.athletes()]
    assert sorted(states) == ["connected", "sign-in-again"]


def test_what_concerns_the_whole_installation_is_met_once_and_then_nobody_asks_for_an_hour(home):
    second_runner(home)
    make_due(home)
    home.simulator.faults.inactive = True
    before = len(home.simulator.calls)
    assert sync.sweep(home.service) == 1
    home.clock.advance(59 * MINUTE)
    assert sync.sweep(home.service) == 0
    assert len(home.simulator.calls) == before + 1
    home.simulator.faults.inactive = False
    home.clock.advance(MINUTE)
    assert sync.sweep(home.service) == 2


# The window


def test_the_window_is_26_weeks_and_4_days_long_with_both_ends_named(home):
    call = home.simulator.calls_to("list")[-1]
    after, before = (datetime.fromtimestamp(int(call.query[name]), UTC) for name in ("after", "before"))
    assert home.clock() - after == timedelta(weeks=26, days=4)
    assert before > home.clock()
    assert (call.query["page"], call.query["per_page"]) == ("1", "200")


def test_pages_of_200_are_asked_for_until_one_is_short(tmp_path):
    many = [run(datetime(2026, 5, 31, 6) - timedelta(hours=8 * n), 3) for n in range(401)]
    with world(tmp_path, many) as home:
        home.connect()
        assert [call.query["page"] for call in home.simulator.calls_to("list")] == ["1", "2", "3"]
        assert len(home.held) == 401


def test_an_import_shows_how_far_it_is(tmp_path):
    many = [run(datetime(2026, 5, 31, 6) - timedelta(hours=8 * n), 3) for n in range(401)]
    with world(tmp_path, many) as home:
        home.simulator.faults.fail_next("list", Fault.UNAVAILABLE, after=2)
        home.connect()
        assert (home.connection.import_seen, home.connection.imported_at) == (400, None)
        assert 0 < home.connection.import_share < 0.95
        home.live(minutes=2)
        assert home.connection.import_share == 1.0


def test_what_is_held_is_what_strava_lists(home):
    home.simulator.delete_activity(RUNNER, home.held[10])
    (new,) = home.add(run(datetime(2026, 6, 1, 10), 9))
    home.read_again()
    assert home.held == home.simulator.activity_ids(RUNNER)
    assert new in home.held


def test_a_run_keeps_how_it_came_in_through_every_edit(home):
    def came_in(run_id: int) -> dict[str, Any]:
        (row,) = (row for row in tables(home.service)["activities"] if row["id"] == run_id)
        return {name: row[name] for name in ("imported", "first_seen_at", "judged_at")}

    imported, new = home.held[0], home.arrives(run(TUESDAY, 9))[0]
    before = came_in(imported), came_in(new)
    home.edit(imported, distance=9_000.0)
    home.edit(new, distance=8_000.0)
    home.live(hours=2)
    assert (came_in(imported), came_in(new)) == before


def test_a_window_that_did_not_change_is_confirmed_and_not_judged_again(home):
    home.arrives(run(TUESDAY, 21))
    before = tables(home.service)
    home.clock.advance(60 * MINUTE)
    home.work()
    after = tables(home.service)
    assert after["findings"] == before["findings"]
    assert {row["confirmed_at"] for row in after["activities"]} == {home.clock()}


# When the next one is


def test_the_next_sync_is_when_the_schedule_says(home):
    assert home.connection.sync_due_at == home.clock() + 60 * MINUTE


def test_the_next_sync_is_when_a_new_run_has_settled_if_that_is_earlier(tmp_path):
    with world(tmp_path, ordinary_weeks(NOON), settle_minutes=30, poll_minutes=60) as home:
        home.connect()
        home.add(run(datetime(2026, 6, 1, 10), 21))
        home.read_again()
        assert home.connection.sync_due_at == home.clock() + 30 * MINUTE


# When something breaks


def test_a_fault_of_ours_is_logged_and_tried_again_and_the_other_runners_go_on(home, caplog):
    def broken() -> str:
        raise RuntimeError("a fault of ours")

    home.add(run(datetime(2026, 6, 1, 10), 21))
    make_due(home)
    assert sync.sweep(replace(home.service, new_id=broken)) == 1
    assert home.connection.attempts == 1
    assert any(record.levelno == logging.ERROR for record in caplog.records)
    assert len(home.held) == 35  # the transaction was rolled back as a whole
    home.live(minutes=2)
    assert len(home.told()) == 1


def test_what_is_logged_of_a_sync_has_no_token_and_no_name(home, caplog):
    caplog.set_level(logging.DEBUG)
    home.edit(home.held[0], name="Lunch with Robin", average_heartrate="?")
    home.simulator.expire_access(RUNNER)
    home.read_again()
    grant = home.simulator.connection(RUNNER)
    assert grant is not None
    assert "sync athlete=1 activities=35 pages=1" in caplog.text
    for secret in ("Robin", grant.access.token, grant.refresh_token, home.simulator.client_secret):
        assert secret not in caplog.text


def test_the_runner_is_told_of_a_lost_connection_in_the_inbox_and_by_every_destination(home):
    home.simulator.revoke(RUNNER)
    home.read_again()
    message: Message
    (message,) = home.told("connection")
    assert message in home.inbox


# Where the runner is


@pytest.mark.parametrize(
    ("zone", "known"), [("Europe/Berlin", True), ("Mars/Base", False), ("../etc", False), ("", False)]
)
def test_a_zone_that_this_machine_does_not_know_is_none(zone, known):
    assert zones.is_known(zone) is known


def test_the_zone_follows_the_latest_run_that_names_one(home):
    assert home.athlete.time_zone == "Europe/Berlin"
    (abroad,) = home.arrives(run(TUESDAY, 9, time_zone="Asia/Tokyo"))
    assert home.athlete.time_zone == "Asia/Tokyo"
    home.edit(abroad, timezone="(GMT+09:00) Somewhere/Else")
    home.read_again()
    assert home.athlete.time_zone == "Europe/Berlin"
