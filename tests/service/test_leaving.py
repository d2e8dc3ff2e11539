"""The two exits leave exactly what they promise: every table is looked into."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from integrations.strava.mapping import Gear
from integrations.strava.simulator import Fault
from rules.diary import CheckIn, Effort
from service import connect, intake, leaving, push, sync
from service.store.records import Claim, NewAthlete
from tests.own_files import gpx
from tests.service.tables import filled, mentions, tables
from tests.world import NOON, RUNNER, World, ordinary_weeks, run, world

TUESDAY = datetime(2026, 6, 2, 7)


@pytest.fixture
def lived_in(tmp_path: Path) -> Iterator[World]:
    """A runner with something in every table."""
    with world(tmp_path, ordinary_weeks(NOON), poll_minutes=2880) as home:
        athlete = home.connect()
        now = home.clock()
        home.arrives(run(TUESDAY, 21), run(TUESDAY + timedelta(days=1), 12))
        home.simulator.delete_activity(RUNNER, home.held[0])
        home.read_again()
        newest = home.held[-1]
        push.push_secrets(home.service)
        connect.new_invitation(home.service)
        with home.service.store.transaction() as tx:
            tx.accounts.change(athlete.id, units="mi", email="anna@example.org", upper_back=True)
            tx.accounts.new_code("sign-in", athlete.id, now + timedelta(minutes=15), not_before=now)
            tx.sessions.start(athlete.id, now, now + timedelta(days=30))
            tx.push_events.add(athlete.id, "a-push", 15_000_000_001, "create", now)
            tx.diary.add(athlete.id, CheckIn(TUESDAY, "knee", 2), now)
            tx.diary.add(athlete.id, Effort(newest, 6, TUESDAY), now)
            tx.shoes.put(athlete.id, {"g1": Gear("g1", "Long Road", 430_000)}, now)
        yield home


@pytest.fixture
def with_files(lived_in: World, tmp_path: Path) -> World:
    """The same runner, who handed in files and let programs do so, too; one file still waits."""
    path = gpx(tmp_path / "a.gpx", TUESDAY - timedelta(days=30), 5.0)
    intake.take_in(lived_in.service, intake.begin(lived_in.service, 1, "a.gpx", 1), path)
    (intake.spool_folder(lived_in.service) / "waiting").write_text("dear diary")
    waits = intake.begin(lived_in.service, 1, "b.txt", 1, "waiting")
    with lived_in.service.store.transaction() as tx:
        tx.intakes.add_problems(waits.id, [("skipped", "line 1")])
        tx.api_tokens.new(1, lived_in.clock())
        tx.api_tokens.new_link(1, lived_in.clock() + timedelta(days=1))
    return lived_in


def test_there_is_something_in_every_table_before_anybody_leaves(with_files):
    assert filled(with_files.service) == set(tables(with_files.service))


def test_disconnecting_keeps_what_the_runner_handed_in_and_says_no_more_of_it(with_files):
    before = tables(with_files.service)
    leaving.disconnect(with_files.service, with_files.athlete)
    after = tables(with_files.service)
    for name in ("intakes", "intake_problems", "api_tokens", "sign_in_links"):
        assert after[name] == before[name], name
    assert after["own_activities"] == [row | {"imported": True} for row in before["own_activities"]]
    assert after["athletes"] == [before["athletes"][0] | leaving.GOES_ON]
    assert (intake.spool_folder(with_files.service) / "waiting").exists()


def test_disconnecting_deletes_what_came_from_strava_and_what_was_derived_from_it(lived_in):
    ids = lived_in.held
    leaving.disconnect(lived_in.service, lived_in.athlete)
    left = tables(lived_in.service)
    for name in ("connections", "activities", "push_events", "findings", "shoes", "seen_runs"):
        assert left[name] == [], name
    assert [message["kind"] for message in left["messages"]] == ["connection"]
    assert {row["message_id"] for row in left["deliveries"]} == {left["messages"][0]["id"]}
    with lived_in.service.store.transaction() as tx:
        assert [type(entry) for _id, entry in tx.diary.entries(1)] == [CheckIn]
    assert mentions(lived_in.service, RUNNER, *ids, "Europe/Berlin", "21.0") == set()


def test_disconnecting_keeps_the_runners_own_entries_and_settings(lived_in):
    before = tables(lived_in.service)
    leaving.disconnect(lived_in.service, lived_in.athlete)
    after = tables(lived_in.service)
    for name in ("destinations", "sessions", "codes", "invitations", "instance"):
        assert after[name] == before[name], name
    assert after["athletes"] == [before["athletes"][0] | leaving.FORGOTTEN]
    assert lived_in.athlete.units == "mi"
    assert lived_in.athlete.email == "anna@example.org"


def test_the_receipt_of_a_disconnect_counts_what_was_deleted_and_is_sent(lived_in):
    before = tables(lived_in.service)
    deleted = leaving.disconnect(lived_in.service, lived_in.athlete)
    lived_in.work()
    counts = {name: len(before[name]) for name in ("activities", "findings", "messages")}
    assert {name: getattr(deleted, name) for name in counts} == counts
    assert deleted.activities == 36
    (receipt,) = lived_in.told("connection")
    assert receipt.data == {"deleted": counts}


@pytest.mark.parametrize("leave", [leaving.disconnect, leaving.delete_account])
def test_the_access_is_ended_at_strava_too(lived_in, leave):
    deleted = leave(lived_in.service, lived_in.athlete)
    assert deleted.revoked
    assert [call.status for call in lived_in.simulator.calls_to("revoke")] == [200]
    assert lived_in.simulator.connection(RUNNER) is None


@pytest.mark.parametrize("leave", [leaving.disconnect, leaving.delete_account])
def test_if_strava_cannot_confirm_the_end_all_is_deleted_here_and_the_runner_is_told(lived_in, leave):
    lived_in.simulator.faults.fail_next("revoke", Fault.UNAVAILABLE)
    deleted = leave(lived_in.service, lived_in.athlete)
    assert not deleted.revoked
    assert tables(lived_in.service)["activities"] == []


def test_a_receipt_without_stravas_confirmation_says_what_to_do(lived_in):
    lived_in.simulator.faults.fail_next("revoke", Fault.UNAVAILABLE)
    leaving.disconnect(lived_in.service, lived_in.athlete)
    assert "My Apps" in str(lived_in.inbox[-1].model_dump())


def test_deleting_the_account_deletes_files_that_wait(with_files):
    leaving.delete_account(with_files.service, with_files.athlete)
    assert filled(with_files.service) == {"invitations", "instance", "quota_windows"}
    assert list(intake.spool_folder(with_files.service).iterdir()) == []


def test_deleting_the_account_leaves_nothing_of_the_runner(lived_in):
    ids = lived_in.held
    before = tables(lived_in.service)
    leaving.delete_account(lived_in.service, lived_in.athlete)
    after = tables(lived_in.service)
    assert filled(lived_in.service) == {"invitations", "instance", "quota_windows"}
    assert (after["invitations"], after["instance"]) == (before["invitations"], before["instance"])
    assert mentions(lived_in.service, RUNNER, *ids, "anna@example.org") == set()


def test_one_runner_who_leaves_takes_nothing_of_another(lived_in):
    with lived_in.service.store.transaction() as tx:
        other = tx.accounts.create(_somebody(lived_in))
        tx.deliveries.add_destination(other.id, "recorder", "theirs", "{}", "active", lived_in.clock())
    leaving.delete_account(lived_in.service, lived_in.athlete)
    left = tables(lived_in.service)
    assert [row["id"] for row in left["athletes"]] == [other.id]
    assert [row["athlete_id"] for row in left["destinations"]] == [other.id]


def _somebody(home: World) -> NewAthlete:
    return NewAthlete(strava_id=77, created_at=home.clock(), units="km", first_weekday=0, language="en")


def test_nothing_is_read_or_written_after_a_disconnect(lived_in):
    leaving.disconnect(lived_in.service, lived_in.athlete)
    lived_in.work()
    calls, sent = len(lived_in.simulator.calls), len(lived_in.recorder.sent)
    lived_in.add(run(TUESDAY + timedelta(days=3), 30))
    lived_in.live(days=15)
    assert (len(lived_in.simulator.calls), len(lived_in.recorder.sent)) == (calls, sent)


def test_a_sync_that_is_under_way_while_the_runner_leaves_writes_nothing(lived_in):
    claim = _claim(lived_in)
    leaving.disconnect(lived_in.service, lived_in.athlete)
    sync.sync(lived_in.service, claim)
    left = tables(lived_in.service)
    assert (left["connections"], left["activities"], left["findings"]) == ([], [], [])


def _claim(home: World) -> Claim:
    with home.service.store.transaction() as tx:
        tx.connections.nudge(1, home.clock())
        claim = tx.connections.claim_due(home.clock(), home.clock(), sync.LEASE)
    assert claim is not None
    return claim


def test_who_connects_again_after_a_disconnect_finds_their_account_and_is_welcomed_anew(lived_in):
    before = lived_in.athlete
    leaving.disconnect(lived_in.service, before)
    lived_in.connect()
    assert (lived_in.athlete.id, lived_in.athlete.units, lived_in.athlete.time_zone) == (
        before.id,
        "mi",
        "Europe/Berlin",
    )
    assert len(lived_in.told("welcome")) == 2
    lived_in.arrives(*(run(TUESDAY + timedelta(days=day), 9) for day in range(3, 7)))
    welcomed = lived_in.told("welcome")[1].created_at
    assert len([message for message in lived_in.told("receipt") if message.created_at > welcomed]) == 3


def test_who_deleted_the_account_may_come_back_as_somebody_new(lived_in):
    before = lived_in.athlete
    leaving.delete_account(lived_in.service, before)
    again = connect.complete(
        lived_in.service,
        connect.Draft(state="state", adult=True),
        connect.Answer(state="state", code=lived_in.simulator.approve(RUNNER), scope="read,activity:read"),
    )
    assert again.is_new
    assert again.athlete.id != before.id


def test_who_ends_the_access_at_strava_loses_the_same_as_by_disconnecting_and_gets_a_receipt(lived_in):
    before, revokes = tables(lived_in.service), lived_in.simulator.calls_to("revoke")
    ended = lived_in.clock()
    deleted = leaving.deauthorised(lived_in.service, 1, ended)
    lived_in.work()
    after = tables(lived_in.service)
    for name in ("connections", "activities", "push_events", "findings", "shoes", "seen_runs"):
        assert after[name] == [], name
    assert deleted is not None
    assert deleted.activities == len(before["activities"])
    (receipt,) = lived_in.told("connection")
    assert receipt.lead.startswith("You ended Afterrun's access at Strava on June 3, 2026. Deleted: 36 activities, ")
    assert lived_in.simulator.calls_to("revoke") == revokes


def test_an_end_that_is_confirmed_twice_is_told_once(lived_in):
    assert leaving.deauthorised(lived_in.service, 1, lived_in.clock()) is not None
    assert leaving.deauthorised(lived_in.service, 1, lived_in.clock()) is None
    assert leaving.deauthorised(lived_in.service, 99, lived_in.clock()) is None
    lived_in.work()
    assert len(lived_in.told("connection")) == 1


@pytest.mark.parametrize("end", [leaving.deauthorised, leaving.unreadable])
def test_who_has_own_runs_goes_on_with_them_however_the_access_ended_and_hears_of_none_again(with_files, end):
    before = tables(with_files.service)
    end(with_files.service, 1, with_files.clock())
    after = tables(with_files.service)
    assert after["own_activities"] == [row | {"imported": True} for row in before["own_activities"]]
    assert after["athletes"] == [before["athletes"][0] | leaving.GOES_ON]
    assert with_files.athlete.digest_due_at is not None
