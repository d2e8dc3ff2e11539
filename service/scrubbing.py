"""Letting go of what is derived from a run once the run is no longer held: numbers, texts and names of it.

What stays is the rule, the severity, the date, whether it was told, the runner's own answers, and keyed hashes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from integrations.channels.message import Message
from rules.checks import all_rules
from rules.model import NO_RUN, Finding
from service.messages.pages import Pages
from service.messages.stub import stub_message
from service.remembering import GAP
from service.store import Transaction
from service.store.records import Athlete, StoredFinding, StoredMessage

#: The longest span that a rule about a period tells of (no-rest-month). What it compares with may be older.
PERIOD = timedelta(days=28)
#: The kinds of message that say something of runs. The others are about addresses, keys and the service.
ABOUT_RUNS = ("alert", "race", "receipt", "digest", "welcome")

_RULES = {rule.code: rule for rule in all_rules()}


@dataclass(frozen=True, slots=True)
class Held:
    """The local day of each activity that is held, by its id."""

    days: Mapping[int, date]

    def run(self, run_id: int) -> bool:
        return run_id in self.days

    def any_of(self, first: date, last: date) -> bool:
        return any(first <= day <= last for day in self.days.values())


@dataclass(frozen=True, slots=True)
class Scrubbed:
    """How many findings and messages lost their text."""

    findings: int
    messages: int


def scrub(tx: Transaction, athlete: Athlete, pages: Pages, now: datetime) -> Scrubbed:
    """Go over all that still has its text; what has lost its run loses it, in the transaction of the caller."""
    # What came from the runner's own files is held until the runner deletes it.
    held = Held(tx.own.days(athlete.id) | tx.activities.days(athlete.id))
    findings = [item for item in tx.findings.whole(athlete.id) if not _finding_lives(item, held)]
    for finding in findings:
        tx.findings.scrub(athlete.id, finding, now, own_key=finding.run.id == NO_RUN)
    messages = 0
    for stored in tx.inbox.whole(athlete.id, ABOUT_RUNS):
        told = tx.findings.of_message(stored.message.id)
        if not _message_lives(stored, told, held):
            gap = stored.message.data.get("absence")
            stub = stub_message(
                stored.message, told, athlete, pages, gap=tx.seals.key(athlete.id, GAP, gap) if gap else None
            )
            tx.inbox.scrub(athlete.id, stored, stub, now, hides_run=_names_run(stored))
            messages += 1
    return Scrubbed(len(findings), messages)


def _finding_lives(stored: StoredFinding, held: Held) -> bool:
    if _is_own_answer(stored):
        return True
    if stored.run.id != NO_RUN and held.run(stored.run.id):
        return True
    is_gone = stored.withdrawn_at is not None  # and so is the run that it was found at
    rule = _RULES.get(stored.rule)
    about_period = stored.run.id == NO_RUN or (rule is not None and rule.about_period)
    return about_period and not is_gone and held.any_of(stored.day - PERIOD + timedelta(days=1), stored.day)


def _is_own_answer(stored: StoredFinding) -> bool:
    """Whether its facts hold nothing but what the runner told: a sign, pain, or a sore back beside desk days."""
    rule = _RULES.get(stored.rule)
    finding = Finding(stored.rule, stored.version, stored.key, stored.day, stored.severity, stored.facts)
    return rule is not None and not rule.draws_on_runs(finding)


def _message_lives(stored: StoredMessage, told: list[StoredFinding], held: Held) -> bool:
    message = stored.message
    if message.kind in ("alert", "race"):
        return _alert_lives(message, told, held)
    if message.kind == "receipt":
        return held.run(_run_of(message))
    if message.kind == "digest":
        return _digest_lives(message, held)
    return not _drew_on(message) or held.any_of(date.min, message.created_at.date())


def _alert_lives(message: Message, told: list[StoredFinding], held: Held) -> bool:
    """While its run is held, or another recording that its findings moved to; an answered check-in has no run."""
    whole = [item for item in told if item.scrubbed_at is None]
    run_id = _run_of(message)
    if run_id == NO_RUN:
        return bool(whole) or not told
    return held.run(run_id) or any(item.run.id != NO_RUN and held.run(item.run.id) for item in whole)


def _drew_on(message: Message) -> bool:
    """Whether anything was held when it was written: a message that only says that there is nothing is about nothing.

    Older digests do not say; then something was.
    """
    return bool(message.data.get("activities", 1))


def _digest_lives(message: Message, held: Held) -> bool:
    """While any run of its week is held; a week without runs still names distances, made from what lay before."""
    last = _day_in(message, "until") or message.created_at.date()
    first = _day_in(message, "from") or last - timedelta(days=7)
    if message.data.get("runs"):
        return held.any_of(first, last)
    return not _drew_on(message) or held.any_of(date.min, last)


def _day_in(message: Message, name: str) -> date | None:
    text = message.data.get(name)
    return datetime.fromisoformat(text).date() if text else None


def _run_of(message: Message) -> int:
    run = message.data.get("run") or {}
    number = run.get("id", NO_RUN)
    return number if isinstance(number, int) else NO_RUN


def _names_run(stored: StoredMessage) -> bool:
    return stored.slug.startswith(("run:", "receipt:"))
