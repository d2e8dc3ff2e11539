"""Codes by mail and tests of destinations: sent at once, because somebody is waiting at the page."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Literal

from pydantic import BaseModel, ValidationError

from integrations.channels import Channel
from integrations.errors import AdapterError
from service.bootstrap import Service
from service.deliver import parse_address
from service.errors import Conflict, NotFound, ServiceError
from service.language import _
from service.messages.code import code_message
from service.messages.test import test_message
from service.pages import pages_of
from service.store.accounts import CodePurpose
from service.store.records import Athlete, Destination

log = logging.getLogger(__name__)

CODE_LIFE = timedelta(minutes=15)
#: No second code sooner than this: guessing must stay slow, and a mailbox must not be flooded.
CODE_SPACING = timedelta(minutes=2)
EMAIL = "email"


class BadAddress(ServiceError):
    """This address cannot be used."""


class NoMailServer(ServiceError):
    """This installation has no mail server: messages are kept in the inbox here."""


def send_confirmation(service: Service, athlete: Athlete, email: str) -> Literal["code-sent", "failed"]:
    """Keep an email address as not yet confirmed and mail a code to it."""
    try:
        destination = add_destination(service, athlete, EMAIL, {"email": email}, label=email)
        _mail_code(service, athlete, destination.label, "confirm-email")
    except (ServiceError, AdapterError) as error:
        log.warning("confirmation mail for athlete=%s failed: %s", athlete.id, error)
        return "failed"
    return "code-sent"


def confirm_email(service: Service, athlete: Athlete, code: str) -> bool:
    """Whether the code from the mail is right; then the address is in use from now on."""
    with service.store.transaction() as tx:
        waiting = [item for item in tx.deliveries.destinations(athlete.id) if item.state == "unconfirmed"]
        if not waiting or not tx.accounts.use_code("confirm-email", athlete.id, code, service.wall()):
            return False
        newest = waiting[-1]
        for item in tx.deliveries.destinations(athlete.id):
            if item.channel == EMAIL and item.id != newest.id:
                tx.deliveries.remove_destination(athlete.id, item.id)
        tx.deliveries.set_state(newest.id, "active")
        tx.accounts.change(athlete.id, email=newest.label)
        return True


def send_sign_in_code(service: Service, email: str) -> None:
    """Mail a sign-in code if the address is known. The caller says the same either way."""
    with service.store.transaction() as tx:
        athlete = tx.accounts.find_by_email(email)
    if athlete is None or athlete.email is None:
        return
    try:
        _mail_code(service, athlete, athlete.email, "sign-in")
    except (ServiceError, AdapterError) as error:
        log.warning("sign-in mail for athlete=%s failed: %s", athlete.id, error)


def sign_in(service: Service, email: str, code: str) -> Athlete | None:
    """The athlete whose mailed code this is."""
    with service.store.transaction() as tx:
        athlete = tx.accounts.find_by_email(email)
        if athlete is None or not tx.accounts.use_code("sign-in", athlete.id, code, service.wall()):
            return None
        return athlete


def add_destination(
    service: Service, athlete: Athlete, code: str, fields: dict[str, str], *, label: str
) -> Destination:
    """Check an address by its channel's own model and keep it; an email address starts as not confirmed.

    Raises `BadAddress` with what to do about it.
    """
    channel = _channel(service, code)
    address = _parse(channel, fields)
    state: Literal["unconfirmed", "active"] = "unconfirmed" if code == EMAIL else "active"
    with service.store.transaction() as tx:
        return tx.deliveries.add_destination(
            athlete.id, code, label[:320], address.model_dump_json(), state, service.clock()
        )


def send_test(service: Service, athlete: Athlete, destination_id: int) -> str:
    """Send a test now. Returns the receiver's answer, or raises the adapter's error with its words."""
    with service.store.transaction() as tx:
        destination = tx.deliveries.destination(athlete.id, destination_id)
    if destination is None:
        raise NotFound
    channel = _channel(service, destination.channel)
    message = test_message(service.new_id(), athlete, pages_of(service), service.clock())
    return channel.send(parse_address(channel, destination), message)


def _mail_code(service: Service, athlete: Athlete, email: str, purpose: CodePurpose) -> None:
    channel = _channel(service, EMAIL)
    now = service.wall()  # a code is for a person, who lives by the wall's time
    with service.store.transaction() as tx:
        code = tx.accounts.new_code(purpose, athlete.id, now + CODE_LIFE, not_before=now + CODE_LIFE - CODE_SPACING)
    if code is None:
        raise Conflict(_("A code was sent a moment ago. Please wait two minutes before asking for another."))
    message = code_message(service.new_id(), athlete, code, purpose, pages_of(service), now)
    channel.send(_parse(channel, {"email": email}), message)


def _channel(service: Service, code: str) -> Channel:
    channel = service.channels.get(code)
    if channel is None:
        raise NoMailServer if code == EMAIL else NotFound
    return channel


def _parse(channel: Channel, fields: dict[str, str]) -> BaseModel:
    try:
        return channel.Address.model_validate(fields)
    except ValidationError as error:
        raise BadAddress(error.errors()[0]["msg"].removeprefix("Value error, ")) from None
