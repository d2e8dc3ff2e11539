"""Strava's pushes: stored first, answered 200 then, a nudge last. A push is a hint, never more."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass

from pydantic import ValidationError

from integrations.errors import AdapterError
from integrations.strava.events import Challenge, PushEvent
from service.bootstrap import Service

log = logging.getLogger(__name__)

CALLBACK_SECRET = "push-callback-secret"  # noqa: S105 - names of rows, not secrets
VERIFY_TOKEN = "push-verify-token"  # noqa: S105
SUBSCRIPTION = "push-subscription"
#: Real events have some 300 bytes.
LARGEST_EVENT = 16_384


@dataclass(frozen=True, slots=True)
class Secrets:
    """The unguessable part of the callback's path, and what Strava proves itself with when it validates."""

    path: str
    verify_token: str


def push_secrets(service: Service) -> Secrets:
    """This installation's, made on first use."""
    with service.store.transaction() as tx:
        made = {}
        for name in (CALLBACK_SECRET, VERIFY_TOKEN):
            value = tx.instance.get(name)
            if value is None:
                value = secrets.token_urlsafe(24)
                tx.instance.put(name, value)
            made[name] = value
    return Secrets(made[CALLBACK_SECRET], made[VERIFY_TOKEN])


def callback_path(service: Service) -> str:
    return f"/strava/push/{push_secrets(service).path}"


def validate(service: Service, challenge: Challenge) -> dict[str, str] | None:
    """The answer to Strava's validation call, or `None` if it does not know our token."""
    return challenge.answer if challenge.knows(push_secrets(service).verify_token) else None


def receive(service: Service, body: bytes) -> None:
    """Take in one event. Nonsense, strangers and repetitions are counted and otherwise ignored."""
    try:
        event = PushEvent.model_validate_json(body[: LARGEST_EVENT + 1])
    except ValidationError:
        _ignore(service, "nonsense")
        return
    now = service.clock()
    with service.store.transaction() as tx:
        subscription = tx.instance.get(SUBSCRIPTION)
        connection = tx.connections.find_by_strava_id(event.owner_id)
        if subscription is not None and subscription != str(event.subscription_id):
            tx.instance.count("push-ignored:unknown-subscription")
            return
        if connection is None:
            tx.instance.count("push-ignored:unknown-owner")
            return
        aspect = event.aspect_type if event.is_activity else f"athlete-{event.aspect_type}"
        if tx.push_events.add(connection.athlete_id, event.dedup_key, event.object_id, aspect[:16], now):
            tx.connections.nudge(connection.athlete_id, now)
    service.nudges.sync()


def ensure_subscription(service: Service) -> None:
    """Have Strava push to our public address. A foreign subscription is left alone, and said so."""
    if not service.settings.public_url:
        return
    url = service.settings.public_url + callback_path(service)
    try:
        found = service.strava.subscriptions()
        mine = next((item.id for item in found if item.callback_url == url), None)
        if mine is None and found:
            log.warning("Strava pushes to another address (%s): runs are read by schedule alone", found[0].id)
            return
        mine = mine or service.strava.create_subscription(url, push_secrets(service).verify_token)
    except AdapterError as error:
        log.warning("no push subscription, runs are read by schedule alone: %s", error)
        return
    with service.store.transaction() as tx:
        tx.instance.put(SUBSCRIPTION, str(mine))


def _ignore(service: Service, why: str) -> None:
    with service.store.transaction() as tx:
        tx.instance.count(f"push-ignored:{why}")
