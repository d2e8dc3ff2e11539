"""The inbox: what was said, what was not and why, and every message with how it was delivered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from fastapi import Request
from starlette.responses import Response

from integrations.channels.message import Link
from rules.model import Finding
from rules.policy import Outcome
from service.errors import NotFound
from service.language import _
from service.messages.reasons import reason_words
from service.messages.strava import view_on_strava
from service.messages.verdicts import verdict_of
from service.store.records import Athlete, StoredFinding
from service.web.access import Runner, ServiceHere, pages_for, runner
from service.web.rendering import page
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
    link: Link
    in_digest: bool


@router.get("/inbox")
def inbox(request: Request, service: ServiceHere, athlete: Runner) -> Response:
    since = service.clock() - timedelta(days=NOT_TOLD_DAYS)
    with service.store.transaction() as tx:
        messages = tx.inbox.of(athlete.id)
        findings = tx.findings.since(athlete.id, since)
        states = watching(service, tx, athlete)
    return page(
        request,
        "inbox.html",
        messages=messages,
        kinds=kind_words(),
        not_told=_not_told(athlete, findings),
        not_told_days=NOT_TOLD_DAYS,
        watching=states,
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
    return page(
        request,
        "message.html",
        stored=stored,
        kinds=kind_words(),
        deliveries=deliveries,
        has_destination=has_destination,
    )


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
    }


def _not_told(athlete: Athlete, findings: list[StoredFinding]) -> list[NotTold]:
    kept = [item for item in findings if item.outcome is not Outcome.TOLD and item.withdrawn_at is None]
    return [_as_not_told(athlete, item) for item in reversed(kept)]


def _as_not_told(athlete: Athlete, stored: StoredFinding) -> NotTold:
    finding = Finding(stored.rule, stored.version, stored.key, stored.day, stored.severity, stored.facts)
    return NotTold(
        day=stored.day,
        words=verdict_of(stored.rule).line(finding, athlete.units),
        reason=reason_words(stored.reason) if stored.reason is not None else "",
        link=view_on_strava(stored.run.id),
        in_digest=stored.outcome is Outcome.DIGEST,
    )
