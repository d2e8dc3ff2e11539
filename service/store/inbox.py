"""Messages as the inbox keeps them. A slug names each once: the same digest is never written twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from integrations.channels.message import Message
from service.store.records import StoredMessage
from service.store.schema import deliveries, messages
from service.store.seals import Seals
from service.store.sql import insert

#: Why nothing is sent any more of a message whose runs are gone.
RUN_IS_GONE = "the run is no longer held"


class Inbox:
    """SQL about the messages of an athlete."""

    def __init__(self, connection: Connection, seals: Seals) -> None:
        self._connection = connection
        self._seals = seals

    def add(self, athlete_id: int, slug: str, message: Message) -> bool:
        """Keep a message; `False` if one with this slug is there already, in clear or as a hash."""
        sealed = messages.c.slug == self._seals.slug(athlete_id, slug)
        if self._connection.execute(select(messages.c.id).where(messages.c.athlete_id == athlete_id, sealed)).first():
            return False
        statement = insert(self._connection, messages).values(
            id=message.id,
            athlete_id=athlete_id,
            slug=slug,
            kind=message.kind,
            created_at=message.created_at,
            body=message.model_dump(mode="json"),
        )
        key = [messages.c.athlete_id, messages.c.slug]
        added = statement.on_conflict_do_nothing(index_elements=key).returning(messages.c.id)
        return self._connection.execute(added).one_or_none() is not None

    def of(self, athlete_id: int, limit: int = 100) -> list[StoredMessage]:
        """Newest first."""
        mine = select(messages).where(messages.c.athlete_id == athlete_id)
        newest = mine.order_by(messages.c.created_at.desc(), messages.c.slug.desc()).limit(limit)
        return [_message(row) for row in self._connection.execute(newest)]

    def whole(self, athlete_id: int, kinds: Sequence[str]) -> list[StoredMessage]:
        """Those of these kinds that still have their text, newest first."""
        mine = select(messages).where(messages.c.athlete_id == athlete_id, messages.c.scrubbed_at.is_(None))
        ordered = mine.where(messages.c.kind.in_(kinds)).order_by(messages.c.created_at.desc())
        return [_message(row) for row in self._connection.execute(ordered)]

    def get(self, athlete_id: int, message_id: str) -> StoredMessage | None:
        mine = (messages.c.athlete_id == athlete_id) & (messages.c.id == message_id)
        row = self._connection.execute(select(messages).where(mine)).one_or_none()
        return _message(row) if row else None

    def mark_read(self, athlete_id: int, message_id: str, now: datetime) -> None:
        mine = (messages.c.athlete_id == athlete_id) & (messages.c.id == message_id) & messages.c.read_at.is_(None)
        self._connection.execute(update(messages).where(mine).values(read_at=now))

    def unread(self, athlete_id: int) -> int:
        mine = (messages.c.athlete_id == athlete_id) & messages.c.read_at.is_(None)
        return self._connection.execute(select(func.count()).select_from(messages).where(mine)).scalar_one()

    def count(self, athlete_id: int) -> tuple[int, int]:
        """How many messages have their text, and of how many a stub is left."""
        columns = (func.count(), func.count(messages.c.scrubbed_at))
        total, stubs = self._connection.execute(select(*columns).where(messages.c.athlete_id == athlete_id)).one()
        return total - stubs, stubs

    def withdraw(self, message_id: str, now: datetime | None) -> None:
        """Mark that what the message said no longer holds (or, with `None`, that it holds again)."""
        self._connection.execute(update(messages).where(messages.c.id == message_id).values(withdrawn_at=now))

    def scrub(self, athlete_id: int, stored: StoredMessage, stub: Message, now: datetime, *, hides_run: bool) -> None:
        """Put a stub in place of a message, and with `hides_run` a keyed hash in place of its slug.

        Unsent deliveries are given up, and what receivers answered to the others goes, too.
        """
        slug = self._seals.slug(athlete_id, stored.slug) if hides_run else stored.slug
        values = {"body": stub.model_dump(mode="json"), "slug": slug, "scrubbed_at": now}
        self._connection.execute(update(messages).where(messages.c.id == stub.id).values(**values))
        mine = deliveries.c.message_id == stub.id
        self._connection.execute(update(deliveries).where(mine).values(answer=None))
        unsent = update(deliveries).where(mine, deliveries.c.state.in_(("due", "withdrawn")))
        given_up = {"state": "given-up", "due_at": None, "answer": RUN_IS_GONE, "updated_at": now}
        self._connection.execute(unsent.values(claim=None, claimed_until=None, **given_up))

    def delete_all(self, athlete_id: int) -> int:
        return self._connection.execute(messages.delete().where(messages.c.athlete_id == athlete_id)).rowcount


def _message(row: Row[Any]) -> StoredMessage:
    return StoredMessage(Message.model_validate(row.body), row.slug, row.read_at, row.withdrawn_at, row.scrubbed_at)
