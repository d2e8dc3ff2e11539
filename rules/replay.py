"""A history lived again: what would have been said, by the same evaluation and judgement as live."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from rules.history import TrainingHistory
from rules.model import Run
from rules.policy import Decision, Policy, Reason, evaluate, judge
from rules.rule import Rule

#: In a replay, as at a connect, what the first weeks hold counts as imported.
IMPORTED = timedelta(days=28)


def replay(history: TrainingHistory, rules: Sequence[Rule], policy: Policy | None = None) -> Iterator[Decision]:
    """Every decision of a whole history, each run judged as if first seen at its end."""
    if not history.runs:
        return
    imported_until = history.runs[0].start_local + IMPORTED

    def silenced(run: Run) -> Reason | None:
        return Reason.IMPORTED if run.start_local < imported_until else None

    evaluations = (evaluate(history, run, rules) for run in history.runs)
    for decisions in judge(evaluations, rules, silenced=silenced, policy=policy, diary=history.diary):
        yield from decisions
