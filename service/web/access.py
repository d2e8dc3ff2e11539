"""Who may open what. Every page's router is made here, so none can be opened by forgetting a check."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from rules.words import N_
from service import setup
from service.bootstrap import Service
from service.errors import NotFound, ServiceError
from service.store.records import Athlete
from service.web.visit import Visit, visit_of


class SignInFirst(ServiceError):
    message = N_("Please sign in first.")


class SetUpFirst(ServiceError):
    message = N_("This installation is new: enter the setup code from its log first.")


class ForeignForm(ServiceError):
    """This form did not come from this page, or the page was open for too long. Nothing was changed."""


def service_of(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


def athlete_of(request: Request) -> Athlete | None:
    """Who is signed in, looked up once a request."""
    if not hasattr(request.state, "athlete"):
        request.state.athlete = _look_up(service_of(request), visit_of(request))
    athlete: Athlete | None = request.state.athlete
    return athlete


def _look_up(service: Service, visit: Visit) -> Athlete | None:
    if visit.secret is None:
        return None
    with service.store.transaction() as tx:
        athlete_id = tx.sessions.athlete(visit.secret, service.wall())
        return tx.accounts.get(athlete_id) if athlete_id is not None else None


def anyone(request: Request) -> Athlete | None:
    """Anybody may look, once a fresh installation was opened with the code from its log."""
    athlete, service = athlete_of(request), service_of(request)
    if athlete is None and not service.is_demo and not visit_of(request).may_set_up and setup.is_fresh(service):
        raise SetUpFirst
    return athlete


def runner(request: Request) -> Athlete:
    """Only who is signed in; sees their own data and nobody else's."""
    athlete = anyone(request)
    if athlete is None:
        raise SignInFirst
    return athlete


def operator(request: Request) -> Athlete:
    """Only who runs this installation; for everybody else there is nothing here."""
    athlete = runner(request)
    if athlete.role != "operator":
        raise NotFound
    return athlete


async def check_form(request: Request) -> None:
    """Every form carries the token of the browser that it was shown in.

    The one asynchronous check: reading a body is the server's edge.
    """
    if request.method == "POST":
        form = await request.form()
        if not visit_of(request).knows_csrf(str(form.get("csrf", ""))):
            raise ForeignForm


ServiceHere = Annotated[Service, Depends(service_of)]
VisitHere = Annotated[Visit, Depends(visit_of)]
Anyone = Annotated[Athlete | None, Depends(anyone)]
Runner = Annotated[Athlete, Depends(runner)]
Operator = Annotated[Athlete, Depends(operator)]


def pages_for(who: Any) -> APIRouter:
    """A router whose pages only `who` (`anyone`, `runner`, `operator`) may open, and whose forms are checked."""
    return APIRouter(dependencies=[Depends(who), Depends(check_form)])
