"""Advice in a message: the one thing to do, the prompt that goes with it, and behind them how, who not, and why."""

from __future__ import annotations

from dataclasses import replace

from integrations.channels.message import Picture, Section
from rules.advice import Prompt, Why
from rules.model import Advice, AdviceText
from rules.signs import UPPER_BACK
from service.language import _
from service.messages.advice_words import words_of
from service.messages.emergency import EMERGENCY, emergency_number
from service.messages.footer import warning_signs
from service.messages.pages import Pages
from service.messages.reasons import grade_words
from service.messages.verdict import Row


def action_section(action: Advice) -> Section:
    """The one thing to do."""
    words = words_of(action)
    return Section(
        offers=True,
        role="action",
        heading=_("One thing to do"),
        lines=(words.name, " ".join(words.steps)),
    )


def care_section(action: Advice, country: str) -> Section:
    """The first step of what to do about a warning sign, with the number to call; `care_card` has the other steps."""
    words = _with_number(words_of(action), country)
    return Section(role="action", heading=_("What to do now"), lines=(words.name, words.steps[0]), offers=False)


def _with_number(words: AdviceText, country: str) -> AdviceText:
    steps = tuple(step.replace(EMERGENCY, emergency_number(country)) for step in words.steps)
    return replace(words, steps=steps)


def care_card(action: Advice, country: str) -> Section:
    """Every step of what to do about a warning sign, and what speaks for it."""
    words = _with_number(words_of(action), country)
    return Section(
        offers=False,
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


def prompt_section(prompt: Prompt, pages: Pages) -> Section:
    """The name, how much and a drawing; how is below. The warning signs come before anything for the upper back."""
    words = words_of(prompt.item)
    return Section(
        offers=True,
        role="prompt",
        heading=_kind(prompt.item),
        lines=(words.name,),
        rows=((_("How much"), words.dose),),
        picture=Picture(code=prompt.item.code, alt=words.alt) if words.alt else None,
        links=(warning_signs(pages),) if UPPER_BACK in prompt.item.body else (),
    )


def prompt_card(prompt: Prompt) -> Section:
    """How the prompt is done, who should leave it out, why this one, and what speaks for it."""
    words = words_of(prompt.item)
    return Section(
        offers=True,
        role="card",
        heading=_("How to do it: %(name)s") % {"name": words.name},
        lines=_numbered(words.steps),
        rows=(
            *(((_("When it gets easy"), words.step_up),) if words.step_up else ()),
            (_("When to leave it"), words.avoid),
            (_("Why this one"), f"{why_words(prompt.why)} {words.why}"),
            *_evidence(prompt.item),
        ),
    )


def why_words(why: Why) -> str:
    """Why this prompt and no other, in a sentence."""
    return {
        Why.THIS_BLOCK: _("You have had it these weeks: strength takes four weeks of the same."),
        Why.SORE_PLACE: _("It is for the place that you said is sore."),
        Why.YOUR_UPPER_BACK: _("You said that your upper back wants attention."),
        Why.FITS_THE_RUN: _("It goes with a run like this."),
        Why.FITS_THE_FINDING: _("It goes with what was found."),
        Why.LONGEST_NOT_SHOWN: _("Of what suits you, it was not shown for longest."),
    }[why]


def action_card(action: Advice) -> Section:
    """For how long the one thing is meant, for whom not, and what speaks for it."""
    words = words_of(action)
    return Section(
        offers=True,
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
