"""What the self-check asks, in order: warning signs, whether it is mild and mechanical, then short questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from rules.signs import AFTER_OFFICIAL_LINE, OFFICIAL_LINE, UPPER_BACK, Sign, signs_at
from rules.words import N_

YES, NO, NOT_SURE = "yes", "no", "not-sure"


class AnswersRefused(ValueError):
    """An answer is missing, or is none that the question has. The message says which, in plain words."""


class Part(StrEnum):
    """What a question is for. The parts are asked in this order; each but the last can end the self-check."""

    SIGN = "sign"
    GATE = "gate"
    PATTERN = "pattern"


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its code, its words, and the words of its answers by their codes, all marked for translation."""

    code: str
    part: Part
    words: str
    answers: Mapping[str, str] = field(hash=False)


_YES_NO: Mapping[str, str] = MappingProxyType({YES: N_("Yes"), NO: N_("No")})
_YES_NO_NOT_SURE: Mapping[str, str] = MappingProxyType({**_YES_NO, NOT_SURE: N_("I am not sure")})
_HOW_OFTEN: Mapping[str, str] = MappingProxyType(
    {"often": N_("Often"), "sometimes": N_("Sometimes"), "never": N_("Hardly ever")}
)

_GATE = (
    Question("mild", Part.GATE, N_("Is it mild: 2 of 10 at most, so that it leaves sleep alone?"), _YES_NO_NOT_SURE),
    Question(
        "gradual", Part.GATE, N_("Did it come gradually, over days or weeks, and not all at once?"), _YES_NO_NOT_SURE
    ),
    Question(
        "changes", Part.GATE, N_("Does it change when you move, or when you sit in another way?"), _YES_NO_NOT_SURE
    ),
)
_PATTERN = (
    Question(
        "sitting-spells",
        Part.PATTERN,
        N_("How long do you usually stay in one position, at a desk or at the wheel?"),
        MappingProxyType(
            {
                "half-an-hour": N_("Half an hour or less"),
                "about-an-hour": N_("About an hour"),
                "hours": N_("Two hours or more"),
            }
        ),
    ),
    Question("worse-after-sitting", Part.PATTERN, N_("Do you feel it more after long sitting?"), _HOW_OFTEN),
    Question(
        "stiff-when-turning",
        Part.PATTERN,
        N_("Do your upper back, chest or neck feel stiff when you turn or reach?"),
        _HOW_OFTEN,
    ),
    Question("tense-shoulders", Part.PATTERN, N_("Do your shoulders creep up when you are busy or tense?"), _YES_NO),
    Question(
        "strength-training",
        Part.PATTERN,
        N_("How often do you train the muscles of back and shoulders?"),
        MappingProxyType(
            {
                "weekly": N_("Every week"),
                "now-and-then": N_("Now and then"),
                "never": N_("Hardly ever"),
            }
        ),
    ),
    Question(
        "tires-when-upright",
        Part.PATTERN,
        N_("Does your back tire when you stand, sit upright or carry something for a while?"),
        _YES_NO,
    ),
    Question("late-in-runs", Part.PATTERN, N_("Do you feel it mostly late in a run, when you are tired?"), _YES_NO),
    Question(
        "shape-when-tired",
        Part.PATTERN,
        N_("Late in a run, do you lean far forward, hunch your shoulders or twist your body?"),
        _YES_NO_NOT_SURE,
    ),
    Question(
        "running-lately",
        Part.PATTERN,
        N_("In the last four weeks, did you run more, longer or with fewer days off than you are used to?"),
        _YES_NO_NOT_SURE,
    ),
)


@cache
def questions() -> tuple[Question, ...]:
    """Every question in the order in which it is asked: the official line, then who should be seen, then all else."""
    first = (OFFICIAL_LINE, *AFTER_OFFICIAL_LINE)
    signs = sorted(signs_at(UPPER_BACK), key=lambda sign: first.index(sign.code) if sign.code in first else len(first))
    return (*map(_about_sign, signs), *_GATE, *_PATTERN)


def _about_sign(sign: Sign) -> Question:
    return Question(sign.code, Part.SIGN, sign.words, _YES_NO)


@cache
def _by_code() -> Mapping[str, Question]:
    return MappingProxyType({question.code: question for question in questions()})


def checked(answers: Mapping[str, str], part: Part) -> dict[str, str]:
    """The answers to one part, in its order. Raises `AnswersRefused` where one is missing."""
    asked = [question.code for question in questions() if question.part is part]
    missing = [code for code in asked if code not in answers]
    if missing:
        raise AnswersRefused(f"no answer to {', '.join(missing)}")
    return {code: answers[code] for code in asked}


def refuse_impossible(answers: Mapping[str, str]) -> None:
    """Raises `AnswersRefused` for a question that is not asked and for an answer that the question does not have."""
    for code, answer in answers.items():
        question = _by_code().get(code)
        if question is None:
            raise AnswersRefused(f'"{code}" is not asked')
        if answer not in question.answers:
            raise AnswersRefused(f'"{answer}" is no answer to {code}: use one of {", ".join(question.answers)}')
