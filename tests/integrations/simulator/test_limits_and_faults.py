"""Rate limits, the log of calls, and everything that can be made to fail."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from integrations.strava.simulator import (
    ONE_ATHLETE,
    Fault,
    SimulatedAthlete,
    SimulatedClock,
    Simulator,
    serve,
)
from tests.integrations.simulator.conftest import KIM, NOW, ROBIN, App

LIMITED = "Rate Limit Exceeded"


def usage(answer: httpx.Response) -> tuple[str, str]:
    return answer.headers["x-ratelimit-usage"], answer.headers["x-readratelimit-usage"]


def test_every_api_answer_carries_the_four_headers(app: App):
    token = app.connect()["access_token"]
    answer = app.get("/api/v3/athlete", token)
    assert answer.headers["x-ratelimit-limit"] == "400,4000"
    assert answer.headers["x-readratelimit-limit"] == "200,2000"
    assert usage(answer) == ("1,1", "1,1")
    assert usage(app.get("/activities/1", token)) == ("2,2", "2,2")


def test_error_answers_can_be_made_to_lack_the_headers(app: App):
    app.simulator.faults.headers_on_errors = False
    token = app.connect()["access_token"]
    assert "x-ratelimit-usage" not in app.get("/api/v3/activities/1", token).headers
    assert "x-ratelimit-usage" in app.get("/api/v3/athlete", token).headers


def test_calls_of_all_athletes_count_together(app: App):
    app.get("/athlete", app.connect(ROBIN)["access_token"])
    assert usage(app.get("/athlete", app.connect(KIM)["access_token"])) == ("2,2", "2,2")


def test_windows_start_anew_on_the_quarter_hour_and_at_midnight_utc(app: App, clock: SimulatedClock):
    token = app.connect()["access_token"]
    app.get("/athlete", token)
    clock.advance(timedelta(minutes=14, seconds=59))
    assert usage(app.get("/athlete", token)) == ("2,2", "2,2")
    clock.advance(timedelta(seconds=1))
    assert usage(app.get("/athlete", token)) == ("1,3", "1,3")
    clock.advance_to(datetime(2026, 3, 11, tzinfo=UTC))
    token = app.refresh(app.simulator.connection(ROBIN).refresh_token).json()["access_token"]
    assert usage(app.get("/athlete", token)) == ("1,1", "1,1")


def test_over_the_limit_calls_are_refused_without_a_hint_when_to_return(app: App, clock: SimulatedClock):
    token = app.connect()["access_token"]
    app.simulator.spend_quota(reads=199)
    assert app.get("/athlete", token).status_code == 200
    refused = app.get("/athlete", token)
    assert refused.status_code == 429
    assert refused.json() == {
        "message": LIMITED,
        "errors": [{"resource": "Application", "field": "overall rate limit", "code": "exceeded"}],
    }
    assert "retry-after" not in refused.headers
    # The refused call counts for the day, not for the quarter hour.
    assert usage(refused) == ("200,201", "200,201")
    clock.advance(timedelta(minutes=15))
    assert app.get("/athlete", token).status_code == 200


def test_the_daily_limit_holds_until_midnight_utc(app: App, clock: SimulatedClock):
    token = app.connect()["access_token"]
    for _ in range(10):
        app.simulator.spend_quota(reads=200)
        clock.advance(timedelta(minutes=15))
    assert app.get("/athlete", token).status_code == 429
    clock.advance_to(datetime(2026, 3, 11, tzinfo=UTC))
    token = app.refresh(app.simulator.connection(ROBIN).refresh_token).json()["access_token"]
    assert app.get("/athlete", token).status_code == 200


def test_writing_uses_the_overall_bucket_only(app: App):
    app.simulator.spend_quota(writes=300)
    token = app.connect()["access_token"]
    assert usage(app.get("/athlete", token)) == ("301,301", "1,1")


def test_a_new_application_has_the_smaller_level(clock: SimulatedClock):
    simulator = Simulator(clock=clock, athletes=[SimulatedAthlete(id=ROBIN)], level=ONE_ATHLETE)
    with serve(simulator.app) as url, httpx.Client(base_url=url, trust_env=False) as http:
        answer = http.get("/api/v3/athlete")
    assert answer.headers["x-ratelimit-limit"] == "200,2000"
    assert answer.headers["x-readratelimit-limit"] == "100,1000"


@pytest.mark.parametrize(
    ("fault", "status", "body"),
    [
        (Fault.UNAUTHORIZED, 401, '"access_token"'),
        (Fault.INACTIVE, 403, '"Inactive"'),
        (Fault.FORBIDDEN, 403, "403 Forbidden"),
        (Fault.NOT_FOUND, 404, ""),
        (Fault.RATE_LIMITED, 429, LIMITED),
        (Fault.SERVER_ERROR, 500, '{"message":"error"}'),
        (Fault.BAD_GATEWAY, 502, "Bad Gateway"),
        (Fault.UNAVAILABLE, 503, ""),
        (Fault.HTML, 200, "<!doctype html>"),
        (Fault.EMPTY, 200, ""),
    ],
)
def test_the_next_list_call_can_be_made_to_fail_and_the_one_after_works(app: App, fault, status: int, body: str):
    token = app.connect()["access_token"]
    app.simulator.faults.fail_next("list", fault)
    answer = app.get("/api/v3/athlete/activities", token)
    assert answer.status_code == status
    assert body in answer.text
    assert (answer.text == "") == (body == "")
    assert len(app.listed(token)) == 30


def test_the_connection_can_be_made_to_drop_in_the_middle_of_an_answer(app: App):
    token = app.connect()["access_token"]
    app.simulator.faults.fail_next("list", Fault.DROP)
    with pytest.raises(httpx.RemoteProtocolError):
        app.get("/api/v3/athlete/activities", token)
    assert app.simulator.calls_to("list")[0].status is None
    assert len(app.listed(token)) == 30


def test_the_connection_can_be_reset_before_any_answer(app: App, caplog: pytest.LogCaptureFixture):
    token = app.connect()["access_token"]
    app.simulator.faults.fail_next("list", Fault.RESET)
    with pytest.raises(httpx.ReadError, match="reset by peer"):
        app.get("/api/v3/athlete/activities", token)
    assert app.simulator.calls_to("list")[0].status is None
    assert len(app.listed(token)) == 30
    # The server has nothing to complain of.
    assert [record for record in caplog.records if record.name.startswith("uvicorn")] == []


def test_a_reset_does_not_wait_for_a_program_around_it_that_repeats_the_request(simulator: Simulator):
    async def around(scope: Any, receive: Any, send: Any) -> None:
        async def again() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        await simulator.app(scope, again if scope["type"] == "http" else receive, send)

    simulator.faults.fail_next("athlete", Fault.RESET)
    with serve(around) as url, httpx.Client(base_url=url, trust_env=False, timeout=1) as http:
        with pytest.raises(httpx.ReadError, match="reset by peer"):
            http.get("/athlete")
        assert http.get("/athlete").status_code == 401


def test_a_fault_can_hit_the_second_page_only(app: App):
    token = app.connect()["access_token"]
    app.simulator.faults.fail_next("list", Fault.SERVER_ERROR, times=2, after=1)
    pages = [app.get("/athlete/activities", token, page=number).status_code for number in (1, 2, 2, 2)]
    assert pages == [200, 500, 500, 200]


def test_planned_failures_can_be_called_off(app: App):
    token = app.connect()["access_token"]
    app.simulator.faults.fail_next("athlete", Fault.SERVER_ERROR, times=99)
    app.simulator.faults.clear()
    assert app.get("/athlete", token).status_code == 200


def test_token_and_revoke_calls_can_be_made_to_fail_too(app: App):
    app.simulator.faults.fail_next("token", Fault.UNAVAILABLE)
    app.simulator.faults.fail_next("revoke", Fault.UNAVAILABLE)
    code = app.simulator.approve(ROBIN)
    assert app.exchange(code).status_code == 503
    held = app.exchange(code).json()
    basic = tuple(app.credentials.values())
    assert app.http.post("/oauth/revoke", data={"token": held["access_token"]}, auth=basic).status_code == 503
    assert app.get("/athlete", held["access_token"]).status_code == 200


def test_an_inactive_application_is_refused_everywhere(app: App):
    held = app.connect()
    app.simulator.faults.inactive = True
    listed = app.get("/api/v3/athlete/activities", held["access_token"])
    asked = {"client_id": app.simulator.client_id, "redirect_uri": "http://localhost/", "response_type": "code"}
    for answer in (listed, app.refresh(held["refresh_token"]), app.http.get("/oauth/authorize", params=asked)):
        assert answer.status_code == 403
        assert answer.json() == {
            "message": "Forbidden",
            "errors": [{"resource": "Application", "field": "Status", "code": "Inactive"}],
        }


def test_the_log_tells_who_called_what_when_and_keeps_no_secrets(app: App, clock: SimulatedClock):
    token = app.connect()["access_token"]
    clock.advance(timedelta(seconds=5))
    app.get("/api/v3/athlete/activities", token, page=2)
    app.get("/activities/1", "wrong")
    app.http.get("/api/v3/push_subscriptions", params=app.credentials)
    exchange, listed, detail, subscriptions = app.simulator.calls
    assert (exchange.method, exchange.path, exchange.status) == ("POST", "/oauth/token", 200)
    assert (listed.endpoint, listed.athlete_id, listed.status) == ("list", ROBIN, 200)
    assert (listed.at, listed.query) == (NOW + timedelta(seconds=5), {"page": "2"})
    assert (detail.endpoint, detail.athlete_id, detail.status) == ("detail", None, 401)
    assert subscriptions.query == {"client_id": app.simulator.client_id}
    assert app.simulator.calls_to("list") == (listed,)
