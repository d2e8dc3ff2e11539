"""Everything asked of Strava, by way of stravalib; what goes wrong leaves as one of our four errors.

From stravalib comes the protocol (paths, Bearer header, errors); not its models, which lose a whole page over one
odd value, nor its refreshing of tokens and its waiting for limits, which happen out of sight.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

import requests
from pydantic import SecretStr
from urllib3.exceptions import HTTPError as Urllib3Error

from integrations.clock import Clock
from integrations.errors import AdapterError, RetryLater
from integrations.strava import refusals
from integrations.strava.limits import Ledger, Purpose, Unbounded, Usage, retry_at
from integrations.strava.mapping import Gear, Problem, activity_from_api, course_from_api, gear_from_api, whole_number
from integrations.strava.refusals import Call
from integrations.strava.session import API, STRAVA, ApiV3, Counting, Session, protocol
from rules.course import Course
from rules.model import Activity

#: Both activity scopes: a runner who unticks private activities must keep the public ones.
SCOPES = ("read", "activity:read", "activity:read_all")
PER_PAGE = 200
#: No runner records this much in half a year; a server that repeats itself for ever does.
MOST_PAGES = 100

#: What is asked of a run's course; a sensor that was not there has no stream in the answer.
STREAMS = "time,cadence,velocity_smooth,grade_smooth"

_TOKEN_URL = f"{STRAVA}/oauth/token"
_REVOKE_URL = f"{STRAVA}/oauth/revoke"

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Tokens:
    """A pair of tokens. A refresh may bring a new refresh token, and then the old one is dead at once."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Grant:
    """What a runner granted at `granted_at`: whose account, which scopes, and the tokens for it."""

    athlete_id: int
    scopes: frozenset[str]
    tokens: Tokens
    granted_at: datetime

    @property
    def expires_at(self) -> datetime:
        return self.tokens.expires_at


@dataclass(frozen=True, slots=True)
class Page:
    """One answered page of a list: its number from 1, and how many activities it held."""

    number: int
    size: int

    @property
    def is_last(self) -> bool:
        return self.size < PER_PAGE


@dataclass(frozen=True, slots=True)
class Listing:
    """Every activity of a window, in no particular order, and what in it could not be used."""

    activities: tuple[Activity, ...]
    problems: tuple[Problem, ...]
    pages: int


@dataclass(frozen=True, slots=True)
class Subscription:
    """The one push subscription that an application may have."""

    id: int
    callback_url: str


class _UnusableAnswer(ValueError):
    """An answer that is not what was asked for."""


class StravaClient:
    """Strava, for one application. May be used from several threads at once: every call has its own session.

    `oauth_base` has no path; `api_base` has `/api/v3` or, on hosts that do without, none. Every call of the API is
    counted in `ledger` before it goes out, and does not go out where that has no room. Every method raises
    `RetryLater`, `GiveUp`, `SignInAgain` or `OperatorNeeded` and nothing else, never with a token in its words.
    """

    def __init__(
        self,
        client_id: str,
        client_secret: SecretStr,
        *,
        oauth_base: str = STRAVA,
        api_base: str = STRAVA + API,
        timeout_s: float = 15,
        clock: Clock,
        ledger: Ledger | None = None,
    ) -> None:
        self._client_id = client_id
        self._client_secret = client_secret
        self._oauth_base = oauth_base.rstrip("/")
        self._api_base = api_base.rstrip("/")
        self._timeout_s = timeout_s
        self._clock = clock
        self._ledger = ledger or Unbounded()

    # --- connecting

    def consent_url(self, redirect_uri: str, state: str, scopes: Iterable[str] = SCOPES, force: bool = False) -> str:
        """Where to send a runner to grant access; `force` asks again even if all was granted before."""
        query = {
            "client_id": self._client_id,
            "redirect_uri": redirect_uri,
            "response_type": "code",
            "approval_prompt": "force" if force else "auto",
            "scope": ",".join(scopes),
            "state": state,
        }
        return f"{self._oauth_base}/oauth/authorize?{urlencode(query)}"

    def exchange(self, code: str, granted_scope: str) -> Grant:
        """Turn the code of a redirect into tokens; `granted_scope` is the redirect's own `scope`.

        Raises `CodeRefused` if Strava does not take the code.
        """
        granted_at = self._clock()

        def trade(strava: ApiV3) -> tuple[Tokens, str, int | None]:
            answer = strava.post(_TOKEN_URL, data=self._credentials(grant_type="authorization_code", code=code))
            return _tokens(answer, granted_at), str(answer.get("scope") or ""), _id(answer.get("athlete"))

        tokens, token_scope, athlete_id = self._ask(refusals.EXCHANGE, trade)
        if athlete_id is None:  # it comes with the tokens, though no documentation says so
            athlete_id = self.athlete(tokens.access_token)["id"]
        return Grant(athlete_id, _scopes(granted_scope) or _scopes(token_scope), tokens, granted_at)

    def refresh(self, refresh_token: str) -> Tokens:
        """New tokens for an old refresh token, which may be dead from then on: keep the new ones first of all."""

        def renew(strava: ApiV3) -> Tokens:
            data = self._credentials(grant_type="refresh_token", refresh_token=refresh_token)
            return _tokens(strava.post(_TOKEN_URL, data=data), self._clock())

        return self._ask(refusals.REFRESH, renew)

    def revoke(self, token: str) -> None:
        """End a connection on Strava's side. Either token will do; one that is not known is no error."""

        def end(strava: ApiV3) -> None:  # not in stravalib, and its answer is empty, which stravalib does not take
            secret = self._client_secret.get_secret_value()
            answer = strava.rsession.post(_REVOKE_URL, data={"token": token}, auth=(self._client_id, secret))
            answer.raise_for_status()

        self._ask(refusals.REVOKE, end)

    # --- reading

    def activities(
        self,
        access_token: str,
        after: datetime,
        before: datetime,
        on_page: Callable[[Page], None] | None = None,
        *,
        purpose: Purpose = Purpose.FRESH,
    ) -> Listing:
        """Every activity that starts between two instants (aware), or an error: never a part.

        Asks page after page until one is short. `on_page` hears of each; what it raises ends the list.
        """
        window: dict[str, Any] = {"after": _epoch(after), "before": _epoch(before), "per_page": PER_PAGE}
        bodies: list[Any] = []
        with self._open(access_token, purpose) as strava:
            for number in range(1, MOST_PAGES + 1):
                rows = self._translated(refusals.LIST, partial(_page_of, strava, window, number))
                bodies += rows
                page = Page(number, len(rows))
                if on_page is not None:
                    on_page(page)
                if page.is_last:
                    return _listing(bodies, page)
        raise RetryLater(f"Strava gave {MOST_PAGES} full pages for {refusals.LIST.name} and still did not end")

    def activity(self, access_token: str, activity_id: int) -> tuple[Activity, tuple[Problem, ...]]:
        """One activity, and what in it could not be used. `GiveUp` if it is not there, or not there yet."""

        def read(strava: ApiV3) -> tuple[Activity, tuple[Problem, ...]]:
            activity, problems = activity_from_api(strava.get("/activities/{id}", id=activity_id))
            if activity is None:
                raise _UnusableAnswer
            return activity, tuple(problems)

        return self._ask(refusals.ACTIVITY, read, access_token)

    def course(self, access_token: str, activity_id: int) -> Course:
        """The streams of one activity. `GiveUp` if it has none: one typed in, or without a recording."""

        def read(strava: ApiV3) -> Course:
            path = "/activities/{id}/streams"
            return course_from_api(strava.get(path, id=activity_id, keys=STREAMS, key_by_type="true"))

        return self._ask(refusals.STREAMS, read, access_token)

    def gear(self, access_token: str, gear_id: str) -> Gear:
        """A pair of shoes of the runner's. `GiveUp` if there is no such pair (any more)."""

        def read(strava: ApiV3) -> Gear:
            gear = gear_from_api(strava.get("/gear/{id}", id=quote(gear_id, safe="")))
            if gear is None:
                raise _UnusableAnswer
            return gear

        return self._ask(refusals.GEAR, read, access_token)

    def athlete(self, access_token: str) -> dict[str, Any]:
        """The account behind a token, as Strava gives it, with its `id` for certain."""
        return self._ask(refusals.ATHLETE, _account, access_token)

    # --- being told

    def create_subscription(self, callback_url: str, verify_token: str) -> int:
        """Have events pushed; returns the subscription's id. Strava asks the callback address before it answers.

        `GiveUp`, with Strava's reason, if it could not reach that address or there is a subscription already.
        """

        def subscribe(strava: ApiV3) -> int:
            data = self._credentials(callback_url=callback_url, verify_token=verify_token)
            return _subscription(strava.post("/push_subscriptions", data=data)).id

        return self._ask(refusals.SUBSCRIBE, subscribe)

    def subscriptions(self) -> list[Subscription]:
        """The push subscriptions of this application: none or one."""

        def read(strava: ApiV3) -> list[Subscription]:
            return [_subscription(row) for row in _list(strava.get("/push_subscriptions", **self._credentials()))]

        return self._ask(refusals.SUBSCRIPTIONS, read)

    def delete_subscription(self, subscription_id: int) -> None:
        """Have nothing pushed any more. `GiveUp` if there is no such subscription."""

        def unsubscribe(strava: ApiV3) -> None:  # documented in the query; in the body, the secret stays out of logs
            strava.delete("/push_subscriptions/{id}", id=subscription_id, data=self._credentials())

        self._ask(refusals.UNSUBSCRIBE, unsubscribe)

    # --- speaking

    def _credentials(self, **more: str) -> dict[str, Any]:
        return {"client_id": self._client_id, "client_secret": self._client_secret.get_secret_value(), **more}

    def _ask(self, call: Call, ask: Callable[[ApiV3], Answer], access_token: str | None = None) -> Answer:
        with self._open(access_token, call.purpose) as strava:
            return self._translated(call, partial(ask, strava))

    @contextmanager
    def _open(self, access_token: str | None, purpose: Purpose) -> Iterator[ApiV3]:
        counting = Counting(self._ledger, purpose, self._clock)
        with Session(self._oauth_base, self._api_base, self._timeout_s, counting) as session:
            yield protocol(session, access_token)

    def _translated(self, call: Call, ask: Callable[[], Answer]) -> Answer:
        """The one place where errors of others become ours.

        Raised after the `except`, so that the first error, which may hold an address with our secret in it or an
        answer with a token, goes nowhere.
        """
        try:
            return ask()
        except (requests.RequestException, Urllib3Error, OSError, ValueError, RecursionError) as error:
            problem = self._problem(call, error)
        raise problem

    def _problem(self, call: Call, error: Exception) -> AdapterError:
        response = getattr(error, "response", None)
        if response is None:
            return RetryLater(f"Strava gave no usable answer to {call.name} ({type(error).__name__})")
        return refusals.error_from(call, response.status_code, response.content, self._room_at(response))

    def _room_at(self, response: requests.Response) -> datetime | None:
        now = self._clock()
        return retry_at(now, Usage.from_headers(response.headers, now))


def _scopes(text: str) -> frozenset[str]:
    """Separated by commas in a redirect, by spaces in a token's answer."""
    return frozenset(re.findall(r"[a-z_]+(?::[a-z_]+)?", text))


def _page_of(strava: ApiV3, window: dict[str, Any], number: int) -> list[Any]:
    return _list(strava.get("/athlete/activities", page=number, **window))


def _list(answer: Any) -> list[Any]:
    if not isinstance(answer, list):
        raise _UnusableAnswer
    return answer


def _listing(bodies: list[Any], last: Page) -> Listing:
    """Each activity once: one uploaded meanwhile pushes another on to the next page, where it comes again."""
    activities: dict[int, Activity] = {}
    problems: list[Problem] = []
    for body in bodies:
        activity, odd = activity_from_api(body)
        problems += odd
        if activity is not None:
            activities[activity.id] = activity
    if bodies and not activities:  # a change of format must not look like a runner who deleted everything
        raise RetryLater(f"Strava gave no usable answer to {refusals.LIST.name} (not one activity could be read)")
    return Listing(tuple(activities.values()), tuple(problems), last.number)


def _account(strava: ApiV3) -> dict[str, Any]:
    """The account behind the token, with its id made sure of."""
    answer = strava.get("/athlete")
    number = _id(answer)
    if number is None:
        raise _UnusableAnswer
    return {**answer, "id": number}


def _id(row: Any) -> int | None:
    number = whole_number(row.get("id")) if isinstance(row, dict) else None
    return number if number is not None and number > 0 else None


def _subscription(row: Any) -> Subscription:
    number = _id(row)
    if number is None:
        raise _UnusableAnswer
    return Subscription(number, str(row.get("callback_url") or ""))


def _tokens(answer: Any, now: datetime) -> Tokens:
    """The tokens in an answer. Strava gives their end as an instant, and as seconds from now."""
    if not isinstance(answer, dict):
        raise _UnusableAnswer
    access, refresh = answer.get("access_token"), answer.get("refresh_token")
    if not (isinstance(access, str) and access and isinstance(refresh, str) and refresh):
        raise _UnusableAnswer
    return Tokens(access, refresh, _expiry(answer, now))


def _expiry(answer: dict[str, Any], now: datetime) -> datetime:
    try:
        if "expires_at" in answer:
            return datetime.fromtimestamp(float(answer["expires_at"]), UTC)
        return now + timedelta(seconds=float(answer["expires_in"]))
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        raise _UnusableAnswer from None


def _epoch(moment: datetime) -> int:
    if moment.tzinfo is None:
        raise ValueError("a window needs instants with a zone")
    return int(moment.timestamp())
