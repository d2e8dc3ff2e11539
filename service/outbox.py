"""Putting a message into the inbox and the outbox, in the transaction of whatever caused it."""

from __future__ import annotations

from datetime import date, datetime

from integrations.channels.message import Message
from service.store import Transaction

#: How far back prompts are remembered, so that they rotate.
REMEMBERED_MESSAGES = 60


def put(tx: Transaction, athlete_id: int, slug: str, message: Message, now: datetime) -> bool:
    """Keep a message and queue it for every active destination; `False` if this slug was said before."""
    if not tx.inbox.add(athlete_id, slug, message):
        return False
    tx.deliveries.enqueue(athlete_id, message.id, now)
    return True


def prompts_shown(tx: Transaction, athlete_id: int) -> dict[str, date]:
    """Which prompts this runner was shown, and on which day last."""
    shown: dict[str, date] = {}
    for stored in tx.inbox.of(athlete_id, limit=REMEMBERED_MESSAGES):
        code = stored.message.data.get("advice", {}).get("prompt")
        if code is not None:
            shown.setdefault(code, stored.message.created_at.date())
    return shown
