"""Strava's callback address: known by its secret alone, and always content."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import event as sql_event

from service import push, subscription
from service.web.pushes import BURST, EVENTS_PER_S
from tests.service.web.conftest import RUNNER, Home, Site
from tests.world import run


def callback(site: Site) -> str:
    return push.callback_path(site.service)


BODY: dict[str, object] = {
    "object_type": "activity",
    "object_id": 1,
    "aspect_type": "create",
    "updates": {},
    "owner_id": RUNNER,
    "subscription_id": 1,
    "event_time": 1_780_000_000,
}


def post(site: Site, **event: object) -> httpx.Response:
    return httpx.post(site.url + callback(site), json=BODY | event)


def counted(site: Site, why: str) -> int:
    with site.service.store.transaction() as tx:
        return int(tx.instance.get(f"push-ignored:{why}") or 0)


def test_strava_validates_the_address_and_then_pushes_to_it(home: Home) -> None:
    subscription.ensure(home.site.service)
    assert home.site.simulator.subscription is not None
    morning = (home.site.clock() + timedelta(days=1)).replace(hour=7, tzinfo=None)
    later = run(morning, 15.0)
    home.site.simulator.add_activity(RUNNER, later)
    home.site.clock.advance_to(later.uploaded_at)
    assert home.site.simulator.deliver_events() == 1
    home.site.clock.advance(push.PUSH_WAIT)
    home.site.work()
    assert home.site.message_id("alert")


def test_who_does_not_know_the_secret_finds_nothing(fresh: Site) -> None:
    assert httpx.get(f"{fresh.url}/strava/push/guessed").status_code == 404
    assert httpx.post(f"{fresh.url}/strava/push/guessed", json={}).status_code == 404


@pytest.mark.parametrize("token", ["wrong", ""])
def test_a_validation_with_a_wrong_token_is_refused(fresh: Site, token: str) -> None:
    question = {"hub.mode": "subscribe", "hub.challenge": "abc", "hub.verify_token": token}
    assert httpx.get(fresh.url + callback(fresh), params=question).status_code == 403
    assert httpx.get(fresh.url + callback(fresh)).status_code == 403


def test_a_right_validation_gets_its_challenge_back(fresh: Site) -> None:
    token = push.push_secrets(fresh.service).verify_token
    question = {"hub.mode": "subscribe", "hub.challenge": "abc", "hub.verify_token": token}
    assert httpx.get(fresh.url + callback(fresh), params=question).json() == {"hub.challenge": "abc"}


@pytest.mark.parametrize("body", [b"", b"nonsense", b"[]", b"\xff\xfe", b'{"owner_id": "me"}', b"x" * 20_000])
def test_nonsense_is_answered_counted_and_ignored(home: Home, body: bytes) -> None:
    assert httpx.post(home.site.url + callback(home.site), content=body).status_code == 200
    assert counted(home.site, "nonsense") == 1


def test_events_of_strangers_are_answered_counted_and_ignored(home: Home) -> None:
    assert post(home.site, owner_id=99).status_code == 200
    assert counted(home.site, "unknown-owner") == 1
    home.browser.open("/operator")
    assert "Ignored: unknown runner 1" in home.browser.text


def test_events_of_another_subscription_are_answered_counted_and_ignored(home: Home) -> None:
    subscription.ensure(home.site.service)
    assert post(home.site, subscription_id=999).status_code == 200
    assert counted(home.site, "unknown-subscription") == 1


def test_an_event_asks_for_a_sync_a_moment_later(home: Home) -> None:
    assert post(home.site).status_code == 200
    with home.site.service.store.transaction() as tx:
        connection = tx.connections.get(1)
    assert connection is not None
    assert connection.sync_due_at == home.site.clock() + push.PUSH_WAIT


# Too many at once


def statements(site: Site) -> list[str]:
    """Every statement to the database from now on."""
    seen: list[str] = []
    sql_event.listen(site.service.store.engine, "before_cursor_execute", lambda *about: seen.append(about[2]))
    return seen


def test_more_at_once_than_anybody_sends_is_turned_away_without_a_look_into_the_database(home: Home) -> None:
    site = home.site
    with httpx.Client() as client:
        url = site.url + callback(site)
        statuses = [client.post(url, content=b"?").status_code for _ in range(BURST)]
        seen = statements(site)
        answer = client.post(url, content=b"?")
        assert client.get(url).status_code == 429
    assert set(statuses) == {200}
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "10")
    assert seen == []
    site.clock.advance(timedelta(seconds=1 / EVENTS_PER_S))
    assert post(site).status_code == 200
    assert counted(site, "too-many") == 2
    assert counted(site, "nonsense") == BURST


def test_strangers_who_guess_leave_the_room_to_strava_and_cost_no_look_into_the_database(home: Home) -> None:
    assert post(home.site).status_code == 200  # the path is known from here on
    seen = statements(home.site)
    with httpx.Client() as client:
        for _ in range(BURST + 1):
            assert client.post(f"{home.site.url}/strava/push/guessed", json={}).status_code == 404
    assert seen == []
    assert post(home.site, object_id=2).status_code == 200


# Signatures


def test_the_header_that_strava_signs_in_is_read(home: Home) -> None:
    moment = int(home.site.clock().timestamp())
    secret = home.site.simulator.client_secret.encode()
    raw = json.dumps(BODY | {"event_time": moment}).encode()
    digest = hmac.new(secret, f"{moment}.".encode() + raw, hashlib.sha256).hexdigest()
    header = {"X-Strava-Signature": f"t={moment},v1={digest}"}
    assert httpx.post(home.site.url + callback(home.site), content=raw, headers=header).status_code == 200
    assert post(home.site, object_id=2).status_code == 200
    assert counted(home.site, "bad-signature") == 1


# What the operator sees


def test_the_operator_sees_how_pushes_stand_and_when_the_last_one_came(home: Home) -> None:
    home.browser.open("/operator")
    assert "Not looked at yet." in home.browser.text
    subscription.ensure(home.site.service)
    home.browser.open("/operator")
    assert "Strava tells us of new runs at once." in home.browser.text
    assert "Last push never" in home.browser.text
    assert home.site.simulator.subscription is not None
    assert post(home.site, subscription_id=home.site.simulator.subscription.id).status_code == 200
    home.browser.open("/operator")
    assert "Last push Jun 1, 2026" in home.browser.text


def test_the_operator_sees_the_cure_and_never_the_path(home: Home) -> None:
    subscription.ensure(home.site.service)
    home.site.simulator.drop_subscription()
    kept = callback(home.site)
    with home.site.service.store.transaction() as tx:
        tx.instance.put(push.CALLBACK_SECRET, "a-path-that-nobody-serves")
    subscription.ensure(home.site.service)
    home.browser.open("/operator")
    assert "Strava could not reach our address" in home.browser.text
    assert "without a sign-in" in home.browser.text
    assert "all are read by schedule alone, up to 15 minutes late" in home.browser.text
    assert home.browser.page is not None
    for secret in (kept, "a-path-that-nobody-serves"):
        assert secret not in home.browser.page.text
