"""The first message, when the import is done: what was read and what to expect."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rules.history import TrainingHistory
from service import outbox
from service.bootstrap import Service
from service.digest import first_digest_at
from service.messages.welcome import welcome_message
from service.pages import pages_of
from service.store import Transaction
from service.store.records import HeldActivity


def greet(service: Service, tx: Transaction, athlete_id: int, window: Sequence[HeldActivity], now: datetime) -> None:
    """Welcome a runner; on a reconnect after a disconnect only the digest is set going again."""
    zone = next((item.activity.time_zone for item in reversed(window) if item.activity.time_zone), None)
    if zone is not None:
        tx.accounts.change(athlete_id, time_zone=zone)
    athlete, connection = tx.accounts.get(athlete_id), tx.connections.get(athlete_id)
    if athlete is None or connection is None:
        return
    tx.accounts.change(athlete_id, digest_due_at=first_digest_at(athlete, now))
    activities = [item.activity for item in window]
    message = welcome_message(
        service.new_id(),
        athlete,
        activities,
        TrainingHistory.of(activities),
        service.rules,
        connection.sees_hidden_runs,
        pages_of(service),
        now,
    )
    outbox.put(tx, athlete_id, "welcome", message, now)
