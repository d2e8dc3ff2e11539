"""The setup page: the code from the log opens a fresh installation in this browser."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from service import setup
from service.language import _
from service.web.access import ServiceHere, VisitHere, check_form
from service.web.rendering import page, redirect

router = APIRouter(dependencies=[Depends(check_form)])


@router.get("/setup")
def ask(request: Request, service: ServiceHere) -> Response:
    return page(request, "setup.html", problem="") if setup.is_fresh(service) else redirect("/")


@router.post("/setup")
def enter(request: Request, service: ServiceHere, visit: VisitHere, code: Annotated[str, Form()] = "") -> Response:
    if not setup.is_fresh(service):
        return redirect("/")
    if not setup.opens(service, code[:100]):
        problem = _("This is not the setup code. The newest one in the log counts: each start prints another.")
        return page(request, "setup.html", status=422, problem=problem)
    visit.open_set_up()
    return redirect("/")
