"""Coming back: by Strava or by a mailed code, so that a dead connection locks nobody out; and going."""

from __future__ import annotations

from typing import Annotated

from fastapi import BackgroundTasks, Form, Request
from starlette.responses import Response

from service import mailing
from service.language import _
from service.web.access import Anyone, Runner, ServiceHere, VisitHere, anyone, pages_for, runner
from service.web.importing import wrong_code
from service.web.rendering import page, redirect
from service.web.visit import sign_in, sign_out

router = pages_for(anyone)
signed_in = pages_for(runner)


@router.get("/sign-in")
def ways(request: Request, service: ServiceHere, athlete: Anyone) -> Response:
    if athlete is not None:
        return redirect("/inbox")
    return page(request, "sign_in.html", has_mail=mailing.EMAIL in service.channels)


@router.post("/sign-in/email")
def send_code(
    service: ServiceHere, visit: VisitHere, background: BackgroundTasks, email: Annotated[str, Form()] = ""
) -> Response:
    """The same answer, as fast, whether the address is known or not: the mail goes out after it."""
    visit.keep_email(email.strip())
    background.add_task(mailing.send_sign_in_code, service, email.strip()[:320])
    answer = redirect("/sign-in/code")
    answer.background = background
    return answer


@router.get("/sign-in/code")
def ask_for_code(request: Request, visit: VisitHere) -> Response:
    return page(request, "sign_in_code.html", email=visit.email, problem="") if visit.email else redirect("/sign-in")


@router.post("/sign-in/code")
def enter_code(request: Request, service: ServiceHere, visit: VisitHere, code: Annotated[str, Form()] = "") -> Response:
    found = mailing.sign_in(service, visit.email, code.replace(" ", "")[:20])
    if found is None:
        return page(request, "sign_in_code.html", status=422, email=visit.email, problem=wrong_code())
    return redirect(sign_in(service, visit, found))


@signed_in.post("/sign-out")
def leave(service: ServiceHere, visit: VisitHere) -> Response:
    sign_out(service, visit)
    visit.note(_("You are signed out."))
    return redirect("/sign-in")


@signed_in.post("/sign-out/everywhere")
def leave_everywhere(service: ServiceHere, visit: VisitHere, athlete: Runner) -> Response:
    with service.store.transaction() as tx:
        tx.sessions.end_all(athlete.id)
    visit.end()
    visit.note(_("You are signed out in every browser."))
    return redirect("/sign-in")
