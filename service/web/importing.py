"""While the first window is read: how far it is, and the code for the email address."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Form, Request
from starlette.responses import Response

from integrations.errors import AdapterError
from service import mailing
from service.bootstrap import Service
from service.errors import ServiceError
from service.language import _
from service.store.records import Athlete
from service.web.access import Runner, ServiceHere, VisitHere, pages_for, runner
from service.web.rendering import page, redirect
from service.web.visit import Visit

router = pages_for(runner)

#: The page that a form about the address stands on, and so where to go back to.
Then = Annotated[Literal["/import", "/destinations"], Form()]


@router.get("/import")
def progress(request: Request, service: ServiceHere, athlete: Runner) -> Response:
    with service.store.transaction() as tx:
        connection = tx.connections.get(athlete.id)
    if connection is None:
        return redirect("/connect")
    if connection.state != "connected":
        return redirect("/inbox")
    waiting = mailing.waiting_email(service, athlete)
    return page(
        request,
        "import.html",
        waiting=waiting,
        sees_hidden_runs=connection.sees_hidden_runs,
        trouble=connection.trouble,
        seen=connection.import_seen,
        percent=round(connection.import_share * 100),
        is_done=connection.imported_at is not None,
        refresh=_refresh(connection.imported_at is not None, waiting, connection.sees_hidden_runs),
    )


def _refresh(is_done: bool, waiting: str | None, sees_hidden_runs: bool) -> str:
    """When the page moves on by itself: never while somebody types, or has something to read that comes only once."""
    if waiting is not None:
        return ""
    if is_done:
        return "3; url=/inbox" if sees_hidden_runs else ""
    return "1"


@router.post("/email/confirm")
def confirm(
    service: ServiceHere,
    visit: VisitHere,
    athlete: Runner,
    code: Annotated[str, Form()] = "",
    then: Then = "/import",
) -> Response:
    if mailing.confirm_email(service, athlete, code.replace(" ", "")[:20]):
        visit.note(_("Your address is confirmed: messages go there from now on."))
    else:
        visit.note(wrong_code())
    return redirect(then)


@router.post("/email/resend")
def resend(service: ServiceHere, visit: VisitHere, athlete: Runner, then: Then = "/import") -> Response:
    email = mailing.waiting_email(service, athlete)
    if email is not None:
        ask_for_code(service, visit, athlete, email)
    return redirect(then)


@router.post("/email/change")
def change(
    service: ServiceHere,
    visit: VisitHere,
    athlete: Runner,
    email: Annotated[str, Form()] = "",
    then: Then = "/import",
) -> Response:
    ask_for_code(service, visit, athlete, email.strip())
    return redirect(then)


@router.post("/email/skip")
def skip(service: ServiceHere, visit: VisitHere, athlete: Runner, then: Then = "/import") -> Response:
    mailing.forget_waiting_email(service, athlete)
    visit.note(_("Messages are kept in your inbox here. You can add an address at any time, under Destinations."))
    return redirect(then)


def ask_for_code(service: Service, visit: Visit, athlete: Athlete, email: str) -> None:
    """Mail a code to an address and say on the next page how that went."""
    try:
        mailing.request_confirmation(service, athlete, email)
    except (ServiceError, AdapterError) as error:
        visit.note(_(str(error)))
    else:
        visit.note(_("A code is on its way to %(email)s.") % {"email": email})


def wrong_code() -> str:
    return _("This is not the code that was sent last, or it is too old. After five wrong ones ask for another.")
