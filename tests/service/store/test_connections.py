"""The link to Strava: tokens, one sync per athlete at a time, and how the reading stands."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta, timezone

import pytest

from service.store import Store
from service.store.connections import Refresh
from service.store.records import Claim
from tests.service.store.samples import (
    LEASE,
    NOW,
    STRAVA_ID,
    add_athlete,
    add_connected,
    claim_sync,
    connect,
    later,
    tokens,
)


def test_a_new_connection_is_to_be_read_at_once(store: Store):
    with store.transaction() as tx:
        athlete = add_connected(tx)
        found = tx.connections.get(athlete.id)
        assert found is not None
        assert (found.athlete_id, found.strava_id, found.state) == (athlete.id, STRAVA_ID, "connected")
        assert (found.sync_due_at, found.imported_at, found.synced_at) == (NOW, None, None)
        assert (found.import_seen, found.import_share, found.attempts, found.trouble) == (0, 0.0, 0, None)
        assert tx.connections.find_by_strava_id(STRAVA_ID) == found
        assert list(tx.connections.athletes()) == [found]


def test_nothing_is_known_of_somebody_who_never_connected(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        assert tx.connections.get(athlete.id) is None
        assert tx.connections.find_by_strava_id(STRAVA_ID) is None
        assert tx.connections.tokens(athlete.id) is None
        assert tx.connections.claim_due(NOW, NOW, LEASE) is None


def test_hidden_runs_are_seen_only_with_the_scope_for_them(store: Store):
    with store.transaction() as tx:
        athlete = add_connected(tx)
        assert _connection(tx, athlete).sees_hidden_runs
        connect(tx, athlete, scope=frozenset({"read", "activity:read"}))
        assert _connection(tx, athlete).scope == {"read", "activity:read"}
        assert not _connection(tx, athlete).sees_hidden_runs


def test_scopes_of_any_length_can_come_back_from_a_consent(store: Store):
    many = frozenset({"activity:read", *(f"made-up-{number}" for number in range(100))})
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        connect(tx, athlete, scope=many)
        assert _connection(tx, athlete).scope == many


def test_tokens_come_back_as_they_were_given(store: Store):
    with store.transaction() as tx:
        athlete = add_connected(tx)
        assert tx.connections.tokens(athlete.id) == tokens("first")


def test_connecting_again_loses_nothing_of_what_was_imported(store: Store):
    with store.transaction() as tx:
        athlete = add_connected(tx)
        claim = claim_sync(tx)
        tx.connections.note_import(claim, 120, 0.5)
        tx.connections.finish(claim, NOW, later(minutes=15))
        tx.connections.lose(claim_sync(tx, later(hours=1)), "sign-in-again", "Strava no longer accepts the tokens")
        connect(tx, athlete, tokens=tokens("second"), now=later(days=1))
        found = _connection(tx, athlete)
        assert (found.state, found.trouble, found.sync_due_at) == ("connected", None, later(days=1))
        assert (found.imported_at, found.import_seen, found.import_share) == (NOW, 120, 1.0)
        assert tx.connections.tokens(athlete.id) == tokens("second")


def test_a_period_of_learning_stays_when_connecting_again_says_nothing_of_it(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        connect(tx, athlete, learning_until=later(days=28))
        connect(tx, athlete)
        assert _connection(tx, athlete).learning_until == later(days=28)
        connect(tx, athlete, learning_until=later(days=35))
        assert _connection(tx, athlete).learning_until == later(days=35)


def test_a_sync_that_began_before_connecting_again_can_no_longer_undo_it(store: Store):
    with store.transaction() as tx:
        athlete = add_connected(tx)
        with_dead_tokens = claim_sync(tx)
        connect(tx, athlete, tokens=tokens("second"))
        assert not tx.connections.holds(with_dead_tokens)
        tx.connections.lose(with_dead_tokens, "sign-in-again", "Strava no longer accepts the tokens")
        assert _connection(tx, athlete).state == "connected"
        assert tx.connections.tokens(athlete.id) == tokens("second")
        assert claim_sync(tx).athlete_id == athlete.id


def test_of_many_who_would_renew_tokens_one_gets_the_lease(store: Store):
    with store.transaction() as tx:
        athlete = add_connected(tx)
    together = threading.Barrier(6)

    def lease(_: int) -> Refresh | None:
        together.wait(timeout=10)
        with store.transaction() as tx:
            return tx.connections.begin_refresh(athlete.id, NOW, LEASE)

    with ThreadPoolExecutor(6) as pool:
        leases = [found for found in pool.map(lease, range(6)) if found is not None]
    assert [found.tokens for found in leases] == [tokens("first")]


def test_a_lease_to_renew_ends_when_given_back_or_when_its_holder_is_taken_for_dead(store: Store):
    with store.transaction() as tx:
        athlete = add_connected(tx)
        first = _refresh(tx, athlete)
        assert tx.connections.begin_refresh(athlete.id, later(seconds=599), LEASE) is None
        tx.connections.end_refresh(first)
        second = _refresh(tx, athlete)
        third = _refresh(tx, athlete, NOW + LEASE)
        tx.connections.end_refresh(second)  # no longer ours to give back
        assert tx.connections.begin_refresh(athlete.id, NOW + LEASE, LEASE) is None
        assert third.tokens == tokens("first")


def test_renewed_tokens_are_kept_in_place_of_those_they_were_made_from_and_of_no_others(store: Store):
    with store.transaction() as tx:
        athlete = add_connected(tx)
        refresh = _refresh(tx, athlete)
        assert tx.connections.refreshed(refresh, tokens("renewed"), NOW)
        assert not tx.connections.refreshed(refresh, tokens("from a dead one"), NOW)
        assert tx.connections.tokens(athlete.id) == tokens("renewed")


def test_tokens_that_came_after_the_lease_was_over_are_kept_because_no_others_work(store: Store):
    with store.transaction() as tx:
        athlete = add_connected(tx)
        late = _refresh(tx, athlete)
        _refresh(tx, athlete, NOW + LEASE)
        assert tx.connections.refreshed(late, tokens("renewed"), later(hours=1))


def test_a_new_consent_is_not_undone_by_a_refresh_that_began_before_it(store: Store):
    with store.transaction() as tx:
        athlete = add_connected(tx)
        refresh = _refresh(tx, athlete)
        connect(tx, athlete, tokens=tokens("second"))
        assert not tx.connections.refreshed(refresh, tokens("renewed"), NOW)
        assert tx.connections.tokens(athlete.id) == tokens("second")


def test_who_is_waited_for_is_read_before_whom_the_schedule_names(store: Store):
    with store.transaction() as tx:
        overdue, pushed = (add_connected(tx, STRAVA_ID + number) for number in range(2))
        for athlete in (overdue, pushed):
            claim = claim_sync(tx)
            assert claim.athlete_id == athlete.id
            tx.connections.finish(claim, NOW, later(minutes=15))
        assert tx.connections.claim_due(later(hours=2), NOW, LEASE, urgent_only=True) is None
        tx.connections.nudge(pushed.id, later(hours=1))
        claim = claim_sync(tx, later(hours=2))
        assert (claim.athlete_id, claim.urgent) == (pushed.id, True)
        assert claim_sync(tx, later(hours=2)).urgent is False


def test_a_wait_for_others_is_no_failed_attempt(store: Store):
    with store.transaction() as tx:
        athlete = add_connected(tx)
        tx.connections.wait(claim_sync(tx), later(minutes=15))
        found = _connection(tx, athlete)
        assert (found.attempts, found.trouble, found.sync_due_at) == (0, None, later(minutes=15))


def test_a_claimed_athlete_is_left_alone_until_the_lease_ends(store: Store):
    with store.transaction() as tx:
        first = add_connected(tx) and claim_sync(tx)
        assert first.until == NOW + LEASE
        assert tx.connections.claim_due(NOW, later(seconds=599), LEASE) is None
        second = tx.connections.claim_due(NOW, NOW + LEASE, LEASE)
        assert second is not None
        assert second.token != first.token
        assert tx.connections.holds(second)
        assert not tx.connections.holds(first)


def test_the_athlete_who_waits_longest_is_read_first(store: Store):
    with store.transaction() as tx:
        newer, older = (add_athlete(tx, STRAVA_ID + number) for number in range(2))
        connect(tx, newer, STRAVA_ID)
        connect(tx, older, STRAVA_ID + 1, now=later(minutes=-5))
        assert [claim_sync(tx).athlete_id, claim_sync(tx).athlete_id] == [older.id, newer.id]


def test_nobody_is_read_before_their_time(store: Store):
    with store.transaction() as tx:
        add_connected(tx)
        assert tx.connections.claim_due(later(seconds=-1), NOW, LEASE) is None
        assert tx.connections.claim_due(NOW, NOW, LEASE) is not None


def test_of_many_who_want_one_athlete_one_gets_the_claim(store: Store):
    with store.transaction() as tx:
        add_connected(tx)
    claims = _claim_together(store, 6)
    assert len([claim for claim in claims if claim is not None]) == 1


def test_many_who_look_for_work_at_the_same_moment_each_get_their_own_athlete(store: Store):
    with store.transaction() as tx:
        due = {add_connected(tx, STRAVA_ID + number).id for number in range(6)}
    claims = _claim_together(store, 6)
    assert {claim.athlete_id for claim in claims if claim is not None} == due


def test_a_claim_knows_the_newest_push_of_its_own_athlete(store: Store):
    with store.transaction() as tx:
        athlete, other = add_connected(tx), add_athlete(tx, STRAVA_ID + 1)
        tx.push_events.add(athlete.id, "mine-1", 1, "create", NOW)
        tx.push_events.add(athlete.id, "mine-2", 2, "create", NOW)
        tx.push_events.add(other.id, "not-mine", 3, "create", NOW)
        claim = claim_sync(tx)
        tx.push_events.add(athlete.id, "later", 4, "create", NOW)
        assert [event.object_id for event in tx.push_events.pending(athlete.id, claim.newest_event)] == [1, 2]


def test_without_a_push_a_claim_covers_none(store: Store):
    with store.transaction() as tx:
        add_connected(tx)
        assert claim_sync(tx).newest_event == 0


def test_a_finished_sync_gives_the_claim_back_and_sets_the_next(store: Store):
    with store.transaction() as tx:
        athlete = add_connected(tx)
        claim = claim_sync(tx)
        tx.connections.note_import(claim, 200, 0.475)
        assert (_connection(tx, athlete).import_seen, _connection(tx, athlete).import_share) == (200, 0.475)
        tx.connections.finish(claim, later(seconds=5), later(minutes=15))
        found = _connection(tx, athlete)
        assert (found.imported_at, found.synced_at) == (later(seconds=5), later(seconds=5))
        assert (found.sync_due_at, found.import_share) == (later(minutes=15), 1.0)
        assert not tx.connections.holds(claim)


@pytest.mark.parametrize("hours", [0, 2, -5])
def test_the_time_of_an_import_is_the_same_instant_whatever_zone_it_was_given_in(store: Store, hours: int):
    with store.transaction() as tx:
        athlete = add_connected(tx)
        elsewhere = later(minutes=1).astimezone(timezone(timedelta(hours=hours)))
        tx.connections.finish(claim_sync(tx), elsewhere, later(minutes=15))
        assert _connection(tx, athlete).imported_at == later(minutes=1)


def test_the_import_is_dated_once_and_every_sync_anew(store: Store):
    with store.transaction() as tx:
        athlete = add_connected(tx)
        tx.connections.finish(claim_sync(tx), NOW, later(minutes=15))
        tx.connections.finish(claim_sync(tx, later(minutes=15)), later(minutes=15), later(minutes=30))
        found = _connection(tx, athlete)
        assert (found.imported_at, found.synced_at) == (NOW, later(minutes=15))


def test_a_sync_that_was_overtaken_changes_nothing(store: Store):
    with store.transaction() as tx:
        athlete = add_connected(tx)
        overtaken = claim_sync(tx)
        claim_sync(tx, NOW + LEASE)
        before = _connection(tx, athlete)
        tx.connections.note_import(overtaken, 7, 0.7)
        tx.connections.finish(overtaken, NOW, later(days=1))
        tx.connections.postpone(overtaken, later(days=1), "too late")
        tx.connections.lose(overtaken, "sign-in-again", "too late")
        assert _connection(tx, athlete) == before


def test_a_failed_sync_is_tried_again_later_and_counted(store: Store):
    with store.transaction() as tx:
        athlete = add_connected(tx)
        for attempt in (1, 2):
            claim = claim_sync(tx, later(hours=attempt))
            tx.connections.postpone(claim, later(hours=attempt, minutes=5), "Strava did not answer")
            found = _connection(tx, athlete)
            assert (found.attempts, found.trouble) == (attempt, "Strava did not answer")
            assert found.sync_due_at == later(hours=attempt, minutes=5)
        tx.connections.finish(claim_sync(tx, later(hours=3)), later(hours=3), later(hours=4))
        assert (_connection(tx, athlete).attempts, _connection(tx, athlete).trouble) == (0, None)


def test_a_dead_connection_is_not_read_any_more(store: Store):
    with store.transaction() as tx:
        athlete = add_connected(tx)
        tx.connections.lose(claim_sync(tx), "sign-in-again", "Strava no longer accepts the tokens")
        tx.connections.nudge(athlete.id, NOW)
        found = _connection(tx, athlete)
        assert (found.state, found.trouble) == ("sign-in-again", "Strava no longer accepts the tokens")
        assert tx.connections.claim_due(later(days=1), later(days=1), LEASE) is None


def test_a_nudge_brings_a_sync_forward_and_never_puts_one_off(store: Store):
    with store.transaction() as tx:
        athlete = add_connected(tx)
        tx.connections.nudge(athlete.id, later(minutes=1))
        assert _connection(tx, athlete).sync_due_at == NOW
        tx.connections.finish(claim_sync(tx), NOW, later(minutes=15))
        tx.connections.nudge(athlete.id, later(minutes=2))
        assert _connection(tx, athlete).sync_due_at == later(minutes=2)


def test_after_a_start_nobody_is_held_by_the_dead(store: Store):
    with store.transaction() as tx:
        add_connected(tx)
        dead = claim_sync(tx)
        tx.connections.release_all()
        assert not tx.connections.holds(dead)
        assert claim_sync(tx).athlete_id == dead.athlete_id


def test_a_deleted_connection_takes_its_tokens_along_and_leaves_the_account(store: Store):
    with store.transaction() as tx:
        athlete = add_connected(tx)
        claim = claim_sync(tx)
        tx.connections.delete(athlete.id)
        assert tx.connections.get(athlete.id) is None
        assert tx.connections.tokens(athlete.id) is None
        assert not tx.connections.holds(claim)
        assert tx.accounts.find_by_strava_id(STRAVA_ID) == athlete


def _connection(tx, athlete):
    found = tx.connections.get(athlete.id)
    assert found is not None
    return found


def _refresh(tx, athlete, wall=NOW) -> Refresh:
    refresh = tx.connections.begin_refresh(athlete.id, wall, LEASE)
    assert refresh is not None
    return refresh


def _claim_together(store: Store, many: int) -> list[Claim | None]:
    together = threading.Barrier(many)

    def claim(_: int) -> Claim | None:
        together.wait(timeout=10)
        with store.transaction() as tx:
            return tx.connections.claim_due(NOW, NOW, LEASE)

    with ThreadPoolExecutor(many) as pool:
        return list(pool.map(claim, range(many)))
