"""What is left of a message when none of the runs that it was about is held any more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from integrations.channels.message import Link, Message, Section
from rules.policy import Outcome
from service.language import _, speaking
from service.messages.days import full_date
from service.messages.footer import warning_signs
from service.messages.pages import Pages
from service.messages.reasons import severity_words
from service.messages.verdict import Row
from service.messages.verdicts import verdict_of
from service.store.records import Athlete, StoredFinding


def stub_message(
    message: Message, told: Sequence[StoredFinding], athlete: Athlete, pages: Pages, *, gap: str | None = None
) -> Message:
    """Kind, time and language of `message`, and of what it `told` the rule, severity and date: nothing else.

    `data` keeps what the rotation of prompts and the question about an absence need, so that neither is repeated:
    `gap` is the keyed hash that stands for the last day with a run before that absence.
    """
    with speaking(message.language):
        return Message(
            id=message.id,
            kind=message.kind,
            event=message.event,
            created_at=message.created_at,
            language=message.language,
            subject=_("A message about a run that is no longer held"),
            lead=_("What it said was made from Strava's data, which is kept no longer than the run itself."),
            sections=(
                Section(rows=tuple(_row(one) for one in told)),
                Section(links=(Link(text=_("What is held of you, and until when"), url=pages.held),)),
            ),
            footer_links=(warning_signs(pages),),
            data=_kept(message.data, gap),
        )


def _row(stored: StoredFinding) -> Row:
    rule = _(verdict_of(stored.rule).rule.title)
    given = {"day": full_date(stored.day), "unusual": severity_words(stored.severity)}
    if stored.outcome is Outcome.TOLD:
        return rule, _("%(day)s: %(unusual)s, told") % given
    return rule, _("%(day)s: %(unusual)s, not told") % given


def _kept(data: dict[str, Any], gap: str | None) -> dict[str, Any]:
    prompt = (data.get("advice") or {}).get("prompt")
    kept: dict[str, Any] = {"advice": {"prompt": prompt}} if prompt else {}
    return kept | ({"absence": gap} if gap else {})
