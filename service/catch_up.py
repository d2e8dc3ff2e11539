"""One note to a runner after an outage, in the inbox and in the digest of that week; never sent as an alert."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from rules.model import Severity
from rules.policy import Reason
from service.bootstrap import Service
from service.messages.catch_up import catch_up_message
from service.messages.noted import not_told
from service.pages import pages_of
from service.store import Transaction
from service.store.records import HeldActivity, StoredFinding, StravaConnection

#: What ended within this is still news and is told as ever; only beyond it something was missed.
STILL_NEWS = timedelta(hours=48)
SLUG = "catch-up"


def write(
    service: Service,
    tx: Transaction,
    connection: StravaConnection,
    merged: Collection[HeldActivity],
    now: datetime,
) -> None:
    """Say from when to when nothing was read, and what would have been said; nothing where no run came meanwhile."""
    since = connection.synced_at
    if since is None or connection.imported_at is None or now - since <= STILL_NEWS:
        return
    came = [
        item.activity for item in merged if item.first_seen_at == now and not item.imported and item.activity.is_run
    ]
    if not came:
        return
    athlete = tx.accounts.existing(connection.athlete_id)
    decided = [one for one in tx.findings.since(athlete.id, since) if _is_missed(one, now)]
    missed = not_told(decided, came, starting=False)
    message = catch_up_message(service.new_id(), athlete, since, now, missed, len(came), pages_of(service))
    tx.inbox.add(athlete.id, f"{SLUG}:{since.isoformat()}", message)


def _is_missed(found: StoredFinding, now: datetime) -> bool:
    return found.decided_at == now and found.reason is Reason.LATE and found.severity >= Severity.CAUTION
