"""What came from the runners' own files: theirs, and kept until they delete it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, bindparam, delete, func, select, update

from service.store.activities import activity_of, activity_row
from service.store.records import HeldActivity, OwnActivity
from service.store.schema import own_activities
from service.store.sql import insert


class OwnActivities:
    """SQL about runners' own activities. The same recording has the same id, so it is kept once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, athlete_id: int, found: Iterable[OwnActivity], intake_id: int | None = None) -> int:
        """Keep these, and leave as they are those that are there. Returns how many are new.

        While `intake_id` is given, they are out of sight until that intake releases them: half a history would have
        judged what is ordinary as too much. What another intake left behind out of sight becomes this one's.
        """
        rows = [
            {
                "athlete_id": athlete_id,
                "source": own.source,
                "zone_known": own.zone_known,
                "intake_id": intake_id,
                **activity_row(own.held),
            }
            for own in found
        ]
        if not rows:
            return 0
        before = self.count(athlete_id)
        added = insert(self._connection, own_activities)
        left_behind = {
            "set_": {"intake_id": added.excluded.intake_id},
            "where": own_activities.c.intake_id.is_not(None),
        }
        self._connection.execute(added.on_conflict_do_update(index_elements=["athlete_id", "id"], **left_behind), rows)
        return self.count(athlete_id) - before

    def held(self, athlete_id: int, since: datetime, until: datetime | None = None) -> list[HeldActivity]:
        """Those that start in [since, until) by the runner's clock, in order of start."""
        span = [_in_sight(athlete_id), own_activities.c.start_local >= since]
        if until is not None:
            span.append(own_activities.c.start_local < until)
        ordered = select(own_activities).where(*span).order_by(own_activities.c.start_local, own_activities.c.id)
        return [_held(row) for row in self._connection.execute(ordered)]

    def days(self, athlete_id: int) -> dict[int, date]:
        """The local day of each, by its id."""
        mine = select(own_activities.c.id, own_activities.c.start_local).where(_in_sight(athlete_id))
        return {row.id: row.start_local.date() for row in self._connection.execute(mine)}

    def newest(self, athlete_id: int, limit: int, offset: int = 0) -> list[HeldActivity]:
        """For a list: the newest first."""
        mine = select(own_activities).where(_in_sight(athlete_id))
        ordered = mine.order_by(own_activities.c.start_local.desc(), own_activities.c.id.desc())
        return [_held(row) for row in self._connection.execute(ordered.limit(limit).offset(offset))]

    def count(self, athlete_id: int) -> int:
        mine = select(func.count()).select_from(own_activities).where(own_activities.c.athlete_id == athlete_id)
        return self._connection.execute(mine).scalar_one()

    def last_seen_at(self, athlete_id: int) -> datetime | None:
        """When a run last came in."""
        latest = select(own_activities.c.first_seen_at).where(own_activities.c.athlete_id == athlete_id)
        newest = latest.order_by(own_activities.c.first_seen_at.desc()).limit(1)
        return self._connection.execute(newest).scalar_one_or_none()

    def mark_judged(self, athlete_id: int, now: datetime) -> None:
        """All that is in sight was judged, by itself or by another recording of the same effort."""
        unjudged = own_activities.c.judged_at.is_(None) & own_activities.c.intake_id.is_(None)
        mine = update(own_activities).where(own_activities.c.athlete_id == athlete_id, unjudged)
        self._connection.execute(mine.values(judged_at=now))

    def release(self, athlete_id: int, intake_id: int) -> None:
        """The file is read: what came of it counts from now on."""
        mine = (own_activities.c.athlete_id == athlete_id) & (own_activities.c.intake_id == intake_id)
        self._connection.execute(update(own_activities).where(mine).values(intake_id=None))

    def silence(self, athlete_id: int) -> None:
        """Nothing more is told of what is held now: it was told, and what was said was deleted."""
        mine = own_activities.c.athlete_id == athlete_id
        self._connection.execute(update(own_activities).where(mine).values(imported=True))

    def move_to(self, athlete_id: int, zone: ZoneInfo) -> int:
        """Put what the files gave in UTC alone on the clock of this zone. Returns how many that were."""
        columns = (own_activities.c.id, own_activities.c.start_local, own_activities.c.utc_offset_s)
        mine = own_activities.c.athlete_id == athlete_id
        in_utc = select(*columns).where(mine, own_activities.c.zone_known.is_(False), own_activities.c.start_time_known)
        moved = [_on_clock(row, zone) for row in self._connection.execute(in_utc)]
        if moved:
            changed = update(own_activities).where(mine, own_activities.c.id == bindparam("of_id"))
            self._connection.execute(changed, moved)
        return len(moved)

    def delete(self, athlete_id: int, activity_id: int) -> bool:
        mine = (own_activities.c.athlete_id == athlete_id) & (own_activities.c.id == activity_id)
        return self._connection.execute(delete(own_activities).where(mine)).rowcount == 1

    def delete_all(self, athlete_id: int) -> int:
        mine = own_activities.c.athlete_id == athlete_id
        return self._connection.execute(delete(own_activities).where(mine)).rowcount


def _in_sight(athlete_id: int) -> Any:
    return (own_activities.c.athlete_id == athlete_id) & own_activities.c.intake_id.is_(None)


def _held(row: Row[Any]) -> HeldActivity:
    return HeldActivity(activity_of(row), row.imported, row.first_seen_at, row.judged_at, own=True)


def _on_clock(row: Any, zone: ZoneInfo) -> dict[str, Any]:
    start = (row.start_local - timedelta(seconds=row.utc_offset_s or 0)).replace(tzinfo=UTC).astimezone(zone)
    offset = start.utcoffset() or timedelta(0)
    return {
        "of_id": row.id,
        "start_local": start.replace(tzinfo=None),
        "utc_offset_s": round(offset.total_seconds()),
        "time_zone": zone.key,
    }
