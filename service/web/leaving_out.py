"""What should I leave out? Health data: asked only on this page, with a tick of its own, and deleted alone."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, Request
from starlette.responses import Response

from rules.advice.leave_out import ANSWERS, UnknownAnswer, exclusions_of
from rules.diary import Exclusions
from service import checking_in
from service.bootstrap import Service
from service.knowledge import diary_of
from service.language import _
from service.messages.days import wall_clock
from service.store.records import Athlete
from service.web.access import Runner, ServiceHere, VisitHere, pages_for, runner
from service.web.rendering import page, redirect

router = pages_for(runner)


@router.get("/leave-out")
def ask(request: Request, service: ServiceHere, athlete: Runner) -> Response:
    return _page(request, service, athlete)


@router.post("/leave-out")
def answer(
    request: Request,
    service: ServiceHere,
    visit: VisitHere,
    athlete: Runner,
    ticked: Annotated[list[str] | None, Form()] = None,
    none: Annotated[bool, Form()] = False,
    consent: Annotated[bool, Form()] = False,
) -> Response:
    """The answers themselves are forgotten at once; only what they rule out is kept."""
    ticked = ticked or []
    if not consent:
        return _page(request, service, athlete, _("Please tick that this may be kept; else nothing is."))
    if bool(ticked) == none:
        return _page(request, service, athlete, _("Please tick what fits, or “None of these”, but not both."))
    try:
        entry = exclusions_of(ticked, wall_clock(athlete, service.clock()).date())
    except UnknownAnswer:
        return _page(request, service, athlete, _("One of these answers is not known here. Please tick again."))
    checking_in.put(service, athlete, entry)
    visit.note(_("Kept. What you should leave out is no longer suggested."))
    return redirect("/self-check" if _has_plan(service, athlete) else "/leave-out")


@router.post("/leave-out/remove")
def remove(service: ServiceHere, visit: VisitHere, athlete: Runner) -> Response:
    checking_in.drop(service, athlete, Exclusions)
    visit.note(_("Deleted. As for everybody who was not asked, only what nobody has to leave out is suggested."))
    return redirect("/leave-out")


def _has_plan(service: Service, athlete: Athlete) -> bool:
    """Whether an upper-back plan waited for this answer."""
    with service.store.transaction() as tx:
        return bool(diary_of(tx, athlete).self_checks)


def _page(request: Request, service: Service, athlete: Athlete, problem: str = "") -> Response:
    with service.store.transaction() as tx:
        kept = diary_of(tx, athlete).exclusions
    return page(
        request,
        "leave_out.html",
        status=422 if problem else 200,
        answers=[(code, _(words)) for code, (words, _sets) in ANSWERS.items()],
        kept=kept,
        problem=problem,
    )
