"""Strava's pushes: stored first, answered 200 then, read a moment later. A push is a hint, never more."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import ValidationError

from integrations.strava.events import Challenge, PushEvent, Signature, signature_on
from service import silence
from service.bootstrap import Service
from service.store import Transaction
from service.store.push_events import DEAUTHORISED

log = logging.getLogger(__name__)

CALLBACK_SECRET = "push-callback-secret"  # noqa: S105 - names of rows, not secrets
VERIFY_TOKEN = "push-verify-token"  # noqa: S105
#: The number of our subscription, while Strava lists it.
SUBSCRIPTION = "push-subscription"
#: Counters by reason: what was passed over, and what was taken although something about it is odd.
IGNORED, NOTED = "push-ignored:", "push-noted:"
#: When an event came last whose signature we could verify.
SIGNED_AT = "push-signed-at"

#: Real events have some 300 bytes.
LARGEST_EVENT = 16_384
#: A watch uploads a run and renames it, or several runs at once, within seconds: they cost one read. Beside the minutes
#: that an upload takes and the half hour that an alert settles, nobody notices.
PUSH_WAIT = timedelta(seconds=20)
#: More open events than a week's runs and edits of anybody; beyond that an event is only the hint to read.
MOST_OPEN = 50
#: An event is sent three times within minutes and then never again. Older ones are replays or another machine's clock.
OLDEST_EVENT = timedelta(days=30)
AHEAD = timedelta(days=1)
#: How long after the last valid signature events without one are refused.
SIGNED_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Secrets:
    """The unguessable part of the callback's path, and what Strava proves itself with when it validates."""

    path: str
    verify_token: str


def push_secrets(service: Service) -> Secrets:
    """This installation's, made on first use."""
    with service.store.transaction() as tx:
        path, token = (tx.instance.keep(name, secrets.token_urlsafe(24)) for name in (CALLBACK_SECRET, VERIFY_TOKEN))
    return Secrets(path, token)


def callback_path(service: Service) -> str:
    return f"/strava/push/{push_secrets(service).path}"


def validate(service: Service, challenge: Challenge) -> dict[str, str] | None:
    """The answer to Strava's validation call, or `None` if it does not know our token."""
    return challenge.answer if challenge.knows(push_secrets(service).verify_token) else None


def receive(service: Service, body: bytes, signature: str | None = None, turned_away: int = 0) -> None:
    """Take in one event. Nonsense, strangers, forgeries and repetitions are counted and otherwise ignored.

    `signature` is the header that came with it; `turned_away` how many were answered 429 since the last one.
    """
    with service.store.transaction() as tx:
        if turned_away:
            tx.instance.count(f"{IGNORED}too-many", turned_away)
        try:
            event = PushEvent.model_validate_json(body[: LARGEST_EVENT + 1])
        except ValidationError:
            tx.instance.count(f"{IGNORED}nonsense")
            return
        owner = tx.connections.find_by_strava_id(event.owner_id)
        if not _stands_signed(service, tx, signature_on(body, signature, _client_secret(service), service.wall())):
            tx.instance.count(f"{IGNORED}bad-signature")
        elif objection := _objection(tx, event, service.clock()):
            tx.instance.count(f"{IGNORED}{objection}")
        elif owner is None:
            tx.instance.count(f"{IGNORED}unknown-owner")
        else:
            _take_in(tx, owner.athlete_id, event, service.clock())


def _client_secret(service: Service) -> str:
    return service.settings.strava_client_secret.get_secret_value()


def _stands_signed(service: Service, tx: Transaction, signature: Signature) -> bool:
    """Whether an event may count, going by its signature and by whether Strava was seen to sign lately."""
    now = service.wall()
    if signature is Signature.VALID:
        tx.instance.put(SIGNED_AT, now.isoformat())
        return True
    signed_at = tx.instance.get(SIGNED_AT)
    if signed_at is not None and now - datetime.fromisoformat(signed_at) <= SIGNED_FOR:
        return False
    if signature is Signature.INVALID and tx.instance.count(f"{NOTED}unverifiable-signature") == 1:
        log.warning("a push came with a signature that we cannot verify: taken as a hint, like those without one")
    return True


def _objection(tx: Transaction, event: PushEvent, now: datetime) -> str:
    """What speaks against this event, or empty. Whatever is passed over wrongly, the schedule finds."""
    subscription = tx.instance.get(SUBSCRIPTION)
    if subscription is not None and subscription != str(event.subscription_id):
        return "unknown-subscription"
    if not now - OLDEST_EVENT <= event.occurred_at <= now + AHEAD:
        return "unlikely-time"
    return ""


def _take_in(tx: Transaction, athlete_id: int, event: PushEvent, now: datetime) -> None:
    """Store an event of one of our runners and have their runs read soon, once for all that come until then."""
    silence.end(tx, now)
    read_at = now + PUSH_WAIT
    if tx.push_events.count_open(athlete_id) >= MOST_OPEN:
        tx.instance.count(f"{IGNORED}too-many-open")
        tx.connections.nudge(athlete_id, read_at)
    elif tx.push_events.add(athlete_id, event.dedup_key, event.object_id, _aspect(event), now, read_at):
        tx.connections.nudge(athlete_id, read_at)


def _aspect(event: PushEvent) -> str:
    if event.is_deauthorisation:
        return DEAUTHORISED
    aspect = event.aspect_type if event.is_activity else f"{event.object_type}-{event.aspect_type}"
    return aspect[:16]
