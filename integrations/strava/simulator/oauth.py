"""The OAuth pages and calls of the simulated Strava: consent, tokens, revocation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from starlette.responses import RedirectResponse, Response

from integrations.strava.simulator import answers
from integrations.strava.simulator.answers import Refusal
from integrations.strava.simulator.athletes import SimulatedAthlete, summary_athlete
from integrations.strava.simulator.calls import Call
from integrations.strava.simulator.consent import capacity_page, consent_page
from integrations.strava.simulator.events import disconnect
from integrations.strava.simulator.grants import SCOPES, Grant
from integrations.strava.simulator.state import Json, State, locked

#: Remembers in the browser who signed in to the simulator last.
COOKIE = "simulator_athlete"
_OWN_MACHINE = {"localhost", "127.0.0.1"}


@dataclass(frozen=True, slots=True)
class Request:
    """A checked request for consent."""

    redirect_uri: str
    scopes: tuple[str, ...]
    state: str | None
    force: bool


@locked
def authorize(state: State, call: Call) -> Response:
    """Show the consent page, or send straight back who has already granted the same scopes."""
    request = _checked(state, call)
    athlete = _signed_in(state, call)
    if athlete and not request.force and _has_granted(state, athlete, request.scopes):
        return _approve(state, request, athlete, request.scopes)
    return answers.page(consent_page(state, request, athlete, call.query_string))


@locked
def decide(state: State, call: Call) -> Response:
    """Take the answer given on the consent page."""
    request = _checked(state, call)
    if call.get("decision") != "authorize":
        return _send_back(request, {"error": "access_denied"})
    athlete = state.athletes.get(_number(call.get("athlete"))) or _signed_in(state, call)
    if athlete is None:
        return answers.page(consent_page(state, request, None, call.query_string), 400)
    ticked = set(call.form.getlist("scope"))
    return _approve(state, request, athlete, tuple(scope for scope in request.scopes if scope in ticked))


@locked
def token(state: State, call: Call) -> Response:
    """Exchange a code, or refresh."""
    check_client(state, call)
    if state.faults.inactive:
        return answers.inactive()
    grant_types: dict[str, Callable[[State, Call], Json]] = {"authorization_code": _exchange, "refresh_token": _refresh}
    grant = grant_types.get(call.get("grant_type") or "authorization_code")
    return answers.reply(grant(state, call)) if grant else answers.bad_request("Application", "grant_type")


@locked
def revoke(state: State, call: Call) -> Response:
    """End the connection that a token belongs to; a token nobody knows is fine too."""
    application = state.application
    if call.basic != (application.client_id, application.client_secret):
        return answers.error(401, "Authorization Error")
    given = call.get("token")
    if not given:
        return answers.bad_request("Token", "token", "missing")
    _end(state, given)
    return answers.empty()


@locked
def deauthorize(state: State, call: Call) -> Response:
    """The older way to end a connection, by its access token."""
    if state.modes.header_only:
        return answers.no_such_path()
    given = state.token_of(call)
    if state.grants.access(given, state.clock()) is None:
        return answers.bad_token()
    _end(state, given)
    return answers.reply({"access_token": given})


def check_client(state: State, call: Call) -> None:
    """Refuse a call whose client id or secret is wrong."""
    if call.get("client_id") != state.application.client_id:
        raise Refusal(answers.bad_request("Application", "client_id"))
    if call.get("client_secret") != state.application.client_secret:
        raise Refusal(answers.unauthorized("Application", ""))


def _checked(state: State, call: Call) -> Request:
    if state.faults.inactive:
        raise Refusal(answers.inactive())
    if call.query.get("client_id") != state.application.client_id:
        raise Refusal(answers.bad_request("Application", "client_id"))
    redirect_uri = call.query.get("redirect_uri", "")
    if not _may_return_to(state, redirect_uri):
        raise Refusal(answers.bad_request("Application", "redirect_uri"))
    if call.query.get("response_type") != "code":
        raise Refusal(answers.bad_request("Application", "response_type"))
    force = call.query.get("approval_prompt", "auto") == "force"
    return Request(redirect_uri, _asked_scopes(call.query.get("scope", "")), call.query.get("state"), force)


def _may_return_to(state: State, redirect_uri: str) -> bool:
    try:
        parts = urlsplit(redirect_uri)
    except ValueError:
        return False
    host, domain = parts.hostname or "", state.application.callback_domain
    inside = bool(domain) and (host == domain or host.endswith(f".{domain}"))
    return parts.scheme in {"http", "https"} and (host in _OWN_MACHINE or inside)


def _asked_scopes(scope: str) -> tuple[str, ...]:
    asked = tuple(dict.fromkeys(part for part in scope.split(",") if part)) or ("read",)
    if not set(asked) <= set(SCOPES):
        raise Refusal(answers.bad_request("Application", "scope"))
    return asked


def _signed_in(state: State, call: Call) -> SimulatedAthlete | None:
    """Who uses this browser: the only athlete there is, or the one chosen last time."""
    if len(state.athletes) == 1:
        return next(iter(state.athletes.values()))
    return state.athletes.get(_number(call.cookies.get(COOKIE)))


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0


def _has_granted(state: State, athlete: SimulatedAthlete, scopes: tuple[str, ...]) -> bool:
    held = state.grants.by_athlete.get(athlete.id)
    return held is not None and set(held.access.scopes) == set(scopes)


def _approve(state: State, request: Request, athlete: SimulatedAthlete, scopes: tuple[str, ...]) -> Response:
    if _is_one_too_many(state, athlete.id) and not state.modes.capacity_at_token:
        return answers.page(capacity_page(), 403)
    code = state.grants.issue_code(athlete.id, scopes, state.clock())
    answer = _send_back(request, {"code": code, "scope": ",".join(scopes)})
    answer.set_cookie(COOKIE, str(athlete.id), path="/oauth", httponly=True, samesite="lax")
    return answer


def _is_one_too_many(state: State, athlete_id: int) -> bool:
    capacity, connected = state.modes.capacity, state.grants.by_athlete
    return capacity is not None and athlete_id not in connected and len(connected) >= capacity


def _send_back(request: Request, result: dict[str, str]) -> Response:
    parts = urlsplit(request.redirect_uri)
    told = {"state": request.state} if request.state is not None else {}
    query = urlencode(parse_qsl(parts.query) + list((told | result).items()), safe=",:")
    return RedirectResponse(urlunsplit(parts._replace(query=query)), 302)


def _exchange(state: State, call: Call) -> Json:
    now, code = state.clock(), call.get("code") or ""
    if _is_too_fresh(state, code):
        raise Refusal(answers.bad_request("AuthorizationCode", "code"))
    known = state.grants.codes.get(code)
    if known and state.modes.capacity_at_token and _is_one_too_many(state, known.athlete_id):
        raise Refusal(answers.too_many_athletes())
    grant = state.grants.redeem(code, now)
    if grant is None:
        raise Refusal(answers.bad_request("AuthorizationCode", "code"))
    athlete = state.athletes[grant.access.athlete_id]
    return _told(state, grant) | {"athlete": summary_athlete(athlete)}


def _is_too_fresh(state: State, code: str) -> bool:
    """Whether a good code is refused for now, as Strava's own sometimes are in their first seconds."""
    known = state.grants.codes.get(code)
    if known is None:
        return False
    if state.faults.refuse_next_codes:
        state.faults.refuse_next_codes -= 1
        return True
    return state.clock() - known.issued_at < state.faults.fresh_code_refused_for


def _refresh(state: State, call: Call) -> Json:
    grant = state.grants.refresh(call.get("refresh_token") or "", state.clock())
    if grant is None:
        raise Refusal(answers.bad_request("RefreshToken", "refresh_token"))
    return _told(state, grant)


def _told(state: State, grant: Grant) -> Json:
    left = grant.access.expires_at - state.clock()
    told: Json = {
        "token_type": "Bearer",
        "access_token": grant.access.token,
        "expires_at": int(grant.access.expires_at.timestamp()),
        "expires_in": left // timedelta(seconds=1),
        "refresh_token": grant.refresh_token,
    }
    return told | {"scope": " ".join(grant.access.scopes)} if state.modes.scope_in_token else told


def _end(state: State, given: str) -> None:
    held = state.grants.holder(given)
    if held:
        disconnect(state, held.access.athlete_id)
