"""Connections to Strava: tokens, the claim to sync, and how the reading stands."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, case, delete, func, literal, or_, select, update

from integrations.strava.client import Tokens
from service.store.records import Claim, ConnectionState, StravaConnection
from service.store.schema import UtcDateTime, connections, push_events
from service.store.sql import insert
from service.vault import Vault


@dataclass(frozen=True, slots=True)
class NewConnection:
    """What a granted consent brings: it starts an import at once."""

    athlete_id: int
    strava_id: int
    scope: frozenset[str]
    tokens: Tokens
    now: datetime
    learning_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Refresh:
    """The right to renew one athlete's tokens: its name, and the tokens as they were, sealed and open."""

    athlete_id: int
    name: str
    sealed: str = field(repr=False)
    tokens: Tokens


_NO_REFRESHER = {"refresher": None, "refresher_until": None}


class Connections:
    """SQL about the link between an athlete and Strava."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def put(self, new: NewConnection) -> None:
        """Store a connection, or renew the one that stands without losing what was imported.

        A sync that is under way with the old tokens loses its claim: what it finds out is no longer true.
        """
        renewed = {
            "strava_id": new.strava_id,
            "state": "connected",
            "scope": ",".join(sorted(new.scope)),
            "sync_due_at": new.now,
            "urgent": True,
            "attempts": 0,
            "trouble": None,
            "claim": None,
            "claimed_until": None,
            "refresher": None,
            "refresher_until": None,
            "renewed_at": new.now,
            **self._sealed(new.tokens),
        }
        if new.learning_until is not None:
            renewed["learning_until"] = new.learning_until
        statement = insert(self._connection, connections).values(
            athlete_id=new.athlete_id, import_seen=0, import_share=0.0, pages=1, early_deaths=0, **renewed
        )
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=[connections.c.athlete_id], set_=renewed)
        )

    def get(self, athlete_id: int) -> StravaConnection | None:
        row = self._connection.execute(select(connections).where(connections.c.athlete_id == athlete_id)).one_or_none()
        return _connection(row) if row else None

    def find_by_strava_id(self, strava_id: int) -> StravaConnection | None:
        row = self._connection.execute(select(connections).where(connections.c.strava_id == strava_id)).one_or_none()
        return _connection(row) if row else None

    def tokens(self, athlete_id: int) -> Tokens | None:
        row = self._token_row(athlete_id)
        return self._opened(row) if row else None

    def begin_refresh(self, athlete_id: int, wall: datetime, lease: timedelta) -> Refresh | None:
        """The right to renew these tokens, for as long as the lease; `None` while somebody else has it.

        Leases count in wall time, as those of claims do.
        """
        row = self._token_row(athlete_id, lock=True)
        if row is None or (row.refresher_until is not None and row.refresher_until > wall):
            return None
        name = str(uuid.uuid4())
        leased = {"refresher": name, "refresher_until": wall + lease}
        self._connection.execute(update(connections).where(connections.c.athlete_id == athlete_id).values(**leased))
        return Refresh(athlete_id, name, row.refresh_token, self._opened(row))

    def refreshed(self, refresh: Refresh, tokens: Tokens, now: datetime) -> bool:
        """Store what a refresh brought; `False` if the tokens are others by now, as after a new consent.

        Compared with what was sent, not with the lease: tokens that came late are still the only ones that work.
        """
        mine = (connections.c.athlete_id == refresh.athlete_id) & (connections.c.refresh_token == refresh.sealed)
        values = {**self._sealed(tokens), "renewed_at": now, **_NO_REFRESHER}
        return self._connection.execute(update(connections).where(mine).values(**values)).rowcount == 1

    def end_refresh(self, refresh: Refresh) -> None:
        """Give the lease back, if it is still ours."""
        mine = (connections.c.athlete_id == refresh.athlete_id) & (connections.c.refresher == refresh.name)
        self._connection.execute(update(connections).where(mine).values(**_NO_REFRESHER))

    def nudge(self, athlete_id: int, at: datetime) -> None:
        """Ask for an urgent sync at that moment, unless an earlier one is due already."""
        mine = connections.c.athlete_id == athlete_id
        due = connections.c.sync_due_at
        earliest = case((or_(due.is_(None), due > at), literal(at, UtcDateTime())), else_=due)
        self._connection.execute(update(connections).where(mine).values(sync_due_at=earliest, urgent=True))

    def claim_due(self, now: datetime, wall: datetime, lease: timedelta, *, urgent_only: bool = False) -> Claim | None:
        """Take the athlete whose sync is due longest, urgent ones first, unless somebody holds them.

        Leases count in wall time: how long a call may take has nothing to do with the clock of the runs.
        """
        due = (
            select(connections.c.athlete_id, connections.c.urgent)
            .where(connections.c.sync_due_at <= now, connections.c.state == "connected", _free(wall))
            .order_by(connections.c.urgent.desc(), connections.c.sync_due_at)
            .limit(1)
            .with_for_update(skip_locked=True)  # of many who look at once, each finds somebody else
        )
        row = self._connection.execute(due.where(connections.c.urgent) if urgent_only else due).one_or_none()
        if row is None:
            return None
        token, until = str(uuid.uuid4()), wall + lease
        taken = self._connection.execute(
            update(connections)
            .where(connections.c.athlete_id == row.athlete_id, _free(wall))
            .values(claim=token, claimed_until=until)
        )
        newest = self._newest_event(row.athlete_id)
        return Claim(row.athlete_id, token, until, newest, row.urgent) if taken.rowcount == 1 else None

    def release_all(self) -> None:
        """End every claim and lease: for the start of the only process there is."""
        self._connection.execute(update(connections).values(claim=None, claimed_until=None, **_NO_REFRESHER))

    def holds(self, claim: Claim) -> bool:
        """Whether the claim is still ours; locks the row until the transaction ends."""
        mine = select(connections.c.claim).where(_held_by(claim)).with_for_update()
        return self._connection.execute(mine).one_or_none() is not None

    def note_import(self, claim: Claim, seen: int, share: float) -> None:
        self._change(claim, import_seen=seen, import_share=share)

    def note_before_break(self, claim: Claim, at: datetime | None) -> None:
        """When the weeks before a break were read last; `None` where nothing of them is wanted any more."""
        self._change(claim, before_break_at=at)

    def finish(self, claim: Claim, now: datetime, next_at: datetime, *, urgent: bool = False, pages: int = 1) -> None:
        """The window was replaced, from so many pages: give the claim back. `urgent`: somebody waits for the next."""
        imported_at = func.coalesce(connections.c.imported_at, literal(now, UtcDateTime()))
        read = {"synced_at": now, "imported_at": imported_at, "import_share": 1.0, "pages": pages}
        done = {**read, "attempts": 0, "trouble": None, "urgent": urgent}
        self._change(claim, sync_due_at=next_at, claim=None, claimed_until=None, **done)

    def postpone(self, claim: Claim, at: datetime, trouble: str) -> None:
        """Nothing was read: try again at `at`."""
        attempts = connections.c.attempts + 1
        self._change(claim, sync_due_at=at, attempts=attempts, trouble=trouble, claim=None, claimed_until=None)

    def wait(self, claim: Claim, at: datetime) -> None:
        """Nothing was asked, because it is others' turn: no attempt, and no trouble that a runner should read."""
        self._change(claim, sync_due_at=at, claim=None, claimed_until=None)

    def lose(self, claim: Claim, state: ConnectionState, trouble: str) -> None:
        """Nothing more is read until the runner connects anew."""
        self._change(claim, state=state, sync_due_at=None, trouble=trouble, claim=None, claimed_until=None)

    def note_early_death(self, claim: Claim, deaths: int, now: datetime) -> None:
        """Tokens died soon after they were renewed, for this many times in a row."""
        self._change(claim, early_deaths=deaths, died_early_at=now)

    def lose_all(self, state: ConnectionState, trouble: str) -> list[int]:
        """Every connection that works ends this way, as when the application changes. Returns whose."""
        ended = {"state": state, "sync_due_at": None, "trouble": trouble, "claim": None, "claimed_until": None}
        all_ = update(connections).where(connections.c.state == "connected").values(**ended)
        return list(self._connection.execute(all_.returning(connections.c.athlete_id)).scalars())

    def spread(self, due: Mapping[int, datetime]) -> None:
        """Set when these athletes are read next."""
        for athlete_id, at in due.items():
            mine = connections.c.athlete_id == athlete_id
            self._connection.execute(update(connections).where(mine).values(sync_due_at=at))

    def overdue(self, now: datetime) -> list[int]:
        """Who was to be read by schedule before now, longest first; nobody waits for these."""
        late = (connections.c.state == "connected") & (connections.c.sync_due_at <= now)
        mine = select(connections.c.athlete_id).where(late, connections.c.urgent.is_(False))
        return list(self._connection.execute(mine.order_by(connections.c.sync_due_at)).scalars())

    def load(self) -> tuple[int, int]:
        """How many athletes are read, and how many calls reading each once takes."""
        counted = select(func.count(), func.coalesce(func.sum(connections.c.pages), 0))
        row = self._connection.execute(counted.where(connections.c.state == "connected")).one()
        return row[0], row[1]

    def delete(self, athlete_id: int) -> None:
        self._connection.execute(delete(connections).where(connections.c.athlete_id == athlete_id))

    def athletes(self) -> Iterable[StravaConnection]:
        return [_connection(row) for row in self._connection.execute(select(connections))]

    def _change(self, claim: Claim, /, **values: Any) -> bool:
        return self._connection.execute(update(connections).where(_held_by(claim)).values(**values)).rowcount == 1

    def _newest_event(self, athlete_id: int) -> int:
        newest = select(func.max(push_events.c.id)).where(push_events.c.athlete_id == athlete_id)
        return self._connection.execute(newest).scalar_one() or 0

    def _token_row(self, athlete_id: int, *, lock: bool = False) -> Row[Any] | None:
        names = ("access_token", "refresh_token", "expires_at", "refresher_until")
        query = select(*(connections.c[name] for name in names)).where(connections.c.athlete_id == athlete_id)
        return self._connection.execute(query.with_for_update() if lock else query).one_or_none()

    def _opened(self, row: Row[Any]) -> Tokens:
        return Tokens(self._vault.decrypt(row.access_token), self._vault.decrypt(row.refresh_token), row.expires_at)

    def _sealed(self, tokens: Tokens) -> dict[str, Any]:
        return {
            "access_token": self._vault.encrypt(tokens.access_token),
            "refresh_token": self._vault.encrypt(tokens.refresh_token),
            "expires_at": tokens.expires_at,
        }


def _free(wall: datetime) -> Any:
    return or_(connections.c.claimed_until.is_(None), connections.c.claimed_until <= wall)


def _held_by(claim: Claim) -> Any:
    return (connections.c.athlete_id == claim.athlete_id) & (connections.c.claim == claim.token)


def _connection(row: Row[Any]) -> StravaConnection:
    values = {name: getattr(row, name) for name in StravaConnection.__dataclass_fields__}
    return StravaConnection(**values | {"scope": frozenset(filter(None, row.scope.split(",")))})
