"""What is known of a runner: the history that the rules read, and the rules as this runner set them."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from rules.advice import Runner
from rules.checks.run_spike import RunSpike
from rules.diary import Diary
from rules.history import TrainingHistory
from rules.model import Activity
from rules.rule import Rule
from rules.thresholds import ThresholdRefused, with_overrides
from service.bootstrap import Service
from service.store import Transaction
from service.store.records import Athlete

log = logging.getLogger(__name__)


def diary_of(tx: Transaction, athlete: Athlete) -> Diary:
    return tx.diary.diary(athlete.id, upper_back=athlete.upper_back)


def history_of(tx: Transaction, athlete: Athlete, activities: Iterable[Activity] | None = None) -> TrainingHistory:
    """All that is held (or these activities in place of the window) and all that the runner told."""
    if activities is None:
        activities = (item.activity for item in tx.activities.held(athlete.id))
    return TrainingHistory.of(
        activities, before_break=tx.activities.before_break(athlete.id), diary=diary_of(tx, athlete)
    )


def runner_of(diary: Diary, at: datetime) -> Runner:
    """For whom advice is chosen, by what they told up to that local moment. Nobody was asked about exclusions yet."""
    return Runner.of(diary, at)


def rules_of(service: Service, diary: Diary) -> tuple[Rule, ...]:
    """Every rule, with the thresholds that this runner moved.

    What a later version no longer takes (a narrower bound, a rule that is gone) counts as not moved: a runner must
    not go unread over it.
    """
    return tuple(_as_set(rule, diary.thresholds.get(rule.code, {})) for rule in service.rules)


def _as_set(rule: Rule, moved: Mapping[str, float]) -> Rule:
    try:
        return with_overrides(rule, moved)
    except ThresholdRefused as refused:
        log.warning("thresholds of %s left as they are: %s", rule.code, refused)
        return rule


def run_spike_of(rules: Sequence[Rule]) -> RunSpike:
    """The rule that the usual range turns around, as this runner set it."""
    return next(rule for rule in rules if isinstance(rule, RunSpike))
