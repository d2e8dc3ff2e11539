"""The simulated Strava as an ASGI program: its addresses, and what happens to every call before and after."""

from __future__ import annotations

from asyncio import sleep
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from integrations.strava.simulator import answers, api, headers, oauth, subscriptions, writing
from integrations.strava.simulator.answers import BrokenOff, Refusal
from integrations.strava.simulator.calls import Call, ReceivedCall, read_call, without_secrets
from integrations.strava.simulator.events import release_due
from integrations.strava.simulator.faults import Fault, bad_answer
from integrations.strava.simulator.quota import Use
from integrations.strava.simulator.state import Handler, State

#: The API answers under its old prefix and, as from 2027 on, at the root.
API_PREFIXES = ("/api/v3", "")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A kind of call: how the log and planned faults name it, who answers, and what it uses of the limits."""

    method: str
    path: str
    name: str
    handler: Handler
    use: Use = Use.READ


_AUTHORIZE = [
    Endpoint(method, path, "authorize", handler, Use.NOTHING)
    for path in ("/oauth/authorize", "/oauth/mobile/authorize")
    for method, handler in (("GET", oauth.authorize), ("POST", oauth.decide))
]
_OAUTH = [
    Endpoint("POST", "/oauth/token", "token", oauth.token, Use.NOTHING),
    # The only OAuth call that counts against the limits.
    Endpoint("POST", "/oauth/deauthorize", "deauthorize", oauth.deauthorize),
]
_REVOKE = [Endpoint("POST", "/oauth/revoke", "revoke", oauth.revoke, Use.NOTHING)]
_API = [
    Endpoint("GET", "/athlete", "athlete", api.athlete),
    Endpoint("GET", "/athlete/zones", "athlete_zones", api.athlete_zones),
    Endpoint("GET", "/athletes/{id:int}/stats", "stats", api.stats),
    Endpoint("GET", "/athlete/activities", "list", api.activities),
    Endpoint("GET", "/activities/{id:int}", "detail", api.activity),
    Endpoint("GET", "/activities/{id:int}/streams", "streams", api.streams),
    Endpoint("GET", "/activities/{id:int}/laps", "laps", api.activity_laps),
    Endpoint("GET", "/activities/{id:int}/zones", "zones", api.activity_zones),
    Endpoint("PUT", "/activities/{id:int}", "update", writing.update),
    Endpoint("POST", "/activities", "create", writing.create, Use.WRITE),
    Endpoint("GET", "/gear/{id:str}", "gear", api.gear),
    Endpoint("GET", "/push_subscriptions", "subscriptions", subscriptions.show),
    Endpoint("POST", "/push_subscriptions", "subscriptions", subscriptions.create),
    Endpoint("DELETE", "/push_subscriptions/{id:int}", "subscriptions", subscriptions.delete),
]
#: Every kind of call that Strava has here.
ENDPOINTS = (*_AUTHORIZE, *_REVOKE, *_OAUTH, *_API)


def build_app(state: State, more: Sequence[BaseRoute] = ()) -> Starlette:
    """The program. It has no state of its own, so several may serve the same state. `more` comes beside Strava's."""
    routes = [_route(state, "", endpoint) for endpoint in (*_AUTHORIZE, *_REVOKE)]
    routes += [_route(state, prefix, endpoint) for prefix in API_PREFIXES for endpoint in (*_OAUTH, *_API)]
    unknown = Endpoint("GET", "/{path:path}", "unknown", lambda *_: answers.no_such_path(), Use.NOTHING)
    return Starlette(routes=[*more, *routes, _route(state, "", unknown)])


def _route(state: State, prefix: str, endpoint: Endpoint) -> Route:
    async def answer(request: Request) -> Response:
        """The one asynchronous step: read the request, then leave the loop."""
        response = await run_in_threadpool(_answer, state, endpoint, await read_call(request))
        if delay_s := state.faults.delay_of(endpoint.name):
            await sleep(delay_s)
        return response

    return Route(prefix + endpoint.path, answer, methods=[endpoint.method])


def _answer(state: State, endpoint: Endpoint, call: Call) -> Response:
    """Answer a call: limits first, then faults, then the call itself; keep it in the log."""
    with state.lock:
        release_due(state)
        now, access = state.clock(), state.grants.access(state.token_of(call), state.clock())
        early = _refused(state, endpoint)
        fault = None if early else _fault(state, endpoint)
    if fault and fault is not Fault.ANSWER_LOST:
        early = bad_answer(fault)
    response = early or _handled(state, endpoint.handler, call)
    if fault is Fault.ANSWER_LOST:
        response = bad_answer(fault)
    with state.lock:
        headers.dress(state, endpoint.name, endpoint.use, response)
        status = None if isinstance(response, BrokenOff) else response.status_code
        owner = access.athlete_id if access else None
        query = without_secrets(call.query)
        state.calls.append(ReceivedCall(now, call.method, call.path, endpoint.name, owner, status, query))
    return response


def _refused(state: State, endpoint: Endpoint) -> Response | None:
    if endpoint.use is Use.NOTHING:
        return None
    if not state.quota.use(state.clock(), endpoint.use):
        return answers.rate_limited(state.modes.limit_body)
    return answers.inactive() if state.faults.inactive else None


def _fault(state: State, endpoint: Endpoint) -> Fault | None:
    """Pages that a person opens never fail by chance."""
    return state.faults.take(endpoint.name) if endpoint.name not in {"authorize", "unknown"} else None


def _handled(state: State, handler: Handler, call: Call) -> Response:
    try:
        return handler(state, call)
    except Refusal as refusal:
        return refusal.response
