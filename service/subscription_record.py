"""How our push subscription stood when it was looked at last, kept as rows of the installation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from integrations.strava.client import Subscription
from service.push import SUBSCRIPTION
from service.store import Transaction

RECORD = "push-subscription-record"
MADE = "push-subscriptions-made"
#: Of what happened and of what we made, so much is remembered.
REMEMBERED = 20
#: A loss that was noticed while Strava was answering badly mostly mends at the next look.
GRACE = timedelta(hours=1)


class State(StrEnum):
    """How it stands.

    `not-wanted` no public address, or ended by the operator; `active` Strava lists it with our address; `silent` the
    same, but no event comes; `missing` Strava lists none; `stale` ours, with an address that is no longer ours;
    `foreign` somebody else's; `unreachable` Strava could not validate our address; `unknown` Strava does not answer.
    """

    NOT_WANTED = "not-wanted"
    ACTIVE = "active"
    SILENT = "silent"
    MISSING = "missing"
    STALE = "stale"
    FOREIGN = "foreign"
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"


#: What a trouble is called in messages to the operator.
EVENTS = {
    State.MISSING: "subscription.lost",
    State.STALE: "subscription.lost",
    State.UNREACHABLE: "subscription.lost",
    State.FOREIGN: "subscription.foreign",
    State.SILENT: "subscription.silent",
}


@dataclass(frozen=True, slots=True)
class SubscriptionStatus:
    """One look at it. `host` is where a stale or foreign one leads, `reason` what Strava said, `since` if known."""

    state: State
    id: int | None = None
    host: str = ""
    reason: str = ""
    since: datetime | None = None


class Trouble(BaseModel):
    """A trouble from its first notice to its end."""

    model_config = ConfigDict(frozen=True)

    event: str
    since: datetime
    waits: bool

    def is_to_be_told(self, now: datetime) -> bool:
        return not self.waits or now - self.since >= GRACE


class Change(BaseModel):
    """That it stood differently from here on."""

    model_config = ConfigDict(frozen=True)

    at: datetime
    state: State
    id: int | None


class Record(BaseModel):
    """What is known. `state` is the last that Strava told; `unanswered` says why the last look told nothing.

    `verified_at` is when Strava listed it as ours last, `tries` how many looks in a row went wrong, `was_active`
    whether there ever was one that could be lost.
    """

    model_config = ConfigDict(frozen=True)

    state: State = State.UNKNOWN
    since: datetime | None = None
    checked_at: datetime | None = None
    verified_at: datetime | None = None
    id: int | None = None
    host: str = ""
    reason: str = ""
    unanswered: str = ""
    tries: int = 0
    was_active: bool = False
    trouble: Trouble | None = None
    changes: tuple[Change, ...] = ()

    @property
    def status(self) -> SubscriptionStatus:
        return SubscriptionStatus(self.state, self.id, self.host, self.reason, self.since)

    def after(self, status: SubscriptionStatus, now: datetime) -> Record:
        """The record once this was found."""
        if status.state is State.UNKNOWN:
            return self.model_copy(
                update={"checked_at": now, "unanswered": status.reason or "no answer", "tries": self.tries + 1}
            )
        is_well = status.state in (State.ACTIVE, State.NOT_WANTED)
        is_listed = status.state in (State.ACTIVE, State.SILENT)
        is_same = (status.state, status.id) == (self.state, self.id)
        changes = self.changes if is_same else (*self.changes, Change(at=now, state=status.state, id=status.id))
        return Record(
            state=status.state,
            since=self.since if is_same else now,
            checked_at=now,
            verified_at=now if is_listed else self.verified_at,
            id=status.id,
            host=status.host,
            reason=status.reason,
            tries=0 if is_well or is_listed else self.tries + 1,
            was_active=self.was_active or is_listed,
            trouble=self._trouble(status, now),
            changes=changes[-REMEMBERED:],
        )

    def _trouble(self, status: SubscriptionStatus, now: datetime) -> Trouble | None:
        """What there is to tell of it. What never stood cannot be lost: only the page says that it is not there."""
        event = EVENTS.get(status.state)
        if event is None or (event == "subscription.lost" and not self.was_active):
            return None
        is_same = self.trouble is not None and self.trouble.event == event
        since = self.trouble.since if self.trouble is not None and is_same else now
        return Trouble(event=event, since=since, waits=status.state in (State.MISSING, State.STALE))


def read(tx: Transaction) -> Record:
    """As it was left by the last look. An installation of before there was a record knows the number alone."""
    kept = tx.instance.get(RECORD)
    if kept is not None:
        return Record.model_validate_json(kept)
    return Record(was_active=tx.instance.get(SUBSCRIPTION) is not None)


def write(tx: Transaction, record: Record) -> None:
    tx.instance.put(RECORD, record.model_dump_json())


class _Made(BaseModel):
    id: int
    url: str


class _AllMade(BaseModel):
    made: tuple[_Made, ...] = ()


def remember_made(tx: Transaction, subscription_id: int, url: str) -> None:
    """That this one is of our making: only such may ever be deleted without being asked."""
    before = _made(tx)
    made = (*before, _Made(id=subscription_id, url=url))[-REMEMBERED:]
    tx.instance.put(MADE, _AllMade(made=made).model_dump_json())


def is_ours(tx: Transaction, found: Subscription) -> bool:
    """Whether we made it, whatever its address is called now."""
    if tx.instance.get(SUBSCRIPTION) == str(found.id):
        return True
    return any(found.id == one.id or found.callback_url == one.url for one in _made(tx))


def _made(tx: Transaction) -> tuple[_Made, ...]:
    kept = tx.instance.get(MADE)
    return _AllMade.model_validate_json(kept).made if kept else ()
