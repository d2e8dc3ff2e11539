"""The self-check for the upper back: signs, questions, what the answers go together with, and two weeks of a plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import Depends, Form, Request
from starlette.responses import Response

from rules.advice import catalogue
from rules.diary import SelfCheck, WarningSign
from rules.self_check import (
    WHEN_TO_BE_SEEN,
    AnswersRefused,
    CareFirst,
    Change,
    Part,
    Question,
    Recheck,
    questions,
    recheck,
)
from rules.signs import OFFICIAL_LINE, SIGNS, UPPER_BACK, signs_at, standing_signs
from service import checking_in
from service.bootstrap import Service
from service.knowledge import diary_of
from service.language import _
from service.messages.advice_words import words_of
from service.messages.days import wall_clock
from service.messages.signs import official_line
from service.store.records import Athlete
from service.web.access import Runner, ServiceHere, VisitHere, pages_for, runner
from service.web.back_plan import back_plan, outcome_of
from service.web.rendering import page, redirect

router = pages_for(runner)

#: Every sign of the upper back was asked about and none named: how the core takes that.
NO_SIGNS = {sign.code: "no" for sign in signs_at(UPPER_BACK)}
#: Form fields that are no answers.
BESIDE = frozenset({"csrf", "none", "sign"})
Signs = Annotated[list[str] | None, Form()]


async def given_answers(request: Request) -> dict[str, str]:
    """The answers by question, each a field of the form. Asynchronous, because it is the server's edge."""
    form = await request.form()
    return {name: value for name, value in form.items() if name not in BESIDE and isinstance(value, str)}


@router.get("/self-check")
def self_check(request: Request, service: ServiceHere, athlete: Runner) -> Response:
    """The plan, while there is one; else the warning signs, which come before any question."""
    plan = back_plan(service, athlete)
    if plan.stopped or plan.own_limit or plan.days:
        return page(request, "self_check_plan.html", plan=plan, when_to_be_seen=WHEN_TO_BE_SEEN)
    return _signs_page(request)


@router.post("/self-check/signs")
def answer_signs(
    request: Request, service: ServiceHere, athlete: Runner, sign: Signs = None, none: Annotated[bool, Form()] = False
) -> Response:
    """A sign that was ticked counts, whatever else was: then nothing more is asked."""
    if named := _named(service, athlete, sign):
        checking_in.tell(service, athlete, *named)
        return redirect("/check-in")
    if not none:
        return _signs_page(request, _not_answered())
    return _questions_page(request, {})


@router.post("/self-check")
def answer(
    request: Request,
    service: ServiceHere,
    athlete: Runner,
    answers: Annotated[dict[str, str], Depends(given_answers)],
    sign: Signs = None,
    none: Annotated[bool, Form()] = False,
) -> Response:
    """To care first, which then stands like a warning sign; or to a plan, which is kept as its answers."""
    if named := _named(service, athlete, sign):
        checking_in.tell(service, athlete, *named)
        return redirect("/check-in")
    if not none:
        return _signs_page(request, _("The warning signs come first."))
    now = wall_clock(athlete, service.clock())
    entry = SelfCheck(now, NO_SIGNS | answers)
    try:
        with service.store.transaction() as tx:
            outcome = outcome_of(tx, athlete, entry, now)
    except AnswersRefused:
        return _questions_page(request, answers, _("Please answer each question with one of its answers."))
    if isinstance(outcome, CareFirst):
        return _care_first(service, athlete, outcome)
    checking_in.put(service, athlete, entry)
    return redirect("/self-check")


@router.get("/self-check/again")
def ask_again(request: Request) -> Response:
    """How it is after two weeks, or on any day before: the warning signs first, as ever."""
    return _again_page(request)


@router.post("/self-check/again")
def answer_again(
    request: Request,
    service: ServiceHere,
    athlete: Runner,
    sign: Signs = None,
    none: Annotated[bool, Form()] = False,
    change: Annotated[Change | None, Form()] = None,
) -> Response:
    if named := _named(service, athlete, sign):
        checking_in.tell(service, athlete, *named)
        return redirect("/check-in")
    if not none or change is None:
        return _again_page(request, _not_answered())
    follows = recheck(change, wall_clock(athlete, service.clock()))
    assert isinstance(follows, Recheck)
    if change is Change.WORSE:
        _stand(service, athlete)
    checking_in.drop(service, athlete, SelfCheck)
    return page(request, "self_check_followed.html", follows=follows, care=_care(follows.care))


@router.post("/self-check/remove")
def remove(service: ServiceHere, visit: VisitHere, athlete: Runner) -> Response:
    checking_in.drop(service, athlete, SelfCheck)
    visit.note(_("The plan and its answers are deleted."))
    return redirect("/check-in")


def _named(service: Service, athlete: Athlete, codes: Sequence[str] | None) -> list[WarningSign]:
    at = wall_clock(athlete, service.clock())
    return [WarningSign(code, at) for code in dict.fromkeys(codes or []) if code in SIGNS]


def _care_first(service: Service, athlete: Athlete, outcome: CareFirst) -> Response:
    """A sign stands until it is cleared, and so does the official line where it is not mild, gradual and changing."""
    with service.store.transaction() as tx:
        diary = diary_of(tx, athlete)
    at = diary.present(wall_clock(athlete, service.clock()))
    standing = {sign.code for sign in standing_signs(diary, at)}
    if new := _named(service, athlete, [code for code in outcome.named if code not in standing]):
        checking_in.tell(service, athlete, *new)
    elif not standing and outcome.care == _URGENT:
        _stand(service, athlete)
    return redirect("/check-in")


def _stand(service: Service, athlete: Athlete) -> None:
    checking_in.tell(service, athlete, WarningSign(OFFICIAL_LINE, wall_clock(athlete, service.clock())))


_URGENT = SIGNS[OFFICIAL_LINE].urgency.care


def _signs_page(request: Request, problem: str = "") -> Response:
    return page(request, "self_check_signs.html", status=_status(problem), **_signs(), problem=problem)


def _again_page(request: Request, problem: str = "") -> Response:
    return page(
        request,
        "self_check_again.html",
        status=_status(problem),
        **_signs(),
        changes=((Change.BETTER, _("Better")), (Change.SAME, _("The same")), (Change.WORSE, _("Worse"))),
        problem=problem,
    )


def _signs() -> Mapping[str, object]:
    return {
        "signs": [(sign.code, _(sign.words)) for sign in signs_at(UPPER_BACK)],
        "official": official_line(),
    }


def _questions_page(request: Request, answers: Mapping[str, str], problem: str = "") -> Response:
    return page(
        request,
        "self_check_questions.html",
        status=_status(problem),
        gate=[_asked(one) for one in questions() if one.part is Part.GATE],
        asked=[_asked(one) for one in questions() if one.part is Part.PATTERN],
        answers=answers,
        problem=problem,
    )


def _asked(question: Question) -> tuple[str, str, list[tuple[str, str]]]:
    return question.code, _(question.words), [(code, _(words)) for code, words in question.answers.items()]


def _care(code: str | None) -> tuple[str, tuple[str, ...]] | None:
    if code is None:
        return None
    words = words_of(catalogue()[code])
    return words.name, words.steps


def _status(problem: str) -> int:
    return 422 if problem else 200


def _not_answered() -> str:
    return _("Please tick what fits, or “None of these”. Nothing else is asked before.")
