"""The application's push subscription: made, shown and deleted with the client's secret."""

from __future__ import annotations

import httpx
from starlette.responses import Response

from integrations.strava.simulator import answers
from integrations.strava.simulator.activity import zulu
from integrations.strava.simulator.calls import Call
from integrations.strava.simulator.oauth import check_client
from integrations.strava.simulator.state import Json, State, Subscription, locked

_FIRST_ID = 120_475
_PATIENCE_S = 2.0


def create(state: State, call: Call) -> Response:
    """Check the callback by calling it, then subscribe. The state is not held during that call."""
    with state.lock:
        check_client(state, call)
        _refuse_second(state)
        challenge = state.grants.secret("challenge")
    callback_url = call.get("callback_url") or ""
    problem = _validate(callback_url, call.get("verify_token") or "", challenge)
    if problem:
        return answers.bad_request("PushSubscription", "callback url", problem)
    with state.lock:
        _refuse_second(state)
        state.subscriptions_made += 1
        made = Subscription(_FIRST_ID + state.subscriptions_made, callback_url, state.clock())
        state.subscription = made
        return answers.created(_shown(state, made))


@locked
def show(state: State, call: Call) -> Response:
    check_client(state, call)
    return answers.reply([_shown(state, state.subscription)] if state.subscription else [])


@locked
def delete(state: State, call: Call) -> Response:
    check_client(state, call)
    if state.subscription is None or state.subscription.id != call.object_id:
        return answers.not_found()
    state.subscription = None
    state.events.clear()
    return answers.empty(204)


def _refuse_second(state: State) -> None:
    if state.subscription:
        raise answers.Refusal(answers.bad_request("PushSubscription", "", "already exists"))


def _validate(callback_url: str, verify_token: str, challenge: str) -> str:
    """What is wrong with the callback, in Strava's words; empty when it echoes the challenge in time."""
    asked = {"hub.mode": "subscribe", "hub.verify_token": verify_token, "hub.challenge": challenge}
    try:
        url = httpx.URL(callback_url).copy_merge_params(asked)
        answer = httpx.get(url, timeout=_PATIENCE_S, trust_env=False)
    except (httpx.HTTPError, httpx.InvalidURL):
        return "not verifiable"
    if answer.status_code != httpx.codes.OK:
        return "GET to callback URL does not return 200"
    return "" if _echo(answer) == challenge else "not verifiable"


def _echo(answer: httpx.Response) -> object:
    try:
        content = answer.json()
    except ValueError:
        return None
    return content.get("hub.challenge") if isinstance(content, dict) else None


def _shown(state: State, subscription: Subscription) -> Json:
    return {
        "id": subscription.id,
        "resource_state": 2,
        "application_id": int(state.application.client_id),
        "callback_url": subscription.callback_url,
        "created_at": zulu(subscription.created_at),
        "updated_at": zulu(subscription.created_at),
    }
