"""What is usual for a runner next, as several pages show it; and whether distances and exercises have to wait."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from rules.checks.run_spike import RULE as RUN_SPIKE
from rules.checks.run_spike import RunSpike
from rules.history import TrainingHistory
from rules.rule import Rule
from rules.usual_range import DAYS, DayRange, usual_range
from service.bootstrap import Service
from service.knowledge import history_of, rules_of
from service.messages.days import wall_clock
from service.messages.usual_range import range_rows
from service.messages.verdict import Row
from service.store import Transaction
from service.store.records import Athlete, Units

#: Today and tomorrow.
TWO_DAYS = 2


@dataclass(frozen=True)
class Outlook:
    """The coming days of one runner. `at` is now by the runner's own clock; `ranges` begin with today."""

    history: TrainingHistory
    rules: tuple[Rule, ...]
    at: datetime
    ranges: list[DayRange]

    @property
    def waits(self) -> bool:
        """Whether no day has a distance: a warning sign stands, pain is red, or the runner is ill or injured."""
        return all(one.waits_for is not None for one in self.ranges)

    def in_short(self, units: Units) -> tuple[Row, ...]:
        """A line for each day, without what lowers it."""
        return range_rows([replace(one, reasons=()) for one in self.ranges], units)


def outlook(service: Service, tx: Transaction, athlete: Athlete, days: int = DAYS) -> Outlook:
    """As things stand now, from what is held and what was told."""
    at = wall_clock(athlete, service.clock())
    history = history_of(tx, athlete, at)
    rules = rules_of(service, history.diary)
    rule = next((one for one in rules if isinstance(one, RunSpike)), RUN_SPIKE)
    return Outlook(
        history, rules, at, usual_range(history, at, days=days, rule=rule, told_at=history.diary.present(at))
    )
