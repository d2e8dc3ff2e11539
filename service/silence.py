"""Whether Strava still tells us of runs: what the schedule finds that no push announced, counted by day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from service.store import Transaction

#: When the last event about one of our runners came.
HEARD_AT = "push-heard-at"
SILENT_SINCE = "push-silent-since"
#: When the subscription is to be looked at before its turn.
RECHECK_AT = "push-recheck-at"
#: Since when Strava lists our subscription.
ACTIVE_SINCE = "push-active-since"
_UNANNOUNCED = "push-unannounced:"
#: Three runs without one push within three days are no longer the odd event that Strava drops.
SILENT_RUNS = 3
SILENT_DAYS = 3
#: Runs that were on their way when the subscription was made are announced to nobody.
SETTLING = timedelta(hours=1)


def note_unpushed(tx: Transaction, athlete_id: int, found: Collection[int], now: datetime) -> None:
    """Count which of the runs that a scheduled read found new were not announced; enough of them are silence.

    `found` are the ids of activities that were not held before, of a runner whose import is over. Without a
    subscription, or within its first hour, nothing is expected. Enough silence has the subscription looked at at once.
    """
    active_since = _instant(tx, ACTIVE_SINCE)
    if active_since is None or now - active_since <= SETTLING:
        return
    unannounced = len(set(found) - tx.push_events.announced(athlete_id, found)) if found else 0
    if not unannounced:
        return
    tx.instance.count(f"{_UNANNOUNCED}{now.date()}", unannounced)
    is_new = tx.instance.get(SILENT_SINCE) is None
    if is_new and _lately(tx, now) >= SILENT_RUNS and not _heard_lately(tx, now):
        tx.instance.put(SILENT_SINCE, now.isoformat())
        tx.instance.put(RECHECK_AT, now.isoformat())


def end(tx: Transaction, now: datetime) -> None:
    """An event came: Strava tells us of runs."""
    tx.instance.put(HEARD_AT, now.isoformat())
    if tx.instance.get(SILENT_SINCE) is not None:
        tx.instance.put(RECHECK_AT, now.isoformat())
    forget(tx)


def forget(tx: Transaction) -> None:
    """Count anew, as after a subscription was made."""
    tx.instance.remove(SILENT_SINCE)
    for day in tx.instance.beginning_with(_UNANNOUNCED):
        tx.instance.remove(f"{_UNANNOUNCED}{day}")


def silent_since(tx: Transaction) -> datetime | None:
    return _instant(tx, SILENT_SINCE)


def heard_at(tx: Transaction) -> datetime | None:
    return _instant(tx, HEARD_AT)


def _lately(tx: Transaction, now: datetime) -> int:
    """How many came without a push in these days; what is older is forgotten."""
    first = str((now - timedelta(days=SILENT_DAYS - 1)).date())
    total = 0
    for day, count in tx.instance.beginning_with(_UNANNOUNCED).items():
        if day < first:
            tx.instance.remove(f"{_UNANNOUNCED}{day}")
        else:
            total += int(count)
    return total


def _heard_lately(tx: Transaction, now: datetime) -> bool:
    heard = heard_at(tx)
    return heard is not None and now - heard < timedelta(days=SILENT_DAYS)


def _instant(tx: Transaction, name: str) -> datetime | None:
    kept = tx.instance.get(name)
    return datetime.fromisoformat(kept) if kept else None
