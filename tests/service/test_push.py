"""Strava's pushes as the service takes them in: stored, counted, or passed over; never believed."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from integrations.strava.events import Challenge
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


def test_a_push_is_kept_and_makes_a_sync_due_a_moment_later(home):
    push.receive(home.service, body())
    assert kept(home) == [(7, "create")]
    assert home.connection.sync_due_at == home.clock() + push.PUSH_WAIT


def test_several_pushes_in_a_short_time_cost_one_read(home):
    before = len(home.simulator.calls_to("list"))
    first = home.clock()
    for number in range(5):
        push.receive(home.service, body(aspect_type="update", updates={"title": str(number)}))
        home.clock.advance(push.PUSH_WAIT / 5)
    assert home.connection.sync_due_at == first + push.PUSH_WAIT
    home.live(hours=1)
    assert len(home.simulator.calls_to("list")) == before + 1
    assert all(row["done_at"] for row in tables(home.service)["push_events"])


def test_a_sync_that_is_due_already_is_not_put_off_by_a_push(home):
    with home.service.store.transaction() as tx:
        tx.connections.nudge(1, home.clock())
    push.receive(home.service, body())
    assert home.connection.sync_due_at == home.clock()


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
    home.live_until(home.clock() + push.PUSH_WAIT)
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


# Events that are odd in time or number


@pytest.mark.parametrize(("off", "is_kept"), [(-31, False), (-29, True), (0.9, True), (1.1, False)])
def test_an_event_from_long_ago_or_from_the_future_is_ignored_and_counted(home, off, is_kept):
    push.receive(home.service, body(event_time=int((home.clock() + timedelta(days=off)).timestamp())))
    assert len(kept(home)) == is_kept
    assert home.instance("push-ignored:unlikely-time") == (None if is_kept else "1")


def test_of_a_flood_about_one_runner_so_many_are_kept_and_the_rest_is_the_hint_alone(home):
    for number in range(push.MOST_OPEN + 3):
        push.receive(home.service, body(object_id=number + 1))
    assert len(kept(home)) == push.MOST_OPEN
    assert home.instance("push-ignored:too-many-open") == "3"
    assert home.connection.sync_due_at == home.clock() + push.PUSH_WAIT


def test_what_was_turned_away_before_is_counted_with_the_next_event(home):
    push.receive(home.service, body(), turned_away=12)
    push.receive(home.service, b"?", turned_away=1)
    assert home.instance("push-ignored:too-many") == "13"


# Signatures


def signed(home: World, content: bytes, *, key: str | None = None, late_s: int = 0) -> str:
    moment = int(home.clock().timestamp()) - late_s
    secret = home.simulator.client_secret if key is None else key
    digest = hmac.new(secret.encode(), f"{moment}.".encode() + content, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


def test_until_a_signature_was_verified_events_without_one_count_as_ever(home):
    push.receive(home.service, body())
    assert len(kept(home)) == 1
    assert home.instance(push.SIGNED_AT) is None


def test_a_signature_that_cannot_be_verified_makes_a_hint_no_worse_and_is_logged_once(home, caplog):
    for number in (1, 2, 3):
        content = body(object_id=number)
        push.receive(home.service, content, signed(home, content, key="a-key-that-nobody-told-us"))
    assert len(kept(home)) == 3
    assert home.instance("push-noted:unverifiable-signature") == "3"
    assert caplog.text.count("cannot verify") == 1


def test_once_a_signature_was_verified_forgeries_are_ignored_for_a_week(home):
    content = body()
    push.receive(home.service, content, signed(home, content))
    assert kept(home) == [(7, "create")]
    forged = body(object_id=8)
    for header in (None, "", "nonsense", signed(home, content), signed(home, forged, late_s=301)):
        push.receive(home.service, forged, header)
    assert kept(home) == [(7, "create")]
    assert home.instance("push-ignored:bad-signature") == "5"
    home.clock.advance(push.SIGNED_FOR)
    push.receive(home.service, forged)
    assert home.instance("push-ignored:bad-signature") == "6"


def test_a_strava_that_stops_signing_is_heard_again_after_a_week(home):
    content = body()
    push.receive(home.service, content, signed(home, content))
    home.clock.advance(push.SIGNED_FOR + timedelta(seconds=1))
    push.receive(home.service, body(object_id=8))
    assert kept(home) == [(7, "create"), (8, "create")]


# The end of a connection


def test_a_withdrawn_consent_is_marked_until_a_read_proves_it_wrong(home):
    push.receive(
        home.service,
        body(object_type="athlete", object_id=RUNNER, aspect_type="update", updates={"authorized": "false"}),
    )
    with home.service.store.transaction() as tx:
        assert tx.push_events.deauthorisation_pending(1)
        assert not tx.push_events.deauthorisation_pending(2)
    home.live(minutes=1)
    with home.service.store.transaction() as tx:
        assert not tx.push_events.deauthorisation_pending(1)


def test_a_withdrawn_consent_that_strava_confirms_ends_the_connection(home):
    home.simulator.revoke(RUNNER)
    push.receive(
        home.service,
        body(object_type="athlete", object_id=RUNNER, aspect_type="update", updates={"authorized": "false"}),
    )
    home.live(minutes=1)
    with home.service.store.transaction() as tx:
        assert tx.connections.get(1) is None
        assert tx.activities.held(1) == []


def test_an_update_of_the_athlete_that_withdraws_nothing_is_no_mark(home):
    push.receive(home.service, body(object_type="athlete", object_id=RUNNER, aspect_type="update"))
    with home.service.store.transaction() as tx:
        assert tx.push_events.deauthorisations() == set()
