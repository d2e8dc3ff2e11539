"""One history lived again, and the figures about it: pure, by the same judgement as live."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from statistics import median, quantiles

from integrations.archive import History
from rules.diary import NOTHING_TOLD, Diary
from rules.history import TrainingHistory
from rules.policy import Decision, Outcome
from rules.replay import replay
from rules.rule import Rule
from rules.starting import is_starting

STARTING = "starting"
WEEKS_A_YEAR = 52


@dataclass(frozen=True, slots=True)
class Lived:
    """What would have been said over one history. `weeks` holds the metres of every week with a run, by its Monday."""

    name: str
    history: TrainingHistory
    decisions: tuple[Decision, ...]
    weeks: Mapping[date, float]

    @property
    def told(self) -> tuple[Decision, ...]:
        return tuple(decision for decision in self.decisions if decision.outcome is Outcome.TOLD)

    @property
    def messages(self) -> tuple[tuple[Decision, ...], ...]:
        """What was told, folded as it would have been sent: all that concerns one run together."""
        by_run: dict[int, list[Decision]] = defaultdict(list)
        for decision in self.told:
            by_run[decision.run.id].append(decision)
        return tuple(tuple(together) for together in by_run.values())

    @property
    def messages_a_year(self) -> float:
        """Messages per 52 weeks with a run."""
        return WEEKS_A_YEAR * len(self.messages) / len(self.weeks) if self.weeks else 0.0


def live_again(history: History, rules: Sequence[Rule], diary: Diary = NOTHING_TOLD) -> Lived:
    """Judge every run of a history as if it had come in then. `diary` is what the runner told then."""
    training = TrainingHistory.of(history.activities, diary=diary)
    weeks: dict[date, float] = defaultdict(float)
    for run in training.runs:
        weeks[monday_of(run.local_day)] += run.distance_m
    return Lived(history.name, training, tuple(replay(training, rules)), dict(weeks))


def with_rules(lived: Lived, rules: Sequence[Rule]) -> Lived:
    """The same history under other rules."""
    return replace(lived, decisions=tuple(replay(lived.history, rules)))


def weeks_by_state(lived: Lived, rule: Rule) -> Counter[str]:
    """In how many of the weeks with a run the rule ended in which state.

    A runner who was only starting at the end of a week is counted there and in none of the rule's own states.
    """
    return Counter(_state(lived.history, rule, monday) for monday in lived.weeks)


def _state(history: TrainingHistory, rule: Rule, monday: date) -> str:
    """What the rule could do for the runner at the end of that week."""
    at = datetime.combine(monday + timedelta(days=6), time.max)
    seen = history.as_seen_at(at)
    return STARTING if is_starting(seen, at) else rule.state(seen, at).watch.value


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def middle_and_ninth_tenth(values: Sequence[float]) -> tuple[float, float]:
    """The median and the 90th percentile of at least one value."""
    if len(values) == 1:
        return values[0], values[0]
    return median(values), quantiles(values, n=10, method="inclusive")[-1]
