"""Keys of runners' own programs, and one-time links for who has neither Strava nor mail. Only keyed hashes are kept."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from service.store.records import ApiToken
from service.store.schema import api_tokens, sign_in_links
from service.vault import Vault


class ApiTokens:
    """SQL about keys and links."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def new(self, athlete_id: int, now: datetime) -> str:
        """A new key, to be shown once."""
        key = secrets.token_urlsafe(32)
        row = api_tokens.insert().values(athlete_id=athlete_id, fingerprint=self._of_key(key), created_at=now)
        self._connection.execute(row)
        return key

    def of(self, athlete_id: int) -> list[ApiToken]:
        mine = select(api_tokens).where(api_tokens.c.athlete_id == athlete_id).order_by(api_tokens.c.id)
        return [ApiToken(row.id, row.created_at, row.used_at) for row in self._connection.execute(mine)]

    def use(self, key: str, now: datetime) -> int | None:
        """Whose key this is, if it is one."""
        mine = update(api_tokens).where(api_tokens.c.fingerprint == self._of_key(key)).values(used_at=now)
        return self._connection.execute(mine.returning(api_tokens.c.athlete_id)).scalar_one_or_none()

    def revoke(self, athlete_id: int, token_id: int) -> bool:
        mine = (api_tokens.c.athlete_id == athlete_id) & (api_tokens.c.id == token_id)
        return self._connection.execute(delete(api_tokens).where(mine)).rowcount == 1

    def new_link(self, athlete_id: int, expires_at: datetime) -> str:
        """The secret of a link that signs in once; an earlier one ends."""
        self._connection.execute(delete(sign_in_links).where(sign_in_links.c.athlete_id == athlete_id))
        secret = secrets.token_urlsafe(24)
        values = {"fingerprint": self._of_link(secret), "athlete_id": athlete_id, "expires_at": expires_at}
        self._connection.execute(sign_in_links.insert().values(**values))
        return secret

    def use_link(self, secret: str, now: datetime) -> int | None:
        """Whose link this is, once."""
        mine = (sign_in_links.c.fingerprint == self._of_link(secret)) & (sign_in_links.c.expires_at > now)
        used = delete(sign_in_links).where(mine).returning(sign_in_links.c.athlete_id)
        return self._connection.execute(used).scalar_one_or_none()

    def _of_key(self, key: str) -> str:
        return self._vault.fingerprint("api-token", key)

    def _of_link(self, secret: str) -> str:
        return self._vault.fingerprint("sign-in-link", secret)
