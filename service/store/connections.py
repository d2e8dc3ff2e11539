"""Connections to Strava: tokens, the claim to sync, and how the reading stands."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, literal, or_, select, update

from integrations.strava.client import Tokens
from service.store.records import Claim, StravaConnection
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
            "attempts": 0,
            "trouble": None,
            "claim": None,
            "claimed_until": None,
            **self._sealed(new.tokens),
        }
        if new.learning_until is not None:
            renewed["learning_until"] = new.learning_until
        statement = insert(self._connection, connections).values(
            athlete_id=new.athlete_id, import_seen=0, import_share=0.0, **renewed
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
        row = self._connection.execute(
            select(connections.c.access_token, connections.c.refresh_token, connections.c.expires_at).where(
                connections.c.athlete_id == athlete_id
            )
        ).one_or_none()
        if row is None:
            return None
        return Tokens(self._vault.decrypt(row.access_token), self._vault.decrypt(row.refresh_token), row.expires_at)

    def put_tokens(self, claim: Claim, tokens: Tokens) -> bool:
        """Store renewed tokens; `False` if the claim is no longer ours."""
        return self._change(claim, **self._sealed(tokens))

    def nudge(self, athlete_id: int, now: datetime) -> None:
        """Ask for a sync now, unless an earlier one is due already."""
        later = or_(connections.c.sync_due_at.is_(None), connections.c.sync_due_at > now)
        mine = connections.c.athlete_id == athlete_id
        self._connection.execute(update(connections).where(mine, later).values(sync_due_at=now))

    def claim_due(self, now: datetime, wall: datetime, lease: timedelta) -> Claim | None:
        """Take the athlete whose sync is due longest, unless somebody holds them.

        Leases count in wall time: how long a call may take has nothing to do with the clock of the runs.
        """
        due = (
            select(connections.c.athlete_id)
            .where(connections.c.sync_due_at <= now, connections.c.state == "connected", _free(wall))
            .order_by(connections.c.sync_due_at)
            .limit(1)
            .with_for_update(skip_locked=True)  # of many who look at once, each finds somebody else
        )
        athlete_id = self._connection.execute(due).scalar_one_or_none()
        if athlete_id is None:
            return None
        token, until = str(uuid.uuid4()), wall + lease
        taken = self._connection.execute(
            update(connections)
            .where(connections.c.athlete_id == athlete_id, _free(wall))
            .values(claim=token, claimed_until=until)
        )
        return Claim(athlete_id, token, until, self._newest_event(athlete_id)) if taken.rowcount == 1 else None

    def release_all(self) -> None:
        """End every claim: for the start of the only process there is."""
        self._connection.execute(update(connections).values(claim=None, claimed_until=None))

    def holds(self, claim: Claim) -> bool:
        """Whether the claim is still ours; locks the row until the transaction ends."""
        mine = select(connections.c.claim).where(_held_by(claim)).with_for_update()
        return self._connection.execute(mine).one_or_none() is not None

    def note_import(self, claim: Claim, seen: int, share: float) -> None:
        self._change(claim, import_seen=seen, import_share=share)

    def note_before_break(self, claim: Claim, at: datetime | None) -> None:
        """When the weeks before a break were read last; `None` where nothing of them is wanted any more."""
        self._change(claim, before_break_at=at)

    def finish(self, claim: Claim, now: datetime, next_at: datetime) -> None:
        """The window was replaced: give the claim back."""
        imported_at = func.coalesce(connections.c.imported_at, literal(now, UtcDateTime()))
        done = {"synced_at": now, "imported_at": imported_at, "import_share": 1.0, "attempts": 0, "trouble": None}
        self._change(claim, sync_due_at=next_at, claim=None, claimed_until=None, **done)

    def postpone(self, claim: Claim, at: datetime, trouble: str) -> None:
        """Nothing was read: try again at `at`."""
        attempts = connections.c.attempts + 1
        self._change(claim, sync_due_at=at, attempts=attempts, trouble=trouble, claim=None, claimed_until=None)

    def sign_in_again(self, claim: Claim, trouble: str) -> None:
        """Strava no longer accepts the tokens: nothing more is read until the runner connects anew."""
        self._change(claim, state="sign-in-again", sync_due_at=None, trouble=trouble, claim=None, claimed_until=None)

    def delete(self, athlete_id: int) -> None:
        self._connection.execute(delete(connections).where(connections.c.athlete_id == athlete_id))

    def athletes(self) -> Iterable[StravaConnection]:
        return [_connection(row) for row in self._connection.execute(select(connections))]

    def _change(self, claim: Claim, /, **values: Any) -> bool:
        return self._connection.execute(update(connections).where(_held_by(claim)).values(**values)).rowcount == 1

    def _newest_event(self, athlete_id: int) -> int:
        newest = select(func.max(push_events.c.id)).where(push_events.c.athlete_id == athlete_id)
        return self._connection.execute(newest).scalar_one() or 0

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
