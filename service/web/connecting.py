"""What a visitor is told before connecting, the way to Strava, and the way back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Form, Query, Request
from starlette.responses import Response

from integrations.errors import AdapterError
from service import connect, mailing
from service.bootstrap import Service
from service.connect import Answer, Connected, Draft
from service.errors import ServiceError
from service.language import _
from service.store.records import Athlete
from service.web.access import Anyone, ServiceHere, VisitHere, anyone, pages_for
from service.web.problems import problem_page, sign_in_problem
from service.web.regions import preferences
from service.web.rendering import page, redirect
from service.web.visit import Visit, sign_in

router = pages_for(anyone)


@dataclass(frozen=True)
class Entered:
    """What the form holds, and what is wrong with it."""

    adult: bool = False
    email: str = ""
    adult_problem: str = ""
    email_problem: str = ""

    @property
    def has_problem(self) -> bool:
        return bool(self.adult_problem or self.email_problem)


@router.get("/")
def landing(request: Request, service: ServiceHere, visit: VisitHere, athlete: Anyone) -> Response:
    if athlete is not None:
        return redirect("/inbox")
    return _connect_page(request, service, visit, athlete, _entered_before(visit, service))


@router.get("/connect")
def again(request: Request, service: ServiceHere, visit: VisitHere, athlete: Anyone) -> Response:
    return _connect_page(request, service, visit, athlete, _entered_before(visit, service))


@router.post("/connect")
def to_strava(
    request: Request,
    service: ServiceHere,
    visit: VisitHere,
    athlete: Anyone,
    adult: Annotated[bool, Form()] = False,
    email: Annotated[str, Form()] = "",
) -> Response:
    invitation = invitation_of(visit, service)
    if athlete is None:
        entered = checked(service, adult, email.strip()[:320])
        if entered.has_problem:
            return _connect_page(request, service, visit, athlete, entered, status=422)
        if not connect.may_join(service, invitation):
            raise connect.NotInvited
        connect.check_room(service)
    return _go(request, service, visit, adult=adult, email=email.strip() or None, invitation=invitation)


@router.post("/sign-in/strava")
def sign_in_by_strava(request: Request, service: ServiceHere, visit: VisitHere) -> Response:
    """For who has an account: Strava's consent names them. Anybody else is sent to the connect page."""
    return _go(request, service, visit, adult=False, email=None, invitation=invitation_of(visit, service))


@router.get("/invite/{token}")
def invited(request: Request, service: ServiceHere, visit: VisitHere, token: str) -> Response:
    if not connect.may_join(service, token[:200]):
        text = _("This invitation was used already, or it is more than a week old.")
        return problem_page(request, 404, _("This link no longer works"), text, _(str(connect.NotInvited())))
    visit.keep_draft(Draft(state=connect.new_state(), invitation=token[:200]), service.wall())
    return redirect("/")


@router.get(connect.CALLBACK_PATH)
def from_strava(
    request: Request, service: ServiceHere, visit: VisitHere, athlete: Anyone, answer: Annotated[Answer, Query()]
) -> Response:
    draft = visit.draft(service.wall())
    if draft is None and athlete is not None:
        return redirect("/inbox")  # a reload, or the way back, after all went well
    try:
        connected = connect.complete(service, draft, answer, athlete)
    except connect.StateMismatch as error:
        return sign_in_problem(request, error)
    except (ServiceError, AdapterError) as error:
        if draft is not None:  # what was entered stays for the next try, the state is used up
            visit.keep_draft(draft.model_copy(update={"state": connect.new_state()}), service.wall())
        return sign_in_problem(request, error)
    return _welcome(service, visit, connected)


def _welcome(service: Service, visit: Visit, connected: Connected) -> Response:
    wanted = sign_in(service, visit, connected.athlete)
    if connected.mail == "failed":
        visit.note(_("The mail with your code could not be sent. You are connected; the address can be tried again."))
    return redirect("/import" if connected.is_new or wanted == "/inbox" else wanted)


def _go(
    request: Request, service: Service, visit: Visit, *, adult: bool, email: str | None, invitation: str | None
) -> Response:
    here = preferences(request.headers.get("accept-language", ""))
    draft = Draft(
        state=connect.new_state(),
        adult=adult,
        email=email,
        invitation=invitation,
        units=here.units,
        first_weekday=here.first_weekday,
        language=here.language,
    )
    visit.keep_draft(draft, service.wall())
    return redirect(connect.consent_url(service, draft))


def checked(service: Service, adult: bool, email: str) -> Entered:
    """What a visitor entered, with what is wrong with it."""
    adult_problem = "" if adult else str(connect.AdultNotConfirmed())
    email_problem = ""
    try:
        if email:
            mailing.checked_email(service, email)
    except ServiceError as error:
        email_problem = str(error)
    return Entered(adult, email, _(adult_problem) if adult_problem else "", email_problem)


def invitation_of(visit: Visit, service: Service) -> str | None:
    """The invitation that this browser came with."""
    draft = visit.draft(service.wall())
    return draft.invitation if draft else None


def _entered_before(visit: Visit, service: Service) -> Entered:
    draft = visit.draft(service.wall())
    return Entered(draft.adult, draft.email or "") if draft else Entered()


def _connect_page(
    request: Request, service: Service, visit: Visit, athlete: Athlete | None, entered: Entered, status: int = 200
) -> Response:
    return page(
        request,
        "connect.html",
        status=status,
        entered=entered,
        has_mail=mailing.EMAIL in service.channels,
        may_join=athlete is not None or connect.may_join(service, invitation_of(visit, service)),
    )
