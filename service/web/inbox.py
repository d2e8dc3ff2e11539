"""The inbox: what was said, what was not and why, and every message with how it was delivered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated

from fastapi import Form, Request
from starlette.responses import Response

from integrations.channels.message import Link
from rules.diary import Diary, Usefulness
from rules.model import Finding
from rules.policy import Outcome
from rules.usefulness import offer_due
from service import checking_in
from service.bootstrap import Service
from service.errors import NotFound
from service.knowledge import diary_of, is_about_it, is_stopped
from service.language import _
from service.messages.days import wall_clock
from service.messages.emergency import country_of
from service.messages.reasons import reason_words
from service.messages.strava import view_on_strava
from service.messages.verdicts import verdict_of
from service.store import Transaction
from service.store.records import Athlete, StoredFinding, StoredMessage
from service.web.access import Runner, ServiceHere, pages_for, runner
from service.web.back_plan import recheck_is_due
from service.web.emptied import why_empty
from service.web.outlook import TWO_DAYS, outlook
from service.web.pain_questions import pain_questions
from service.web.rendering import page, redirect
from service.web.source import source_of
from service.web.stop import stop_of
from service.web.watching import watching

router = pages_for(runner)

#: How far back the inbox says what it kept to itself.
NOT_TOLD_DAYS = 28


@dataclass(frozen=True)
class NotTold:
    """A finding that no message went out about at once, with the reason."""

    day: date
    words: str
    reason: str
    links: tuple[Link, ...]
    in_digest: bool


@dataclass(frozen=True)
class Asked:
    """One rule that a message told of: what the runner said of it, and whether to offer to hear less."""

    rule: str
    title: str
    answer: bool | None
    offer: bool


@router.get("/inbox")
def inbox(request: Request, service: ServiceHere, athlete: Runner) -> Response:
    since = service.clock() - timedelta(days=NOT_TOLD_DAYS)
    with service.store.transaction() as tx:
        messages = tx.inbox.of(athlete.id)
        findings = tx.findings.since(athlete.id, since)
        states = watching(service, tx, athlete)
        emptied, source = why_empty(tx, athlete, service.clock()), source_of(tx, athlete)
        # Without the runs that expired a range would be that of a beginner.
        ahead = outlook(service, tx, athlete, TWO_DAYS) if tx.connections.get(athlete.id) and not emptied else None
        diary = diary_of(tx, athlete)
        at = diary.present(wall_clock(athlete, service.clock()))
        due = pain_questions(tx, athlete, diary, at)
        recheck_due = recheck_is_due(diary, at)
        stop = stop_of(diary, at, country_of(athlete.time_zone))
    return page(
        request,
        "inbox.html",
        next_rows=ahead.in_short(athlete.units) if ahead else (),
        stop=stop,
        due=due,
        asks_again=diary.exclusions is not None and diary.exclusions.asks_again(at.date()),
        recheck_due=recheck_due and stop is None,
        messages=messages,
        runs_of=_runs_of,
        kinds=kind_words(),
        not_told=_not_told(athlete, findings),
        not_told_days=NOT_TOLD_DAYS,
        watching=states,
        emptied=emptied,
        source=source,
    )


@router.get("/inbox/{message_id}")
def message(request: Request, service: ServiceHere, athlete: Runner, message_id: str) -> Response:
    with service.store.transaction() as tx:
        stored = tx.inbox.get(athlete.id, message_id)
        if stored is None:
            raise NotFound
        tx.inbox.mark_read(athlete.id, message_id, service.clock())
        deliveries = tx.deliveries.of_message(message_id)
        has_destination = any(item.state == "active" for item in tx.deliveries.destinations(athlete.id))
        diary, now = diary_of(tx, athlete), wall_clock(athlete, service.clock())
        asked = _asked(service, tx, athlete, stored, diary)
        left_out = is_stopped(diary, now) and not is_about_it(service, tx, message_id)
    return page(
        request,
        "message.html",
        stored=stored,
        kinds=kind_words(),
        deliveries=deliveries,
        has_destination=has_destination,
        left_out=left_out and stored.scrubbed_at is None,
        asked=asked,
    )


@router.post("/inbox/{message_id}/useful")
def useful(
    service: ServiceHere,
    athlete: Runner,
    message_id: str,
    rule: Annotated[str, Form()],
    useful: Annotated[bool, Form()],
) -> Response:
    """The runner's word on what a message told; said again, it replaces what was said before."""
    with service.store.transaction() as tx:
        stored = tx.inbox.get(athlete.id, message_id)
        if stored is None or rule not in _rules_asked(service, tx, stored):
            raise NotFound
    checking_in.put(service, athlete, Usefulness(rule, _moment(athlete, stored), useful))
    return redirect(f"/inbox/{message_id}#useful")


def _asked(service: Service, tx: Transaction, athlete: Athlete, stored: StoredMessage, diary: Diary) -> list[Asked]:
    moment = _moment(athlete, stored)
    said = {item.rule: item.useful for item in diary.usefulness if item.at == moment}
    offered = offer_due(diary, wall_clock(athlete, service.clock()))
    rules = _rules_asked(service, tx, stored).items()
    return [Asked(rule, title, said.get(rule), rule in offered and said.get(rule) is False) for rule, title in rules]


def _rules_asked(service: Service, tx: Transaction, stored: StoredMessage) -> dict[str, str]:
    """The titles of the rules that an alert told of. Pain and warning signs are not up for an opinion."""
    if stored.message.kind != "alert":
        return {}
    told = {item.rule for item in tx.findings.of_message(stored.message.id)}
    return {rule.code: _(rule.title) for rule in service.rules if rule.code in told and not rule.outranks}


def _moment(athlete: Athlete, stored: StoredMessage) -> datetime:
    """An answer stands at the moment of its message, so that a message has one answer."""
    return wall_clock(athlete, stored.message.created_at)


def _runs_of(stored: StoredMessage) -> list[Link]:
    """The links to the runs that the subject of a message speaks of: it stands in the list, too."""
    if stored.message.kind not in ("alert", "race", "receipt"):
        return []
    return [link for section in stored.message.sections for link in section.links if link.role == "strava"]


def kind_words() -> dict[str, str]:
    """What each kind of message is called."""
    return {
        "alert": _("Alert"),
        "race": _("Race"),
        "welcome": _("Welcome"),
        "receipt": _("Run"),
        "digest": _("Week"),
        "connection": _("Connection"),
        "test": _("Test"),
        "code": _("Code"),
        "check-in": _("Check-in"),
    }


def _not_told(athlete: Athlete, findings: list[StoredFinding]) -> list[NotTold]:
    kept = [item for item in findings if item.outcome is not Outcome.TOLD and item.withdrawn_at is None]
    return [_as_not_told(athlete, item) for item in reversed(kept)]


def _as_not_told(athlete: Athlete, stored: StoredFinding) -> NotTold:
    finding = Finding(stored.rule, stored.version, stored.key, stored.day, stored.severity, stored.facts)
    verdict, is_gone = verdict_of(stored.rule), stored.scrubbed_at is not None
    return NotTold(
        day=stored.day,
        words=_(verdict.rule.title) if is_gone else verdict.line(finding, athlete.units),
        reason=_("The run is no longer held, and with it the numbers went.") if is_gone else _why(stored),
        links=view_on_strava(stored.run.id),
        in_digest=stored.outcome is Outcome.DIGEST,
    )


def _why(stored: StoredFinding) -> str:
    return reason_words(stored.reason) if stored.reason is not None else ""
