"""The window: the activities that are held from Strava, replaced as a whole by each sync."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, or_, select, update

from rules.history import CadenceFade
from rules.model import Activity
from service.store.records import HeldActivity
from service.store.schema import activities

_FIELDS = tuple(field.name for field in fields(Activity))


class Activities:
    """SQL about what is held of an athlete's training."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

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
        self._connection.execute(delete(activities).where(activities.c.athlete_id == athlete_id, gone))
        rows = [{"athlete_id": athlete_id, "confirmed_at": now, **_row(held)} for held in window]
        if rows:
            self._connection.execute(activities.insert(), rows)

    def before_break(self, athlete_id: int) -> list[Activity]:
        """What is held from before a long break, in order of start."""
        mine = select(activities).where(activities.c.athlete_id == athlete_id, activities.c.before_break)
        ordered = mine.order_by(activities.c.start_local, activities.c.id)
        return [_held(row).activity for row in self._connection.execute(ordered)]

    def replace_before_break(self, athlete_id: int, older: Iterable[Activity], now: datetime) -> None:
        """Put these in place of what is held from before a break; it is never told of and expires like the window."""
        mine = activities.c.athlete_id == athlete_id
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

    def delete_unconfirmed(self, before: datetime) -> Mapping[int, int]:
        """Forget what Strava has not confirmed since then. Returns how many activities of which athlete."""
        old = activities.c.confirmed_at < before
        counts = select(activities.c.athlete_id, func.count()).where(old).group_by(activities.c.athlete_id)
        forgotten = {row[0]: row[1] for row in self._connection.execute(counts)}
        self._connection.execute(delete(activities).where(old))
        return forgotten

    def delete_all(self, athlete_id: int) -> int:
        return self._connection.execute(delete(activities).where(activities.c.athlete_id == athlete_id)).rowcount


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
