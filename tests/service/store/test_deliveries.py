"""The outbox: each message to each destination, sent by one at a time, with how it went."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from service.store import Store, Transaction
from service.store.records import Athlete, ClaimedDelivery, Destination
from tests.service.store.samples import (
    LEASE,
    NOW,
    STRAVA_ID,
    add_athlete,
    add_webhook,
    later,
    message,
    queue_message,
)

URL = "https://example.org/hook"


def test_a_destination_comes_back_as_it_was_entered(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        added = add_webhook(tx, athlete, URL)
    with store.transaction() as tx:
        assert added == Destination(added.id, athlete.id, "webhook", URL, f'{{"url": "{URL}"}}', "active", None)
        assert tx.deliveries.destination(athlete.id, added.id) == added
        assert tx.deliveries.destinations(athlete.id) == [added]


def test_destinations_come_in_the_order_in_which_they_were_added(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        added = [add_webhook(tx, athlete, f"{URL}/{number}") for number in range(3)]
        assert tx.deliveries.destinations(athlete.id) == added


def test_nobody_sees_or_removes_the_destination_of_somebody_else(store: Store):
    with store.transaction() as tx:
        athlete, other = add_athlete(tx), add_athlete(tx, STRAVA_ID + 1)
        mine = add_webhook(tx, athlete)
        assert tx.deliveries.destination(other.id, mine.id) is None
        assert tx.deliveries.destinations(other.id) == []
        assert not tx.deliveries.remove_destination(other.id, mine.id)
        assert tx.deliveries.remove_destination(athlete.id, mine.id)
        assert tx.deliveries.destinations(athlete.id) == []


def test_a_destination_that_is_switched_off_says_why_and_gets_nothing_new(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        off, unconfirmed, active = (add_webhook(tx, athlete, f"{URL}/{number}") for number in range(3))
        tx.deliveries.set_state(off.id, "off", "the address is gone")
        tx.deliveries.set_state(unconfirmed.id, "unconfirmed")
        queue_message(tx, athlete)
        assert [record.destination_id for record in tx.deliveries.of_message("message-1")] == [active.id]
        switched_off = tx.deliveries.destination(athlete.id, off.id)
        assert switched_off is not None
        assert (switched_off.state, switched_off.note) == ("off", "the address is gone")


def test_a_message_goes_to_every_active_destination_of_its_own_athlete(store: Store):
    with store.transaction() as tx:
        athlete, other = add_athlete(tx), add_athlete(tx, STRAVA_ID + 1)
        mine = {add_webhook(tx, athlete, f"{URL}/{number}").id for number in range(2)}
        add_webhook(tx, other)
        tx.inbox.add(athlete.id, "alert", message())
        assert tx.deliveries.enqueue(athlete.id, "message-1", NOW) == 2
        assert {record.destination_id for record in tx.deliveries.of_message("message-1")} == mine


def test_a_message_without_a_destination_stays_in_the_inbox_alone(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        tx.inbox.add(athlete.id, "alert", message())
        assert tx.deliveries.enqueue(athlete.id, "message-1", NOW) == 0
        assert tx.deliveries.of_message("message-1") == []
        assert tx.deliveries.claim_due(NOW, NOW, LEASE) is None


def test_whoever_sends_is_given_the_message_the_address_and_the_attempt(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        destination = add_webhook(tx, athlete)
        queue_message(tx, athlete)
        claimed = _claim(tx)
        assert (claimed.message, claimed.destination, claimed.attempts) == (message(), destination, 1)
        (record,) = tx.deliveries.of_message("message-1")
        assert (record.id, record.channel, record.label) == (claimed.id, "webhook", URL)
        assert (record.state, record.attempts, record.due_at, record.answer) == ("due", 1, NOW, None)


def test_what_is_due_longest_is_sent_first_and_nothing_before_its_time(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        add_webhook(tx, athlete)
        for name, due_at in (("now", NOW), ("earlier", later(minutes=-1)), ("future", later(seconds=1))):
            queue_message(tx, athlete, name, due_at)
        assert [_claim(tx).message.id, _claim(tx).message.id] == ["earlier", "now"]
        assert tx.deliveries.claim_due(NOW, NOW, LEASE) is None


def test_a_delivery_under_way_is_left_alone_until_its_lease_ends(store: Store):
    with store.transaction() as tx:
        _queued(tx)
        first = _claim(tx)
        assert tx.deliveries.claim_due(NOW, later(seconds=599), LEASE) is None
        second = tx.deliveries.claim_due(NOW, NOW + LEASE, LEASE)
        assert second is not None
        assert (second.id, second.attempts) == (first.id, 2)
        assert second.claim != first.claim


def test_many_senders_share_the_work_and_send_each_delivery_once(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        add_webhook(tx, athlete)
        for number in range(20):
            queue_message(tx, athlete, f"message-{number}")
    together = threading.Barrier(4)

    def send_all(_: int) -> list[str]:
        together.wait(timeout=10)
        sent = []
        while (claimed := _claim_if_due(store)) is not None:
            sent.append(claimed.message.id)
        return sent

    with ThreadPoolExecutor(4) as pool:
        sent = [message_id for mine in pool.map(send_all, range(4)) for message_id in mine]
    assert sorted(sent) == sorted(f"message-{number}" for number in range(20))


def test_of_many_senders_at_the_same_moment_none_goes_away_empty_handed(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        add_webhook(tx, athlete)
        for number in range(4):
            queue_message(tx, athlete, f"message-{number}")
    together = threading.Barrier(4)

    def send_one(_: int) -> str | None:
        together.wait(timeout=10)
        claimed = _claim_if_due(store)
        return claimed and claimed.message.id

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(send_one, range(4))) == {f"message-{number}" for number in range(4)}


def test_what_was_sent_is_done_and_keeps_the_answer(store: Store):
    with store.transaction() as tx:
        _queued(tx)
        tx.deliveries.sent(_claim(tx), "200 OK", later(seconds=1))
        (record,) = tx.deliveries.of_message("message-1")
        assert (record.state, record.due_at, record.answer) == ("sent", None, "200 OK")
        assert tx.deliveries.claim_due(later(days=9), later(days=9), LEASE) is None


def test_what_could_not_be_sent_is_due_again_later(store: Store):
    with store.transaction() as tx:
        _queued(tx)
        tx.deliveries.postpone(_claim(tx), later(minutes=5), "503 Service Unavailable", NOW)
        (record,) = tx.deliveries.of_message("message-1")
        assert (record.state, record.due_at) == ("due", later(minutes=5))
        assert (record.answer, record.attempts) == ("503 Service Unavailable", 1)
        assert tx.deliveries.claim_due(later(minutes=4), NOW, LEASE) is None
        again = tx.deliveries.claim_due(later(minutes=5), NOW, LEASE)
        assert again is not None
        assert again.attempts == 2


def test_what_was_given_up_stays_given_up_with_its_reason(store: Store):
    with store.transaction() as tx:
        _queued(tx)
        tx.deliveries.give_up(_claim(tx), "410 Gone", NOW)
        (record,) = tx.deliveries.of_message("message-1")
        assert (record.state, record.due_at, record.answer) == ("given-up", None, "410 Gone")
        assert tx.deliveries.claim_due(later(days=9), later(days=9), LEASE) is None


def test_a_sender_who_was_overtaken_no_longer_writes_how_it_went(store: Store):
    with store.transaction() as tx:
        _queued(tx)
        overtaken = _claim(tx)
        tx.deliveries.claim_due(NOW, NOW + LEASE, LEASE)
        tx.deliveries.give_up(overtaken, "too late", NOW)
        tx.deliveries.postpone(overtaken, later(days=1), "too late", NOW)
        tx.deliveries.sent(overtaken, "too late", NOW)
        (record,) = tx.deliveries.of_message("message-1")
        assert (record.state, record.due_at, record.answer) == ("due", NOW, None)


def test_after_a_start_no_delivery_is_held_by_the_dead(store: Store):
    with store.transaction() as tx:
        _queued(tx)
        dead = _claim(tx)
        tx.deliveries.release_all()
        alive = _claim(tx)
        assert (alive.id, alive.attempts) == (dead.id, 2)


def test_removing_a_destination_ends_what_was_on_its_way_there(store: Store):
    with store.transaction() as tx:
        athlete, destination = _queued(tx)
        tx.deliveries.remove_destination(athlete.id, destination.id)
        assert tx.deliveries.claim_due(NOW, NOW, LEASE) is None
        assert tx.inbox.get(athlete.id, "message-1") is not None


def test_deleting_the_messages_ends_what_was_on_its_way(store: Store):
    with store.transaction() as tx:
        athlete, destination = _queued(tx)
        tx.inbox.delete_all(athlete.id)
        assert tx.deliveries.claim_due(NOW, NOW, LEASE) is None
        assert tx.deliveries.last_of(destination.id) is None


def test_the_last_delivery_to_a_destination_tells_how_it_does(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        destination = add_webhook(tx, athlete)
        assert tx.deliveries.last_of(destination.id) is None
        for minutes, name in ((0, "older"), (1, "newer")):
            queue_message(tx, athlete, name, later(minutes=minutes))
        last = tx.deliveries.last_of(destination.id)
        assert last is not None
        assert last.message_id == "newer"


def _queued(tx: Transaction) -> tuple[Athlete, Destination]:
    """One message due to one destination."""
    athlete = add_athlete(tx)
    destination = add_webhook(tx, athlete)
    queue_message(tx, athlete)
    return athlete, destination


def _claim(tx: Transaction) -> ClaimedDelivery:
    claimed = tx.deliveries.claim_due(NOW, NOW, LEASE)
    assert claimed is not None
    return claimed


def _claim_if_due(store: Store) -> ClaimedDelivery | None:
    with store.transaction() as tx:
        return tx.deliveries.claim_due(NOW, NOW, LEASE)
