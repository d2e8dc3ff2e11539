"""Codes by mail and tests of destinations: sent at once, because somebody is waiting at the page."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Literal

from pydantic import BaseModel, ValidationError

from integrations.channels import Channel
from integrations.errors import AdapterError
from rules.words import N_
from service.bootstrap import Service
from service.deliver import parse_address
from service.errors import Conflict, NotFound, ServiceError
from service.language import _
from service.messages.code import code_message
from service.messages.destination import destination_test_message
from service.pages import pages_of
from service.store import Transaction
from service.store.accounts import CodePurpose
from service.store.records import Athlete, Destination

log = logging.getLogger(__name__)

CODE_LIFE = timedelta(minutes=15)
#: No second code sooner than this: guessing must stay slow, and a mailbox must not be flooded.
CODE_SPACING = timedelta(minutes=2)
EMAIL = "email"


class BadAddress(ServiceError):
    message = N_("This address cannot be used.")


class NoMailServer(ServiceError):
    message = N_("This installation has no mail server: messages are kept in the inbox here.")


def send_confirmation(service: Service, athlete: Athlete, email: str) -> Literal["code-sent", "failed"]:
    """Keep an email address as not yet confirmed and mail a code to it, whatever comes of it."""
    try:
        request_confirmation(service, athlete, email)
    except (ServiceError, AdapterError) as error:
        log.warning("confirmation mail for athlete=%s failed: %s", athlete.id, error)
        return "failed"
    return "code-sent"


def request_confirmation(service: Service, athlete: Athlete, email: str) -> None:
    """Keep an email address as not yet confirmed, in place of an earlier one that is not, and mail a code to it.

    Raises `BadAddress`, `NoMailServer`, `Conflict` when a code was sent a moment ago, or the adapter's error.
    Address and code are written together: a code that went to one address must never confirm another.
    """
    label = checked_email(service, email)
    address = _parse(_channel(service, EMAIL), {"email": label}).model_dump_json()
    with service.store.transaction() as tx:
        code = _new_code(service, tx, "confirm-email", athlete)
        _remove_waiting(tx, athlete)
        tx.deliveries.add_destination(athlete.id, EMAIL, label, address, "unconfirmed", service.clock())
    _mail_code(service, athlete, label, code)


def checked_email(service: Service, email: str) -> str:
    """The address as it will be used. Raises `BadAddress` with the cure, or `NoMailServer`."""
    address = _parse(_channel(service, EMAIL), {"email": email})
    return str(address.model_dump()["email"])


def waiting_email(service: Service, athlete: Athlete) -> str | None:
    """The address that waits for its code."""
    with service.store.transaction() as tx:
        found = [item for item in tx.deliveries.destinations(athlete.id) if item.state == "unconfirmed"]
    return found[-1].label if found else None


def forget_waiting_email(service: Service, athlete: Athlete) -> None:
    """Give up an address that was not confirmed."""
    with service.store.transaction() as tx:
        _remove_waiting(tx, athlete)


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
        with service.store.transaction() as tx:
            code = _new_code(service, tx, "sign-in", athlete)
        _mail_code(service, athlete, athlete.email, code)
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
    if destination.state == "unconfirmed":  # else anybody's mailbox could be sent tests
        raise Conflict(_("Please confirm this address first, with the code that was sent to it."))
    channel = _channel(service, destination.channel)
    message = destination_test_message(service.new_id(), athlete, pages_of(service), service.clock())
    answer = channel.send(parse_address(channel, destination), message)
    if destination.state == "off":
        with service.store.transaction() as tx:  # it was switched off because nobody was there; now somebody is
            tx.deliveries.set_state(destination.id, "active")
    return answer


def remove_destination(service: Service, athlete: Athlete, destination_id: int) -> None:
    """Send nothing there any more; a removed email address no longer signs in either."""
    with service.store.transaction() as tx:
        destination = tx.deliveries.destination(athlete.id, destination_id)
        if destination is None:
            raise NotFound
        tx.deliveries.remove_destination(athlete.id, destination_id)
        if destination.channel == EMAIL and destination.label == athlete.email:
            tx.accounts.change(athlete.id, email=None)


def _remove_waiting(tx: Transaction, athlete: Athlete) -> None:
    for item in tx.deliveries.destinations(athlete.id):
        if item.state == "unconfirmed":
            tx.deliveries.remove_destination(athlete.id, item.id)


def _new_code(service: Service, tx: Transaction, purpose: CodePurpose, athlete: Athlete) -> str:
    now = service.wall()  # a code is for a person, who lives by the wall's time
    code = tx.accounts.new_code(purpose, athlete.id, now + CODE_LIFE, not_before=now + CODE_LIFE - CODE_SPACING)
    if code is None:
        raise Conflict(_("A code was sent a moment ago. Please wait two minutes before asking for another."))
    return code


def _mail_code(service: Service, athlete: Athlete, email: str, code: str) -> None:
    channel = _channel(service, EMAIL)
    minutes = CODE_LIFE // timedelta(minutes=1)
    message = code_message(service.new_id(), athlete.language, code, valid_minutes=minutes, now=service.wall())
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
