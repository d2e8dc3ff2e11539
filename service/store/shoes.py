"""Pairs of shoes and what Strava says they have run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, select

from integrations.strava.mapping import Gear
from service.store.schema import shoes
from service.store.sql import insert


@dataclass(frozen=True, slots=True)
class HeldPair:
    """A pair as Strava told of it at `confirmed_at`."""

    gear: Gear
    confirmed_at: datetime


class ShoeRows:
    """SQL about pairs of shoes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, athlete_id: int) -> list[HeldPair]:
        """The pairs that Strava knows."""
        mine = select(shoes).where(shoes.c.athlete_id == athlete_id, shoes.c.distance_m.is_not(None))
        return [
            HeldPair(Gear(row.gear_id, row.name, row.distance_m), row.confirmed_at)
            for row in self._connection.execute(mine.order_by(shoes.c.gear_id))
        ]

    def asked_at(self, athlete_id: int) -> dict[str, datetime]:
        """When each pair was last asked for, those too that Strava does not know."""
        mine = select(shoes.c.gear_id, shoes.c.confirmed_at).where(shoes.c.athlete_id == athlete_id)
        return {row.gear_id: row.confirmed_at for row in self._connection.execute(mine)}

    def span(self, athlete_id: int) -> tuple[int, datetime | None]:
        """How many pairs, and when the oldest was confirmed."""
        query = select(func.count(), func.min(shoes.c.confirmed_at)).where(shoes.c.athlete_id == athlete_id)
        count, confirmed_at = self._connection.execute(query).one()
        return count, confirmed_at

    def put(self, athlete_id: int, gear: Mapping[str, Gear | None], now: datetime) -> None:
        """Keep what Strava told just now: of each pair its distance, or that there is none."""
        for gear_id, pair in gear.items():
            told = {"name": pair.name, "distance_m": pair.distance_m} if pair else {"name": "", "distance_m": None}
            values = {**told, "confirmed_at": now}
            row = insert(self._connection, shoes).values(athlete_id=athlete_id, gear_id=gear_id, **values)
            self._connection.execute(row.on_conflict_do_update(index_elements=["athlete_id", "gear_id"], set_=values))

    def delete_unconfirmed(self, before: datetime) -> int:
        """Forget what Strava has not told anew since then."""
        return self._connection.execute(delete(shoes).where(shoes.c.confirmed_at < before)).rowcount

    def delete_all(self, athlete_id: int) -> int:
        return self._connection.execute(delete(shoes).where(shoes.c.athlete_id == athlete_id)).rowcount
