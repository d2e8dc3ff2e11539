"""The demo's mailbox: every mail that went out, as its reader would see it."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from email.message import EmailMessage

from fastapi import Request
from starlette.responses import Response

from service.errors import NotFound
from service.web.access import anyone, pages_for, service_of
from service.web.edge import policy
from service.web.rendering import page

router = pages_for(anyone)


@dataclass(frozen=True)
class Mail:
    """One mail, in text and as HTML. `number` counts from the oldest."""

    number: int
    recipient: str
    subject: str
    text: str
    html: str


@router.get("/demo/mail")
def mailbox(request: Request) -> Response:
    return page(request, "demo_mail.html", mails=list(reversed(_mails(request))))


@router.get("/demo/mail/{number}")
def one_mail(request: Request, number: int) -> Response:
    """In a frame without any rights. Mails carry their style and pictures inline, so here alone that is allowed."""
    mails = _mails(request)
    if not 1 <= number <= len(mails):
        raise NotFound
    response = page(request, "demo_mail_one.html", mail=mails[number - 1])
    allowed = {"style": "'self' 'unsafe-inline'", "images": "'self' data:"}
    response.headers["Content-Security-Policy"] = policy(service_of(request).settings, **allowed)
    return response


def _mails(request: Request) -> list[Mail]:
    return [_mail(number, caught) for number, caught in enumerate(request.app.state.demo_mail.messages, 1)]


def _mail(number: int, caught: EmailMessage) -> Mail:
    return Mail(number, str(caught["To"]), str(caught["Subject"]), _part(caught, "plain"), as_shown(caught))


def as_shown(caught: EmailMessage) -> str:
    """The HTML part as a mail program shows it, with the pictures that came along in their places."""
    html = _part(caught, "html")
    for part in caught.walk():
        if part.get_content_maintype() == "image":
            data = base64.b64encode(part.get_content()).decode()
            html = html.replace(
                f"cid:{str(part['Content-ID']).strip('<>')}", f"data:{part.get_content_type()};base64,{data}"
            )
    return html


def _part(caught: EmailMessage, kind: str) -> str:
    part = caught.get_body((kind,))
    return str(part.get_content()) if part is not None else ""
