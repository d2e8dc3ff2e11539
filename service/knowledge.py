"""What is known of a runner: the history that the rules read, and the rules as this runner set them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rules.checks.run_spike import RunSpike
from rules.diary import Diary
from rules.history import TrainingHistory
from rules.model import Activity
from rules.rule import Rule
from rules.thresholds import as_set
from service.bootstrap import Service
from service.store import Transaction
from service.store.records import Athlete


def diary_of(tx: Transaction, athlete: Athlete) -> Diary:
    return tx.diary.diary(athlete.id, upper_back=athlete.upper_back)


def history_of(tx: Transaction, athlete: Athlete, activities: Iterable[Activity] | None = None) -> TrainingHistory:
    """All that is held (or these activities in place of the window) and all that the runner told."""
    if activities is None:
        activities = (item.activity for item in tx.activities.held(athlete.id))
    return TrainingHistory.of(
        activities, before_break=tx.activities.before_break(athlete.id), diary=diary_of(tx, athlete)
    )


def rules_of(service: Service, diary: Diary) -> tuple[Rule, ...]:
    """Every rule, with the thresholds that this runner moved."""
    return tuple(as_set(rule, diary.thresholds) for rule in service.rules)


def run_spike_of(rules: Sequence[Rule]) -> RunSpike:
    """The rule that the usual range turns around, as this runner set it."""
    return next(rule for rule in rules if isinstance(rule, RunSpike))
