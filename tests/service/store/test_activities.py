"""The window: what is held of an athlete's training, replaced as a whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from rules.model import Activity
from service.store import Store
from service.store.records import HeldActivity
from tests.service.store.samples import MORNING, NOW, RUN_ID, STRAVA_ID, add_athlete, held, later


def test_an_activity_comes_back_exactly_as_it_was_read(store: Store):
    full = replace(held(), imported=True, judged_at=later(minutes=30))
    bare = HeldActivity(Activity(1, "Ride", MORNING + timedelta(hours=3)), False, NOW, None)
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        tx.activities.replace(athlete.id, [full, bare], NOW)
    with store.transaction() as tx:
        assert tx.activities.held(athlete.id) == [full, bare]


def test_a_sport_or_zone_as_long_as_reading_lets_through_can_be_kept(store: Store):
    wordy = held(sport="S" * 100, time_zone="Z" * 100, device_name="D" * 100)
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        tx.activities.replace(athlete.id, [wordy], NOW)
        assert tx.activities.held(athlete.id) == [wordy]


def test_the_greatest_id_that_reading_lets_through_can_be_kept(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        tx.activities.replace(athlete.id, [held(2**63 - 1)], NOW)
        assert [item.activity.id for item in tx.activities.held(athlete.id)] == [2**63 - 1]


def test_activities_come_in_order_of_start_and_then_of_id(store: Store):
    early, late = MORNING, MORNING + timedelta(hours=1)
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        tx.activities.replace(athlete.id, [held(9, late), held(8, early), held(7, late)], NOW)
        assert [item.activity.id for item in tx.activities.held(athlete.id)] == [8, 7, 9]


def test_a_new_window_takes_the_place_of_the_old_one(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        tx.activities.replace(athlete.id, [held(1), held(2)], NOW)
        tx.activities.replace(athlete.id, [held(2, distance_m=5.0), held(3)], NOW)
        assert {item.activity.id: item.activity.distance_m for item in tx.activities.held(athlete.id)} == {
            2: 5.0,
            3: 12_345.6,
        }
        tx.activities.replace(athlete.id, [], NOW)
        assert tx.activities.held(athlete.id) == []


def test_two_runners_may_hold_the_same_run_and_neither_touches_the_others(store: Store):
    with store.transaction() as tx:
        first, second = add_athlete(tx), add_athlete(tx, STRAVA_ID + 1)
        for athlete in (first, second):
            tx.activities.replace(athlete.id, [held()], NOW)
        tx.activities.mark_judged(first.id, [RUN_ID], NOW)
        assert [item.judged_at for item in tx.activities.held(second.id)] == [None]
        assert tx.activities.delete_all(first.id) == 1
        assert (len(tx.activities.held(first.id)), len(tx.activities.held(second.id))) == (0, 1)


def test_judged_are_those_that_were_named_and_no_others(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        tx.activities.replace(athlete.id, [held(1), held(2)], NOW)
        tx.activities.mark_judged(athlete.id, [2], later(minutes=30))
        assert [item.judged_at for item in tx.activities.held(athlete.id)] == [None, later(minutes=30)]
        tx.activities.mark_judged(athlete.id, [], later(minutes=45))
        assert [item.judged_at for item in tx.activities.held(athlete.id)] == [None, later(minutes=30)]


def test_what_was_not_confirmed_in_time_is_forgotten_and_counted(store: Store):
    with store.transaction() as tx:
        stale, fresh = add_athlete(tx), add_athlete(tx, STRAVA_ID + 1)
        tx.activities.replace(stale.id, [held(1), held(2)], later(days=-8))
        tx.activities.replace(fresh.id, [held(3)], later(days=-7))
        assert tx.activities.with_unconfirmed(later(days=-7)) == [stale.id]
        assert tx.activities.delete_unconfirmed(stale.id, later(days=-7)) == 2
        assert tx.activities.delete_unconfirmed(fresh.id, later(days=-7)) == 0
        assert tx.activities.held(stale.id) == []
        assert len(tx.activities.held(fresh.id)) == 1
        assert tx.activities.with_unconfirmed(later(days=-7)) == []


def test_what_was_held_once_and_no_longer_is_known_again_until_it_is_held_again(store: Store):
    with store.transaction() as tx:
        athlete, other = add_athlete(tx), add_athlete(tx, STRAVA_ID + 1)
        tx.activities.replace(athlete.id, [held(1), held(2)], NOW)
        tx.activities.replace(athlete.id, [held(2)], NOW)
        assert tx.activities.seen(athlete.id, [1, 2, 3]) == {1}
        assert tx.activities.seen(other.id, [1, 2, 3]) == set()
        tx.activities.delete_unconfirmed(athlete.id, later(days=1))
        assert tx.activities.seen(athlete.id, [1, 2, 3]) == {1, 2}
        tx.activities.replace(athlete.id, [held(1)], NOW)
        assert tx.activities.seen(athlete.id, [1, 2, 3]) == {2}
        tx.activities.delete_all(athlete.id)
        assert tx.activities.seen(athlete.id, [1, 2, 3]) == set()


def test_what_moves_from_before_a_break_into_the_window_was_never_gone(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        tx.activities.replace_before_break(athlete.id, [held(1).activity, held(2).activity], NOW)
        tx.activities.replace(athlete.id, [held(1)], NOW)
        assert tx.activities.seen(athlete.id, [1, 2]) == set()
        tx.activities.replace_before_break(athlete.id, [], NOW)
        assert tx.activities.seen(athlete.id, [1, 2]) == {2}
