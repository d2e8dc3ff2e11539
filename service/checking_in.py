"""What a runner tells: kept, and answered at once by the rules that work on check-ins."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from rules.advice import Occasion, Prompt, Runner, catalogue, pick_action, pick_prompt
from rules.advice.picker import NO_EXERCISE
from rules.diary import (
    Absence,
    CheckIn,
    Effort,
    Exclusions,
    OwnLimit,
    SelfCheck,
    Snooze,
    Usefulness,
    WarningSign,
    WeeklyAnswer,
)
from rules.model import NO_RUN, Advice, Finding, Run, Severity
from rules.policy import Decision, Outcome, Reason, diary_findings
from rules.signs import most_urgent, standing_signs, urgency_of
from rules.thresholds import rules_with
from rules.usual_range import usual_range
from service import outbox
from service.bootstrap import Service
from service.errors import NotFound
from service.knowledge import diary_of, history_of, rules_of
from service.messages.check_in import check_in_message
from service.messages.days import wall_clock
from service.messages.own_limit import standing_limit
from service.messages.usual_range import comes_first
from service.pages import pages_of
from service.remembering import Decided
from service.store import Transaction
from service.store.diary import Entry
from service.store.records import Athlete

#: Of these an earlier one gives way: of a run's effort that of the same run, of a message's word that on the same one.
Replaced = OwnLimit | Exclusions | SelfCheck | Usefulness | Effort


def tell(service: Service, athlete: Athlete, *entries: CheckIn | WarningSign | WeeklyAnswer) -> None:
    """Keep what was told at one time and answer it at once: pain and warning signs wait for nothing."""
    with service.store.transaction() as tx:
        for entry in entries:
            tx.diary.add(athlete.id, entry, service.clock())
        _answer(service, tx, athlete)
    service.nudges.deliver()


def clear_sign(service: Service, athlete: Athlete, entry_id: int) -> None:
    """The runner was examined, or it passed: the sign no longer stands."""
    with service.store.transaction() as tx:
        found = dict(tx.diary.entries(athlete.id)).get(entry_id)
        if not isinstance(found, WarningSign):
            raise NotFound
        now = diary_of(tx, athlete).present(wall_clock(athlete, service.clock()))
        tx.diary.change(athlete.id, entry_id, replace(found, cleared_at=now))


def keep(service: Service, athlete: Athlete, entry: Absence | OwnLimit | Snooze | Usefulness) -> None:
    """Keep an entry that asks for no answer."""
    with service.store.transaction() as tx:
        tx.diary.add(athlete.id, entry, service.clock())


def end_absence(service: Service, athlete: Athlete, entry_id: int) -> None:
    """The absence ended yesterday: the runner is back today."""
    today = wall_clock(athlete, service.clock()).date()
    with service.store.transaction() as tx:
        found = dict(tx.diary.entries(athlete.id)).get(entry_id)
        if not isinstance(found, Absence):
            raise NotFound
        last_day = max(found.first_day, today - timedelta(days=1))
        tx.diary.change(athlete.id, entry_id, replace(found, last_day=last_day))


def forget(service: Service, athlete: Athlete, entry_id: int) -> None:
    """Delete one entry."""
    with service.store.transaction() as tx:
        if not tx.diary.remove(athlete.id, entry_id):
            raise NotFound


def forget_all(service: Service, athlete: Athlete) -> int:
    """Delete everything that the runner told. Returns how many entries that were."""
    with service.store.transaction() as tx:
        return tx.diary.delete_all(athlete.id)


def put(service: Service, athlete: Athlete, entry: Replaced) -> None:
    """Keep an entry in place of the one it takes back: any earlier limit, or the word on the same message or run."""
    with service.store.transaction() as tx:
        for entry_id, earlier in tx.diary.entries(athlete.id):
            if _takes_back(entry, earlier):
                tx.diary.remove(athlete.id, entry_id)
        if isinstance(entry, Exclusions):
            _forget_older(service, tx, athlete)
        tx.diary.add(athlete.id, entry, service.clock())


def drop(service: Service, athlete: Athlete, kind: type[OwnLimit | Exclusions | SelfCheck]) -> None:
    """What was told of that kind no longer holds, nor any that was set before it."""
    with service.store.transaction() as tx:
        for entry_id, entry in tx.diary.entries(athlete.id):
            if isinstance(entry, kind):
                tx.diary.remove(athlete.id, entry_id)
        if kind is Exclusions:
            _forget_older(service, tx, athlete)


def _forget_older(service: Service, tx: Transaction, athlete: Athlete) -> None:
    """What was declared before exclusions were asked gives way to them, too."""
    preferences = tx.diary.preferences(athlete.id)
    if preferences.expecting:
        tx.diary.add(athlete.id, replace(preferences, expecting=False), service.clock())


def prefer(service: Service, athlete: Athlete, **changes: Any) -> None:
    """Keep what the runner declared: `changes` are fields of `Preferences`, the others stay.

    Raises `ThresholdRefused` with the bound for a threshold outside it.
    """
    rules_with(service.rules, changes.get("thresholds", {}))
    with service.store.transaction() as tx:
        tx.diary.add(athlete.id, replace(tx.diary.preferences(athlete.id), **changes), service.clock())


def _takes_back(entry: Replaced, earlier: Entry) -> bool:
    if isinstance(entry, Effort):
        return isinstance(earlier, Effort) and earlier.run_id == entry.run_id
    if isinstance(entry, OwnLimit | Exclusions | SelfCheck):
        return isinstance(earlier, type(entry))
    return isinstance(earlier, Usefulness) and (earlier.rule, earlier.at) == (entry.rule, entry.at)


def _answer(service: Service, tx: Transaction, athlete: Athlete) -> None:
    now = service.clock()
    history = history_of(tx, athlete, wall_clock(athlete, now))
    at = history.diary.present(wall_clock(athlete, now))
    decided = Decided(tx.seals, athlete.id, tx.findings.of(athlete.id))
    for finding in diary_findings(history, at, rules_of(service, history.diary), decided):
        _keep_finding(service, tx, athlete, finding, at, now)


def _keep_finding(
    service: Service, tx: Transaction, athlete: Athlete, finding: Finding, at: datetime, now: datetime
) -> None:
    told = finding.severity >= Severity.CAUTION
    alert_id = message_id = None
    if told:
        alert_id, message_id = service.new_id(), service.new_id()
        action = _action(tx, athlete, finding, at)
        prompt = _prompt(tx, athlete, finding, at)
        message = check_in_message(
            message_id, athlete, finding, alert_id, action, pages_of(service), now, prompt=prompt
        )
        outbox.put(tx, athlete.id, f"check-in:{finding.rule}:{finding.key}", message, now)
    decision = Decision(finding, _moment(at), Outcome.TOLD if told else Outcome.DIGEST, None if told else Reason.NOTE)
    tx.findings.add(athlete.id, decision, now, alert_id, message_id)


def _action(tx: Transaction, athlete: Athlete, finding: Finding, at: datetime) -> Advice:
    """The one thing to do; while a sign stands it is what the sign asks for, whatever hurts beside it."""
    leading = most_urgent(standing_signs(diary_of(tx, athlete), at))
    if leading is not None:
        return catalogue()[urgency_of(leading.code).care]
    return pick_action(finding.rule, finding.severity)


def _prompt(tx: Transaction, athlete: Athlete, finding: Finding, at: datetime) -> Prompt | None:
    """What goes with a sore upper back; none with pain or a sign, while unwell, or beside the runner's own limit."""
    history = history_of(tx, athlete, at)
    diary = history.diary
    limit = standing_limit(diary.limit, at.date())
    waits_for = usual_range(history, at, days=1)[0].waits_for
    if finding.rule in NO_EXERCISE or limit is not None or comes_first(waits_for, limit):
        return None
    occasion = Occasion(finding.rule, finding.severity)
    return pick_prompt(Runner.of(diary, at), outbox.prompts_shown(tx, athlete.id), at.date(), occasion)


def _moment(at: datetime) -> Run:
    """A finding about what was told has a moment and no run."""
    return Run(id=NO_RUN, start_local=at, end_local=at, finished_local=at, distance_m=0.0, duration_s=None)
