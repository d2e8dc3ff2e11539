"""The outbox: which message goes to which destination, who is sending it, and how it went."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, or_, select, update

from integrations.channels.message import Message
from service.store.records import ClaimedDelivery, DeliveryRecord, Destination, DestinationState
from service.store.schema import deliveries, destinations, messages
from service.vault import Vault


class Deliveries:
    """SQL about destinations and the deliveries to them."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def add_destination(
        self, athlete_id: int, channel: str, label: str, address: str, state: DestinationState, now: datetime
    ) -> Destination:
        row = self._connection.execute(
            destinations.insert()
            .values(
                athlete_id=athlete_id,
                channel=channel,
                label=self._vault.encrypt(label),
                address=self._vault.encrypt(address),
                state=state,
                created_at=now,
            )
            .returning(destinations)
        ).one()
        return self._destination(row)

    def destinations(self, athlete_id: int) -> list[Destination]:
        mine = select(destinations).where(destinations.c.athlete_id == athlete_id).order_by(destinations.c.id)
        return [self._destination(row) for row in self._connection.execute(mine)]

    def destination(self, athlete_id: int, destination_id: int) -> Destination | None:
        mine = (destinations.c.athlete_id == athlete_id) & (destinations.c.id == destination_id)
        row = self._connection.execute(select(destinations).where(mine)).one_or_none()
        return self._destination(row) if row else None

    def set_state(self, destination_id: int, state: DestinationState, note: str | None = None) -> None:
        mine = destinations.c.id == destination_id
        self._connection.execute(update(destinations).where(mine).values(state=state, note=note))

    def remove_destination(self, athlete_id: int, destination_id: int) -> bool:
        mine = (destinations.c.athlete_id == athlete_id) & (destinations.c.id == destination_id)
        return self._connection.execute(delete(destinations).where(mine)).rowcount == 1

    def enqueue(self, athlete_id: int, message_id: str, now: datetime) -> int:
        """One delivery to each active destination of the athlete. Returns how many."""
        active = (destinations.c.athlete_id == athlete_id) & (destinations.c.state == "active")
        ids = list(self._connection.execute(select(destinations.c.id).where(active)).scalars())
        for destination_id in ids:
            self.enqueue_to(destination_id, message_id, now)
        return len(ids)

    def enqueue_to(self, destination_id: int, message_id: str, now: datetime) -> None:
        self._connection.execute(
            deliveries.insert().values(
                id=str(uuid.uuid4()),
                message_id=message_id,
                destination_id=destination_id,
                state="due",
                due_at=now,
                attempts=0,
                created_at=now,
                updated_at=now,
            )
        )

    def claim_due(self, now: datetime, wall: datetime, lease: timedelta) -> ClaimedDelivery | None:
        """Take the delivery that is due longest, unless somebody is sending it. The lease counts in wall time."""
        free = or_(deliveries.c.claimed_until.is_(None), deliveries.c.claimed_until <= wall)
        due = select(deliveries.c.id).where(deliveries.c.state == "due", deliveries.c.due_at <= now, free)
        oldest = due.order_by(deliveries.c.due_at, deliveries.c.created_at, deliveries.c.id).limit(1)
        # Of many who look at once, each finds another one.
        delivery_id = self._connection.execute(oldest.with_for_update(skip_locked=True)).scalar_one_or_none()
        if delivery_id is None:
            return None
        claim = str(uuid.uuid4())
        taken = update(deliveries).where(deliveries.c.id == delivery_id, free)
        values = {"claim": claim, "claimed_until": wall + lease, "attempts": deliveries.c.attempts + 1}
        if self._connection.execute(taken.values(**values)).rowcount != 1:
            return None
        return self._claimed(delivery_id, claim)

    def release_all(self) -> None:
        """End every claim: for the start of the only process there is."""
        self._connection.execute(update(deliveries).values(claim=None, claimed_until=None))

    def sent(self, delivery: ClaimedDelivery, answer: str, now: datetime) -> None:
        self._end(delivery, state="sent", due_at=None, answer=answer, updated_at=now)

    def postpone(self, delivery: ClaimedDelivery, at: datetime, answer: str, now: datetime) -> None:
        self._end(delivery, due_at=at, answer=answer, updated_at=now)

    def give_up(self, delivery: ClaimedDelivery, answer: str, now: datetime) -> None:
        self._end(delivery, state="given-up", due_at=None, answer=answer, updated_at=now)

    def withdraw(self, delivery: ClaimedDelivery, answer: str, now: datetime) -> None:
        """What it says no longer holds: given up, unless it comes to hold again."""
        self._end(delivery, state="withdrawn", due_at=None, answer=answer, updated_at=now)

    def take_up_again(self, message_id: str, now: datetime) -> None:
        """What a message says holds again: what was not sent because it did not is due."""
        mine = (deliveries.c.message_id == message_id) & (deliveries.c.state == "withdrawn")
        again = {"state": "due", "due_at": now, "attempts": 0, "answer": None, "updated_at": now}
        self._connection.execute(update(deliveries).where(mine).values(**again))

    def of_message(self, message_id: str) -> list[DeliveryRecord]:
        return self._records(deliveries.c.message_id == message_id)

    def last_of(self, destination_id: int) -> DeliveryRecord | None:
        """The newest delivery to a destination."""
        return next(iter(self._records(deliveries.c.destination_id == destination_id, limit=1)), None)

    def _records(self, condition: Any, limit: int = 50) -> list[DeliveryRecord]:
        joined = deliveries.join(destinations, deliveries.c.destination_id == destinations.c.id)
        columns = [deliveries.c[name] for name in DeliveryRecord.__dataclass_fields__ if name in deliveries.c]
        query = select(*columns, destinations.c.channel, destinations.c.label).select_from(joined).where(condition)
        newest = query.order_by(deliveries.c.created_at.desc(), deliveries.c.id).limit(limit)
        return [self._record(row) for row in self._connection.execute(newest)]

    def _end(self, delivery: ClaimedDelivery, **values: Any) -> None:
        """Write how an attempt went, if the lease is still ours."""
        mine = (deliveries.c.id == delivery.id) & (deliveries.c.claim == delivery.claim)
        self._connection.execute(update(deliveries).where(mine).values(claim=None, claimed_until=None, **values))

    def _claimed(self, delivery_id: str, claim: str) -> ClaimedDelivery:
        joined = deliveries.join(messages, deliveries.c.message_id == messages.c.id).join(
            destinations, deliveries.c.destination_id == destinations.c.id
        )
        columns = (destinations, deliveries.c.attempts, messages.c.body, messages.c.withdrawn_at)
        row = self._connection.execute(select(*columns).select_from(joined).where(deliveries.c.id == delivery_id)).one()
        message = Message.model_validate(row.body)
        is_withdrawn = row.withdrawn_at is not None
        return ClaimedDelivery(delivery_id, claim, row.attempts, message, self._destination(row), is_withdrawn)

    def _destination(self, row: Row[Any]) -> Destination:
        label, address = self._vault.decrypt(row.label), self._vault.decrypt(row.address)
        return Destination(row.id, row.athlete_id, row.channel, label, address, row.state, row.note)

    def _record(self, row: Any) -> DeliveryRecord:
        return DeliveryRecord(**{**row._mapping, "label": self._vault.decrypt(row.label)})
