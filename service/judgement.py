"""From a fresh window to what is told: evaluate, judge, keep every verdict with its reason, follow up edits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

from rules.history import TrainingHistory
from rules.model import NO_RUN, Activity, Finding, Run, Severity
from rules.policy import Decision, Evaluation, Outcome, Policy, Reason, evaluate, judge
from rules.rule import Rule
from service import remembering
from service.bootstrap import Service
from service.knowledge import history_of, rules_of
from service.messages.days import wall_clock
from service.pages import pages_of
from service.scrubbing import scrub
from service.store import Transaction
from service.store.records import HeldActivity, StoredFinding
from service.store.seals import is_sealed
from service.telling import Teller

POLICY = Policy()
#: A day's grace at the edge of the window, because local times and the asked instants differ by the zone.
EDGE = timedelta(days=1)


@dataclass(frozen=True)
class Bench:
    """All that one judgement looks at."""

    service: Service
    rules: tuple[Rule, ...]
    tx: Transaction
    athlete_id: int
    held: dict[int, HeldActivity]
    history: TrainingHistory
    stored: list[StoredFinding]
    after: datetime
    learning_until: datetime | None
    now: datetime

    @property
    def teller(self) -> Teller:
        return Teller(self.service, self.tx, self.athlete_id, self.now)

    @property
    def settle(self) -> timedelta:
        return timedelta(minutes=self.service.settings.settle_minutes)


def judge_window(
    service: Service,
    tx: Transaction,
    athlete_id: int,
    merged: Sequence[HeldActivity],
    *,
    after: datetime,
    learning_until: datetime | None,
    now: datetime,
) -> datetime | None:
    """Judge what came in. Returns when the next run has settled and wants to be judged, if any.

    `merged` is all that is known since `after`, whatever its source; until `learning_until` fewer runs are seen than
    before.
    """
    athlete = tx.accounts.existing(athlete_id)
    history = history_of(tx, athlete, wall_clock(athlete, now), merged)
    rules = rules_of(service, history.diary)
    stored = tx.findings.of(athlete_id)
    held = {item.activity.id: item for item in merged}
    bench = Bench(service, rules, tx, athlete_id, held, history, stored, after, learning_until, now)
    evaluations = [_evaluate(bench, run) for run in history.runs]
    waiting = {item.run.id: settles for item in evaluations if (settles := _settles_at(bench, item)) is not None}
    ready = [item for item in evaluations if item.run.id not in waiting]
    found = {(finding.rule, finding.key): (finding, item.run) for item in evaluations for finding in item.findings}
    decided = _decide(bench, ready, found)
    # What was decided a moment ago, too: a later run of the same day may have moved its numbers.
    _follow_up(replace(bench, stored=tx.findings.of(athlete_id)), found)
    unjudged = [item for item in merged if item.judged_at is None and item.activity.id not in waiting]
    news = [item.activity for item in unjudged if _silenced(bench, item) not in (Reason.LATE, Reason.IMPORTED)]
    read_before = [item.activity for item in merged if item.judged_at is not None]
    bench.teller.receipts(news, read_before, history, decided)
    tx.activities.mark_judged(athlete_id, [item.activity.id for item in unjudged], now)
    tx.own.mark_judged(athlete_id, now)
    scrub(tx, athlete, pages_of(service), now)
    return min(waiting.values(), default=None)


def _evaluate(bench: Bench, run: Run) -> Evaluation:
    """By the rules whose whole look-back is held; with less in hand a verdict on an old run would be a guess."""
    first = _window_start(bench)
    asked = [rule for rule in bench.rules if run.start_local - timedelta(days=rule.lookback_days) >= first]
    unasked = frozenset(rule.code for rule in bench.rules) - {rule.code for rule in asked}
    return replace(evaluate(bench.history, run, asked), unasked=unasked)


def _window_start(bench: Bench) -> datetime:
    return bench.after.astimezone(UTC).replace(tzinfo=None) + EDGE


def _settles_at(bench: Bench, evaluation: Evaluation) -> datetime | None:
    """When a new run with a finding may be judged: crops, corrected distances and late race tags send no event.

    A file is not edited any more, so a run from one is judged at once.
    """
    held = bench.held[evaluation.run.id]
    if held.own:
        return None
    settles = held.first_seen_at + bench.settle
    return settles if evaluation.findings and held.judged_at is None and settles > bench.now else None


#: Verdicts by (rule, key), with the run that each is about.
Found = dict[tuple[str, str], tuple[Finding, Run]]


def _decide(bench: Bench, evaluations: Sequence[Evaluation], found: Found) -> dict[int, Sequence[Decision]]:
    """Judge, keep and tell what is new. Returns the decisions by the run's id."""
    decided: dict[int, Sequence[Decision]] = {}
    judged = judge(
        evaluations,
        bench.rules,
        told=remembering.said(bench.stored, Outcome.TOLD),
        noted=remembering.said(bench.stored, Outcome.DIGEST),
        decided=remembering.Decided(
            bench.tx.seals, bench.athlete_id, [item for item in bench.stored if not _outgrew_note(item, found)]
        ),
        silenced=lambda run: _silenced(bench, bench.held[run.id]),
        diary=bench.history.diary,
    )
    for decisions in judged:
        kept = [decision for decision in decisions if decision.reason is not Reason.IMPORTED]
        if kept:
            _keep(bench, kept)
            decided[kept[0].run.id] = kept
    return decided


def _outgrew_note(stored: StoredFinding, found: Found) -> bool:
    """Whether an edit made more of what was only a note: then it is judged anew."""
    now_found = found.get((stored.rule, stored.key))
    return stored.reason is Reason.NOTE and now_found is not None and now_found[0].severity > Severity.NOTE


def _silenced(bench: Bench, held: HeldActivity) -> Reason | None:
    """Why nothing about this run may be told, by how it came in."""
    if held.imported:
        return Reason.IMPORTED
    if bench.learning_until is not None and bench.learning_until > bench.now:
        return Reason.SCOPE_CHANGED
    # A verdict may also change late, by an edit: what matters is whether it still is news.
    seen = held.first_seen_at if held.judged_at is None else bench.now
    return Reason.LATE if seen - finished_at(held.activity) > POLICY.late_after else None


def finished_at(activity: Activity) -> datetime:
    """The instant a run ended. With a hidden start time only the day is known: then that day's end."""
    local = activity.finished_local
    if not activity.start_time_known:
        local = max(local, datetime.combine(activity.local_day, time.max))
    return (local - timedelta(seconds=activity.utc_offset_s or 0)).replace(tzinfo=UTC)


def _keep(bench: Bench, decisions: Sequence[Decision]) -> None:
    """Store the verdicts of one run; those that are told go out as one message, in this same transaction."""
    told = [decision for decision in decisions if decision.outcome is Outcome.TOLD]
    alert_ids = {decision.finding.rule: bench.service.new_id() for decision in told}
    message_id = None
    if told:
        activity = bench.held[told[0].run.id].activity
        message_id = bench.teller.tell(told, alert_ids, activity)
    for decision in decisions:
        is_told = decision.outcome is Outcome.TOLD
        alert_id = alert_ids[decision.finding.rule] if is_told else None
        bench.tx.findings.add(bench.athlete_id, decision, bench.now, alert_id, message_id if is_told else None)


def _follow_up(bench: Bench, found: Found) -> None:
    """Edits and deletions: a verdict that still holds gets its new numbers, one that does not is withdrawn."""
    found = found | _under_seal(bench, found)
    changed = [item for item in bench.stored if _is_comparable(bench, item) and _follow_up_one(bench, item, found)]
    for message_id in {item.message_id for item in changed if item.message_id is not None}:
        _mark_message(bench, message_id)


def _under_seal(bench: Bench, found: Found) -> Found:
    """The same verdicts by the hash of their key: a run that had gone and came back is known by that alone."""
    if not any(is_sealed(item.key) for item in bench.stored):
        return {}
    seal = bench.tx.seals.key
    return {(rule, seal(bench.athlete_id, rule, key)): verdict for (rule, key), verdict in found.items()}


def _is_comparable(bench: Bench, stored: StoredFinding) -> bool:
    """Not with a verdict of a time when more runs were seen: that one is missing now says nothing of it."""
    return bench.learning_until is None or stored.decided_at >= bench.learning_until


def _follow_up_one(bench: Bench, stored: StoredFinding, found: Found) -> bool:
    """Returns whether anything changed."""
    now_found = found.get((stored.rule, stored.key)) or _same_effort(stored, found)
    if now_found is None:
        if stored.withdrawn_at is not None or not _is_disproved(bench, stored):
            return False
        bench.tx.findings.withdraw(bench.athlete_id, stored, bench.now)
        return True
    finding, run = now_found
    if stored.withdrawn_at is None and dict(finding.facts) == dict(stored.facts) and run.id == stored.run.id:
        return False
    key = finding.key if is_sealed(stored.key) else stored.key
    bench.tx.findings.correct(bench.athlete_id, stored, replace(finding, key=key), run)
    return True


def _is_disproved(bench: Bench, stored: StoredFinding) -> bool:
    """Whether its run is gone, or its rule now finds nothing with all in sight that it looks back on.

    A run that left the asked range is forgotten, and what was said of it stands.
    """
    first = _window_start(bench)
    if stored.run.id == NO_RUN or stored.run.start_local < first:
        return False
    rule = next((rule for rule in bench.rules if rule.code == stored.rule and rule.disproves), None)
    sees_all = rule is not None and stored.run.start_local - timedelta(days=rule.lookback_days) >= first
    return sees_all or stored.run.id not in bench.held


def _same_effort(stored: StoredFinding, found: Found) -> tuple[Finding, Run] | None:
    """The same rule's verdict on another recording of the same effort, for what was told of this one.

    What was not told gives way: the other recording has its own verdict, and one is enough.
    """
    if stored.outcome is not Outcome.TOLD or stored.scrubbed_at is not None:
        return None
    for (rule, key), (finding, run) in found.items():
        overlaps = run.start_local < stored.run.end_local and stored.run.start_local < run.end_local
        if rule == stored.rule and overlaps and key == str(run.id):
            return finding, run
    return None


def _mark_message(bench: Bench, message_id: str) -> None:
    """A message stands as long as anything that it told of holds."""
    holds = any(item.withdrawn_at is None for item in bench.tx.findings.of_message(message_id))
    bench.tx.inbox.withdraw(message_id, None if holds else bench.now)
    if holds:
        bench.tx.deliveries.take_up_again(message_id, bench.now)
