"""Who uses an installation: athletes, their settings, and the end of an account."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select

from integrations.strava.mapping import Gear
from rules.diary import CheckIn
from service.store import Store
from service.store.records import Athlete, OwnActivity
from service.store.schema import invitations, metadata
from tests.service.store.samples import (
    NOW,
    STRAVA_ID,
    add_athlete,
    add_connected,
    add_webhook,
    claim_sync,
    held,
    later,
    message,
    queue_message,
    told,
)


def test_the_first_athlete_is_the_operator_and_the_second_is_not(store: Store):
    with store.transaction() as tx:
        first, second = add_athlete(tx), add_athlete(tx, STRAVA_ID + 1)
        assert (first.role, second.role) == ("operator", "runner")
        assert tx.accounts.count() == 2


def test_of_two_who_arrive_at_the_same_moment_one_becomes_the_operator(store: Store):
    together = threading.Barrier(2)

    def arrive(strava_id: int) -> Athlete:
        together.wait(timeout=10)
        with store.transaction() as tx:
            return add_athlete(tx, strava_id)

    with ThreadPoolExecutor(2) as pool:
        for _ in range(10):  # the moment in which both could see an empty house is short
            arrived = list(pool.map(arrive, (STRAVA_ID, STRAVA_ID + 1)))
            assert sorted(athlete.role for athlete in arrived) == ["operator", "runner"]
            with store.transaction() as tx:
                for athlete in arrived:
                    tx.accounts.delete(athlete.id)


def test_a_new_athlete_starts_with_what_they_brought_and_nothing_else(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        assert tx.accounts.get(athlete.id) == athlete
    assert (athlete.created_at, athlete.units, athlete.first_weekday, athlete.language) == (NOW, "km", 0, "en_GB")
    assert (athlete.email, athlete.digest_due_at, athlete.weeks_without_runs) == (None, None, 0)
    assert (athlete.time_zone, athlete.upper_back, athlete.receipts_left) == ("UTC", False, 3)


def test_the_same_person_finds_the_same_account_again(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        add_athlete(tx, STRAVA_ID + 1)
        assert tx.accounts.find_by_strava_id(STRAVA_ID) == athlete
        assert tx.accounts.find_by_strava_id(STRAVA_ID + 2) is None


def test_nobody_is_found_under_an_id_that_was_never_given(store: Store):
    with store.transaction() as tx:
        assert tx.accounts.get(7) is None


def test_what_a_runner_sets_is_kept_and_concerns_nobody_else(store: Store):
    with store.transaction() as tx:
        athlete, other = add_athlete(tx), add_athlete(tx, STRAVA_ID + 1)
        tx.accounts.change(athlete.id, units="mi", first_weekday=6, upper_back=True, email="Ann@Example.org")
    with store.transaction() as tx:
        changed = tx.accounts.get(athlete.id)
        assert changed is not None
        assert (changed.units, changed.first_weekday, changed.upper_back) == ("mi", 6, True)
        assert changed.email == "Ann@Example.org"
        assert tx.accounts.get(other.id) == other


def test_an_athlete_is_found_by_mail_address_however_it_is_written(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        tx.accounts.change(athlete.id, email="Ann@Example.org")
        found = tx.accounts.find_by_email("  aNN@example.ORG ")
        assert found is not None
        assert found.id == athlete.id
        assert tx.accounts.find_by_email("bob@example.org") is None


def test_of_two_accounts_with_one_mail_address_the_older_signs_in(store: Store):
    with store.transaction() as tx:
        older, newer = add_athlete(tx), add_athlete(tx, STRAVA_ID + 1)
        for athlete in (newer, older):
            tx.accounts.change(athlete.id, email="ann@example.org")
        found = tx.accounts.find_by_email("ann@example.org")
        assert found is not None
        assert found.id == older.id


def test_a_mail_address_that_was_given_up_signs_nobody_in(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        tx.accounts.change(athlete.id, email="ann@example.org")
        tx.accounts.change(athlete.id, email=None)
        assert tx.accounts.find_by_email("ann@example.org") is None
        assert tx.accounts.get(athlete.id) == athlete


def test_digests_come_due_in_order_and_only_when_their_time_has_come(store: Store):
    with store.transaction() as tx:
        late, early, future, never = (add_athlete(tx, STRAVA_ID + number).id for number in range(4))
        tx.accounts.change(late, digest_due_at=NOW)
        tx.accounts.change(early, digest_due_at=later(days=-1))
        tx.accounts.change(future, digest_due_at=later(seconds=1))
        assert tx.accounts.digest_due(NOW) == [early, late]
        assert never not in tx.accounts.digest_due(later(days=365))


def test_a_deleted_account_leaves_no_row_in_any_table(store: Store):
    with store.transaction() as tx:
        athlete = add_connected(tx)
        tx.activities.replace(athlete.id, [held(1)], NOW)
        tx.activities.replace(athlete.id, [held()], NOW)
        tx.shoes.put(athlete.id, {"g1": Gear("g1", "Long Road", 430_000)}, NOW)
        tx.push_events.add(athlete.id, "push-1", 1, "create", NOW)
        add_webhook(tx, athlete)
        queue_message(tx, athlete)
        tx.findings.add(athlete.id, told(), NOW, "alert-1", "message-1")
        tx.sessions.start(athlete.id, NOW, later(days=30))
        tx.accounts.new_code("sign-in", athlete.id, later(minutes=15), not_before=NOW)
        claim_sync(tx)
        tx.diary.add(athlete.id, CheckIn(datetime(2026, 6, 1, 8), "knee", 2), NOW)
        run = OwnActivity(replace(held(-7), own=True), "gpx", zone_known=True)
        tx.own.put(athlete.id, [run])
        intake = tx.intakes.begin(athlete.id, "run.gpx", None, 100, NOW)
        tx.intakes.add_problems(intake.id, [("skipped", "it holds no run")])
        tx.api_tokens.new(athlete.id, NOW)
        tx.api_tokens.new_link(athlete.id, later(days=1))
    assert _rows(store) == dict.fromkeys(_of_an_athlete(), 1)
    with store.transaction() as tx:
        tx.accounts.delete(athlete.id)
    assert _rows(store) == dict.fromkeys(_of_an_athlete(), 0)


def test_a_deleted_account_takes_nothing_of_anybody_else_along(store: Store):
    with store.transaction() as tx:
        leaving, staying = add_connected(tx), add_connected(tx, STRAVA_ID + 1)
        tx.activities.replace(staying.id, [held()], NOW)
        tx.inbox.add(staying.id, "welcome", message())
        tx.accounts.delete(leaving.id)
    with store.transaction() as tx:
        assert tx.accounts.get(leaving.id) is None
        assert tx.accounts.get(staying.id) == staying
        assert tx.connections.get(staying.id) is not None
        assert (len(tx.activities.held(staying.id)), len(tx.inbox.of(staying.id))) == (1, 1)


def test_the_number_of_a_deleted_account_is_never_given_again(store: Store):
    with store.transaction() as tx:
        add_athlete(tx)
        gone = add_athlete(tx, STRAVA_ID + 1)
        tx.accounts.delete(gone.id)
        assert add_athlete(tx, STRAVA_ID + 2).id > gone.id


def _of_an_athlete() -> list[str]:
    """Every table but those that belong to the installation."""
    return sorted(set(metadata.tables) - {"instance", "quota_windows", invitations.name})


def _rows(store: Store) -> dict[str, int]:
    with store.engine.connect() as connection:
        counts = {name: select(func.count()).select_from(metadata.tables[name]) for name in _of_an_athlete()}
        return {name: connection.execute(count).scalar_one() for name, count in counts.items()}


def test_who_runs_the_installation_is_the_first_who_came(store: Store):
    with store.transaction() as tx:
        assert tx.accounts.operators() == []
        first, _ = add_athlete(tx), add_athlete(tx, STRAVA_ID + 1)
        assert [one.id for one in tx.accounts.operators()] == [first.id]
