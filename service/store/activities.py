"""The window: the activities that are held from Strava, replaced as a whole by each sync."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, or_, select, update

from rules.history import CadenceFade
from rules.model import Activity
from service.store.records import HeldActivity
from service.store.schema import activities, seen_runs
from service.store.seals import Seals
from service.store.sql import insert

_FIELDS = tuple(field.name for field in fields(Activity))


@dataclass(frozen=True, slots=True)
class Span:
    """How much is held of one kind, since when (where that is known), and when the oldest of it was confirmed."""

    count: int
    since: datetime | None
    confirmed_at: datetime | None


class Activities:
    """SQL about what is held of an athlete's training."""

    def __init__(self, connection: Connection, seals: Seals) -> None:
        self._connection = connection
        self._seals = seals

    def held(self, athlete_id: int) -> list[HeldActivity]:
        """The window, in order of start."""
        mine = select(activities).where(_window_of(athlete_id))
        return [
            _held(row) for row in self._connection.execute(mine.order_by(activities.c.start_local, activities.c.id))
        ]

    def replace(self, athlete_id: int, window: Iterable[HeldActivity], now: datetime) -> None:
        """Put `window` in place of all that is held. `now` is when Strava confirmed it."""
        window = list(window)
        ids = [held.activity.id for held in window]
        # What comes into the window, or a corrected date brings there, is no longer from before a break.
        gone = or_(activities.c.before_break.is_(False), activities.c.id.in_(ids))
        self._remember(athlete_id, gone, but=ids)
        self._connection.execute(delete(activities).where(activities.c.athlete_id == athlete_id, gone))
        rows = [{"athlete_id": athlete_id, "confirmed_at": now, **_row(held)} for held in window]
        if rows:
            self._connection.execute(activities.insert(), rows)
        self._forget_seen(athlete_id, ids)

    def before_break(self, athlete_id: int) -> list[Activity]:
        """What is held from before a long break, in order of start."""
        mine = select(activities).where(activities.c.athlete_id == athlete_id, activities.c.before_break)
        ordered = mine.order_by(activities.c.start_local, activities.c.id)
        return [_held(row).activity for row in self._connection.execute(ordered)]

    def replace_before_break(self, athlete_id: int, older: Iterable[Activity], now: datetime) -> None:
        """Put these in place of what is held from before a break; it is never told of and expires like the window."""
        mine, older = activities.c.athlete_id == athlete_id, list(older)
        self._remember(athlete_id, activities.c.before_break, but=[activity.id for activity in older])
        self._connection.execute(delete(activities).where(mine, activities.c.before_break))
        in_window = set(self._connection.execute(select(activities.c.id).where(mine)).scalars())
        how = {"athlete_id": athlete_id, "confirmed_at": now, "before_break": True}
        held = (HeldActivity(activity, True, now, now) for activity in older if activity.id not in in_window)
        rows = [{**how, **_row(item)} for item in held]
        if rows:
            self._connection.execute(activities.insert(), rows)

    def confirm(self, athlete_id: int, now: datetime) -> None:
        """Strava gave the same window again: it may be held for another while."""
        self._connection.execute(update(activities).where(_window_of(athlete_id)).values(confirmed_at=now))

    def mark_judged(self, athlete_id: int, ids: Sequence[int], now: datetime) -> None:
        self._connection.execute(
            update(activities)
            .where(activities.c.athlete_id == athlete_id, activities.c.id.in_(ids))
            .values(judged_at=now)
        )

    def forget_fades(self, athlete_id: int) -> None:
        """What the course of runs said is no longer wanted."""
        mine = update(activities).where(activities.c.athlete_id == athlete_id)
        self._connection.execute(mine.values(cadence_change=None, cadence_comparable=None))

    def days(self, athlete_id: int) -> dict[int, date]:
        """The local day of each activity that is held, in the window and from before a break, by its id."""
        mine = select(activities.c.id, activities.c.start_local).where(activities.c.athlete_id == athlete_id)
        return {row.id: row.start_local.date() for row in self._connection.execute(mine)}

    def span(self, athlete_id: int, *, before_break: bool = False, with_fade: bool = False) -> Span:
        """Of the window, or of the weeks before a break; `with_fade` those alone whose course was read."""
        mine = (activities.c.athlete_id == athlete_id) & (activities.c.before_break.is_(before_break))
        if with_fade:
            mine = mine & activities.c.cadence_change.is_not(None)
        columns = (func.count(), func.min(activities.c.first_seen_at), func.min(activities.c.confirmed_at))
        return Span(*self._connection.execute(select(*columns).where(mine)).one())

    def with_unconfirmed(self, before: datetime) -> list[int]:
        """The athletes of whom something is held that Strava has not confirmed since then."""
        old = select(activities.c.athlete_id).where(activities.c.confirmed_at < before).distinct()
        return list(self._connection.execute(old.order_by(activities.c.athlete_id)).scalars())

    def delete_unconfirmed(self, athlete_id: int, before: datetime) -> int:
        """Forget what Strava has not confirmed since then. Returns how many activities."""
        old = activities.c.confirmed_at < before
        self._remember(athlete_id, old)
        return self._connection.execute(delete(activities).where(activities.c.athlete_id == athlete_id, old)).rowcount

    def delete_all(self, athlete_id: int) -> int:
        """Everything, and the memory of what was held once."""
        self._connection.execute(delete(seen_runs).where(seen_runs.c.athlete_id == athlete_id))
        return self._connection.execute(delete(activities).where(activities.c.athlete_id == athlete_id)).rowcount

    def seen(self, athlete_id: int, ids: Iterable[int]) -> set[int]:
        """Which of these were held once and are no longer."""
        by_seal = {self._seals.run(athlete_id, id_): id_ for id_ in ids}
        mine = select(seen_runs.c.fingerprint).where(seen_runs.c.athlete_id == athlete_id)
        known = set(self._connection.execute(mine).scalars())
        return {id_ for seal, id_ in by_seal.items() if seal in known}

    def count_seen(self, athlete_id: int) -> int:
        mine = seen_runs.c.athlete_id == athlete_id
        return self._connection.execute(select(func.count()).select_from(seen_runs).where(mine)).scalar_one()

    def _remember(self, athlete_id: int, leaving: Any, but: Collection[int] = ()) -> None:
        """Keep the keyed hashes of those that leave."""
        query = select(activities.c.id).where(activities.c.athlete_id == athlete_id, leaving)
        ids = set(self._connection.execute(query).scalars()) - set(but)
        rows = [{"athlete_id": athlete_id, "fingerprint": self._seals.run(athlete_id, id_)} for id_ in sorted(ids)]
        if rows:
            self._connection.execute(insert(self._connection, seen_runs).on_conflict_do_nothing(), rows)

    def _forget_seen(self, athlete_id: int, ids: Collection[int]) -> None:
        """What is held again needs no hash."""
        seals = [self._seals.run(athlete_id, id_) for id_ in self.seen(athlete_id, ids)]
        if seals:
            mine = seen_runs.c.athlete_id == athlete_id
            self._connection.execute(delete(seen_runs).where(mine, seen_runs.c.fingerprint.in_(seals)))


def _window_of(athlete_id: int) -> Any:
    return (activities.c.athlete_id == athlete_id) & activities.c.before_break.is_(False)


def activity_row(held: HeldActivity) -> dict[str, Any]:
    """The columns that every activity has, wherever it came from."""
    return {name: getattr(held.activity, name) for name in _FIELDS} | {
        "imported": held.imported,
        "first_seen_at": held.first_seen_at,
        "judged_at": held.judged_at,
    }


def activity_of(row: Row[Any]) -> Activity:
    return Activity(**{name: getattr(row, name) for name in _FIELDS})


def _row(held: HeldActivity) -> dict[str, Any]:
    return activity_row(held) | {
        "cadence_change": None if held.fade is None else held.fade.change,
        "cadence_comparable": None if held.fade is None else held.fade.comparable,
    }


def _held(row: Row[Any]) -> HeldActivity:
    return HeldActivity(activity_of(row), row.imported, row.first_seen_at, row.judged_at, _fade(row))


def _fade(row: Row[Any]) -> CadenceFade | None:
    if row.cadence_change is None:
        return None
    return CadenceFade(row.id, row.cadence_change, row.cadence_comparable)
