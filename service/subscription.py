"""The steward of our push subscription: makes it, looks whether it still stands, mends it, says when it cannot."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from integrations.errors import AdapterError, GiveUp
from integrations.strava.client import Subscription
from service import outbox, push, silence
from service.bootstrap import Service
from service.lifecycle import late_minutes
from service.messages.connection import subscription_trouble_message
from service.pages import pages_of
from service.store import Transaction
from service.subscription_record import Record, State, SubscriptionStatus, is_ours, read, remember_made, write

log = logging.getLogger(__name__)

#: Set where the operator ended the subscription: then it is not made again by itself.
UNWANTED = "push-unwanted"
#: The reason of a `not-wanted` that is not for want of a public address.
ENDED = "ended by the operator"
#: When to look again before the next six hours are over, while something is amiss.
RECHECKS = tuple(timedelta(minutes=minutes) for minutes in (10, 30, 120))


def ensure(service: Service) -> SubscriptionStatus:
    """See to it that Strava pushes to our public address. A foreign subscription is left alone, and said so."""
    return note(service, _mended(service, check(service)))


def recheck(service: Service) -> None:
    """`ensure`, if something has asked for it before its turn."""
    with service.store.transaction() as tx:
        due = tx.instance.get(silence.RECHECK_AT)
    if due is not None and datetime.fromisoformat(due) <= service.clock():
        ensure(service)


def check(service: Service) -> SubscriptionStatus:
    """Ask Strava how the subscription stands. Changes nothing."""
    if not service.settings.public_url:
        return SubscriptionStatus(State.NOT_WANTED)
    with service.store.transaction() as tx:
        if tx.instance.get(UNWANTED) is not None:
            return SubscriptionStatus(State.NOT_WANTED, reason=ENDED)
    return _listed(service)


def _listed(service: Service) -> SubscriptionStatus:
    """What Strava has, wanted or not."""
    try:
        found = service.strava.subscriptions()
    except AdapterError as error:
        return SubscriptionStatus(State.UNKNOWN, reason=str(error))
    url = _callback(service)
    with service.store.transaction() as tx:
        return _judged(tx, found, url)


def want(service: Service) -> SubscriptionStatus:
    """Make the subscription if it is missing, also after the operator had ended it."""
    with service.store.transaction() as tx:
        tx.instance.remove(UNWANTED)
    return ensure(service)


def repair(service: Service, replaced: int | None = None) -> SubscriptionStatus:
    """Make anew what is not in order. `replaced` is the number of a foreign subscription that has to give way."""
    with service.store.transaction() as tx:
        tx.instance.remove(UNWANTED)
    status = check(service)
    if status.state is State.SILENT or (status.state is State.FOREIGN and status.id == replaced):
        return note(service, _made_anew(service, status))
    return note(service, _mended(service, status))


def delete(service: Service) -> SubscriptionStatus:
    """End our subscription and make none until `want` or `repair`. A foreign one stays as it is."""
    status = _listed(service)
    if status.state in (State.FOREIGN, State.UNKNOWN):
        return note(service, status)
    with service.store.transaction() as tx:  # first, or a look in between would make it again
        tx.instance.put(UNWANTED, service.clock().isoformat())
    if (refused := _deleted(service, status)) is not None:
        with service.store.transaction() as tx:
            tx.instance.remove(UNWANTED)
        return note(service, SubscriptionStatus(State.UNKNOWN, reason=refused))
    return note(service, SubscriptionStatus(State.NOT_WANTED, reason=ENDED))


def note(service: Service, status: SubscriptionStatus) -> SubscriptionStatus:
    """Write down what was found, and tell the operator once if it is a trouble that lasts."""
    now = service.clock()
    with service.store.transaction() as tx:
        record = read(tx).after(status, now)
        write(tx, record)
        _expect_events(tx, status, now)
        _look_again(tx, record, now)
        told = _tell(service, tx, record, now)
    if told:
        service.nudges.deliver()
    level = logging.INFO if status.state in (State.ACTIVE, State.NOT_WANTED) else logging.WARNING
    log.log(level, "the push subscription is %s%s", status.state, _suffix(status))
    return replace(status, since=record.since)


def _mended(service: Service, status: SubscriptionStatus) -> SubscriptionStatus:
    if status.state is State.STALE:
        return _made_anew(service, status)
    return _made(service, status) if status.state in (State.MISSING, State.UNREACHABLE) else status


def _made_anew(service: Service, status: SubscriptionStatus) -> SubscriptionStatus:
    """An application may have one subscription: the old one has to go first."""
    if (refused := _deleted(service, status)) is not None:
        return replace(status, reason=refused)
    return _made(service, SubscriptionStatus(State.MISSING))


def _deleted(service: Service, status: SubscriptionStatus) -> str | None:
    """End it at Strava; what is gone already is gone. Returns why it could not be ended."""
    if status.id is None:
        return None
    try:
        service.strava.delete_subscription(status.id)
    except GiveUp as error:
        log.info("there is no such subscription any more: %s", error)
    except AdapterError as error:
        return str(error)
    return None


def _made(service: Service, status: SubscriptionStatus) -> SubscriptionStatus:
    """Make the subscription; on a refusal look again, since another process may have made it meanwhile."""
    url = _callback(service)
    with service.store.transaction() as tx:  # events of the new one may come before its number is known here
        tx.instance.remove(push.SUBSCRIPTION)
    try:
        made = service.strava.create_subscription(url, push.push_secrets(service).verify_token)
    except GiveUp as error:
        again = check(service)
        if again.state not in (State.MISSING, State.UNREACHABLE):
            return again
        return SubscriptionStatus(State.UNREACHABLE, reason=str(error))
    except AdapterError as error:
        return replace(status, reason=str(error))
    with service.store.transaction() as tx:
        remember_made(tx, made, url)
        silence.forget(tx)
    return SubscriptionStatus(State.ACTIVE, made)


def _judged(tx: Transaction, found: list[Subscription], url: str) -> SubscriptionStatus:
    record = read(tx)
    for one in found:
        if one.callback_url == url:
            is_silent = silence.silent_since(tx) is not None
            return SubscriptionStatus(State.SILENT if is_silent else State.ACTIVE, one.id, since=record.since)
    for one in found:
        state = State.STALE if is_ours(tx, one) else State.FOREIGN
        return SubscriptionStatus(state, one.id, host=_host(one.callback_url), since=record.since)
    if record.state is State.UNREACHABLE:
        return SubscriptionStatus(State.UNREACHABLE, reason=record.reason, since=record.since)
    return SubscriptionStatus(State.MISSING, since=record.since)


def _expect_events(tx: Transaction, status: SubscriptionStatus, now: datetime) -> None:
    """Which subscription's events are taken, and since when some are expected."""
    if status.state in (State.ACTIVE, State.SILENT):
        tx.instance.put(push.SUBSCRIPTION, str(status.id))
        tx.instance.keep(silence.ACTIVE_SINCE, now.isoformat())
    elif status.state is not State.UNKNOWN:
        tx.instance.remove(push.SUBSCRIPTION)
        tx.instance.remove(silence.ACTIVE_SINCE)


def _look_again(tx: Transaction, record: Record, now: datetime) -> None:
    """Soon, while something is amiss that may pass, and not for ever: then the turn every six hours is enough."""
    passes = record.unanswered or record.state in (State.MISSING, State.UNREACHABLE, State.STALE)
    if passes and record.tries <= len(RECHECKS):
        tx.instance.put(silence.RECHECK_AT, (now + RECHECKS[record.tries - 1]).isoformat())
    else:
        tx.instance.remove(silence.RECHECK_AT)


def _tell(service: Service, tx: Transaction, record: Record, now: datetime) -> bool:
    """One message for a trouble, however often it is found again; `True` if there is one to send."""
    trouble = record.trouble
    if trouble is None or not trouble.is_to_be_told(now):
        return False
    told = False
    for athlete in tx.accounts.operators():
        message = subscription_trouble_message(
            service.new_id(),
            athlete,
            record.status,
            late_minutes=late_minutes(service, tx),
            pages=pages_of(service),
            now=now,
        )
        told |= outbox.put(tx, athlete.id, f"{trouble.event}:{trouble.since.date()}", message, now)
    return told


def _callback(service: Service) -> str:
    return service.settings.public_url + push.callback_path(service)


def _host(url: str) -> str:
    """Of somebody else's address the host alone: the rest of it may be a secret."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        host = ""
    return host if host.isascii() and host.isprintable() and len(host) <= 253 else ""


def _suffix(status: SubscriptionStatus) -> str:
    at = f", it leads to {status.host}" if status.host else ""
    by_schedule = "" if status.state in (State.ACTIVE, State.NOT_WANTED) else ": runs are read by schedule alone"
    return f"{at}{by_schedule}" + (f" ({status.reason})" if status.reason else "")
