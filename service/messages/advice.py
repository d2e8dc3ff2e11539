"""Advice in a message: the one thing to do, the prompt that goes with it, and behind them how, who not, and why."""

from __future__ import annotations

from dataclasses import replace

from integrations.channels.message import Section
from rules.model import Advice, AdviceText
from service.language import _, current_language
from service.messages.emergency import EMERGENCY, emergency_number
from service.messages.footer import warning_signs
from service.messages.pages import Pages
from service.messages.reasons import grade_words
from service.messages.verdict import Row


def action_section(action: Advice) -> Section:
    """The one thing to do."""
    words = action.text(current_language())
    return Section(
        role="action",
        heading=_("One thing to do"),
        lines=(words.name, " ".join(words.steps)),
    )


def care_section(action: Advice, country: str) -> Section:
    """The first step of what to do about a warning sign, with the number to call; `care_card` has the other steps."""
    words = _with_number(action.text(current_language()), country)
    return Section(role="action", heading=_("What to do now"), lines=(words.name, words.steps[0]))


def _with_number(words: AdviceText, country: str) -> AdviceText:
    steps = tuple(step.replace(EMERGENCY, emergency_number(country)) for step in words.steps)
    return replace(words, steps=steps)


def care_card(action: Advice, country: str) -> Section:
    """Every step of what to do about a warning sign, and what speaks for it."""
    words = _with_number(action.text(current_language()), country)
    return Section(
        role="card",
        heading=_("More about: %(name)s") % {"name": words.name},
        lines=_numbered(words.steps),
        rows=(
            (_("When"), words.dose),
            (_("Take care"), words.avoid),
            (_("Why this one"), words.why),
            *_evidence(action),
        ),
    )


def prompt_section(prompt: Advice, pages: Pages) -> Section:
    """The name alone, how is below; the warning signs come before anything for the upper back."""
    words = prompt.text(current_language())
    screen = (warning_signs(pages),) if "upper-back" in prompt.body else ()
    return Section(role="prompt", heading=_kind(prompt), lines=(words.name,), links=screen)


def prompt_card(prompt: Advice) -> Section:
    """How the prompt is done and how much, who should leave it out, and what speaks for it."""
    words = prompt.text(current_language())
    return Section(
        role="card",
        heading=_("How to do it: %(name)s") % {"name": words.name},
        lines=_numbered(words.steps),
        rows=(
            (_("How much"), words.dose),
            *(((_("When it gets easy"), words.step_up),) if words.step_up else ()),
            (_("When to leave it"), words.avoid),
            (_("Why this one"), words.why),
            *_evidence(prompt),
        ),
    )


def action_card(action: Advice) -> Section:
    """For how long the one thing is meant, for whom not, and what speaks for it."""
    words = action.text(current_language())
    return Section(
        role="card",
        heading=_("More about: %(name)s") % {"name": words.name},
        rows=(
            (_("For how long"), words.dose),
            (_("When to leave it"), words.avoid),
            (_("Why this one"), words.why),
            *_evidence(action),
        ),
    )


def _numbered(steps: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{number}. {step}" for number, step in enumerate(steps, 1))


def _kind(prompt: Advice) -> str:
    if prompt.kind == "form":
        return _("A cue for your next run")
    return _("A stretch that fits") if prompt.kind == "mobility" else _("An exercise that fits")


def _evidence(advice: Advice) -> tuple[Row, ...]:
    return (_("Source"), advice.source), (_("Strength of evidence"), grade_words(advice.grade))
