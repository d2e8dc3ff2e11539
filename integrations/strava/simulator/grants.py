"""Codes and tokens of the simulated Strava: who allowed what, and until when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from integrations.strava.simulator.faults import Modes

TOKEN_LIFETIME = timedelta(hours=6)
#: With more than this left, a refresh answers with the same access token.
RENEWAL_WINDOW = timedelta(hours=1)

READ, READ_PRIVATE, WRITE = "activity:read", "activity:read_all", "activity:write"
WHOLE_PROFILE = "profile:read_all"
SCOPES = ("read", "read_all", WHOLE_PROFILE, "profile:write", READ, READ_PRIVATE, WRITE)


@dataclass(frozen=True, slots=True)
class Access:
    """What an access token allows."""

    token: str
    athlete_id: int
    scopes: tuple[str, ...]
    expires_at: datetime

    @property
    def sees_activities(self) -> bool:
        return READ in self.scopes or READ_PRIVATE in self.scopes

    @property
    def sees_private(self) -> bool:
        return READ_PRIVATE in self.scopes


@dataclass(frozen=True, slots=True)
class Grant:
    """An athlete's connection: the newest access token and the only refresh token that works."""

    access: Access
    refresh_token: str


@dataclass(frozen=True, slots=True)
class Code:
    athlete_id: int
    scopes: tuple[str, ...]
    issued_at: datetime


@dataclass
class Grants:
    """All codes and tokens. One application, at most one connection per athlete."""

    seed: int
    modes: Modes
    codes: dict[str, Code] = field(default_factory=dict)
    by_athlete: dict[int, Grant] = field(default_factory=dict)
    _access: dict[str, Access] = field(default_factory=dict)
    _made: int = 0
    _renewals: int = 0

    def issue_code(self, athlete_id: int, scopes: tuple[str, ...], now: datetime) -> str:
        code = self.secret("code")
        self.codes[code] = Code(athlete_id, scopes, now)
        return code

    def redeem(self, code: str, now: datetime) -> Grant | None:
        """Turn a code into tokens, once; None for a code that is unknown, used or too old."""
        known = self.codes.pop(code, None)
        if known is None or now - known.issued_at > self.modes.code_lifetime:
            return None
        held = self.by_athlete.get(known.athlete_id)
        if held and held.access.scopes == known.scopes:
            return self._renew(held, now)
        return self._keep(self._new_access(known.athlete_id, known.scopes, now), self.secret("refresh"))

    def refresh(self, refresh_token: str, now: datetime) -> Grant | None:
        """Tokens for a refresh token; None for one that is unknown or was replaced."""
        held = self.holder(refresh_token)
        return self._renew(held, now) if held and held.refresh_token == refresh_token else None

    def access(self, token: str, now: datetime) -> Access | None:
        """What that access token allows now."""
        access = self._access.get(token)
        return access if access and now < access.expires_at else None

    def holder(self, token: str) -> Grant | None:
        """The connection that a refresh token or an access token, even an expired one, belongs to."""
        access = self._access.get(token)
        if access:
            return self.by_athlete.get(access.athlete_id)
        return next((grant for grant in self.by_athlete.values() if grant.refresh_token == token), None)

    def revoke(self, athlete_id: int) -> bool:
        """End a connection with all its tokens and codes. False when there was none."""
        self._access = {token: access for token, access in self._access.items() if access.athlete_id != athlete_id}
        self.codes = {code: known for code, known in self.codes.items() if known.athlete_id != athlete_id}
        return self.by_athlete.pop(athlete_id, None) is not None

    def expire_access(self, athlete_id: int, now: datetime) -> None:
        """Let the athlete's access tokens run out now; the refresh token stays good."""
        for token, access in list(self._access.items()):
            if access.athlete_id == athlete_id:
                self._access[token] = Access(token, athlete_id, access.scopes, now)
        held = self.by_athlete[athlete_id]
        self.by_athlete[athlete_id] = Grant(self._access[held.access.token], held.refresh_token)

    def rotate(self, athlete_id: int) -> str:
        """Replace the athlete's refresh token, as if someone else had refreshed. Returns the new one."""
        grant = self._keep(self.by_athlete[athlete_id].access, self.secret("refresh"))
        return grant.refresh_token

    def _renew(self, held: Grant, now: datetime) -> Grant:
        access = held.access
        if access.expires_at - now <= RENEWAL_WINDOW:
            access = self._new_access(access.athlete_id, access.scopes, now)
        return self._keep(access, self.secret("refresh") if self._rotates() else held.refresh_token)

    def _rotates(self) -> bool:
        self._renewals += 1
        return self.modes.rotation == "always" or (self.modes.rotation == "sometimes" and self._renewals % 2 == 0)

    def _new_access(self, athlete_id: int, scopes: tuple[str, ...], now: datetime) -> Access:
        access = Access(self.secret("access"), athlete_id, scopes, now + TOKEN_LIFETIME)
        self._access[access.token] = access
        return access

    def _keep(self, access: Access, refresh_token: str) -> Grant:
        grant = Grant(access, refresh_token)
        self.by_athlete[access.athlete_id] = grant
        return grant

    def secret(self, kind: str) -> str:
        """Forty hex digits that nobody has had before; the same ones in every run with the same seed."""
        self._made += 1
        return sha256(f"{self.seed}/{kind}/{self._made}".encode()).hexdigest()[:40]
