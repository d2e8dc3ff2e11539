"""An athlete's tokens, renewed by one caller at a time over all threads and processes.

A refresh may end the old refresh token at once, so two at once would cost the connection: a lease is taken before
the call, what it brings is stored before it is used, and nothing counts as lost before the row was read again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from integrations.errors import RetryLater
from integrations.strava.client import Tokens
from integrations.strava.refusals import ConnectionRefused
from service.bootstrap import Service
from service.store.connections import Refresh

#: Renew a token this long before it ends, so that it lasts through the call and clocks may differ.
LEEWAY = timedelta(minutes=5)
#: Longer than any call may take; after it, whoever held the lease is taken for dead.
LEASE = timedelta(minutes=2)
#: When to look again while somebody else renews.
LOOK_AGAIN = timedelta(seconds=10)


class Renewing(RetryLater):
    """Somebody else is renewing these tokens at this moment."""


@dataclass(frozen=True, slots=True)
class TokenKeeper:
    """The tokens of one athlete."""

    service: Service
    athlete_id: int

    def present(self, rejected: Tokens | None = None) -> Tokens:
        """Tokens that last through a call. `rejected` are those that Strava just refused, which ended early.

        Raises `Renewing` while somebody else renews them, `ConnectionRefused` if they are lost, or what the call
        of a refresh raises.
        """
        tokens = self._stored()
        if self._lasts(tokens, rejected):
            return tokens
        refresh = self._lease()
        if self._lasts(refresh.tokens, rejected):  # renewed by somebody else before the lease was ours
            self._give_back(refresh)
            return refresh.tokens
        return self._renew(refresh)

    def _lasts(self, tokens: Tokens, rejected: Tokens | None) -> bool:
        is_rejected = rejected is not None and tokens.access_token == rejected.access_token
        return not is_rejected and tokens.expires_at - self.service.clock() > LEEWAY

    def _stored(self) -> Tokens:
        with self.service.store.transaction() as tx:
            tokens = tx.connections.tokens(self.athlete_id)
        if tokens is None:
            raise RetryLater("the connection ended meanwhile")
        return tokens

    def _lease(self) -> Refresh:
        with self.service.store.transaction() as tx:
            refresh = tx.connections.begin_refresh(self.athlete_id, self.service.wall(), LEASE)
        if refresh is None:
            raise Renewing("another call is renewing the tokens", at=self.service.clock() + LOOK_AGAIN)
        return refresh

    def _renew(self, refresh: Refresh) -> Tokens:
        try:
            renewed = self.service.strava.refresh(refresh.tokens.refresh_token)
        except ConnectionRefused:
            self._give_back(refresh)
            stored = self._stored()
            if stored.refresh_token == refresh.tokens.refresh_token:
                raise
            return stored  # somebody else stored other tokens meanwhile: nothing is lost
        except Exception:
            self._give_back(refresh)
            raise
        with self.service.store.transaction() as tx:
            kept = tx.connections.refreshed(refresh, renewed, self.service.clock())
        return renewed if kept else self._stored()  # a new consent came between, and its tokens are the ones

    def _give_back(self, refresh: Refresh) -> None:
        with self.service.store.transaction() as tx:
            tx.connections.end_refresh(refresh)
