"""Strava's pushes: kept once, and open until a sync has dealt with them."""

from __future__ import annotations

from service.store import Store
from service.store.push_events import DEAUTHORISED
from service.store.records import PendingEvent
from tests.service.store.samples import NOW, RUN_ID, STRAVA_ID, add_athlete, later

NEWEST = 2**62


def test_a_push_is_kept_once_however_often_it_comes(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        assert tx.push_events.add(athlete.id, "push-1", RUN_ID, "create", NOW)
        assert not tx.push_events.add(athlete.id, "push-1", RUN_ID, "create", later(minutes=1))
    with store.transaction() as tx:
        (event,) = tx.push_events.pending(athlete.id, NEWEST)
        assert event == PendingEvent(event.id, RUN_ID, "create", 0)
        assert tx.push_events.next_due(athlete.id) == NOW


def test_the_greatest_id_that_an_event_may_name_can_be_kept(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        assert tx.push_events.add(athlete.id, "push-1", 2**63 - 1, "create", NOW)
        assert [event.object_id for event in tx.push_events.pending(athlete.id, NEWEST)] == [2**63 - 1]


def test_pushes_are_open_in_the_order_in_which_they_came(store: Store):
    with store.transaction() as tx:
        athlete, other = add_athlete(tx), add_athlete(tx, STRAVA_ID + 1)
        for number in (3, 1, 2):
            tx.push_events.add(athlete.id, f"push-{number}", number, "update", NOW)
        tx.push_events.add(other.id, "not-mine", 9, "update", NOW)
        pending = tx.push_events.pending(athlete.id, NEWEST)
        assert [event.object_id for event in pending] == [3, 1, 2]
        assert [event.object_id for event in tx.push_events.pending(athlete.id, pending[1].id)] == [3, 1]


def test_a_push_that_was_dealt_with_is_open_no_more(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        for number in (1, 2):
            tx.push_events.add(athlete.id, f"push-{number}", number, "create", NOW)
        first, second = tx.push_events.pending(athlete.id, NEWEST)
        tx.push_events.done([first.id], NOW)
        tx.push_events.done([], NOW)
        assert tx.push_events.pending(athlete.id, NEWEST) == [second]
        assert not tx.push_events.add(athlete.id, "push-1", 1, "create", NOW)


def test_a_run_that_is_not_listed_yet_is_looked_for_again_and_counted(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        for number in (1, 2):
            tx.push_events.add(athlete.id, f"push-{number}", number, "create", NOW)
        first, second = tx.push_events.pending(athlete.id, NEWEST)
        tx.push_events.look_again({first.id: later(minutes=1), second.id: later(minutes=5)})
        tx.push_events.look_again({})
        assert [event.attempts for event in tx.push_events.pending(athlete.id, NEWEST)] == [1, 1]
        assert tx.push_events.next_due(athlete.id) == later(minutes=1)
        tx.push_events.done([first.id, second.id], NOW)
        assert tx.push_events.next_due(athlete.id) is None


def test_old_pushes_are_forgotten_once_they_were_dealt_with(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        for name in ("done-long-ago", "done-lately", "open"):
            tx.push_events.add(athlete.id, name, 1, "create", later(days=-30))
        long_ago, lately, still_open = tx.push_events.pending(athlete.id, NEWEST)
        tx.push_events.done([long_ago.id], later(days=-8))
        tx.push_events.done([lately.id], later(days=-7))
        assert tx.push_events.delete_done(later(days=-7)) == 1
        assert tx.push_events.pending(athlete.id, NEWEST) == [still_open]
        assert tx.push_events.delete_all(athlete.id) == 2
        assert tx.push_events.pending(athlete.id, NEWEST) == []


def test_a_push_may_want_its_sync_a_moment_later(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        tx.push_events.add(athlete.id, "push-1", RUN_ID, "create", NOW, later(seconds=20))
        assert tx.push_events.next_due(athlete.id) == later(seconds=20)
        (event,) = tx.push_events.pending(athlete.id, NEWEST)
        assert tx.push_events.due_later(athlete.id, NOW) == {event.id}


def test_what_was_announced_and_what_is_open_is_known_of_each_athlete(store: Store):
    with store.transaction() as tx:
        athlete, other = add_athlete(tx), add_athlete(tx, STRAVA_ID + 1)
        for number in (1, 2):
            tx.push_events.add(athlete.id, f"push-{number}", number, "create", NOW)
        tx.push_events.add(other.id, "not-mine", 3, DEAUTHORISED, NOW)
        first, _ = tx.push_events.pending(athlete.id, NEWEST)
        tx.push_events.done([first.id], NOW)
        assert tx.push_events.announced(athlete.id, {1, 2, 3, 4}) == {1, 2}
        assert tx.push_events.announced(athlete.id, set()) == set()
        assert tx.push_events.count_open(athlete.id) == 1
        assert tx.push_events.deauthorisations() == {other.id}
        assert not tx.push_events.deauthorisation_pending(athlete.id)
        (said,) = tx.push_events.pending(other.id, NEWEST)
        tx.push_events.done([said.id], NOW)
        assert not tx.push_events.deauthorisation_pending(other.id)
