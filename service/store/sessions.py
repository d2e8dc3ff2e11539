"""Signed-in browsers. Only a keyed hash of each session's secret is kept, so the table opens no door."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import Connection, delete, select

from service.store.schema import sessions
from service.vault import Vault


class Sessions:
    """SQL about who is signed in where."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def start(self, athlete_id: int, now: datetime, expires_at: datetime) -> str:
        """A new session's secret, for the cookie."""
        secret = secrets.token_urlsafe(32)
        self._connection.execute(
            sessions.insert().values(
                fingerprint=self._fingerprint(secret), athlete_id=athlete_id, created_at=now, expires_at=expires_at
            )
        )
        return secret

    def athlete(self, secret: str, now: datetime) -> int | None:
        """Whose session this is, unless it ended."""
        mine = (sessions.c.fingerprint == self._fingerprint(secret)) & (sessions.c.expires_at > now)
        return self._connection.execute(select(sessions.c.athlete_id).where(mine)).scalar_one_or_none()

    def end(self, secret: str) -> None:
        self._connection.execute(delete(sessions).where(sessions.c.fingerprint == self._fingerprint(secret)))

    def end_all(self, athlete_id: int) -> None:
        self._connection.execute(delete(sessions).where(sessions.c.athlete_id == athlete_id))

    def delete_expired(self, now: datetime) -> None:
        self._connection.execute(delete(sessions).where(sessions.c.expires_at <= now))

    def _fingerprint(self, secret: str) -> str:
        return self._vault.fingerprint("session", secret)
