"""The answer to a check-in: to warning signs, to pain (without any exercise or distance), to a sore upper back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from integrations.channels.message import Link, Message, Section
from rules.advice import Prompt, catalogue
from rules.advice.picker import NO_EXERCISE
from rules.model import Advice, Finding, Severity
from rules.signs import Urgency, urgency_of
from service.language import _, speaking
from service.messages.advice import (
    action_card,
    action_section,
    care_card,
    care_section,
    prompt_card,
    prompt_section,
)
from service.messages.alert import finding_data
from service.messages.card import explanation_card
from service.messages.days import wall_clock, when
from service.messages.emergency import country_of
from service.messages.footer import standing_links, warning_signs, what_this_is_not
from service.messages.pages import Pages
from service.messages.signs import what_to_do
from service.messages.verdict import text
from service.messages.verdicts import verdict_of
from service.messages.verdicts.red_flag import sign_words
from service.store.records import Athlete, Units

#: What a sign asks for: told as it is with the sign itself, with the number to call.
CARE_OF_SIGNS = frozenset(urgency.care for urgency in Urgency if urgency is not Urgency.WITHIN_DAYS)


def check_in_message(
    message_id: str,
    athlete: Athlete,
    finding: Finding,
    alert_id: str,
    action: Advice,
    pages: Pages,
    now: datetime,
    *,
    prompt: Prompt | None = None,
) -> Message:
    """The message for a finding of red-flag, pain or back-context. Its subject says nothing of what was answered.

    For a warning sign the care that the finding names comes before `action`. `prompt` is for back-context alone:
    raises `ValueError` with pain or a warning sign, for which no exercise is offered.
    """
    if prompt is not None and (finding.severity is Severity.STOP or finding.rule in NO_EXERCISE):
        raise ValueError(f"{finding.rule} ({finding.severity.word}) gets no exercise")
    action = catalogue().get(text(finding, "care"), action)
    verdict, country = verdict_of(finding.rule), country_of(athlete.time_zone)
    with speaking(athlete.language):
        today = wall_clock(athlete, now).date()
        return Message(
            id=message_id,
            kind="alert",
            event="alert.created",
            created_at=now,
            language=athlete.language,
            subject=verdict.subject(finding, athlete.units, when(finding.day, today)),
            lead=_lead(finding, athlete, country),
            sections=_sections(finding, action, prompt, athlete.units, country, pages),
            footer=(what_this_is_not(),),
            footer_links=standing_links(message_id, pages),
            data=_data(finding, alert_id, action, prompt),
        )


def _lead(finding: Finding, athlete: Athlete, country: str) -> str:
    """For a warning sign whom to call, by where the runner is."""
    if finding.severity is Severity.STOP:
        return what_to_do(urgency_of(text(finding, "sign")), country)
    return verdict_of(finding.rule).lead(finding, athlete.units)


def _sections(
    finding: Finding, action: Advice, prompt: Prompt | None, units: Units, country: str, pages: Pages
) -> tuple[Section, ...]:
    verdict = verdict_of(finding.rule)
    explanation = explanation_card(verdict, finding, units)
    if finding.severity is Severity.STOP:
        named = Section(heading=_("You named"), lines=sign_words(finding), links=(warning_signs(pages),))
        why = Section(lines=(verdict.why(finding),))
        return named, care_section(action, country), why, care_card(action, country), explanation
    exercise = (prompt_section(prompt, pages), prompt_card(prompt)) if prompt else ()
    why = Section(lines=(verdict.why(finding),), links=(warning_signs(pages), *_self_check(finding, pages)))
    if action.code in CARE_OF_SIGNS:
        return care_section(action, country), why, care_card(action, country), explanation
    return (
        why,
        action_section(action).model_copy(update={"links": (Link(text=_("Answer again"), url=pages.check_in),)}),
        *exercise,
        explanation,
        action_card(action),
    )


def _self_check(finding: Finding, pages: Pages) -> tuple[Link, ...]:
    """For a sore upper back there are questions, and a plan."""
    if finding.rule in NO_EXERCISE:
        return ()
    return (Link(text=_("Upper-back self-check"), url=pages.self_check),)


def _data(finding: Finding, alert_id: str, action: Advice, prompt: Prompt | None) -> dict[str, Any]:
    return {
        "race": False,
        "run": None,
        "alerts": [finding_data(finding, alert_id)],
        "advice": {"action": action.code, "prompt": prompt.item.code if prompt else None},
        "step": None,
    }
