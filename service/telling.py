"""Writing down what a runner is told after a run: the alert, the race note, the first receipts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rules.advice import Choice, Occasion, Runner, pick, traits_of
from rules.history import TrainingHistory, clean
from rules.model import RUN_FAMILY, Activity
from rules.policy import Decision, Outcome
from rules.starting import is_starting
from rules.usual_range import usual_range
from service import outbox
from service.bootstrap import Service
from service.knowledge import history_of, is_stopped, rules_of, run_spike_of
from service.messages.alert import alert_message
from service.messages.days import wall_clock
from service.messages.receipt import receipt_message
from service.messages.telling import leading
from service.pages import pages_of
from service.states import rule_states
from service.store import Transaction
from service.store.records import Athlete


@dataclass(frozen=True)
class Teller:
    """Writes to one athlete within one transaction."""

    service: Service
    tx: Transaction
    athlete_id: int
    now: datetime

    def tell(self, told: Sequence[Decision], alert_ids: Mapping[str, str], activity: Activity) -> str:
        """One message for all that is told of one run. Returns its id."""
        athlete = self.tx.accounts.existing(self.athlete_id)
        local = wall_clock(athlete, self.now)
        history = history_of(self.tx, athlete, local)
        shown = outbox.prompts_shown(self.tx, self.athlete_id)
        local = history.diary.present(local)
        choice = choose(Runner.of(history.diary, local), leading(told), shown, activity)
        rule = run_spike_of(rules_of(self.service, history.diary))
        today = usual_range(history, local, days=1, rule=rule)[0]
        message = alert_message(
            self.service.new_id(),
            athlete,
            told,
            activity,
            choice,
            alert_ids,
            pages_of(self.service),
            self.now,
            limit=history.diary.limit,
            step=today.step,
            waits_for=today.waits_for,
        )
        outbox.put(self.tx, self.athlete_id, f"run:{activity.id}:{message.id}", message, self.now)
        return message.id

    def receipts(
        self,
        fresh: Sequence[Activity],
        read_before: Sequence[Activity],
        history: TrainingHistory,
        decided: Mapping[int, Sequence[Decision]],
    ) -> None:
        """A line after each of the first runs; where an alert went out, that was the line."""
        athlete = self.tx.accounts.existing(self.athlete_id)
        left = athlete.receipts_left
        if not left:
            return
        kept = {run.id for run in history.runs}
        runs = [activity for activity in fresh if _is_a_run_of_its_own(activity, kept, read_before)]
        for activity in sorted(runs, key=lambda item: item.finished_local)[:left]:
            left -= 1
            decisions = decided.get(activity.id, ())
            if not any(decision.outcome is Outcome.TOLD for decision in decisions):
                self._receipt(athlete, activity, history, decisions, left)
        if left != athlete.receipts_left:
            self.tx.accounts.change(self.athlete_id, receipts_left=left)

    def _receipt(
        self,
        athlete: Athlete,
        activity: Activity,
        history: TrainingHistory,
        decisions: Sequence[Decision],
        left: int,
    ) -> None:
        message = receipt_message(
            self.service.new_id(),
            athlete,
            activity,
            history,
            decisions,
            rule_states(rules_of(self.service, history.diary), history, activity.start_local, self._days_to_learn()),
            starting=is_starting(history, activity.start_local),
            left=left,
            pages=pages_of(self.service),
            now=self.now,
            stopped=is_stopped(history.diary, wall_clock(athlete, self.now)),
        )
        outbox.put(self.tx, self.athlete_id, f"receipt:{activity.id}", message, self.now)

    def _days_to_learn(self) -> int:
        connection = self.tx.connections.get(self.athlete_id)
        return connection.days_to_learn(self.now) if connection else 0


def choose(runner: Runner, decision: Decision, shown: Mapping[str, date], activity: Activity | None = None) -> Choice:
    """The advice for a decision: one action, and a prompt that fits the runner, the finding and the run."""
    traits = traits_of(activity) if activity else frozenset[str]()
    occasion = Occasion(decision.finding.rule, decision.finding.severity, race=decision.run.race, traits=traits)
    return pick(occasion, runner, shown, decision.run.local_day)


def _is_a_run_of_its_own(activity: Activity, kept: set[int], read_before: Sequence[Activity]) -> bool:
    """Not another sport, and not one more recording of an effort that has its line."""
    if activity.sport not in RUN_FAMILY:
        return False
    if activity.id not in kept:
        return not clean([activity])  # one that could be kept gave way to another recording
    return not any(_is_same_effort(activity, earlier) for earlier in read_before)


def _is_same_effort(one: Activity, other: Activity) -> bool:
    return len(clean([one, other])) < len(clean([one])) + len(clean([other]))
