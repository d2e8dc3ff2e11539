"""What a copy of the database tells a thief: no token, no address, nothing that opens a door."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select

from service.store import Store
from service.store.schema import metadata
from tests.service.store.samples import (
    LEASE,
    NOW,
    STRAVA_ID,
    add_athlete,
    add_connected,
    add_webhook,
    later,
    tokens,
)

EMAIL = "ann.runner@example.org"
HOOK = "https://hooks.example.org/secret-path"


def test_no_token_and_no_address_can_be_read_in_the_database(store: Store):
    with store.transaction() as tx:
        athlete = add_connected(tx)
        refresh = tx.connections.begin_refresh(athlete.id, NOW, LEASE)
        assert refresh is not None
        assert tx.connections.refreshed(refresh, tokens("renewed"), NOW)
        tx.accounts.change(athlete.id, email=EMAIL)
        tx.deliveries.add_destination(athlete.id, "email", EMAIL, f'{{"email": "{EMAIL}"}}', "active", NOW)
        add_webhook(tx, athlete, HOOK)
    for word in ("access-token", "refresh-token", "ann.runner", "secret-path", "example.org"):
        assert not _holds(store, word), word


def test_nothing_that_opens_a_door_can_be_read_in_the_database(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        secret = tx.sessions.start(athlete.id, NOW, later(days=30))
        invitation = tx.accounts.new_invitation(NOW, later(days=7))
        code = tx.accounts.new_code("sign-in", athlete.id, later(minutes=15), not_before=NOW)
    assert not _holds(store, secret)
    assert not _holds(store, invitation)
    assert code not in set(_values(store))


def test_a_disconnected_account_does_not_say_whose_it_was(store: Store):
    with store.transaction() as tx:
        athlete = add_connected(tx)
        tx.connections.delete(athlete.id)
    assert not _holds(store, str(STRAVA_ID))


def test_short_secrets_are_hashed_with_the_key_or_guessing_would_find_them(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        code = tx.accounts.new_code("sign-in", athlete.id, later(minutes=15), not_before=NOW)
        tx.accounts.change(athlete.id, email=EMAIL)
    guesses = {hashlib.sha256(word.encode()).hexdigest() for word in (str(STRAVA_ID), code or "", EMAIL)}
    assert not guesses & set(_values(store))


def _holds(store: Store, word: str) -> bool:
    """Whether the word stands in any column of any row, or anywhere in the files of the database."""
    in_rows = any(word in value for value in _values(store))
    return in_rows or any(word.encode() in content for content in _files(store))


def _values(store: Store) -> Iterator[str]:
    with store.engine.connect() as connection:
        for table in metadata.tables.values():
            for row in connection.execute(select(table)):
                yield from map(str, row)


def _files(store: Store) -> Iterator[bytes]:
    """Of SQLite alone; the files of PostgreSQL belong to its server."""
    if store.engine.name == "sqlite":
        database = Path(str(store.engine.url.database))
        yield from (path.read_bytes() for path in database.parent.glob(f"{database.name}*"))
