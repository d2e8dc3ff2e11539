"""Push events: which ones Strava sends, and their delivery to the subscriber."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass, replace
from datetime import datetime

import httpx

from integrations.strava.simulator.grants import Access
from integrations.strava.simulator.shelf import HeldActivity
from integrations.strava.simulator.state import Json, PendingEvent, State

ATTEMPTS = 3


def _access_of(state: State, athlete_id: int) -> Access | None:
    """What the application may see of that athlete, if they are connected."""
    grant = state.grants.by_athlete.get(athlete_id)
    return grant.access if grant else None


def release_due(state: State) -> list[int]:
    """Let the activities arrive whose upload has come, oldest upload first, and announce them. Returns their ids."""
    arrived = state.activities.take_due(state.clock())
    for held in arrived:
        tell_activity(state, held, "create", at=held.uploaded_at)
    return [held.body["id"] for held in arrived]


def tell_activity(
    state: State, held: HeldActivity, aspect: str, updates: Json | None = None, *, at: datetime | None = None
) -> None:
    """Announce an activity to a subscriber who may see it."""
    access = _access_of(state, held.athlete_id)
    if access and held.is_open_to(access):
        _announce(state, "activity", held.body["id"], held.athlete_id, aspect, updates or {}, at)


def tell_visibility(state: State, held: HeldActivity, was_private: bool) -> None:
    """Announce that an activity was hidden or shown; without the private scope it is gone or new."""
    access = _access_of(state, held.athlete_id)
    if not access or not access.sees_activities or held.is_private == was_private:
        return
    aspect, updates = "update", {"private": str(held.is_private).lower()}
    if not access.sees_private:
        aspect, updates = "delete" if held.is_private else "create", {}
    _announce(state, "activity", held.body["id"], held.athlete_id, aspect, updates)


def disconnect(state: State, athlete_id: int) -> None:
    """End the athlete's connection and announce it."""
    if state.grants.revoke(athlete_id):
        _announce(state, "athlete", athlete_id, athlete_id, "update", {"authorized": "false"})


def _announce(
    state: State, kind: str, object_id: int, owner_id: int, aspect: str, updates: Json, at: datetime | None = None
) -> None:
    if state.subscription is None:
        return
    payload = {
        "aspect_type": aspect,
        "event_time": int((at or state.clock()).timestamp()),
        "object_id": object_id,
        "object_type": kind,
        "owner_id": owner_id,
        "subscription_id": state.subscription.id,
        "updates": updates,
    }
    _queue(state, PendingEvent(payload, state.clock() + state.faults.events.delay))


def _queue(state: State, event: PendingEvent) -> None:
    faults = state.faults.events
    if faults.drop_next:
        faults.drop_next -= 1
        return
    state.events.append(event)
    if faults.duplicate_next:
        faults.duplicate_next -= 1
        state.events.append(replace(event))


def deliver(state: State) -> int:
    """Post every event that is due, once, and return how many the subscriber took.

    Only a 200 in time counts; what failed is due again later, three attempts in all. The state is not held
    while posting, so the subscriber may call back.
    """
    with state.lock:
        release_due(state)
        url = state.subscription.callback_url if state.subscription else ""
        due = _take_due(state)
    if not due:
        return 0
    with httpx.Client(timeout=state.modes.event_timeout_s, trust_env=False) as client:
        taken = [_post(client, url, event.payload, _signature(state)) for event in due]
    with state.lock:
        _put_back(state, [event for event, accepted in zip(due, taken, strict=True) if not accepted])
    return sum(taken)


def _take_due(state: State) -> list[PendingEvent]:
    now = state.clock()
    due = [event for event in state.events if event.due_at <= now]
    state.events = [event for event in state.events if event.due_at > now]
    return due[::-1] if state.faults.events.reverse else due


def forge(state: State, payload: Json, *, url: str, signed_with: str | None = None) -> int | None:
    """Post an event that this Strava never had; returns the receiver's status, None where there was no answer.

    `signed_with` is the secret of whoever forges it; without one it carries no signature.
    """
    sign = Signature(signed_with, state.clock()) if signed_with is not None else None
    with httpx.Client(timeout=state.modes.event_timeout_s, trust_env=False) as client:
        return _status(client, url, payload, sign)


@dataclass(frozen=True, slots=True)
class Signature:
    """Signs a body at an instant: `t=<unix>,v1=<hex>`, an HMAC-SHA256 of `<unix>.<body>`.

    Which key Strava takes is not known; the simulator takes the client's secret.
    """

    key: str
    at: datetime

    def of(self, body: bytes) -> str:
        seconds = int(self.at.timestamp())
        signed = hmac.new(self.key.encode(), f"{seconds}.".encode() + body, hashlib.sha256)
        return f"t={seconds},v1={signed.hexdigest()}"


def _signature(state: State) -> Signature | None:
    return Signature(state.application.client_secret, state.clock()) if state.modes.sign_events else None


def _post(client: httpx.Client, url: str, payload: Json, sign: Signature | None) -> bool:
    return _status(client, url, payload, sign) == httpx.codes.OK


def _status(client: httpx.Client, url: str, payload: Json, sign: Signature | None) -> int | None:
    body = json.dumps(payload, separators=(",", ":")).encode()
    headers = {"Content-Type": "application/json"}
    if sign:
        headers["X-Strava-Signature"] = sign.of(body)
    try:
        return client.post(url, content=body, headers=headers).status_code
    except (httpx.HTTPError, httpx.InvalidURL):
        return None


def _put_back(state: State, failed: list[PendingEvent]) -> None:
    again = state.clock() + state.modes.event_spacing
    for event in failed:
        event.attempts += 1
        if event.attempts < ATTEMPTS and state.subscription:
            event.due_at = again
            state.events.append(event)
