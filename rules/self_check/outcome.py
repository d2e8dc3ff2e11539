"""From the answers to an end: care first, or what fits and a plan. The same answers always end in the same way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache

from rules.advice import Runner
from rules.diary import Diary, WarningSign
from rules.history import TrainingHistory
from rules.model import Finding
from rules.pain import Light, traffic_light
from rules.self_check.plan import PlanDay, two_weeks
from rules.self_check.questions import YES, Part, checked, questions, refuse_impossible
from rules.self_check.weighing import Weighed, recent, run_free_days_in_7, weigh
from rules.signs import Urgency, most_urgent, standing_signs, urgency_of

#: The reason where the runner's own pain answers say to stop running.
RED_LIGHT = "red-light"


@dataclass(frozen=True, slots=True)
class CareFirst:
    """The self-check ends here, without any exercise: somebody has to look at it first.

    `reason` is the code of the sign or question that speaks for all, or `red-light`; `named` holds every one of them.
    `care` is the code of the advice that says where to turn.
    """

    reason: str
    named: tuple[str, ...]
    care: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the answers go together with (five patterns, in their order), and a plan of 14 days.

    `run_free_days` are days without a run in 7, over the last 28; `None` where the history is too short. On
    `recheck_day`, the last of the plan, the runner is asked again: see `recheck`.
    """

    patterns: tuple[Weighed, ...]
    run_free_days: float | None
    plan: tuple[PlanDay, ...]
    recheck_day: date


Outcome = CareFirst | Assessment


def assess(
    answers: Mapping[str, str],
    diary: Diary,
    at: datetime,
    findings: Sequence[Finding],
    history: TrainingHistory,
    runner: Runner | None = None,
) -> Outcome:
    """The end of a self-check at that local moment.

    `findings` of the last 28 days count. `runner` brings exclusions and equipment, where the runner was asked. After a
    warning sign nothing more needs an answer. Raises `AnswersRefused` for an answer that is missing or impossible.
    """
    refuse_impossible(answers)
    first = _signs(answers, diary, at) or _red_light(diary, at) or _gate(answers)
    if first:
        return first
    today = at.date()
    lately = recent(findings, today)
    run_free_days = run_free_days_in_7(history, today)
    patterns = weigh(checked(answers, Part.PATTERN), lately, run_free_days=run_free_days, desk_days=diary.desk_days)
    for_whom = replace(runner or Runner.of(diary, at), upper_back=True)
    plan = two_weeks(for_whom, patterns, lately, today, desk_days=diary.desk_days)
    return Assessment(patterns, run_free_days, plan, plan[-1].day)


def care_for(signs: Iterable[WarningSign]) -> CareFirst | None:
    """Care first, by the most urgent of these signs; nothing without one."""
    signs = tuple(signs)
    leading = most_urgent(signs)
    if leading is None:
        return None
    return CareFirst(leading.code, tuple(sorted({sign.code for sign in signs})), urgency_of(leading.code).care)


def _signs(answers: Mapping[str, str], diary: Diary, at: datetime) -> CareFirst | None:
    """Signs named here, and signs that stand by what was told before. Only with none all have to be answered."""
    from_here = [WarningSign(code, at) for code, answer in answers.items() if answer == YES and code in _sign_codes()]
    found = care_for((*from_here, *standing_signs(diary, at)))
    if found is None:
        checked(answers, Part.SIGN)
    return found


def _red_light(diary: Diary, at: datetime) -> CareFirst | None:
    if traffic_light(diary, at) is not Light.RED:
        return None
    return CareFirst(RED_LIGHT, (RED_LIGHT,), Urgency.WITHIN_DAYS.care)


def _gate(answers: Mapping[str, str]) -> CareFirst | None:
    """Pain that is not mild, came at once or does not change with movement: the official line holds, unsoftened."""
    not_so = tuple(code for code, answer in checked(answers, Part.GATE).items() if answer != YES)
    return CareFirst(not_so[0], not_so, Urgency.URGENT.care) if not_so else None


@cache
def _sign_codes() -> frozenset[str]:
    return frozenset(question.code for question in questions() if question.part is Part.SIGN)
