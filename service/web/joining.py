"""An account without Strava, and the one-time link that opens one."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, Request
from starlette.responses import Response

from service import connect, joining, mailing
from service.bootstrap import Service
from service.language import _
from service.web.access import Anyone, ServiceHere, VisitHere, anyone, pages_for
from service.web.connecting import Entered, checked, invitation_of
from service.web.problems import problem_page
from service.web.regions import preferences
from service.web.rendering import page, redirect
from service.web.visit import Visit, sign_in

router = pages_for(anyone)


@router.get("/join")
def ask(request: Request, service: ServiceHere, visit: VisitHere, athlete: Anyone) -> Response:
    return redirect("/runs") if athlete is not None else _page(request, service, visit, Entered())


@router.post("/join")
def join(
    request: Request,
    service: ServiceHere,
    visit: VisitHere,
    athlete: Anyone,
    adult: Annotated[bool, Form()] = False,
    email: Annotated[str, Form()] = "",
) -> Response:
    if athlete is not None:
        return redirect("/runs")
    entered = checked(service, adult, email.strip()[:320])
    if entered.has_problem:
        return _page(request, service, visit, entered, status=422)
    here = preferences(request.headers.get("accept-language", ""))
    joined = joining.join(
        service,
        adult=adult,
        email=entered.email or None,
        invitation=invitation_of(visit, service),
        units=here.units,
        first_weekday=here.first_weekday,
        language=here.language,
    )
    sign_in(service, visit, joined.athlete)
    if joined.mail == "failed":
        visit.note(
            _("The mail with your code could not be sent. Your account is there; the address can be tried again.")
        )
    return redirect("/destinations" if joined.mail == "code-sent" else "/runs")


@router.get("/sign-in/link/{secret}")
def offered(request: Request, secret: str) -> Response:
    """A page with a button: programs that look at links ahead must not use it up."""
    return page(request, "sign_in_link.html", secret=secret[:200])


@router.post("/sign-in/link/{secret}")
def use_link(request: Request, service: ServiceHere, visit: VisitHere, secret: str) -> Response:
    found = joining.use_link(service, secret[:200])
    if found is None:
        text = _("This link was used already, or it is more than a day old. Ask the person who runs this for another.")
        return problem_page(request, 404, _("This link no longer works"), text)
    return redirect(sign_in(service, visit, found))


def _page(request: Request, service: Service, visit: Visit, entered: Entered, status: int = 200) -> Response:
    return page(
        request,
        "join.html",
        status=status,
        entered=entered,
        has_mail=mailing.EMAIL in service.channels,
        may_join=connect.may_join(service, invitation_of(visit, service)),
    )
