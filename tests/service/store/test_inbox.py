"""Messages as the inbox keeps them."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from integrations.channels.message import Link, Section
from service.store import Store
from service.store.records import StoredMessage
from tests.service.store.samples import NOW, STRAVA_ID, add_athlete, later, message

SECTIONS = (
    Section(role="action", heading="One thing to do", lines=("Keep the next two runs short.",), rows=(("a", "b"),)),
    Section(role="card", links=(Link(text="View on Strava", url="https://example.org/1", role="strava"),)),
)


def test_a_message_comes_back_word_for_word(store: Store):
    kept = message(sections=SECTIONS, footer=("You get this because you connected.",))
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        assert tx.inbox.add(athlete.id, "alert:1", kept)
    with store.transaction() as tx:
        assert tx.inbox.get(athlete.id, kept.id) == StoredMessage(kept, "alert:1", None, None)


def test_the_same_thing_is_said_once(store: Store):
    with store.transaction() as tx:
        athlete, other = add_athlete(tx), add_athlete(tx, STRAVA_ID + 1)
        assert tx.inbox.add(athlete.id, "welcome", message("1"))
        assert not tx.inbox.add(athlete.id, "welcome", message("2"))
        assert tx.inbox.add(other.id, "welcome", message("3"))
        assert [stored.message.id for stored in tx.inbox.of(athlete.id)] == ["1"]


def test_of_many_who_say_the_same_thing_at_the_same_moment_one_is_heard(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
    together = threading.Barrier(4)

    def say(number: int) -> bool:
        together.wait(timeout=10)
        with store.transaction() as tx:
            return tx.inbox.add(athlete.id, "digest:2026-05-31", message(str(number)))

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(say, range(4))) == [False, False, False, True]


def test_the_newest_message_comes_first_and_only_as_many_as_asked_for(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        for hours in (1, 3, 2):
            tx.inbox.add(athlete.id, f"alert:{hours}", message(str(hours), later(hours=hours)))
        assert [stored.message.id for stored in tx.inbox.of(athlete.id)] == ["3", "2", "1"]
        assert [stored.message.id for stored in tx.inbox.of(athlete.id, limit=2)] == ["3", "2"]


def test_nobody_reads_the_message_of_somebody_else(store: Store):
    with store.transaction() as tx:
        athlete, other = add_athlete(tx), add_athlete(tx, STRAVA_ID + 1)
        tx.inbox.add(athlete.id, "alert:1", message())
        assert tx.inbox.get(other.id, "message-1") is None
        tx.inbox.mark_read(other.id, "message-1", NOW)
        assert (tx.inbox.unread(athlete.id), tx.inbox.unread(other.id)) == (1, 0)


def test_a_message_is_read_once_and_the_first_time_stays(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        for number in ("1", "2"):
            tx.inbox.add(athlete.id, number, message(number))
        assert tx.inbox.unread(athlete.id) == 2
        for hours in (1, 2):
            tx.inbox.mark_read(athlete.id, "1", later(hours=hours))
        assert tx.inbox.unread(athlete.id) == 1
        stored = tx.inbox.get(athlete.id, "1")
        assert stored is not None
        assert stored.read_at == later(hours=1)


def test_what_no_longer_holds_is_marked_and_can_hold_again(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        tx.inbox.add(athlete.id, "alert:1", message())
        for moment in (NOW, None):
            tx.inbox.withdraw("message-1", moment)
            assert [stored.withdrawn_at for stored in tx.inbox.of(athlete.id)] == [moment]


def test_all_messages_of_one_athlete_go_and_are_counted(store: Store):
    with store.transaction() as tx:
        athlete, other = add_athlete(tx), add_athlete(tx, STRAVA_ID + 1)
        for owner, message_id in ((athlete, "1"), (athlete, "2"), (other, "3")):
            tx.inbox.add(owner.id, message_id, message(message_id))
        assert tx.inbox.delete_all(athlete.id) == 2
        assert tx.inbox.of(athlete.id) == []
        assert len(tx.inbox.of(other.id)) == 1
