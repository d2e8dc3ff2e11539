"""The inbox of pushes from Strava: stored first, answered then, dealt with by the next sync."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select, update

from service.store.records import PendingEvent
from service.store.schema import push_events
from service.store.sql import insert

#: When to look again for a run that Strava announced but does not list yet.
LOOK_AGAIN = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 360))
#: The aspect of a push that says that the runner withdrew consent.
DEAUTHORISED = "deauthorised"


class PushEvents:
    """SQL about Strava's pushes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        athlete_id: int,
        dedup: str,
        object_id: int,
        aspect: str,
        now: datetime,
        due_at: datetime | None = None,
    ) -> bool:
        """Store a push that wants a sync at `due_at` (now unless said); `False` if it is known already."""
        statement = insert(self._connection, push_events).values(
            athlete_id=athlete_id,
            dedup=dedup,
            object_id=object_id,
            aspect=aspect,
            received_at=now,
            attempts=0,
            due_at=due_at or now,
        )
        added = statement.on_conflict_do_nothing(index_elements=[push_events.c.dedup]).returning(push_events.c.id)
        return self._connection.execute(added).one_or_none() is not None

    def pending(self, athlete_id: int, newest: int) -> list[PendingEvent]:
        """What is not done of the pushes up to and including `newest`."""
        columns = (push_events.c.id, push_events.c.object_id, push_events.c.aspect, push_events.c.attempts)
        mine = select(*columns).where(
            push_events.c.athlete_id == athlete_id, push_events.c.id <= newest, push_events.c.done_at.is_(None)
        )
        return [PendingEvent(*row) for row in self._connection.execute(mine.order_by(push_events.c.id))]

    def count_open(self, athlete_id: int) -> int:
        mine = (push_events.c.athlete_id == athlete_id) & push_events.c.done_at.is_(None)
        return self._connection.execute(select(func.count()).select_from(push_events).where(mine)).scalar_one()

    def announced(self, athlete_id: int, object_ids: Collection[int]) -> set[int]:
        """Which of these activities a push was about, of those pushes that are still kept."""
        about = select(push_events.c.object_id).where(
            push_events.c.athlete_id == athlete_id, push_events.c.object_id.in_(object_ids)
        )
        return set(self._connection.execute(about).scalars())

    def deauthorisation_pending(self, athlete_id: int) -> bool:
        """Whether a push that is not done says that this runner withdrew consent.

        Anybody who learns the callback's path can claim that: it counts only beside a refusal by Strava itself.
        """
        return athlete_id in self.deauthorisations()

    def deauthorisations(self) -> set[int]:
        """The athletes of whom an open push says so."""
        said = (push_events.c.aspect == DEAUTHORISED) & push_events.c.done_at.is_(None)
        return set(self._connection.execute(select(push_events.c.athlete_id).where(said)).scalars())

    def due_later(self, athlete_id: int, now: datetime) -> set[int]:
        """Ids of the pushes whose next look has not come yet."""
        later = (push_events.c.athlete_id == athlete_id) & (push_events.c.due_at > now)
        return set(self._connection.execute(select(push_events.c.id).where(later)).scalars())

    def done(self, ids: Collection[int], now: datetime) -> None:
        if ids:
            ended = {"done_at": now, "due_at": None}
            self._connection.execute(update(push_events).where(push_events.c.id.in_(ids)).values(**ended))

    def look_again(self, due: Mapping[int, datetime]) -> None:
        """These announced runs are not listed yet: count the attempt and set when to look again."""
        for event_id, at in due.items():
            again = {"due_at": at, "attempts": push_events.c.attempts + 1}
            self._connection.execute(update(push_events).where(push_events.c.id == event_id).values(**again))

    def next_due(self, athlete_id: int) -> datetime | None:
        """When the earliest of the athlete's open pushes wants a sync."""
        waiting = (push_events.c.athlete_id == athlete_id) & push_events.c.done_at.is_(None)
        earliest: datetime | None = self._connection.execute(
            select(func.min(push_events.c.due_at)).where(waiting)
        ).scalar_one()
        return earliest

    def delete_done(self, before: datetime) -> int:
        return self._connection.execute(push_events.delete().where(push_events.c.done_at < before)).rowcount

    def delete_all(self, athlete_id: int) -> int:
        return self._connection.execute(push_events.delete().where(push_events.c.athlete_id == athlete_id)).rowcount
