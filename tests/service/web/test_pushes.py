"""Strava's callback address: known by its secret alone, and always content."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from service import push
from tests.service.web.conftest import RUNNER, Home, Site
from tests.world import run


def callback(site: Site) -> str:
    return push.callback_path(site.service)


def post(site: Site, **event: object) -> httpx.Response:
    body = {
        "object_type": "activity",
        "object_id": 1,
        "aspect_type": "create",
        "updates": {},
        "owner_id": RUNNER,
        "subscription_id": 1,
        "event_time": 1_780_000_000,
    }
    return httpx.post(site.url + callback(site), json=body | event)


def counted(site: Site, why: str) -> int:
    with site.service.store.transaction() as tx:
        return int(tx.instance.get(f"push-ignored:{why}") or 0)


def test_strava_validates_the_address_and_then_pushes_to_it(home: Home) -> None:
    push.ensure_subscription(home.site.service)
    assert home.site.simulator.subscription is not None
    morning = (home.site.clock() + timedelta(days=1)).replace(hour=7, tzinfo=None)
    later = run(morning, 15.0)
    home.site.simulator.add_activity(RUNNER, later)
    home.site.clock.advance_to(later.uploaded_at)
    assert home.site.simulator.deliver_events() == 1
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
    push.ensure_subscription(home.site.service)
    assert post(home.site, subscription_id=999).status_code == 200
    assert counted(home.site, "unknown-subscription") == 1


def test_an_event_asks_for_a_sync_at_once(home: Home) -> None:
    assert post(home.site).status_code == 200
    with home.site.service.store.transaction() as tx:
        connection = tx.connections.get(1)
    assert connection is not None
    assert connection.sync_due_at == home.site.clock()
