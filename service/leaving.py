"""The exits: disconnect Strava, delete the account, or end the access at Strava. Each says what was deleted."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from integrations.errors import AdapterError
from integrations.strava.client import Tokens
from rules.diary import Effort
from service import intake, outbox
from service.bootstrap import Service
from service.messages.connection import Ending, disconnected_message
from service.pages import pages_of
from service.store import Transaction
from service.store.accounts import RECEIPTS
from service.store.records import Athlete

log = logging.getLogger(__name__)


#: What Strava's data had left in the account, as it was before the first connect.
FORGOTTEN: dict[str, Any] = {
    "time_zone": "UTC",
    "digest_due_at": None,
    "weeks_without_runs": 0,
    "receipts_left": RECEIPTS,
}
#: The same for who goes on with own runs: by the clock that these are on, with the digest.
GOES_ON: dict[str, Any] = {"weeks_without_runs": 0}


@dataclass(frozen=True, slots=True)
class Deleted:
    """How much was deleted, for the receipt. `revoked` is whether Strava confirmed the end of access."""

    activities: int
    findings: int
    messages: int
    revoked: bool


def disconnect(service: Service, athlete: Athlete) -> Deleted:
    """Delete what came from Strava and what was derived from it; the runner's own runs, entries and settings stay.

    What was said of both together goes too, and is not said again of the own runs.
    """
    tokens = _tokens(service, athlete)
    with service.store.transaction() as tx:
        deleted = _end_connection(tx, athlete)
    revoked = _revoke(service, athlete, tokens)
    receipt = Deleted(*deleted, revoked)
    with service.store.transaction() as tx:
        _put_receipt(service, tx, athlete, receipt, Ending.HERE, service.clock())
    service.nudges.deliver()
    return receipt


def deauthorised(service: Service, athlete_id: int, at: datetime) -> Deleted | None:
    """The runner ended the access at Strava, which was confirmed `at` that moment: all goes as by `disconnect`.

    `None` where there is no connection any more. Strava is not called: there is no access left to end.
    """
    return _end(service, athlete_id, Ending.AT_STRAVA, at)


def unreadable(service: Service, athlete_id: int, at: datetime) -> Deleted | None:
    """Strava has not accepted the connection since it was read last, `at`, which is a month ago: all goes."""
    return _end(service, athlete_id, Ending.UNREADABLE, at)


def _end(service: Service, athlete_id: int, ending: Ending, at: datetime) -> Deleted | None:
    """In one transaction: a crash in between would leave a runner without the receipt."""
    with service.store.transaction() as tx:
        athlete = tx.accounts.get(athlete_id)
        if athlete is None or tx.connections.get(athlete_id) is None:
            return None
        receipt = Deleted(*_end_connection(tx, athlete), revoked=True)
        _put_receipt(service, tx, athlete, receipt, ending, at)
    service.nudges.deliver()
    return receipt


def _end_connection(tx: Transaction, athlete: Athlete) -> tuple[int, int, int]:
    """Whoever ended it: Strava's data goes, and who has own runs goes on with these, without hearing of them again."""
    deleted = _delete_strava_data(tx, athlete)
    tx.own.silence(athlete.id)
    tx.accounts.change(athlete.id, **(GOES_ON if tx.own.count(athlete.id) else FORGOTTEN))
    return deleted


def _put_receipt(
    service: Service, tx: Transaction, athlete: Athlete, deleted: Deleted, ending: Ending, at: datetime
) -> None:
    message = disconnected_message(
        service.new_id(),
        athlete,
        activities=deleted.activities,
        findings=deleted.findings,
        messages=deleted.messages,
        revoked=deleted.revoked,
        ending=ending,
        ended_at=at,
        pages=pages_of(service),
        now=service.clock(),
    )
    outbox.put(tx, athlete.id, f"disconnected:{message.id}", message, service.clock())


def delete_account(service: Service, athlete: Athlete) -> Deleted:
    """Delete everything about a runner, files that still wait to be read among it."""
    tokens = _tokens(service, athlete)
    intake.forget_files(service, athlete)
    with service.store.transaction() as tx:
        deleted = _delete_strava_data(tx, athlete)
        tx.accounts.delete(athlete.id)
    return Deleted(*deleted, _revoke(service, athlete, tokens))


def _delete_strava_data(tx: Transaction, athlete: Athlete) -> tuple[int, int, int]:
    tx.connections.delete(athlete.id)
    tx.push_events.delete_all(athlete.id)
    tx.shoes.delete_all(athlete.id)
    _forget_efforts(tx, athlete)
    return (
        tx.activities.delete_all(athlete.id),
        tx.findings.delete_all(athlete.id),
        tx.inbox.delete_all(athlete.id),
    )


def _forget_efforts(tx: Transaction, athlete: Athlete) -> None:
    """How hard a run was means nothing without the run, and names it."""
    for entry_id, entry in tx.diary.entries(athlete.id):
        if isinstance(entry, Effort):
            tx.diary.remove(athlete.id, entry_id)


def _tokens(service: Service, athlete: Athlete) -> Tokens | None:
    with service.store.transaction() as tx:
        return tx.connections.tokens(athlete.id)


def _revoke(service: Service, athlete: Athlete, tokens: Tokens | None) -> bool:
    """End the access at Strava too. The data here is gone already, whatever Strava answers."""
    if tokens is None:
        return True
    try:
        service.strava.revoke(tokens.refresh_token)
    except AdapterError as error:
        log.warning("revoke for athlete=%s failed: %s", athlete.id, error)
        return False
    return True
