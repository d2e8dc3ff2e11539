"""What each rule can do for a runner at this moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rules.history import TrainingHistory
from rules.model import RuleState, Watch
from rules.rule import Rule


def rule_states(
    rules: Sequence[Rule], history: TrainingHistory, at_local: datetime, days_to_learn: int = 0
) -> list[tuple[Rule, RuleState]]:
    """Every rule with its state at the runner's local moment.

    `days_to_learn` is how long the runner's usual is still learned anew because fewer runs are seen than before:
    until then no rule watches, whatever it could say itself, but for those on pain and warning signs.
    """
    states = [(rule, rule.state(history, at_local)) for rule in rules]
    return [(rule, state if rule.outranks else _at_least(state, days_to_learn)) for rule, state in states]


def _at_least(state: RuleState, days_to_learn: int) -> RuleState:
    if state.watch is Watch.CANNOT_WATCH or state.missing_days >= days_to_learn:
        return state
    return RuleState(Watch.LEARNING, state.missing_runs, days_to_learn)
