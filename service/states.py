"""What each rule can do for a runner at this moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rules.history import TrainingHistory
from rules.model import RuleState
from rules.rule import Rule


def rule_states(rules: Sequence[Rule], history: TrainingHistory, at_local: datetime) -> list[tuple[Rule, RuleState]]:
    """Every rule with its state at the runner's local moment."""
    return [(rule, rule.state(history, at_local)) for rule in rules]
