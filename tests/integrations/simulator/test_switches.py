"""What varies, changes or is not known of Strava, as switches."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

import pytest

from integrations.strava.simulator import SimulatedClock, run
from tests.integrations.simulator.conftest import ASKED, KIM, NOW, ROBIN, App
from tests.integrations.simulator.receiver import Receiver

CONSENT = {"client_id": "1234", "redirect_uri": "http://localhost/back", "response_type": "code", "scope": "read"}


def signature(key: str, body: bytes) -> str:
    """By hand, of a body posted now."""
    second = int(NOW.timestamp())
    return f"t={second},v1=" + hmac.new(key.encode(), f"{second}.".encode() + body, hashlib.sha256).hexdigest()


def test_events_can_be_signed_with_the_client_s_secret(app: App, receiver: Receiver):
    app.connect()
    app.subscribe(receiver)
    app.simulator.add_activity(ROBIN, run(datetime(2026, 3, 10, 11), 6000))
    app.simulator.deliver_events()
    app.simulator.modes.sign_events = True
    app.simulator.add_activity(ROBIN, run(datetime(2026, 3, 10, 11, 5), 6000))
    app.simulator.deliver_events()
    assert receiver.signatures == [None, signature(app.simulator.client_secret, receiver.raw[1])]


def test_a_forged_event_carries_the_signature_of_whoever_forged_it_or_none(app: App, receiver: Receiver):
    forged = {"object_type": "athlete", "object_id": ROBIN, "updates": {"authorized": "false"}}
    assert app.simulator.forge_event(forged, url=receiver.url) == 200
    app.subscribe(receiver)
    assert app.simulator.forge_event(forged, signed_with="guessed") == 200
    assert receiver.posts == [forged, forged]
    assert receiver.signatures == [None, signature("guessed", receiver.raw[1])]


def test_forging_tells_when_nobody_takes_it(app: App):
    assert app.simulator.forge_event({}, url="http://127.0.0.1:1/") is None
    with pytest.raises(ValueError, match="nobody is subscribed"):
        app.simulator.forge_event({})


def test_from_2027_on_only_the_header_brings_a_token(app: App):
    token = app.connect()["access_token"]
    assert app.http.get("/athlete", params={"access_token": token}).status_code == 200
    app.simulator.modes.header_only = True
    refused = app.http.get("/athlete", params={"access_token": token})
    assert refused.status_code == 401
    assert refused.json()["errors"] == [{"resource": "Athlete", "field": "access_token", "code": "invalid"}]
    assert app.get("/athlete", token).status_code == 200


def test_from_2027_on_the_older_way_to_end_a_connection_is_gone(app: App):
    token = app.connect()["access_token"]
    app.simulator.modes.header_only = True
    bearer = {"Authorization": f"Bearer {token}"}
    assert app.http.post("/oauth/deauthorize", headers=bearer).status_code == 404
    assert app.get("/athlete", token).status_code == 200
    credentials = (app.simulator.client_id, app.simulator.client_secret)
    assert app.http.post("/oauth/revoke", data={"token": token}, auth=credentials).status_code == 200
    assert app.get("/athlete", token).status_code == 401


@pytest.mark.parametrize(
    ("words", "body"),
    [
        (
            "rate limit",
            {
                "message": "Rate Limit Exceeded",
                "errors": [{"resource": "Application", "field": "rate limit", "code": "exceeded"}],
            },
        ),
        ("2018", {"errors": "Rate Limit Exceeded", "status": 429, "message": "Too Many Requests"}),
    ],
)
def test_the_words_of_a_refusal_can_be_those_of_earlier_years(app: App, words: str, body: dict):
    token = app.connect()["access_token"]
    app.simulator.modes.limit_body = words
    app.simulator.spend_quota(reads=200)
    assert app.get("/athlete", token).json() == body


def test_before_there_was_a_read_bucket_only_the_overall_one_counted_and_showed(app: App):
    token = app.connect()["access_token"]
    app.simulator.modes.read_limits = False
    app.simulator.spend_quota(reads=300)
    answer = app.get("/athlete", token)
    assert answer.headers["x-ratelimit-usage"] == "301,301"
    assert not [name for name in answer.headers if name.startswith("x-readratelimit")]
    app.simulator.spend_quota(reads=99)
    assert app.get("/athlete", token).status_code == 429


def test_streams_can_lack_the_headers_as_in_their_one_recording(app: App):
    token, newest = app.connect()["access_token"], app.simulator.activity_ids(ROBIN)[-1]
    assert "x-ratelimit-usage" in app.get(f"/activities/{newest}/streams", token, keys="time").headers
    app.simulator.modes.limits_on_streams = False
    assert "x-ratelimit-usage" not in app.get(f"/activities/{newest}/streams", token, keys="time").headers
    assert app.get("/athlete", token).headers["x-ratelimit-usage"] == "3,3"


def test_one_athlete_too_many_is_turned_away_with_a_page_and_never_sent_back(app: App):
    app.connect(ROBIN)
    app.simulator.modes.capacity = 1
    decision = {"decision": "authorize", "athlete": str(KIM), "scope": "read"}
    turned_away = app.http.post("/oauth/authorize", params=CONSENT, data=decision)
    assert turned_away.status_code == 403
    assert turned_away.headers["content-type"].startswith("text/html")
    assert "location" not in turned_away.headers


def test_one_athlete_too_many_can_be_turned_away_at_the_exchange_instead(app: App):
    app.connect(ROBIN)
    app.simulator.modes.capacity, app.simulator.modes.capacity_at_token = 1, True
    decision = {"decision": "authorize", "athlete": str(KIM), "scope": "read"}
    assert app.http.post("/oauth/authorize", params=CONSENT, data=decision).status_code == 302
    code = app.simulator.approve(KIM, ASKED)
    refused = app.exchange(code)
    assert refused.status_code == 403
    assert refused.json()["message"] == "Limit of connected athletes exceeded"
    app.simulator.revoke(ROBIN)
    assert app.exchange(code).status_code == 200


def test_a_deleted_account_takes_its_tokens_and_activities_along_and_is_announced(app: App, receiver: Receiver):
    held, newest = app.connect(), app.simulator.activity_ids(ROBIN)[-1]
    code = app.simulator.approve(ROBIN)
    app.subscribe(receiver)
    app.simulator.delete_athlete(ROBIN)
    assert app.get("/athlete", held["access_token"]).status_code == 401
    assert app.get(f"/activities/{newest}", app.connect(KIM)["access_token"]).status_code == 404
    assert app.refresh(held["refresh_token"]).json()["errors"][0]["resource"] == "RefreshToken"
    assert app.exchange(code).json()["errors"][0]["resource"] == "AuthorizationCode"
    app.simulator.deliver_events()
    assert [(post["object_type"], post["updates"]) for post in receiver.posts] == [("athlete", {"authorized": "false"})]
    with pytest.raises(KeyError):
        app.simulator.delete_athlete(ROBIN)


def test_a_deleted_account_has_nothing_more_to_come(app: App, clock: SimulatedClock):
    app.simulator.add_activity(ROBIN, run(datetime(2026, 3, 10, 18), 6000))
    assert app.simulator.next_upload() is not None
    app.simulator.delete_athlete(ROBIN)
    assert app.simulator.next_upload() is None


def test_a_run_can_be_cropped_and_nothing_tells_of_it(app: App):
    token, newest = app.connect()["access_token"], app.simulator.activity_ids(ROBIN)[-1]
    app.simulator.crop_activity(ROBIN, newest, 2000.0)
    shown = app.get(f"/activities/{newest}", token).json()
    assert (shown["distance"], shown["moving_time"], shown["average_speed"]) == (2000.0, 720, 2.778)
    assert app.simulator.pending_events == ()
    with pytest.raises(ValueError, match="crop it to less"):
        app.simulator.crop_activity(ROBIN, newest, 9000.0)
