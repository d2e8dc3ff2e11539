"""The first message, when the import is done: what was read and what to expect."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rules.advice import Runner
from rules.policy import Outcome
from rules.replay import replay
from rules.starting import is_starting
from service import outbox
from service.bootstrap import Service
from service.digest import first_digest_at
from service.knowledge import history_of
from service.messages.days import wall_clock
from service.messages.welcome import welcome_message
from service.pages import pages_of
from service.states import rule_states
from service.store import Transaction
from service.store.records import HeldActivity
from service.telling import choose


def greet(service: Service, tx: Transaction, athlete_id: int, window: Sequence[HeldActivity], now: datetime) -> None:
    """Welcome a runner and set the digest going."""
    athlete, connection = tx.accounts.existing(athlete_id), tx.connections.get(athlete_id)
    tx.accounts.change(athlete_id, digest_due_at=first_digest_at(athlete, now))
    activities = [item.activity for item in window]
    local_now = wall_clock(athlete, now)
    history = history_of(tx, athlete, local_now, window)
    message = welcome_message(
        service.new_id(),
        athlete,
        activities,
        [decision for decision in replay(history, service.rules) if decision.outcome is Outcome.TOLD],
        rule_states(service.rules, history, local_now),
        lambda decision: choose(Runner.of(history.diary, local_now), decision, {}),
        starting=is_starting(history, local_now),
        sees_hidden_runs=connection is None or connection.sees_hidden_runs,
        pages=pages_of(service),
        now=now,
        limit=history.diary.limit,
        hands_in=connection is None,
    )
    outbox.put(tx, athlete_id, "welcome", message, now)
