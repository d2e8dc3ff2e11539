"""What a rule is: a frozen value that looks at a history and gives a finding or stays quiet."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import ClassVar

from rules.history import TrainingHistory
from rules.model import Explanation, Finding, Grade, RuleState, Run


@dataclass(frozen=True)
class Rule(ABC):
    """One rule. Thresholds are the fields of the subclass, so a variant is `dataclasses.replace(RULE, ...)`.

    `quiet_days` is how long it stays silent after it was told; a rule about a period (`about_period`) must
    also have cleared before it speaks again. `lookback_days` is the most history it reads: with less in hand
    a verdict on an older run would be a guess.
    """

    code: ClassVar[str]
    title: ClassVar[str]
    version: ClassVar[int]
    grade: ClassVar[Grade]
    about_period: ClassVar[bool]
    quiet_days: ClassVar[int]
    lookback_days: ClassVar[int]
    explanation: ClassVar[Explanation]
    #: Within which bounds a runner's settings may move which threshold; what is not named stays as it is.
    bounds: ClassVar[Mapping[str, tuple[float, float]]] = MappingProxyType({})
    #: `False` for a card that is shown and never sent.
    pushes: ClassVar[bool] = True
    #: Pain and warning signs are never held back by budgets, quiet periods, learning or snoozes.
    outranks: ClassVar[bool] = False

    #: `False` where 28 days of history are not what the comparison rests on (a return from a break).
    needs_history: ClassVar[bool] = True
    #: Whether it looks at the runs before a long break, which live are read by one more list call.
    reads_before_break: ClassVar[bool] = False

    #: `False` where finding nothing disproves nothing: what it looks at may only not be at hand.
    disproves: ClassVar[bool] = True

    def check_diary(self, history: TrainingHistory, at: datetime) -> Finding | None:
        """The verdict on what the runner told, at a local moment: for the rules that work on check-ins."""
        return None

    def draws_on_runs(self, finding: Finding) -> bool:
        """Whether this verdict of the rule holds anything read from runs: then it is kept no longer than they are."""
        return True

    @abstractmethod
    def check(self, history: TrainingHistory, run: Run) -> Finding | None:
        """The verdict on `run`, which `history` holds together with the 182 days before it."""

    @abstractmethod
    def state(self, history: TrainingHistory, at: datetime) -> RuleState:
        """Whether this rule can watch the runner at this local moment, and if not, what it waits for."""
