"""Strava's pushes as the service takes them in: stored, counted, or passed over; never believed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from integrations.strava.events import Challenge
from integrations.strava.simulator import Fault
from service import push
from tests.service.tables import tables
from tests.world import RUNNER, World, world


@pytest.fixture
def home(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path, poll_minutes=2880) as built:
        built.connect()
        yield built


def body(**changes: Any) -> bytes:
    event = {
        "object_type": "activity",
        "object_id": 7,
        "aspect_type": "create",
        "owner_id": RUNNER,
        "subscription_id": 1,
        "event_time": 1_780_000_000,
        "updates": {},
    }
    return json.dumps(event | changes).encode()


def kept(home: World) -> list[tuple[int, str]]:
    return [(row["object_id"], row["aspect"]) for row in tables(home.service)["push_events"]]


def test_a_push_is_kept_makes_a_sync_due_and_nudges_the_queue(home):
    nudged: list[str] = []
    home.service = replace(home.service, nudges=replace(home.service.nudges, sync=lambda: nudged.append("sync")))
    home.clock.advance_to(home.connection.sync_due_at.replace(hour=13, day=1))
    push.receive(home.service, body())
    assert kept(home) == [(7, "create")]
    assert home.connection.sync_due_at == home.clock()
    assert nudged == ["sync"]


def test_the_same_push_is_kept_once(home):
    for _ in range(3):
        push.receive(home.service, body())
    assert kept(home) == [(7, "create")]


def test_two_pushes_about_one_run_are_two(home):
    push.receive(home.service, body())
    push.receive(home.service, body(aspect_type="update", updates={"title": "New"}))
    assert kept(home) == [(7, "create"), (7, "update")]


def test_a_push_about_the_athlete_is_never_taken_for_one_about_a_run(home):
    push.receive(home.service, body(object_type="athlete", object_id=RUNNER, aspect_type="create"))
    assert kept(home) == [(RUNNER, "athlete-create")]


def test_a_new_kind_of_push_is_a_hint_like_any_other(home):
    push.receive(home.service, body(aspect_type="a-word-that-strava-made-up-later"))
    assert len(kept(home)) == 1
    home.work()
    assert tables(home.service)["push_events"][0]["done_at"] is not None


def test_before_a_subscription_is_known_every_number_is_taken(home):
    push.receive(home.service, body(subscription_id=123))
    assert len(kept(home)) == 1


def test_what_is_ignored_is_counted_by_its_reason(home):
    with home.service.store.transaction() as tx:
        tx.instance.put(push.SUBSCRIPTION, "1")
    for odd in (b"?", b"{}", body(object_id=-1), body(event_time="soon")):
        push.receive(home.service, odd)
    push.receive(home.service, body(owner_id=8))
    push.receive(home.service, body(subscription_id=2))
    push.receive(home.service, body(subscription_id=2, owner_id=8))
    names = ("nonsense", "unknown-owner", "unknown-subscription")
    assert [home.instance(f"push-ignored:{name}") for name in names] == ["4", "1", "2"]
    assert kept(home) == []


def test_an_event_longer_than_any_of_stravas_is_nonsense(home):
    push.receive(home.service, body(updates={"title": "x" * push.LARGEST_EVENT}))
    assert home.instance("push-ignored:nonsense") == "1"


def test_the_secrets_of_the_callback_are_made_once_and_cannot_be_guessed(home):
    first = push.push_secrets(home.service)
    assert push.push_secrets(home.service) == first
    assert first.path != first.verify_token
    assert min(len(first.path), len(first.verify_token)) >= 32
    assert push.callback_path(home.service) == f"/strava/push/{first.path}"


def test_stravas_question_is_answered_to_who_knows_our_token_alone(home):
    token = push.push_secrets(home.service).verify_token
    asked = {"hub.mode": "subscribe", "hub.challenge": "15f7d1a9"}
    right = Challenge.model_validate(asked | {"hub.verify_token": token})
    assert push.validate(home.service, right) == {"hub.challenge": "15f7d1a9"}
    assert push.validate(home.service, Challenge.model_validate(asked | {"hub.verify_token": "guess"})) is None


# The subscription


def test_a_subscription_is_made_once_and_remembered(tmp_path):
    with world(tmp_path, pushes=True) as home:
        made = home.simulator.subscription
        assert made is not None
        assert home.instance(push.SUBSCRIPTION) == str(made.id)
        push.ensure_subscription(home.service)
        assert home.simulator.subscription == made


def test_without_a_public_address_nobody_is_asked_to_push(home):
    quiet = replace(home.service, settings=home.service.settings.model_copy(update={"public_url": ""}))
    push.ensure_subscription(quiet)
    assert home.simulator.calls_to("subscriptions") == ()


def test_an_address_that_strava_cannot_reach_leaves_the_schedule(home, caplog):
    push.ensure_subscription(home.service)
    assert home.instance(push.SUBSCRIPTION) is None
    assert "read by schedule alone" in caplog.text


@pytest.mark.parametrize("fault", list(Fault))
def test_a_strava_that_fails_leaves_the_schedule(home, fault, caplog):
    home.simulator.faults.fail_next("subscriptions", fault)
    push.ensure_subscription(home.service)
    assert home.instance(push.SUBSCRIPTION) is None
    assert "read by schedule alone" in caplog.text


def test_a_subscription_of_somebody_else_is_left_alone(tmp_path, caplog):
    with world(tmp_path, pushes=True) as home:
        theirs = home.simulator.subscription
        with home.service.store.transaction() as tx:
            for name in (push.CALLBACK_SECRET, push.SUBSCRIPTION):  # as if another installation had made it
                tx.instance.remove(name)
        push.ensure_subscription(home.service)
        assert home.simulator.subscription == theirs
        assert home.instance(push.SUBSCRIPTION) is None
        assert "another address" in caplog.text
