"""Sending what is due: claim under a lease, send with no transaction open, write down how it went."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from integrations.channels import Channel
from integrations.channels.message import Message
from integrations.channels.webhook import Gone
from integrations.errors import AdapterError, GiveUp, OperatorNeeded, RetryLater
from service.bootstrap import Service
from service.knowledge import diary_of, is_about_it, is_stopped
from service.messages.days import wall_clock
from service.messages.offers import without_offers
from service.pages import pages_of
from service.store.records import ClaimedDelivery, Destination

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
#: Growing waits between attempts, about three days in all; after the last the delivery is given up.
DELAYS = (
    *(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30)),
    *(timedelta(hours=hours) for hours in (1, 2, 4, 8, 16, 24)),
)
#: How much of a delay is left to chance, so that many do not come back at once.
JITTER = 0.2
OPERATOR_WAIT = timedelta(hours=1)


class Withdrawn(GiveUp):
    """What a message says no longer holds; should it come to hold again, it is sent after all."""


def sweep(service: Service) -> int:
    """Send everything that is due. Returns how many deliveries were tried."""
    tried = 0
    while (delivery := _claim(service)) is not None:
        deliver(service, delivery)
        tried += 1
    return tried


def deliver(service: Service, delivery: ClaimedDelivery) -> None:
    """One attempt. Whatever goes wrong is written down, never raised."""
    try:
        answer = _send(service, delivery)
    except AdapterError as error:
        log.warning("delivery=%s attempt=%s failed: %s", delivery.id, delivery.attempts, error)
        _note_failure(service, delivery, error)
    except Exception:
        log.exception("delivery=%s attempt=%s broke", delivery.id, delivery.attempts)
        _note_failure(service, delivery, RetryLater("an error on our side"))
    else:
        log.info("delivery=%s sent", delivery.id)
        with service.store.transaction() as tx:
            tx.deliveries.sent(delivery, answer, service.clock())


def parse_address(channel: Channel, destination: Destination) -> object:
    """A stored address as the channel's own model."""
    return channel.Address.model_validate_json(destination.address)


def _claim(service: Service) -> ClaimedDelivery | None:
    with service.store.transaction() as tx:
        return tx.deliveries.claim_due(service.clock(), service.wall(), LEASE)


def _send(service: Service, delivery: ClaimedDelivery) -> str:
    if delivery.is_withdrawn:
        raise Withdrawn("the run was corrected or deleted before this could be sent")
    channel = service.channels.get(delivery.destination.channel)
    if channel is None:
        raise OperatorNeeded(f"this installation has no {delivery.destination.channel} set up at present")
    if delivery.destination.state != "active":  # it was switched off after this was queued
        raise GiveUp("this destination is switched off")
    return channel.send(parse_address(channel, delivery.destination), _as_it_holds(service, delivery))


def _as_it_holds(service: Service, delivery: ClaimedDelivery) -> Message:
    """The message as it was written, but for what a warning sign named since, or red pain, leaves no room for."""
    with service.store.transaction() as tx:
        athlete = tx.accounts.existing(delivery.destination.athlete_id)
        stopped = is_stopped(diary_of(tx, athlete), wall_clock(athlete, service.clock()))
        if not stopped or is_about_it(service, tx, delivery.message.id):
            return delivery.message
    return without_offers(delivery.message, pages_of(service))


def _note_failure(service: Service, delivery: ClaimedDelivery, error: AdapterError) -> None:
    now = service.clock()
    with service.store.transaction() as tx:
        if isinstance(error, Gone):
            tx.deliveries.set_state(delivery.destination.id, "off", str(error))
        if isinstance(error, Withdrawn):
            tx.deliveries.withdraw(delivery, str(error), now)
        elif isinstance(error, GiveUp) or delivery.attempts > len(DELAYS):
            tx.deliveries.give_up(delivery, str(error), now)
        else:
            tx.deliveries.postpone(delivery, _retry_at(service, delivery, error, now), str(error), now)


def _retry_at(service: Service, delivery: ClaimedDelivery, error: AdapterError, now: datetime) -> datetime:
    delay = DELAYS[min(delivery.attempts, len(DELAYS)) - 1]
    later = now + delay * (1 + JITTER * service.randomness.random())
    if isinstance(error, OperatorNeeded):
        return max(later, now + OPERATOR_WAIT)
    return max(later, error.at) if isinstance(error, RetryLater) and error.at else later
