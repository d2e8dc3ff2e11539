"""Signed-in browsers."""

from __future__ import annotations

from service.store import Store
from tests.service.store.samples import NOW, STRAVA_ID, add_athlete, later

END = later(days=30)


def test_a_session_is_its_athletes_until_it_ends(store: Store):
    with store.transaction() as tx:
        athlete, other = add_athlete(tx), add_athlete(tx, STRAVA_ID + 1)
        mine, theirs = (tx.sessions.start(owner.id, NOW, END) for owner in (athlete, other))
        assert tx.sessions.athlete(mine, NOW) == athlete.id
        assert tx.sessions.athlete(theirs, NOW) == other.id
        assert tx.sessions.athlete(mine, END) is None


def test_a_made_up_secret_opens_nothing(store: Store):
    with store.transaction() as tx:
        tx.sessions.start(add_athlete(tx).id, NOW, END)
        assert tx.sessions.athlete("made-up", NOW) is None
        assert tx.sessions.athlete("", NOW) is None


def test_signing_out_ends_this_browser_and_no_other(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        phone, laptop = (tx.sessions.start(athlete.id, NOW, END) for _ in range(2))
        tx.sessions.end(phone)
        assert tx.sessions.athlete(phone, NOW) is None
        assert tx.sessions.athlete(laptop, NOW) == athlete.id


def test_signing_out_everywhere_ends_all_of_mine_and_nobody_elses(store: Store):
    with store.transaction() as tx:
        athlete, other = add_athlete(tx), add_athlete(tx, STRAVA_ID + 1)
        mine = [tx.sessions.start(athlete.id, NOW, END) for _ in range(2)]
        theirs = tx.sessions.start(other.id, NOW, END)
        tx.sessions.end_all(athlete.id)
        assert [tx.sessions.athlete(secret, NOW) for secret in mine] == [None, None]
        assert tx.sessions.athlete(theirs, NOW) == other.id


def test_ended_sessions_are_cleared_away(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        old, lasting = (tx.sessions.start(athlete.id, NOW, later(days=days)) for days in (1, 2))
        tx.sessions.delete_expired(later(days=1))
        assert tx.sessions.athlete(old, NOW) is None
        assert tx.sessions.athlete(lasting, NOW) == athlete.id
