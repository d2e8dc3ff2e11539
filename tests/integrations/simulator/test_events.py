"""Push subscriptions and the delivery of events."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Query

from integrations.strava.simulator import SimulatedClock, Simulator, run, serve
from tests.integrations.simulator.conftest import ASKED, NOW, ROBIN, App
from tests.integrations.simulator.receiver import Receiver, receiving

#: A run that ended long enough ago to be uploaded.
FRESH = run(datetime(2026, 3, 10, 11), 6000)


def listening(app: App, receiver: Receiver, scopes: Sequence[str] = ASKED) -> Simulator:
    """A simulator with a subscriber, and Robin connected."""
    app.connect(ROBIN, scopes)
    assert app.subscribe(receiver).status_code == 201
    return app.simulator


def told(receiver: Receiver) -> list[tuple[str, int, dict]]:
    return [(post["aspect_type"], post["object_id"], post["updates"]) for post in receiver.posts]


def problem(answer: httpx.Response) -> tuple[int, dict[str, str]]:
    return answer.status_code, answer.json()["errors"][0]


def test_a_subscription_is_made_after_the_callback_echoed_the_challenge(app: App, receiver: Receiver):
    made = app.subscribe(receiver)
    assert made.status_code == 201
    body = made.json()
    assert (body["callback_url"], body["application_id"], body["resource_state"]) == (receiver.url, 1234, 2)
    assert body["created_at"] == "2026-03-10T12:00:00Z"
    assert receiver.verify_token == "hush"
    shown = app.http.get("/push_subscriptions", params=app.credentials)
    assert shown.json() == [body]
    assert shown.headers["x-ratelimit-usage"] == "2,2"


def test_the_callback_s_own_query_is_kept(app: App, receiver: Receiver):
    receiver.url += "?hub.verify_token=old&key=unguessable"
    assert app.subscribe(receiver).json()["callback_url"].endswith("key=unguessable")
    assert receiver.verify_token == "hush"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"validation_status": 403}, "GET to callback URL does not return 200"),
        ({"echo": "something else"}, "not verifiable"),
        ({"url": "http://127.0.0.1:9/nobody"}, "not verifiable"),
        ({"url": "no address"}, "not verifiable"),
    ],
)
def test_a_callback_that_cannot_be_verified_is_refused(app: App, receiver: Receiver, changes, code: str):
    for name, value in changes.items():
        setattr(receiver, name, value)
    expected = {"resource": "PushSubscription", "field": "callback url", "code": code}
    assert problem(app.subscribe(receiver)) == (400, expected)
    assert app.simulator.subscription is None


def test_a_second_subscription_is_refused(app: App, receiver: Receiver):
    app.subscribe(receiver)
    assert problem(app.subscribe(receiver))[0] == 400
    assert problem(app.subscribe(receiver))[1]["code"] == "already exists"


def test_a_deleted_subscription_is_gone_and_can_be_made_anew(app: App, receiver: Receiver):
    first = app.subscribe(receiver).json()["id"]
    address = f"/api/v3/push_subscriptions/{first}"
    assert app.http.delete(address, params=app.credentials).status_code == 204
    assert app.http.get("/push_subscriptions", params=app.credentials).json() == []
    assert app.http.delete(address, params=app.credentials).status_code == 404
    assert app.subscribe(receiver).json()["id"] != first


def test_subscriptions_need_the_client_s_secret(app: App, receiver: Receiver):
    app.credentials["client_secret"] = "guess"
    assert app.subscribe(receiver).status_code == 401
    assert app.http.get("/push_subscriptions", params=app.credentials).status_code == 401
    assert app.http.delete("/push_subscriptions/1", params=app.credentials).status_code == 401


def test_a_new_activity_is_announced_in_the_documented_form(app: App, receiver: Receiver):
    simulator = listening(app, receiver)
    new = simulator.add_activity(ROBIN, FRESH)
    assert simulator.deliver_events() == 1
    assert receiver.posts == [
        {
            "aspect_type": "create",
            "event_time": int(NOW.timestamp()),
            "object_id": new,
            "object_type": "activity",
            "owner_id": ROBIN,
            "subscription_id": simulator.subscription.id,
            "updates": {},
        }
    ]
    assert simulator.deliver_events() == 0


def test_nothing_is_sent_until_delivery_is_asked_for(app: App, receiver: Receiver):
    simulator = listening(app, receiver)
    simulator.add_activity(ROBIN, FRESH)
    assert receiver.posts == []
    assert len(simulator.pending_events) == 1


def test_activities_are_announced_as_their_uploads_come(app: App, receiver: Receiver, clock: SimulatedClock):
    simulator = listening(app, receiver)
    ids = [simulator.add_activity(ROBIN, run(datetime(2026, 3, day, 7), 6000)) for day in (12, 11)]
    assert simulator.deliver_events() == 0
    clock.advance(timedelta(days=1))
    assert simulator.deliver_events() == 1
    clock.advance(timedelta(days=1))
    assert simulator.deliver_events() == 1
    assert [post["object_id"] for post in receiver.posts] == ids[::-1]
    # 07:00 in Berlin, 36 minutes of running, three more until the upload.
    assert receiver.posts[0]["event_time"] == int(datetime(2026, 3, 11, 6, 39, tzinfo=UTC).timestamp())


def test_the_history_from_before_the_connection_is_not_announced(app: App, receiver: Receiver):
    app.subscribe(receiver)
    app.simulator.add_activity(ROBIN, FRESH)
    app.connect()
    assert app.simulator.pending_events == ()


def test_title_and_type_are_announced_and_distance_is_not(app: App, receiver: Receiver):
    simulator = listening(app, receiver)
    newest = simulator.activity_ids(ROBIN)[-1]
    simulator.edit_activity(ROBIN, newest, distance=4200.0, description="cut")
    assert simulator.deliver_events() == 0
    simulator.edit_activity(ROBIN, newest, name="Tempo")
    simulator.edit_activity(ROBIN, newest, sport_type="Ride")
    simulator.deliver_events()
    assert told(receiver) == [("update", newest, {"title": "Tempo"}), ("update", newest, {"type": "Ride"})]


def test_hiding_and_showing_is_an_update_for_who_may_see_private_ones(app: App, receiver: Receiver):
    simulator = listening(app, receiver)
    newest = simulator.activity_ids(ROBIN)[-1]
    for visibility in ("only_me", "followers_only", "everyone"):
        simulator.set_visibility(ROBIN, newest, visibility)
    simulator.deliver_events()
    assert told(receiver) == [("update", newest, {"private": "true"}), ("update", newest, {"private": "false"})]


def test_hiding_reads_as_deleting_and_showing_as_creating_without_the_private_scope(app: App, receiver: Receiver):
    simulator = listening(app, receiver, ("read", "activity:read"))
    newest = simulator.activity_ids(ROBIN)[-1]
    simulator.set_visibility(ROBIN, newest, "only_me")
    simulator.edit_activity(ROBIN, newest, name="Secret")
    simulator.set_visibility(ROBIN, newest, "everyone")
    simulator.add_activity(ROBIN, run(datetime(2026, 3, 10, 11), 6000, visibility="only_me"))
    simulator.deliver_events()
    assert told(receiver) == [("delete", newest, {}), ("create", newest, {})]


def test_without_an_activity_scope_no_activity_is_announced(app: App, receiver: Receiver):
    simulator = listening(app, receiver, ("read",))
    simulator.add_activity(ROBIN, FRESH)
    assert simulator.pending_events == ()


def test_a_deletion_is_announced(app: App, receiver: Receiver):
    simulator = listening(app, receiver)
    newest = simulator.activity_ids(ROBIN)[-1]
    simulator.delete_activity(ROBIN, newest)
    simulator.deliver_events()
    assert told(receiver) == [("delete", newest, {})]


@pytest.mark.parametrize("way", ["strava", "revoke", "deauthorize"])
def test_the_end_of_a_connection_is_announced_however_it_ends(app: App, receiver: Receiver, way: str):
    simulator = listening(app, receiver)
    token = simulator.connection(ROBIN).access.token
    if way == "strava":
        simulator.revoke(ROBIN)
    elif way == "revoke":
        app.http.post("/oauth/revoke", data={"token": token}, auth=tuple(app.credentials.values()))
    else:
        app.http.post("/oauth/deauthorize", data={"access_token": token})
    simulator.deliver_events()
    (post,) = receiver.posts
    assert (post["object_type"], post["object_id"], post["owner_id"]) == ("athlete", ROBIN, ROBIN)
    assert (post["aspect_type"], post["updates"]) == ("update", {"authorized": "false"})


def test_an_event_is_tried_three_times_and_then_lost(app: App, receiver: Receiver, clock: SimulatedClock):
    simulator = listening(app, receiver)
    simulator.add_activity(ROBIN, FRESH)
    receiver.statuses = [500, 204, 302, 200]
    assert simulator.deliver_events() == 0
    assert simulator.deliver_events() == 0
    assert len(receiver.posts) == 1, "not due again yet"
    for _ in range(3):
        clock.advance(timedelta(seconds=60))
        simulator.deliver_events()
    assert len(receiver.posts) == 3
    assert receiver.posts[0] == receiver.posts[2]
    assert simulator.pending_events == ()


def test_an_event_that_failed_once_is_taken_at_the_second_attempt(app: App, receiver: Receiver, clock: SimulatedClock):
    simulator = listening(app, receiver)
    simulator.add_activity(ROBIN, FRESH)
    receiver.statuses = [503]
    simulator.deliver_events()
    clock.advance(timedelta(seconds=60))
    assert simulator.deliver_events() == 1


def test_a_subscriber_that_is_down_costs_an_attempt(app: App, clock: SimulatedClock):
    with receiving() as receiver:
        simulator = listening(app, receiver)
    simulator.add_activity(ROBIN, FRESH)
    assert simulator.deliver_events() == 0
    assert len(simulator.pending_events) == 1
    for _ in range(2):
        clock.advance(timedelta(minutes=1))
        simulator.deliver_events()
    assert simulator.pending_events == ()


def test_a_subscription_can_get_lost_without_a_word(app: App, receiver: Receiver):
    simulator = listening(app, receiver)
    simulator.drop_subscription()
    simulator.add_activity(ROBIN, FRESH)
    assert simulator.deliver_events() == 0
    assert simulator.subscription is None


def test_events_can_be_lost_doubled_late_or_in_the_wrong_order(app: App, receiver: Receiver, clock: SimulatedClock):
    simulator = listening(app, receiver)
    faults = simulator.faults.events
    one, two, three = simulator.activity_ids(ROBIN)[-3:]
    faults.drop_next = 1
    simulator.delete_activity(ROBIN, one)
    faults.duplicate_next = 1
    simulator.delete_activity(ROBIN, two)
    faults.delay = timedelta(minutes=5)
    simulator.delete_activity(ROBIN, three)
    assert simulator.deliver_events() == 2
    assert [post["object_id"] for post in receiver.posts] == [two, two]
    clock.advance(timedelta(minutes=5))
    faults.reverse = True
    faults.delay = timedelta(0)
    simulator.revoke(ROBIN)
    simulator.deliver_events()
    assert [post["object_type"] for post in receiver.posts[2:]] == ["athlete", "activity"]


def test_the_subscriber_may_call_back_while_an_event_is_delivered(app: App):
    """As an application does that reads the activity before it answers."""
    token = app.connect()["access_token"]
    subscriber, read = FastAPI(), []

    @subscriber.get("/")
    def validate(challenge: str = Query(alias="hub.challenge")) -> dict[str, str]:
        assert app.get("/athlete", token).status_code == 200
        return {"hub.challenge": challenge}

    @subscriber.post("/")
    def receive(event: dict[str, Any]) -> None:
        read.append(app.get(f"/activities/{event['object_id']}", token).json())

    with serve(subscriber) as url:
        assert app.subscribe(Receiver(url=url)).status_code == 201
        app.simulator.add_activity(ROBIN, FRESH)
        assert app.simulator.deliver_events() == 1
    assert read[0]["distance"] == 6000.0
