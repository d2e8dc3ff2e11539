"""The simulated Strava as an ASGI program: its addresses, and what happens to every call before and after."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from integrations.strava.simulator import answers, api, oauth, subscriptions
from integrations.strava.simulator.answers import BrokenOff, Refusal
from integrations.strava.simulator.calls import Call, ReceivedCall, read_call, without_secrets
from integrations.strava.simulator.events import release_due
from integrations.strava.simulator.state import Handler, State

#: The API answers under its old prefix and, as from 2027 on, at the root.
API_PREFIXES = ("/api/v3", "")


def build_app(state: State) -> Starlette:
    """The program. It has no state of its own, so several may serve the same state."""
    return Starlette(routes=[*_oauth_routes(state), *_api_routes(state)])


def _oauth_routes(state: State) -> list[BaseRoute]:
    routes: list[BaseRoute] = []
    for path in ("/oauth/authorize", "/oauth/mobile/authorize"):
        routes.append(_route(state, path, "GET", "authorize", oauth.authorize))
        routes.append(_route(state, path, "POST", "authorize", oauth.decide))
    for prefix in ("", "/api/v3"):
        routes.append(_route(state, f"{prefix}/oauth/token", "POST", "token", oauth.token))
        # The only OAuth call that counts against the limits.
        path = f"{prefix}/oauth/deauthorize"
        routes.append(_route(state, path, "POST", "deauthorize", oauth.deauthorize, limited=True))
    routes.append(_route(state, "/oauth/revoke", "POST", "revoke", oauth.revoke))
    return routes


def _api_routes(state: State) -> list[BaseRoute]:
    calls: list[tuple[str, str, str, Handler]] = [
        ("GET", "/athlete", "athlete", api.athlete),
        ("GET", "/athlete/activities", "list", api.activities),
        ("GET", "/activities/{id:int}", "detail", api.activity),
        ("GET", "/activities/{id:int}/streams", "streams", api.streams),
        ("GET", "/gear/{id:str}", "gear", api.gear),
        ("GET", "/push_subscriptions", "subscriptions", subscriptions.show),
        ("POST", "/push_subscriptions", "subscriptions", subscriptions.create),
        ("DELETE", "/push_subscriptions/{id:int}", "subscriptions", subscriptions.delete),
    ]
    routes: list[BaseRoute] = [
        _route(state, prefix + path, method, name, handler, limited=True)
        for prefix in API_PREFIXES
        for method, path, name, handler in calls
    ]
    return [*routes, _route(state, "/{path:path}", "GET", "unknown", lambda *_: answers.no_such_path())]


def _route(state: State, path: str, method: str, name: str, handler: Handler, *, limited: bool = False) -> Route:
    answer = partial(_answer, state, name, handler, limited)
    return Route(path, _edge(answer), methods=[method])


def _edge(answer: Callable[[Call], Response]) -> Callable[[Request], Awaitable[Response]]:
    """The one asynchronous step: read the request, then leave the loop."""

    async def endpoint(request: Request) -> Response:
        return await run_in_threadpool(answer, await read_call(request))

    return endpoint


def _answer(state: State, name: str, handler: Handler, limited: bool, call: Call) -> Response:
    """Answer a call: limits first, then planned faults, then the call itself; keep it in the log."""
    with state.lock:
        release_due(state)
        now, access = state.clock(), state.grants.access(call.bearer, state.clock())
        early = _refused(state, name, limited)
    response = early or _handled(state, handler, call)
    with state.lock:
        if limited and (response.status_code < 400 or response.status_code == 429 or state.faults.headers_on_errors):
            response.headers.update(state.quota.headers(now))
        status = None if isinstance(response, BrokenOff) else response.status_code
        owner = access.athlete_id if access else None
        query = without_secrets(call.query)
        state.calls.append(ReceivedCall(now, call.method, call.path, name, owner, status, query))
    return response


def _refused(state: State, name: str, limited: bool) -> Response | None:
    if limited and not state.quota.spend(state.clock()):
        return answers.rate_limited()
    if limited and state.faults.inactive:
        return answers.inactive()
    return state.faults.take(name)


def _handled(state: State, handler: Handler, call: Call) -> Response:
    try:
        return handler(state, call)
    except Refusal as refusal:
        return refusal.response
