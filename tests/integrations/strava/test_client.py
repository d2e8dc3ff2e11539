"""The client over real HTTP: what it asks, what it makes of answers, and what it makes of everything else."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import traceback
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import SecretStr

from integrations.errors import AdapterError, GiveUp, OperatorNeeded, RetryLater, SignInAgain
from integrations.strava.client import MOST_PAGES, PER_PAGE, Page, StravaClient, Subscription, Tokens
from integrations.strava.limits import Count, NoRoom, Purpose, Slot, Usage
from integrations.strava.refusals import CodeRefused, ConnectionRefused
from tests.integrations.strava.stand_in import (
    ACCESS,
    CLIENT_ID,
    CLIENT_SECRET,
    DROPPED,
    NOW,
    REFRESH,
    SILENCE,
    Answer,
    Request,
    StandIn,
    page,
    refuses,
    says,
)

AFTER, BEFORE = datetime(2026, 5, 21, tzinfo=UTC), NOW
VERIFY = "eeee456789abcdef0123456789abcdef0123eeee"
CODE = "cccc456789abcdef0123456789abcdef0123cccc"
LIMITS = {
    "X_Ratelimit_Limit": "200,2000",
    "X_Ratelimit_Usage": "6,151",
    "X_Readratelimit_Limit": "100,1000",
    "X_Readratelimit_Usage": "5,150",
}
FRESH = {
    "token_type": "Bearer",
    "access_token": ACCESS,
    "expires_at": 1_795_449_600,
    "expires_in": 21600,
    "refresh_token": REFRESH,
}
EXPIRES_AT = datetime.fromtimestamp(1_795_449_600, UTC)


def run(number: int, **changes: Any) -> dict[str, Any]:
    start = f"2026-10-{1 + number % 28:02}T06:00:00Z"
    return {"id": number, "sport_type": "Run", "distance": 8000.0, "start_date_local": start, **changes}


def runs(first: int, count: int) -> list[dict[str, Any]]:
    return [run(number) for number in range(first, first + count)]


def pages(*numbered: list[Any]) -> Callable[[Request], Answer]:
    """A list that is answered page by page, and empty beyond."""
    return lambda request: says(dict(enumerate(numbered, 1)).get(int(request.query["page"]), []), **LIMITS)


# --- connecting


def test_a_runner_is_sent_to_strava_with_both_activity_scopes(client: StravaClient, stand_in: StandIn) -> None:
    address = urlsplit(client.consent_url("https://runs.example/strava/callback?x=1&y=2", "s&te"))
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{stand_in.url}/oauth/authorize"
    assert parse_qs(address.query) == {
        "client_id": [CLIENT_ID],
        "redirect_uri": ["https://runs.example/strava/callback?x=1&y=2"],
        "response_type": ["code"],
        "approval_prompt": ["auto"],
        "scope": ["read,activity:read,activity:read_all"],
        "state": ["s&te"],
    }
    assert "approval_prompt=force" in client.consent_url("https://runs.example/", "s", force=True)


def test_a_code_becomes_a_grant(client: StravaClient, stand_in: StandIn) -> None:
    stand_in.answer = says({**FRESH, "athlete": {"id": 134815, "firstname": "Anna"}, "scope": "read activity:read"})
    grant = client.exchange(CODE, "read,activity:read,activity:read_all")
    assert (grant.athlete_id, grant.granted_at, grant.expires_at) == (134815, NOW, EXPIRES_AT)
    assert grant.scopes == {"read", "activity:read", "activity:read_all"}
    assert grant.tokens == Tokens(ACCESS, REFRESH, EXPIRES_AT)
    asked = stand_in.received[0]
    assert (asked.method, asked.target) == ("POST", "/oauth/token")
    assert asked.form == {
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "code": CODE,
        "grant_type": "authorization_code",
    }


def test_where_the_redirect_named_no_scope_the_answer_does(client: StravaClient, stand_in: StandIn) -> None:
    stand_in.answer = says({**FRESH, "athlete": {"id": 134815}, "scope": "read activity:read"})
    assert client.exchange(CODE, "").scopes == {"read", "activity:read"}


def test_scopes_that_nobody_names_are_none(client: StravaClient, stand_in: StandIn) -> None:
    stand_in.answer = says({**FRESH, "athlete": {"id": 134815}})
    assert client.exchange(CODE, " ,").scopes == frozenset()


def test_an_exchange_that_does_not_say_who_it_was_asks(client: StravaClient, stand_in: StandIn) -> None:
    stand_in.answer = lambda request: says(FRESH if request.method == "POST" else {"id": 134815})
    assert client.exchange(CODE, "read").athlete_id == 134815
    assert stand_in.received[1].path == "/api/v3/athlete"
    assert stand_in.received[1].headers["Authorization"] == f"Bearer {ACCESS}"


@pytest.mark.parametrize("resource", ["AuthorizationCode", "RequestToken"])
def test_a_refused_code_can_be_told_apart_and_tried_once_more(
    client: StravaClient, stand_in: StandIn, resource: str
) -> None:
    stand_in.answer = refuses(400, resource, "code", "invalid")
    with pytest.raises(CodeRefused, match="code / invalid"):
        client.exchange(CODE, "read")


def test_a_refresh_brings_a_new_pair(client: StravaClient, stand_in: StandIn) -> None:
    stand_in.answer = says(FRESH)
    assert client.refresh("old-refresh-token") == Tokens(ACCESS, REFRESH, EXPIRES_AT)
    assert stand_in.received[0].form["grant_type"] == "refresh_token"
    assert stand_in.received[0].form["refresh_token"] == "old-refresh-token"
    assert stand_in.received[0].headers.get("Authorization") is None


def test_an_answer_with_a_duration_alone_still_says_when_a_token_ends(client: StravaClient, stand_in: StandIn) -> None:
    stand_in.answer = says({name: value for name, value in FRESH.items() if name != "expires_at"})
    assert client.refresh(REFRESH).expires_at == datetime(2026, 11, 23, 16, 7, 30, tzinfo=UTC)


def test_a_dead_refresh_token_means_signing_in_again(client: StravaClient, stand_in: StandIn) -> None:
    stand_in.answer = refuses(400, "RefreshToken", "refresh_token", "invalid")
    with pytest.raises(ConnectionRefused) as caught:
        client.refresh(REFRESH)
    assert caught.value.reason == "dead-refresh-token"


@pytest.mark.parametrize(
    "answer",
    [
        refuses(400, "Application", "client_id", "invalid"),
        refuses(401, "Application", "", "invalid", "Authorization Error"),
        refuses(403, "Application", "Status", "Inactive", "Forbidden"),
        says({"message": "Limit of connected athletes exceeded", "errors": []}, 403),
    ],
)
def test_what_is_wrong_with_the_application_is_for_the_operator(
    client: StravaClient, stand_in: StandIn, answer: Answer
) -> None:
    stand_in.answer = answer
    for ask in (lambda: client.exchange(CODE, "read"), lambda: client.refresh(REFRESH)):
        with pytest.raises(OperatorNeeded):
            ask()


def test_ending_a_connection_names_the_application_by_basic_and_the_token_in_the_body(
    client: StravaClient, stand_in: StandIn
) -> None:
    stand_in.answer = Answer(200)
    client.revoke(REFRESH)
    asked = stand_in.received[0]
    assert (asked.method, asked.target, asked.form) == ("POST", "/oauth/revoke", {"token": REFRESH})
    basic = b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
    assert asked.headers["Authorization"] == f"Basic {basic}"


def test_ending_a_connection_may_fail_in_three_ways(client: StravaClient, stand_in: StandIn) -> None:
    for answer, error in (
        (says({"message": "Authorization Error", "errors": []}, 401), OperatorNeeded),
        (Answer(503), RetryLater),
        (refuses(400, "Token", "token", "missing"), GiveUp),
    ):
        stand_in.answer = answer
        with pytest.raises(error):
            client.revoke(REFRESH)


# --- reading


def test_a_short_page_is_the_whole_list_and_costs_one_call(client: StravaClient, stand_in: StandIn) -> None:
    stand_in.answer = pages(runs(1, 3))
    listing = client.activities(ACCESS, AFTER, BEFORE)
    assert [activity.id for activity in listing.activities] == [1, 2, 3]
    assert (listing.pages, listing.problems) == (1, ())
    assert len(stand_in.received) == 1
    asked = stand_in.received[0]
    assert asked.path == "/api/v3/athlete/activities"
    assert asked.query == {"after": "1779321600", "before": "1795428450", "page": "1", "per_page": "200"}
    assert asked.headers["Authorization"] == f"Bearer {ACCESS}"


def test_a_window_without_activities_is_an_empty_list_not_an_error(client: StravaClient, stand_in: StandIn) -> None:
    stand_in.answer = pages([])
    assert client.activities(ACCESS, AFTER, BEFORE).activities == ()


def test_a_full_page_is_followed_by_another_even_if_that_is_empty(client: StravaClient, stand_in: StandIn) -> None:
    stand_in.answer = pages(runs(1, PER_PAGE))
    listing = client.activities(ACCESS, AFTER, BEFORE)
    assert (len(listing.activities), listing.pages) == (PER_PAGE, 2)


def test_every_page_is_told(client: StravaClient, stand_in: StandIn) -> None:
    stand_in.answer = pages(runs(1, PER_PAGE), runs(1001, PER_PAGE), runs(2001, 7))
    told: list[Page] = []
    listing = client.activities(ACCESS, AFTER, BEFORE, told.append)
    assert len(listing.activities) == 2 * PER_PAGE + 7
    assert [(one.number, one.size, one.is_last) for one in told] == [(1, 200, False), (2, 200, False), (3, 7, True)]


def test_what_a_listener_raises_ends_the_list_as_it_is(client: StravaClient, stand_in: StandIn) -> None:
    def lease_lost(_: Page) -> None:
        raise ValueError("the lease is gone")

    stand_in.answer = pages(runs(1, PER_PAGE), runs(1001, 3))
    with pytest.raises(ValueError, match="the lease is gone"):
        client.activities(ACCESS, AFTER, BEFORE, lease_lost)
    assert len(stand_in.received) == 1


def test_a_page_that_fails_leaves_no_part_of_a_list(client: StravaClient, stand_in: StandIn) -> None:
    first = pages(runs(1, PER_PAGE))
    stand_in.answer = lambda request: first(request) if request.query["page"] == "1" else Answer(502)
    with pytest.raises(RetryLater, match="502"):
        client.activities(ACCESS, AFTER, BEFORE)


def test_a_run_uploaded_between_two_pages_counts_no_other_twice(client: StravaClient, stand_in: StandIn) -> None:
    stand_in.answer = pages(runs(1, PER_PAGE), [run(200, distance=9000.0), run(201)])
    listing = client.activities(ACCESS, AFTER, BEFORE)
    assert len(listing.activities) == 201
    assert next(activity for activity in listing.activities if activity.id == 200).distance_m == 9000.0


def test_an_odd_activity_costs_itself_and_is_named_for_the_log(client: StravaClient, stand_in: StandIn) -> None:
    stand_in.answer = pages([run(1), None, run(2, start_date_local="?"), run(3, distance="x"), "run", run(4)])
    listing = client.activities(ACCESS, AFTER, BEFORE)
    assert [activity.id for activity in listing.activities] == [1, 3, 4]
    assert {(problem.activity_id, problem.field) for problem in listing.problems} == {
        (None, "activity"),
        (2, "start_date_local"),
        (2, "start"),
        (3, "distance"),
    }


def test_a_list_of_which_nothing_can_be_read_is_not_a_runner_without_runs(
    client: StravaClient, stand_in: StandIn
) -> None:
    stand_in.answer = pages([{"activity": run(1)}, {"activity": run(2)}])
    with pytest.raises(RetryLater, match="not one activity"):
        client.activities(ACCESS, AFTER, BEFORE)


def test_a_server_that_repeats_itself_for_ever_is_left_in_the_end(client: StravaClient, stand_in: StandIn) -> None:
    stand_in.answer = says([None] * PER_PAGE)
    with pytest.raises(RetryLater, match="did not end"):
        client.activities(ACCESS, AFTER, BEFORE)
    assert len(stand_in.received) == MOST_PAGES


def test_a_window_without_a_zone_is_refused_before_it_is_asked(client: StravaClient, stand_in: StandIn) -> None:
    with pytest.raises(ValueError, match="zone"):
        client.activities(ACCESS, AFTER.replace(tzinfo=None), BEFORE)
    assert stand_in.received == []


def test_the_host_of_2027_has_no_prefix_and_the_old_one_keeps_the_tokens(stand_in: StandIn) -> None:
    with StandIn() as tokens:
        client = StravaClient(
            CLIENT_ID,
            SecretStr(CLIENT_SECRET),
            oauth_base=f"{tokens.url}/",
            api_base=f"{stand_in.url}/",
            clock=lambda: NOW,
        )
        tokens.answer, stand_in.answer = says(FRESH), pages(runs(1, 2))
        client.refresh(REFRESH)
        client.activities(ACCESS, AFTER, BEFORE)
        assert [request.path for request in tokens.received] == ["/oauth/token"]
        assert [request.path for request in stand_in.received] == ["/athlete/activities"]


def test_one_activity_is_read_by_its_id(client: StravaClient, stand_in: StandIn) -> None:
    stand_in.answer = says(run(15_000_000_019, average_heartrate=-1))
    activity, problems = client.activity(ACCESS, 15_000_000_019)
    assert activity.distance_m == 8000.0
    assert [problem.field for problem in problems] == ["average_heartrate"]
    assert stand_in.received[0].path == "/api/v3/activities/15000000019"


@pytest.mark.parametrize("answer", [Answer(404), says({"message": "Record Not Found", "errors": []}, 404)])
def test_an_activity_that_is_gone_is_given_up_and_a_list_that_is_gone_is_not(
    client: StravaClient, stand_in: StandIn, answer: Answer
) -> None:
    stand_in.answer = answer
    with pytest.raises(GiveUp):
        client.activity(ACCESS, 7)
    with pytest.raises(RetryLater):
        client.activities(ACCESS, AFTER, BEFORE)


def test_the_account_behind_a_token_has_its_id(client: StravaClient, stand_in: StandIn) -> None:
    stand_in.answer = says({"id": "134815", "measurement_preference": "feet"})
    assert client.athlete(ACCESS) == {"id": 134815, "measurement_preference": "feet"}


# --- being told


def test_a_subscription_is_made_with_everything_in_the_body(client: StravaClient, stand_in: StandIn) -> None:
    stand_in.answer = says({"id": 123456, "resource_state": 2, "application_id": 24523}, 201)
    assert client.create_subscription("https://runs.example/push", VERIFY) == 123456
    asked = stand_in.received[0]
    assert asked.target == "/api/v3/push_subscriptions"
    assert asked.form["callback_url"] == "https://runs.example/push"
    assert asked.form["verify_token"] == VERIFY


def test_a_subscription_that_strava_refuses_says_why(client: StravaClient, stand_in: StandIn) -> None:
    stand_in.answer = refuses(400, "PushSubscription", "callback url", "not verifiable")
    with pytest.raises(GiveUp, match="PushSubscription / callback url / not verifiable"):
        client.create_subscription("https://runs.example/push", VERIFY)


def test_the_subscription_there_is_can_be_seen(client: StravaClient, stand_in: StandIn) -> None:
    stand_in.answer = says([{"id": 123456, "callback_url": "https://runs.example/push", "new": None}])
    assert client.subscriptions() == [Subscription(123456, "https://runs.example/push")]
    stand_in.answer = says([])
    assert client.subscriptions() == []


def test_a_subscription_is_ended_with_the_secret_in_the_body(client: StravaClient, stand_in: StandIn) -> None:
    stand_in.answer = Answer(204)
    client.delete_subscription(123456)
    asked = stand_in.received[0]
    assert (asked.method, asked.target) == ("DELETE", "/api/v3/push_subscriptions/123456")
    assert asked.form == {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}


def test_a_subscription_that_is_not_there_cannot_be_ended(client: StravaClient, stand_in: StandIn) -> None:
    stand_in.answer = Answer(404)
    with pytest.raises(GiveUp):
        client.delete_subscription(123456)


# --- what goes wrong

Ask = Callable[[StravaClient], object]
CALLS: dict[str, Ask] = {
    "exchange": lambda client: client.exchange(CODE, "read"),
    "refresh": lambda client: client.refresh(REFRESH),
    "revoke": lambda client: client.revoke(REFRESH),
    "activities": lambda client: client.activities(ACCESS, AFTER, BEFORE),
    "activity": lambda client: client.activity(ACCESS, 7),
    "athlete": lambda client: client.athlete(ACCESS),
    "create_subscription": lambda client: client.create_subscription("https://runs.example/push", VERIFY),
    "subscriptions": lambda client: client.subscriptions(),
    "delete_subscription": lambda client: client.delete_subscription(123456),
}
every_call = pytest.mark.parametrize("ask", CALLS.values(), ids=CALLS)
every_call_that_expects_json = pytest.mark.parametrize(
    "ask", [ask for name, ask in CALLS.items() if name not in {"revoke", "delete_subscription"}]
)

BROKEN = {
    "internal error": says({"message": "error"}, 500),
    "bad gateway": page("<html>502</html>", 502),
    "busy": Answer(503),
    "597": Answer(597),
    "a proxy that wants a login": page("<html>login</html>", 401),
    "a firewall": page("<html>blocked</html>", 403),
    "a wrong address": page("<html>not here</html>", 404),
    "a refusal in no words of Strava's": says(["no"], 400),
    "a refusal without end": Answer(400, b"[" * 100_000),
    "a redirect": Answer(302, b"[]", {"Location": "http://127.0.0.1:9/"}),
    "dropped": DROPPED,
    "cut short": Answer(200, b'[{"id": 1', promised=500),
    "an unknown compression": Answer(200, b"\x1f\x8bno", {"Content-Encoding": "gzip"}),
}
UNUSABLE = {
    "a portal": page("<html>welcome</html>"),
    "nothing": Answer(200),
    "half": Answer(200, b'[{"id": 1'),
    "another text": Answer(200, b"\xff\xfe\xfa"),
    "null": says(None),
    "a number": says(5),
    "a text": says("ok"),
    "an object without anything": says({}),
    "an error with a good status": says({"message": "error"}),
    "a list of something else": says([[1]]),
    "depth": Answer(200, b"[" * 100_000),
}


@every_call
@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN)
def test_whatever_is_broken_over_there_may_be_whole_later(
    client: StravaClient, stand_in: StandIn, ask: Ask, answer: Answer
) -> None:
    stand_in.answer = answer
    with pytest.raises(RetryLater) as caught:
        ask(client)
    assert caught.value.at is None


@every_call_that_expects_json
@pytest.mark.parametrize("answer", UNUSABLE.values(), ids=UNUSABLE)
def test_a_good_status_over_something_else_is_not_believed(
    client: StravaClient, stand_in: StandIn, ask: Ask, answer: Answer
) -> None:
    stand_in.answer = answer
    with pytest.raises(RetryLater):
        ask(client)


@pytest.mark.parametrize(
    "changes",
    [
        {"access_token": None},
        {"access_token": ""},
        {"refresh_token": 5},
        {"expires_at": None},
        {"expires_at": "soon"},
        {"expires_at": 10**30},
        {"expires_at": float("nan")},
    ],
)
def test_tokens_that_are_not_whole_are_not_taken(
    client: StravaClient, stand_in: StandIn, changes: dict[str, Any]
) -> None:
    stand_in.answer = says({**FRESH, **changes})
    with pytest.raises(RetryLater):
        client.refresh(REFRESH)


@every_call
def test_nobody_listening_is_a_matter_of_waiting(stand_in: StandIn, ask: Ask) -> None:
    with StandIn() as gone:
        address = gone.url
    client = StravaClient(CLIENT_ID, SecretStr(CLIENT_SECRET), oauth_base=address, api_base=address, clock=lambda: NOW)
    with pytest.raises(RetryLater, match="ConnectionError"):
        ask(client)


@every_call
def test_a_machine_without_its_certificates_is_no_crash(
    stand_in: StandIn, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere/certificates.pem")
    address = stand_in.url.replace("http:", "https:")
    client = StravaClient(CLIENT_ID, SecretStr(CLIENT_SECRET), oauth_base=address, api_base=address, clock=lambda: NOW)
    with pytest.raises(RetryLater, match="OSError"):
        ask(client)


@every_call
def test_no_call_waits_for_ever(stand_in: StandIn, ask: Ask) -> None:
    stand_in.answer = SILENCE
    client = StravaClient(
        CLIENT_ID,
        SecretStr(CLIENT_SECRET),
        oauth_base=stand_in.url,
        api_base=stand_in.url,
        timeout_s=0.05,
        clock=lambda: NOW,
    )
    with pytest.raises(RetryLater, match="Timeout"):
        ask(client)


@pytest.mark.parametrize("name", ["activities", "activity", "athlete"])
def test_a_dead_access_token_and_a_missing_scope_can_be_told_apart(
    client: StravaClient, stand_in: StandIn, name: str
) -> None:
    stand_in.answer = refuses(401, "Athlete", "access_token", "invalid", "Authorization Error")
    with pytest.raises(ConnectionRefused) as dead:
        CALLS[name](client)
    assert dead.value.reason == "dead-access-token"
    stand_in.answer = refuses(401, "AccessToken", "activity:read_permission", "missing", "Authorization Error")
    with pytest.raises(SignInAgain) as scope:
        CALLS[name](client)
    assert getattr(scope.value, "reason", "") == "missing-scope"


@every_call
def test_an_inactive_application_is_for_the_operator_whoever_asked(
    client: StravaClient, stand_in: StandIn, ask: Ask
) -> None:
    stand_in.answer = refuses(403, "Application", "Status", "Inactive", "Forbidden")
    with pytest.raises(OperatorNeeded, match="subscription"):
        ask(client)


@pytest.mark.parametrize("name", ["revoke", "create_subscription", "subscriptions", "delete_subscription"])
def test_a_wrong_secret_is_for_the_operator(client: StravaClient, stand_in: StandIn, name: str) -> None:
    stand_in.answer = refuses(401, "Application", "", "invalid", "Authorization Error")
    with pytest.raises(OperatorNeeded):
        CALLS[name](client)


def too_many(**changes: str) -> Answer:
    body = {
        "message": "Rate Limit Exceeded",
        "errors": [{"resource": "Application", "field": "overall rate limit", "code": "exceeded"}],
    }
    return says(body, 429, **changes)


NEXT_QUARTER, MIDNIGHT = datetime(2026, 11, 23, 10, 15, tzinfo=UTC), datetime(2026, 11, 24, tzinfo=UTC)


@pytest.mark.parametrize(
    ("answer", "at"),
    [
        (too_many(**LIMITS), None),
        (too_many(**{**LIMITS, "X_Readratelimit_Usage": "101,500"}), NEXT_QUARTER),
        (too_many(**{**LIMITS, "X_Readratelimit_Usage": "101,1001"}), MIDNIGHT),
        (too_many(**{**LIMITS, "X_Ratelimit_Usage": "5,2000"}), MIDNIGHT),
        (too_many(), NEXT_QUARTER),
        (says({"errors": "Rate Limit Exceeded", "status": 429, "message": "Too Many Requests"}, 429), NEXT_QUARTER),
        (page("<html>slow down</html>", 429), NEXT_QUARTER),
    ],
)
@every_call
def test_a_used_up_limit_says_when_there_is_room_again(
    client: StravaClient, stand_in: StandIn, ask: Ask, answer: Answer, at: datetime | None
) -> None:
    stand_in.answer = answer
    with pytest.raises(RetryLater) as caught:
        ask(client)
    assert caught.value.at == at


class Book:
    """A ledger that writes down what it is asked and told, and may have no room."""

    def __init__(self) -> None:
        self.reserved: list[Purpose] = []
        self.told: list[tuple[Usage, bool]] = []
        self.is_full = False

    def reserve(self, purpose: Purpose) -> Slot:
        if self.is_full:
            raise NoRoom(at=NEXT_QUARTER)
        self.reserved.append(purpose)
        return Slot(NOW)

    def note(self, slot: Slot, usage: Usage, *, refused: bool) -> None:
        assert slot == Slot(NOW)
        self.told.append((usage, refused))


def counted(stand_in: StandIn, book: Book) -> StravaClient:
    return StravaClient(
        CLIENT_ID,
        SecretStr(CLIENT_SECRET),
        oauth_base=stand_in.url,
        api_base=f"{stand_in.url}/api/v3",
        clock=lambda: NOW,
        ledger=book,
    )


def test_every_call_of_the_api_is_counted_before_it_goes_out(stand_in: StandIn) -> None:
    book = Book()
    client = counted(stand_in, book)
    stand_in.answer = pages(runs(1, PER_PAGE), runs(1001, 3))
    client.activities(ACCESS, AFTER, BEFORE, purpose=Purpose.RECONCILE)
    assert book.reserved == [Purpose.RECONCILE, Purpose.RECONCILE]
    assert [usage.day for usage, _ in book.told] == [Count(151, 2000), Count(151, 2000)]


def test_details_are_asked_as_details(stand_in: StandIn) -> None:
    book = Book()
    stand_in.answer = says({"id": "g1", "name": "Long Road", "distance": 1000})
    counted(stand_in, book).gear(ACCESS, "g1")
    assert book.reserved == [Purpose.DETAIL]


def test_where_the_ledger_has_no_room_nothing_goes_out(stand_in: StandIn) -> None:
    book = Book()
    book.is_full = True
    with pytest.raises(NoRoom) as caught:
        counted(stand_in, book).activities(ACCESS, AFTER, BEFORE)
    assert caught.value.at == NEXT_QUARTER
    assert stand_in.received == []


def test_a_refused_call_is_told_to_the_ledger_as_refused(stand_in: StandIn) -> None:
    book = Book()
    stand_in.answer = too_many()
    with pytest.raises(RetryLater):
        counted(stand_in, book).activities(ACCESS, AFTER, BEFORE)
    assert [(usage.is_known, refused) for usage, refused in book.told] == [(False, True)]


def test_signing_in_and_renewing_count_nothing(stand_in: StandIn) -> None:
    book = Book()
    stand_in.answer = says(FRESH)
    counted(stand_in, book).refresh(REFRESH)
    assert book.reserved == []


# --- secrets

SECRETS = (
    CLIENT_SECRET,
    ACCESS,
    REFRESH,
    CODE,
    VERIFY,
    b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode(),
)
TELLTALE = says(
    {
        "message": ACCESS,
        "errors": [{"resource": f"Token {ACCESS}", "field": CLIENT_SECRET, "code": f"{REFRESH}\nforged line"}],
    },
    400,
)


@every_call
@pytest.mark.parametrize("answer", [TELLTALE, replace(TELLTALE, status=401), Answer(500), DROPPED, Answer(200)])
def test_no_secret_and_no_token_is_in_an_error_a_log_or_a_traceback(
    client: StravaClient, stand_in: StandIn, ask: Ask, answer: Answer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    stand_in.answer = answer
    error: BaseException | None = None
    try:
        ask(client)
    except AdapterError as caught:
        error = caught
    if error is not None:
        assert error.__context__ is None
        assert error.__cause__ is None
        assert "\n" not in str(error)
    told = caplog.text + "".join(traceback.format_exception(error))
    assert "urllib3" in told or "Strava" in told
    assert [secret for secret in SECRETS if secret in told] == []


@every_call
def test_no_token_is_in_an_address(client: StravaClient, stand_in: StandIn, ask: Ask) -> None:
    stand_in.answer = Answer(500)
    with pytest.raises(RetryLater):
        ask(client)
    asked = stand_in.received[0]
    assert [secret for secret in (ACCESS, REFRESH, CODE) if secret in asked.target] == []
    # Strava takes the secret for this one call in no other way.
    assert CLIENT_SECRET not in asked.target or asked.path == "/api/v3/push_subscriptions"


def test_tokens_do_not_show_themselves(client: StravaClient, stand_in: StandIn) -> None:
    stand_in.answer = says({**FRESH, "athlete": {"id": 134815}})
    shown = repr(client.exchange(CODE, "read")) + repr(client.refresh(REFRESH)) + repr(client)
    assert [secret for secret in SECRETS if secret in shown] == []


def test_a_redirect_is_not_followed_with_a_token_in_hand(client: StravaClient, stand_in: StandIn) -> None:
    with StandIn() as elsewhere:
        stand_in.answer = Answer(307, b"", {"Location": f"{elsewhere.url}/oauth/token"})
        with pytest.raises(RetryLater, match="307"):
            client.refresh(REFRESH)
        assert elsewhere.received == []


# --- surroundings


def test_a_netrc_of_the_machine_does_not_take_the_place_of_the_token(
    client: StravaClient, stand_in: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    stand_in.answer = pages([])
    client.activities(ACCESS, AFTER, BEFORE)
    assert stand_in.received[0].headers["Authorization"] == f"Bearer {ACCESS}"


def test_credentials_left_in_the_environment_change_nothing(
    client: StravaClient, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("STRAVA_CLIENT_ID", "999")
    monkeypatch.setenv("STRAVA_CLIENT_SECRET", "another")
    stand_in.answer = pages([])
    client.activities(ACCESS, AFTER, BEFORE)
    assert [request.path for request in stand_in.received] == ["/api/v3/athlete/activities"]
    assert caplog.records == []


def test_the_program_around_it_keeps_its_logging_its_warnings_and_its_environment(stand_in: StandIn) -> None:
    stand_in.answer = pages([])
    program = f"""
import logging, os, warnings
import pydantic, requests
before = (list(warnings.filters), warnings.showwarning, dict(os.environ))
from datetime import UTC, datetime
from pydantic import SecretStr
from integrations.strava.client import StravaClient
now = datetime(2026, 11, 23, tzinfo=UTC)
client = StravaClient("1", SecretStr("s"), api_base="{stand_in.url}", clock=lambda: now)
client.activities("token", datetime(2026, 5, 21, tzinfo=UTC), now)
assert (list(warnings.filters), warnings.showwarning, dict(os.environ)) == before
assert logging.getLogger().handlers == []
logging.captureWarnings(True)
assert warnings.showwarning is not before[1]
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_several_runners_at_once_get_each_their_own(client: StravaClient, stand_in: StandIn) -> None:
    def own(request: Request) -> Answer:
        runner = int(request.headers["Authorization"].removeprefix("Bearer runner-"))
        return says(runs(1000 * runner, PER_PAGE if request.query["page"] == "1" else runner), **LIMITS)

    def listed(runner: int) -> set[int]:
        return {activity.id // 1000 for activity in client.activities(f"runner-{runner}", AFTER, BEFORE).activities}

    stand_in.answer = own
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(listed, range(1, 25))) == [{runner} for runner in range(1, 25)]


@pytest.mark.real_data
def test_real_pages_are_listed_whole(client: StravaClient, stand_in: StandIn, exports: Path) -> None:
    bodies = [
        body for path in sorted((exports / "api" / "pages").glob("*.json")) for body in json.loads(path.read_text())
    ]
    stand_in.answer = pages(*(bodies[first : first + PER_PAGE] for first in range(0, len(bodies), PER_PAGE)))
    listing = client.activities(ACCESS, AFTER, BEFORE)
    assert {activity.id for activity in listing.activities} == {body["id"] for body in bodies}
    assert (listing.problems, listing.pages) == ((), 6)


@pytest.mark.real_data
def test_every_recorded_refusal_becomes_the_right_error(client: StravaClient, stand_in: StandIn, exports: Path) -> None:
    expected = {
        "client/activity_with_ratelimit_exceeded.yml": ("activity", RetryLater),
        "client/authorization_error.yml": ("activity", SignInAgain),
        "client/not_found_error.yml": ("activity", GiveUp),
        "oauth/token_invalid_client.yml": ("exchange", OperatorNeeded),
        "oauth/token_invalid_code.yml": ("exchange", CodeRefused),
    }
    exchanges = json.loads((exports / "http" / "recorded_exchanges.json").read_text())
    refused = [exchange for exchange in exchanges if exchange["status"]["code"] >= 400]
    assert {exchange["file"] for exchange in refused} == set(expected)
    for exchange in refused:
        headers = {name: values[0] for name, values in exchange["headers"].items() if name != "Date"}
        stand_in.answer = Answer(exchange["status"]["code"], exchange["body"].encode(), headers)
        name, error = expected[exchange["file"]]
        with pytest.raises(error):
            CALLS[name](client)


@pytest.mark.real_data
def test_recorded_subscriptions_and_tokens_are_understood(
    client: StravaClient, stand_in: StandIn, exports: Path
) -> None:
    exchanges = json.loads((exports / "http" / "recorded_exchanges.json").read_text())
    whole = [exchange for exchange in exchanges if not str(exchange["body"]).startswith("<")]

    def recorded(method: str, part: str, status: int, holding: str) -> Answer:
        for exchange in whole:
            same = (exchange["method"], exchange["status"]["code"]) == (method, status)
            if same and part in exchange["uri"] and holding in exchange["body"]:
                return Answer(status, exchange["body"].encode())
        raise LookupError(part)

    stand_in.answer = recorded("POST", "/oauth/token", 200, "new-refresh-token")
    assert client.refresh(REFRESH).refresh_token == "new-refresh-token"
    stand_in.answer = recorded("POST", "push_subscriptions", 201, "id")
    assert client.create_subscription("http://example.ngrok.io/", VERIFY) == 123456
    stand_in.answer = recorded("GET", "push_subscriptions", 200, "id")
    assert client.subscriptions() == [Subscription(123456, "http://example.ngrok.io/")]
    stand_in.answer = recorded("DELETE", "push_subscriptions", 204, "")
    client.delete_subscription(123456)
