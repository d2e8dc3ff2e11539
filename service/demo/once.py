"""The season in one go: connect, import, five chapters, and what was said in each."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

from rich.console import Console
from rich.markup import escape

from service.demo.chapters import Chapter, Expected, chapters_of, expected_of
from service.demo.play import ATHLETE_ID, play, work
from service.demo.stage import IMPORT_DAY, Stage, evening, stage
from service.demo.visitor import Visitor
from service.language import _

EMAIL = "anna@example.org"
#: Of a webhook's body this much is printed: the rest is the same message as in the mail.
WEBHOOK_CHARS = 600


def tell(console: Console) -> int:
    """Play the season and print what was said. Returns the exit code: 0 only if exactly the right messages came."""
    with stage() as scene:
        console.print(_("Afterrun, against the built-in Strava at %(url)s") % {"url": scene.base_url}, highlight=False)
        visitor = Visitor(scene.base_url)
        try:
            connect(scene, visitor)
            _tell_chapters(scene, visitor, console)
        finally:
            visitor.close()
        problems = differences(expected(scene), came(scene))
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


def live(scene: Stage) -> None:
    """Let the first chapter happen, without a word."""
    play(scene, chapters_of(scene.season)[0])


def expected(scene: Stage) -> Expected:
    return expected_of(scene.season, scene.run_ids, evening(IMPORT_DAY).replace(tzinfo=None))


@dataclass(frozen=True, slots=True)
class Came:
    """What went out: how many messages of each kind by each way, and every alert as (rule, run id or day), in order."""

    by_email: Counter[str]
    by_webhook: Counter[str]
    alerts: tuple[tuple[str, str], ...]


def came(scene: Stage) -> Came:
    """What the mail server and the webhook's receiver got. A mail that is no message (a code) does not count."""
    kinds = _kinds(scene)
    by_email = Counter(kinds[id_] for id_ in map(_message_id, scene.mail.messages) if id_ in kinds)
    by_webhook = Counter(str(kinds.get(id_)) for id_ in scene.receiver.ids)
    alerts = (alert for body in scene.receiver.bodies for alert in body["data"].get("alerts", ()))
    return Came(by_email, by_webhook, tuple(_name(alert) for alert in alerts))


def _kinds(scene: Stage) -> dict[str, str]:
    """The kind of every message in the inbox, by its id."""
    with scene.service.store.transaction() as tx:
        return {stored.message.id: stored.message.kind for stored in tx.inbox.of(ATHLETE_ID)}


def _name(alert: dict[str, Any]) -> tuple[str, str]:
    """A finding about a run is named by the run, any other by its day."""
    key = str(alert["key"])
    return str(alert["rule"]), key if key.isdigit() else str(alert["day"])


def differences(expected: Expected, came: Came) -> list[str]:
    """What came that should not, and what did not that should, a line each."""
    ways = ((_("email"), came.by_email), (_("webhook"), came.by_webhook))
    problems = [
        _("by %(way)s: expected %(expected)s, came %(came)s")
        % {"way": way, "expected": _listed(expected.kinds), "came": _listed(kinds)}
        for way, kinds in ways
        if kinds != expected.kinds
    ]
    missing, more = Counter(expected.alerts) - Counter(came.alerts), Counter(came.alerts) - Counter(expected.alerts)
    problems += [_("missing: %(rule)s on %(what)s") % {"rule": rule, "what": what} for rule, what in missing.elements()]
    problems += [_("too many: %(rule)s on %(what)s") % {"rule": rule, "what": what} for rule, what in more.elements()]
    return problems


def _listed(kinds: Counter[str]) -> str:
    return ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items()))


def _tell_chapters(scene: Stage, visitor: Visitor, console: Console) -> None:
    """Chapter by chapter: the first in full, of the others what was told at once; digests by their subject."""
    mails = bodies = 0
    for number, chapter in enumerate(chapters_of(scene.season)):
        _print_heading(chapter, console)
        play(scene, chapter, visitor)
        new_mails, new_bodies = scene.mail.messages[mails:], scene.receiver.bodies[bodies:]
        mails, bodies = mails + len(new_mails), bodies + len(new_bodies)
        alerts = {id_ for id_, kind in _kinds(scene).items() if kind == "alert"}
        for mail in new_mails:
            _print_mail(mail, console, in_full=not number or _message_id(mail) in alerts)
        for body in new_bodies:
            _print_webhook(body, console, in_full=not number)


def _print_heading(chapter: Chapter, console: Console) -> None:
    console.print()
    console.rule(f"[bold]{escape(chapter.title)}[/bold]", characters="═")
    console.print(escape(chapter.text), highlight=False)


def _print_mail(mail: EmailMessage, console: Console, *, in_full: bool) -> None:
    if not in_full:
        line = _("email: %(subject)s") % {"subject": mail["Subject"]}
        return console.print(escape(line), highlight=False)
    console.rule(_("email to %(address)s") % {"address": mail["To"]}, align="left")
    console.print(f"[bold]{escape(str(mail['Subject']))}[/bold]", highlight=False)
    text = mail.get_body(("plain",))
    return console.print(escape(text.get_content() if text else ""), highlight=False)


def _print_webhook(body: dict[str, Any], console: Console, *, in_full: bool) -> None:
    event = _("webhook: %(event)s") % {"event": body["type"]}
    if not in_full:
        return console.print(escape(event), highlight=False)
    console.rule(event, align="left")
    return console.print(escape(json.dumps(body, ensure_ascii=False)[:WEBHOOK_CHARS]), highlight=False, soft_wrap=True)


def _mailed_code(scene: Stage) -> str:
    """The six digits in the newest mail."""
    text = scene.mail.messages[-1].get_body(("plain",))
    found = re.search(r"\b\d{6}\b", text.get_content() if text else "")
    if found is None:
        raise LookupError("the newest mail holds no six-digit code")
    return found[0]


def _webhook_secret(scene: Stage) -> str:
    with scene.service.store.transaction() as tx:
        added = next(item for item in tx.deliveries.destinations(ATHLETE_ID) if item.channel == "webhook")
    secret: str = json.loads(added.address)["secret"]
    return secret


def _message_id(mail: EmailMessage) -> str:
    return str(mail["Message-ID"]).strip("<>").partition("@")[0]
