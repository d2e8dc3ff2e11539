"""The story in one go: connect, import, ordinary runs, one run far above the longest, and what was said about it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

from rich.console import Console
from rich.markup import escape

from rules.model import RUN_FAMILY
from service import deliver, digest, sync
from service.demo.stage import Stage, stage
from service.demo.visitor import Visitor
from service.digest import first_digest_at
from service.language import _

EMAIL = "anna@example.org"
#: How far the story goes on after the run that stands out.
AFTERMATH = timedelta(days=2)
#: Of a webhook's body this much is printed: the rest is the same message as in the mail.
WEBHOOK_CHARS = 600


@dataclass(frozen=True, slots=True)
class Expected:
    """What must go out, by kind, and which run must be told of."""

    kinds: Counter[str]
    told_run: int


def tell(console: Console) -> int:
    """Play the story and print every message. Returns the exit code: 0 only if exactly the right ones came."""
    with stage() as scene:
        console.print(_("Afterrun, against the built-in Strava at %(url)s") % {"url": scene.base_url}, highlight=False)
        visitor = Visitor(scene.base_url)
        try:
            connect(scene, visitor)
            expected = live(scene)
        finally:
            visitor.close()
        _print_messages(scene, console)
        problems = _compare(scene, expected)
    for problem in problems:
        console.print(problem, style="bold red")
    if not problems:
        console.print(_("Everything that should have been said was said, and nothing else."), style="bold green")
    return 1 if problems else 0


def connect(scene: Stage, visitor: Visitor) -> None:
    """Through the pages, as a person would: connect, consent, confirm the email address, add a webhook."""
    visitor.open("/")
    visitor.submit("/connect", adult="true", email=EMAIL)
    visitor.submit("authorize", decision="authorize")
    visitor.open("/import")
    visitor.submit("/email/confirm", code=_mailed_code(scene))
    visitor.open("/destinations")
    visitor.submit("/destinations/webhook", url=scene.receiver.url)
    scene.receiver.secret = _webhook_secret(scene)
    work(scene)


def live(scene: Stage) -> Expected:
    """Let the runs come in one by one, each pushed by Strava and taken in at once."""
    started = scene.clock()
    end = scene.story.big_run.uploaded_at + AFTERMATH
    while (moment := _next_moment(scene)) <= end:
        scene.clock.advance_to(moment)
        scene.simulator.release_due()
        scene.simulator.deliver_events()
        work(scene)
    return _expected(scene, started, scene.clock())


def work(scene: Stage) -> None:
    """What the jobs do when they are nudged, one after the other."""
    sync.sweep(scene.service)
    digest.sweep(scene.service)
    deliver.sweep(scene.service)


def _next_moment(scene: Stage) -> datetime:
    """When something happens next: an upload or a digest."""
    upload = scene.simulator.next_upload() or datetime.max.replace(tzinfo=scene.clock().tzinfo)
    with scene.service.store.transaction() as tx:
        athlete = tx.accounts.get(1)
    if athlete is None or athlete.digest_due_at is None:
        return upload
    return min(upload, athlete.digest_due_at)


def _expected(scene: Stage, started: datetime, ended: datetime) -> Expected:
    """Counted from the story itself, not from what the service did."""
    runs = [item for item in scene.story.activities if started < item.uploaded_at <= ended and _is_run(item.body)]
    with scene.service.store.transaction() as tx:
        athlete = tx.accounts.get(1)
    digests = 0
    while athlete is not None and (started := first_digest_at(athlete, started)) <= ended:
        digests += 1
    first_three = sorted(runs, key=lambda item: item.uploaded_at)[:3]
    receipts = sum(1 for item in first_three if item is not scene.story.big_run)
    kinds = Counter({"welcome": 1, "receipt": receipts, "digest": digests, "alert": 1})
    return Expected(kinds, scene.big_run_id)


def _compare(scene: Stage, expected: Expected) -> list[str]:
    """What came that should not, and what did not that should."""
    with scene.service.store.transaction() as tx:
        kinds = {stored.message.id: stored.message.kind for stored in tx.inbox.of(1)}
    by_webhook = Counter(str(kinds.get(id_)) for id_ in scene.receiver.ids)
    by_mail = Counter(str(kinds[id_]) for id_ in map(_message_id, scene.mail.messages) if id_ in kinds)
    problems = [
        f"by {way}: expected {dict(expected.kinds)}, came {dict(came)}"
        for way, came in (("webhook", by_webhook), ("email", by_mail))
        if came != expected.kinds
    ]
    told = [
        alert["key"]
        for body in scene.receiver.bodies
        if body["type"] == "alert.created"
        for alert in body["data"]["alerts"]
    ]
    if told != [str(expected.told_run)]:
        problems.append(f"expected an alert about run {expected.told_run}, came {told}")
    return problems


def _print_messages(scene: Stage, console: Console) -> None:
    for mail in scene.mail.messages:
        console.rule(_("email to %(address)s") % {"address": mail["To"]}, align="left")
        console.print(f"[bold]{escape(str(mail['Subject']))}[/bold]", highlight=False)
        text = mail.get_body(("plain",))
        console.print(escape(text.get_content() if text else ""), highlight=False)
    for body in scene.receiver.bodies:
        console.rule(_("webhook: %(event)s") % {"event": body["type"]}, align="left")
        console.print(escape(json.dumps(body, ensure_ascii=False)[:WEBHOOK_CHARS]), highlight=False, soft_wrap=True)


def _mailed_code(scene: Stage) -> str:
    """The six digits in the newest mail."""
    text = scene.mail.messages[-1].get_body(("plain",))
    found = re.search(r"\b\d{6}\b", text.get_content() if text else "")
    if found is None:
        raise LookupError("the newest mail holds no six-digit code")
    return found[0]


def _webhook_secret(scene: Stage) -> str:
    with scene.service.store.transaction() as tx:
        added = next(item for item in tx.deliveries.destinations(1) if item.channel == "webhook")
    secret: str = json.loads(added.address)["secret"]
    return secret


def _message_id(mail: EmailMessage) -> str:
    return str(mail["Message-ID"]).strip("<>").partition("@")[0]


def _is_run(body: Mapping[str, Any]) -> bool:
    return body["sport_type"] in RUN_FAMILY
