"""Writing down what a runner is told after a run: the alert, the race note, the first receipts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from rules.advice import pick
from rules.history import TrainingHistory
from rules.model import Activity, Run
from rules.policy import Decision
from service import outbox
from service.bootstrap import Service
from service.messages.alert import alert_message
from service.messages.receipt import receipt_message
from service.pages import pages_of
from service.store import Transaction
from service.store.records import Athlete


def tell(
    service: Service,
    tx: Transaction,
    athlete_id: int,
    told: Sequence[Decision],
    alert_ids: Mapping[str, str],
    activity: Activity,
    now: datetime,
) -> str:
    """One message for all that is told of one run. Returns its id."""
    athlete = _athlete(tx, athlete_id)
    lead = max(told, key=lambda decision: (decision.finding.severity, decision.finding.rule == "run-spike"))
    choice = pick(
        lead.finding.rule,
        lead.finding.severity,
        race=lead.run.race,
        upper_back=athlete.upper_back,
        shown=outbox.prompts_shown(tx, athlete_id),
        today=lead.run.local_day,
        asked_exclusions=None,
    )
    message = alert_message(service.new_id(), athlete, told, alert_ids, activity, choice, pages_of(service), now)
    outbox.put(tx, athlete_id, f"run:{lead.run.id}:{message.id}", message, now)
    return message.id


def receipts(
    service: Service,
    tx: Transaction,
    athlete_id: int,
    history: TrainingHistory,
    fresh: Sequence[Run],
    told_runs: Collection[int],
    now: datetime,
) -> None:
    """A line after each of the first runs; where an alert went out, that was the line."""
    athlete = _athlete(tx, athlete_id)
    left = athlete.receipts_left
    for run in sorted(fresh, key=lambda run: run.finished_local)[: athlete.receipts_left]:
        left -= 1
        if run.id not in told_runs:
            message = receipt_message(service.new_id(), athlete, run, history, left, pages_of(service), now)
            outbox.put(tx, athlete_id, f"receipt:{run.id}", message, now)
    if left != athlete.receipts_left:
        tx.accounts.change(athlete_id, receipts_left=left)


def _athlete(tx: Transaction, athlete_id: int) -> Athlete:
    athlete = tx.accounts.get(athlete_id)
    if athlete is None:  # the foreign keys make this impossible within the transaction
        raise LookupError(f"athlete {athlete_id} is gone")
    return athlete
