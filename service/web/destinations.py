"""Where messages go: mail and webhooks, each with its last answer, a test, and a way to remove it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Form, Request
from starlette.responses import Response

from integrations.errors import AdapterError, RetryLater
from service import mailing
from service.errors import ServiceError
from service.language import _
from service.store.records import DeliveryRecord, Destination
from service.web.access import Runner, ServiceHere, VisitHere, pages_for, runner
from service.web.importing import ask_for_code
from service.web.rendering import page, redirect
from service.web.visit import Visit

router = pages_for(runner)


@dataclass(frozen=True)
class Row:
    """One destination as its runner sees it. `url` and `secret` are a webhook's."""

    destination: Destination
    url: str
    secret: str
    last: DeliveryRecord | None


@router.get("/destinations")
def destinations(request: Request, service: ServiceHere, athlete: Runner) -> Response:
    return _list(request, service, athlete)


@router.post("/destinations/email")
def add_email(service: ServiceHere, visit: VisitHere, athlete: Runner, email: Annotated[str, Form()] = "") -> Response:
    ask_for_code(service, visit, athlete, email.strip())
    return redirect("/destinations")


@router.post("/destinations/webhook")
def add_webhook(
    request: Request, service: ServiceHere, visit: VisitHere, athlete: Runner, url: Annotated[str, Form()] = ""
) -> Response:
    url = url.strip()[:2000]
    try:
        mailing.add_destination(service, athlete, "webhook", {"url": url}, label=_host(url))
    except ServiceError as error:
        return _list(request, service, athlete, status=422, url=url, problem=str(error))
    visit.note(_("Added. The signing secret stands beside it; give it to the receiver, and send a test."))
    return redirect("/destinations")


@router.post("/destinations/{destination_id}/test")
def send_test(service: ServiceHere, visit: VisitHere, athlete: Runner, destination_id: int) -> Response:
    _note_test(service, visit, athlete, destination_id)
    return redirect("/destinations")


@router.post("/destinations/{destination_id}/remove")
def remove(service: ServiceHere, visit: VisitHere, athlete: Runner, destination_id: int) -> Response:
    mailing.remove_destination(service, athlete, destination_id)
    visit.note(_("Removed. Nothing more is sent there."))
    return redirect("/destinations")


def _list(
    request: Request, service: ServiceHere, athlete: Runner, *, status: int = 200, url: str = "", problem: str = ""
) -> Response:
    with service.store.transaction() as tx:
        rows = [_row(item, tx.deliveries.last_of(item.id)) for item in tx.deliveries.destinations(athlete.id)]
    return page(
        request,
        "destinations.html",
        status=status,
        rows=rows,
        has_mail=mailing.EMAIL in service.channels,
        waiting=mailing.waiting_email(service, athlete),
        url=url,
        problem=problem,
    )


def _row(destination: Destination, last: DeliveryRecord | None) -> Row:
    address = json.loads(destination.address)
    return Row(destination, address.get("url", ""), address.get("secret", ""), last)


def _host(url: str) -> str:
    """What a webhook is called where its whole address, which may hold a secret, is not to be shown."""
    try:
        return urlsplit(url).hostname or "webhook"
    except ValueError:
        return "webhook"


def _note_test(service: ServiceHere, visit: Visit, athlete: Runner, destination_id: int) -> None:
    """Send a test and say what the receiver answered, or why it could not be sent."""
    try:
        answer = mailing.send_test(service, athlete, destination_id)
    except RetryLater as error:
        visit.note(_("The test did not arrive: %(why)s. It may work later.") % {"why": _sentence(error)})
    except AdapterError as error:
        visit.note(_("The test was not accepted: %(why)s.") % {"why": _sentence(error)})
    else:
        visit.note(_("The test was sent. The receiver's answer: %(answer)s.") % {"answer": answer})


def _sentence(error: AdapterError) -> str:
    return str(error).rstrip(".")
