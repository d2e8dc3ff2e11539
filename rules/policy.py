"""The judgement about when to speak: from findings to told at once, weekly digest, or silence with its reason.

Every period is counted between the ends of the runs concerned, never in sending time, so that a replay of a
year and the year as it was lived say the same.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from rules.diary import NOTHING_TOLD, Absence, AbsenceKind, Diary, Snooze
from rules.history import TrainingHistory
from rules.model import NO_RUN, Finding, Run, Severity
from rules.rule import Rule
from rules.starting import is_starting


class Outcome(StrEnum):
    TOLD = "told"
    DIGEST = "digest"
    SILENT = "silent"


class Reason(StrEnum):
    """Why a finding was not told at once."""

    NOTE = "note"
    IMPORTED = "imported"
    LEARNING = "learning"
    STARTING = "starting"
    CARD = "card"
    SNOOZED = "snoozed"
    ILL = "ill"
    INJURED = "injured"
    HOLIDAY = "holiday"
    EXPECTING = "expecting"
    SCOPE_CHANGED = "scope-changed"
    LATE = "late"
    TREADMILL = "treadmill"
    MANUAL = "manual"
    SAME_RECORDING = "same-recording"
    QUIET = "quiet"
    NOT_CLEARED = "not-cleared"
    ONE_IN_48_HOURS = "one-in-48-hours"
    THREE_IN_14_DAYS = "three-in-14-days"


@dataclass(frozen=True, slots=True)
class Policy:
    """How often a runner may be spoken to (evidence, section 6: global gates)."""

    between_messages: timedelta = timedelta(hours=48)
    budget_period: timedelta = timedelta(days=14)
    budget: int = 3
    late_after: timedelta = timedelta(hours=48)
    least_history: timedelta = timedelta(days=28)

    @classmethod
    def of(cls, diary: Diary) -> Policy:
        """Ours, with the runner's own budget where it is smaller."""
        ours = cls()
        return ours if diary.budget is None else replace(ours, budget=min(ours.budget, diary.budget))


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What the rules found at one run, how long the history is that they saw, and whether it is only a start.

    `unasked` are the codes of rules that were not asked, because not all they look back on is in hand.
    """

    run: Run
    findings: tuple[Finding, ...]
    history: timedelta
    starting: bool = False
    unasked: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Told:
    """A finding that the runner was told of, with the span of the recording it was told for."""

    rule: str
    severity: Severity
    run: Run


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of one finding. `reason` is `None` only where it is told."""

    finding: Finding
    run: Run
    outcome: Outcome
    reason: Reason | None = None


def evaluate(history: TrainingHistory, run: Run, rules: Sequence[Rule]) -> Evaluation:
    """What the rules find at `run`, looking at the 182 days up to and including it."""
    seen = history.as_seen_at(run.start_local)
    found = (rule.check(seen, run) for rule in rules)
    findings = tuple(finding for finding in found if finding is not None)
    history_seen = run.start_local - seen.runs[0].start_local
    return Evaluation(run, findings, history_seen, is_starting(seen, run.start_local))


def judge(
    evaluations: Iterable[Evaluation],
    rules: Sequence[Rule],
    *,
    told: Iterable[Told] = (),
    noted: Iterable[Told] = (),
    decided: Container[tuple[str, str]] = frozenset(),
    silenced: Callable[[Run], Reason | None] = lambda run: None,
    policy: Policy | None = None,
    diary: Diary = NOTHING_TOLD,
) -> Iterator[tuple[Decision, ...]]:
    """Decide on the findings of each evaluation, in the order in which the runs ended.

    `told` are earlier messages, `noted` what went into digests; `decided` holds the (rule, key) pairs that were decided
    before and stay so; `silenced` gives the reason why nothing about a run may be told (how it came in), else `None`;
    `diary` holds the snoozes and absences that the runner asked us to respect. Pain and warning signs are told whatever
    any of them say.
    Yields the new decisions of one run together: all that are told of one run make one message.
    """
    bench = _Bench({rule.code: rule for rule in rules}, policy or Policy.of(diary), diary, list(told), list(noted))
    settled = _Settled(decided)
    for evaluation in sorted(evaluations, key=lambda item: (item.run.finished_local, item.run.id)):
        new = [finding for finding in evaluation.findings if settled.add(finding)]
        why_not = silenced(evaluation.run)
        decisions = tuple(bench.decide(finding, evaluation, why_not) for finding in new)
        bench.remember(evaluation, decisions)
        if decisions:
            yield decisions


class _Settled:
    """The (rule, key) pairs already decided, before or within this call."""

    def __init__(self, before: Container[tuple[str, str]]) -> None:
        self._before = before
        self._now: set[tuple[str, str]] = set()

    def add(self, finding: Finding) -> bool:
        """Whether this finding is new."""
        name = (finding.rule, finding.key)
        if name in self._before or name in self._now:
            return False
        self._now.add(name)
        return True


class _Bench:
    """One pass over a runner's evaluations, remembering what was told and when each rule last found nothing."""

    def __init__(
        self, rules: dict[str, Rule], policy: Policy, diary: Diary, told: list[Told], noted: list[Told]
    ) -> None:
        self._rules = rules
        self._policy = policy
        self._diary = diary
        self._told = told
        self._noted = noted
        self._cleared_at: dict[str, datetime] = {}

    def decide(self, finding: Finding, evaluation: Evaluation, silenced: Reason | None) -> Decision:
        run, rule = evaluation.run, self._rules[finding.rule]
        if rule.outranks:
            return Decision(finding, run, Outcome.TOLD)
        if not rule.pushes:
            return Decision(finding, run, Outcome.SILENT, Reason.CARD)
        why_not = silenced or self._too_early(rule, evaluation) or self._why_asked(finding, run)
        reason = self._why_silent(finding, run, why_not) or self._why_digest(finding, run)
        reason = reason or self._why_quiet(finding, run) or self._why_over_budget(run)
        return Decision(finding, run, _outcome(reason), reason)

    def _too_early(self, rule: Rule, evaluation: Evaluation) -> Reason | None:
        """Why there is nothing yet to compare this runner with: a ratio would say nothing."""
        if not rule.needs_history:
            return None
        if evaluation.history < self._policy.least_history:
            return Reason.LEARNING
        return Reason.STARTING if evaluation.starting else None

    def _why_asked(self, finding: Finding, run: Run) -> Reason | None:
        """Silence that the runner asked for, or that follows from what they told us."""
        if self._diary is NOTHING_TOLD:
            return None
        if any(_covers(snooze, finding, run) for snooze in self._diary.snoozes):
            return Reason.SNOOZED
        if self._diary.expecting:
            return Reason.EXPECTING
        kinds = {absence.kind for absence in self._diary.absences if _holds(absence, run.local_day)}
        return next((reason for kind, reason in _ABSENT.items() if kind in kinds), None)

    def remember(self, evaluation: Evaluation, decisions: Iterable[Decision]) -> None:
        self._told += [
            Told(decision.finding.rule, decision.finding.severity, decision.run)
            for decision in decisions
            if decision.outcome is Outcome.TOLD
        ]
        self._noted += [
            Told(decision.finding.rule, decision.finding.severity, decision.run)
            for decision in decisions
            if decision.outcome is Outcome.DIGEST
        ]
        found = {finding.rule for finding in evaluation.findings}
        for code in self._rules.keys() - found - evaluation.unasked:
            self._cleared_at[code] = evaluation.run.finished_local

    def _why_silent(self, finding: Finding, run: Run, silenced: Reason | None) -> Reason | None:
        if finding.severity is Severity.NOTE:
            # A note waits for the digest anyway, so that it came late is no reason to keep it out of there.
            return None if silenced is Reason.LATE else silenced
        if silenced is not None:
            return silenced
        if any(self._same_recording(earlier, finding, run) for earlier in self._told):
            return Reason.SAME_RECORDING
        return None

    def _same_recording(self, earlier: Told, finding: Finding, run: Run) -> bool:
        if earlier.rule != finding.rule or self._rules[finding.rule].about_period or earlier.run.id == run.id:
            return False
        return earlier.run.start_local < run.end_local and run.start_local < earlier.run.end_local

    def _why_digest(self, finding: Finding, run: Run) -> Reason | None:
        if finding.severity is Severity.NOTE:
            return self._why_noted_before(finding, run) or Reason.NOTE
        if run.treadmill:
            return Reason.TREADMILL
        return Reason.MANUAL if run.manual else None

    def _why_noted_before(self, finding: Finding, run: Run) -> Reason | None:
        """A note about a period holds for many runs in a row: one digest says it, as one message would."""
        rule = self._rules[finding.rule]
        return self._why_repeated(finding, run, [*self._told, *self._noted]) if rule.about_period else None

    def _why_quiet(self, finding: Finding, run: Run) -> Reason | None:
        return self._why_repeated(finding, run, self._told)

    def _why_repeated(self, finding: Finding, run: Run, said: Sequence[Told]) -> Reason | None:
        rule = self._rules[finding.rule]
        earlier = [told for told in said if told.rule == rule.code]
        quiet = timedelta(days=rule.quiet_days)
        recent = [told for told in earlier if abs(run.finished_local - told.run.finished_local) < quiet]
        if recent:
            return None if finding.severity > max(told.severity for told in recent) else Reason.QUIET
        if rule.about_period and earlier and not self._has_cleared(earlier, finding):
            return Reason.NOT_CLEARED
        return None

    def _has_cleared(self, earlier: list[Told], finding: Finding) -> bool:
        last = max(earlier, key=lambda told: told.run.finished_local)
        cleared = self._cleared_at.get(finding.rule)
        return finding.severity > last.severity or (cleared is not None and cleared > last.run.finished_local)

    def _why_over_budget(self, run: Run) -> Reason | None:
        # One message to a run. What answered a check-in was asked for by the runner and takes no room.
        ends = {told.run.id: told.run.finished_local for told in self._told if told.run.id != NO_RUN}
        gaps = [abs(run.finished_local - ended) for ended in ends.values()]
        if any(gap < self._policy.between_messages for gap in gaps):
            return Reason.ONE_IN_48_HOURS
        if sum(gap < self._policy.budget_period for gap in gaps) >= self._policy.budget:
            return Reason.THREE_IN_14_DAYS
        return None


def _outcome(reason: Reason | None) -> Outcome:
    if reason is None:
        return Outcome.TOLD
    in_digest = (Reason.NOTE, Reason.TREADMILL, Reason.MANUAL, Reason.HOLIDAY)
    return Outcome.DIGEST if reason in in_digest else Outcome.SILENT


#: Absences in which progression says nothing useful, the weightiest first.
_ABSENT = {
    AbsenceKind.INJURED: Reason.INJURED,
    AbsenceKind.ILL: Reason.ILL,
    AbsenceKind.HOLIDAY: Reason.HOLIDAY,
}


def _covers(snooze: Snooze, finding: Finding, run: Run) -> bool:
    return snooze.rule in (None, finding.rule) and snooze.since <= run.finished_local < snooze.until


def _holds(absence: Absence, day: date) -> bool:
    return absence.first_day <= day and (absence.last_day is None or day <= absence.last_day)


def diary_findings(
    history: TrainingHistory, at: datetime, rules: Sequence[Rule], decided: Container[tuple[str, str]] = frozenset()
) -> tuple[Finding, ...]:
    """What the rules on check-ins find at a local moment and have not said before: told at once, whatever else."""
    seen = history.as_seen_at(at)
    found = (rule.check_diary(seen, at) for rule in rules)
    return tuple(finding for finding in found if finding is not None and (finding.rule, finding.key) not in decided)
