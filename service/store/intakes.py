"""Files that are being taken in: how far each is, and what was left out of it. Names and reports are encrypted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select, update

from service.store.records import Intake
from service.store.schema import intake_problems, intakes
from service.vault import Vault

#: Lines of a report that are kept; how many there were in all stands beside.
MOST_LINES = 200


class Intakes:
    """SQL about taking in files. One holds a claim on an intake at a time, for as long as its lease lasts."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def begin(self, athlete_id: int, name: str, spool: str | None, total_bytes: int, now: datetime) -> Intake:
        """A file is to be taken in."""
        values = dict.fromkeys(("position", "found", "added", "known", "skipped", "done_bytes"), 0)
        row = intakes.insert().values(
            athlete_id=athlete_id,
            name=self._vault.encrypt(name),
            spool=spool,
            state="reading",
            total_bytes=total_bytes,
            started_at=now,
            **values,
        )
        return self._intake(self._connection.execute(row.returning(intakes)).one())

    def get(self, athlete_id: int, intake_id: int) -> Intake | None:
        mine = select(intakes).where(intakes.c.athlete_id == athlete_id, intakes.c.id == intake_id)
        row = self._connection.execute(mine).one_or_none()
        return self._intake(row) if row else None

    def of(self, athlete_id: int, limit: int = 10) -> list[Intake]:
        """The newest first."""
        mine = select(intakes).where(intakes.c.athlete_id == athlete_id).order_by(intakes.c.id.desc()).limit(limit)
        return [self._intake(row) for row in self._connection.execute(mine)]

    def waiting(self, wall: datetime) -> list[Intake]:
        """Spooled files that nobody is reading, the oldest first."""
        free = or_(intakes.c.claimed_until.is_(None), intakes.c.claimed_until <= wall)
        due = select(intakes).where(intakes.c.state == "reading", intakes.c.spool.is_not(None), free)
        return [self._intake(row) for row in self._connection.execute(due.order_by(intakes.c.id))]

    def lost(self, wall: datetime) -> list[Intake]:
        """Files that lie elsewhere, whose reader let its lease end."""
        ended = intakes.c.claimed_until <= wall
        gone = select(intakes).where(intakes.c.state == "reading", intakes.c.spool.is_(None), ended)
        return [self._intake(row) for row in self._connection.execute(gone)]

    def spools(self) -> set[str]:
        """The names of the files that are still needed."""
        kept = select(intakes.c.spool).where(intakes.c.spool.is_not(None))
        return {name for name in self._connection.execute(kept).scalars() if name}

    def claim(self, intake_id: int, token: str, wall: datetime, lease: timedelta) -> bool:
        """Whether this intake is ours to read for now."""
        free = or_(intakes.c.claimed_until.is_(None), intakes.c.claimed_until <= wall)
        mine = update(intakes).where(intakes.c.id == intake_id, intakes.c.state == "reading", free)
        return self._connection.execute(mine.values(claim=token, claimed_until=wall + lease)).rowcount == 1

    def note(self, intake_id: int, token: str, claimed_until: datetime, **values: int) -> bool:
        """Write down how far it is and hold the claim longer; `False` if somebody else has it by now."""
        mine = update(intakes).where(intakes.c.id == intake_id, intakes.c.claim == token)
        return self._connection.execute(mine.values(claimed_until=claimed_until, **values)).rowcount == 1

    def end(self, intake_id: int, state: str, now: datetime) -> None:
        ended = {"state": state, "ended_at": now, "spool": None, "claim": None, "claimed_until": None}
        self._connection.execute(update(intakes).where(intakes.c.id == intake_id).values(**ended))

    def release_all(self) -> None:
        """At the start of the only process there is: whoever held a claim is dead."""
        freed = update(intakes).where(intakes.c.state == "reading")
        self._connection.execute(freed.where(intakes.c.spool.is_not(None)).values(claim=None, claimed_until=None))

    def add_problems(self, intake_id: int, problems: Iterable[tuple[str, str]]) -> None:
        """Keep these (kind, line) of the report, up to `MOST_LINES` of it."""
        counted = select(func.count()).select_from(intake_problems).where(intake_problems.c.intake_id == intake_id)
        number = self._connection.execute(counted).scalar_one()
        rows = [
            {"intake_id": intake_id, "number": place, "kind": kind, "line": self._vault.encrypt(line)}
            for place, (kind, line) in enumerate(problems, start=number)
            if place < MOST_LINES
        ]
        if rows:
            self._connection.execute(intake_problems.insert(), rows)

    def problems(self, intake_id: int) -> list[tuple[str, str]]:
        """The report as (kind, line), in the order of the file."""
        mine = select(intake_problems).where(intake_problems.c.intake_id == intake_id)
        rows = self._connection.execute(mine.order_by(intake_problems.c.number))
        return [(row.kind, self._vault.decrypt(row.line)) for row in rows]

    def _intake(self, row: Row[Any]) -> Intake:
        values = {name: getattr(row, name) for name in Intake.__dataclass_fields__}
        return Intake(**values | {"name": self._vault.decrypt(row.name)})
