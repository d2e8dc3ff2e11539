"""Steering the simulated Strava over HTTP, as a test in any language does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta

import httpx
import pytest

from integrations.strava.simulator import Modes, SimulatedAthlete, SimulatedClock, Simulator
from integrations.strava.simulator.control_bodies import EventSwitches, ModeSwitches, Switches
from integrations.strava.simulator.faults import EventFaults, Faults
from tests.integrations.simulator.conftest import KIM, NOW, ROBIN, App, Switchboard
from tests.integrations.simulator.receiver import Receiver

RUN = {"start_local": "2026-03-10T11:00:00", "distance_m": 6000}


class Remote:
    """Calls the control API."""

    def __init__(self, http: httpx.Client) -> None:
        self.http = http

    def __call__(self, method: str, path: str, status: int = 200, **body: object):
        answer = self.http.request(method, f"/simulator{path}", json=body or None)
        assert answer.status_code == status, answer.text
        return answer.json()


@pytest.fixture
def simulator(clock: SimulatedClock) -> Simulator:
    athletes = [SimulatedAthlete(id=ROBIN), SimulatedAthlete(id=KIM)]
    return Simulator(clock=clock, athletes=athletes, modes=Modes(rotation="always"), control=True)


@pytest.fixture
def remote(simulator: Simulator, served: tuple[Switchboard, str]) -> Iterator[Remote]:
    board, url = served
    board.program = simulator.app
    with httpx.Client(base_url=url, trust_env=False, verify=False) as http:
        yield Remote(http)


def test_without_being_asked_for_there_is_no_control(clock: SimulatedClock, served: tuple[Switchboard, str]):
    board, url = served
    board.program = Simulator(clock=clock).app
    with httpx.Client(base_url=url, trust_env=False, verify=False) as http:
        assert http.get("/simulator/state").status_code == 404
        assert http.post("/simulator/clock", json={}).status_code == 405


def test_an_activity_is_added_edited_cropped_hidden_and_deleted(app: App, remote: Remote, receiver: Receiver):
    token = app.connect()["access_token"]
    app.subscribe(receiver)
    made = remote("POST", f"/athletes/{ROBIN}/activities", 201, **RUN)["id"]
    path = f"/athletes/{ROBIN}/activities/{made}"
    assert remote("GET", f"/athletes/{ROBIN}/activities") == {"ids": [made]}
    remote("PATCH", path, name="Hills", distance=8000)
    remote("POST", f"{path}/crop", distance_m=4000)
    shown = app.get(f"/activities/{made}", token).json()
    assert (shown["name"], shown["distance"], shown["moving_time"]) == ("Hills", 4000.0, 1080)
    remote("POST", f"{path}/visibility", visibility="only_me")
    remote("DELETE", path)
    assert app.listed(token) == []
    assert len(remote("GET", "/events")) == 4
    assert remote("POST", "/events/deliver") == {"taken": 4}
    told = [(post["aspect_type"], post["updates"]) for post in receiver.posts]
    assert told == [("create", {}), ("update", {"title": "Hills"}), ("update", {"private": "true"}), ("delete", {})]


def test_athletes_come_as_personas_or_with_every_oddity_and_go(app: App, remote: Remote):
    told = remote("POST", "/athletes", 201, id=20, persona="ben", weeks=4, ahead=1, seed=3, first_name="Benny")
    assert len(told["activities"]) > 8
    assert app.get("/athlete", app.connect(20)["access_token"]).json()["firstname"] == "Benny"
    assert remote("GET", "/state")["next_upload"] > NOW.isoformat()
    assert len(remote("POST", "/athletes", 201, id=21, persona="oddities")["activities"]) > 20
    token = app.connect(21)["access_token"]
    remote("DELETE", "/athletes/21")
    assert app.get("/athlete", token).status_code == 401
    assert "21" not in remote("GET", "/state")["athletes"]


def test_the_clock_is_moved_and_what_became_due_arrives(remote: Remote, clock: SimulatedClock):
    later = remote("POST", f"/athletes/{ROBIN}/activities", 201, start_local="2026-03-10T14:00:00", distance_m=10_000)
    assert remote("POST", "/clock", advance_s=60) == {"now": "2026-03-10T12:01:00+00:00", "arrived": []}
    moved = remote("POST", "/clock", to="2026-03-10T16:00:00+01:00")
    assert moved == {"now": "2026-03-10T15:00:00+00:00", "arrived": [later["id"]]}
    remote("POST", "/clock", speed=0)
    assert clock() == NOW + timedelta(hours=3)


def test_another_s_clock_cannot_be_moved(served: tuple[Switchboard, str], remote: Remote):
    served[0].program = Simulator(clock=lambda: NOW, control=True).app
    assert "not its own" in remote("POST", "/clock", 409, advance_s=60)["detail"]


def test_tokens_expire_are_replaced_and_revoked_from_strava_s_side(app: App, remote: Remote):
    held = app.exchange(remote("POST", f"/athletes/{ROBIN}/approve", scopes=["read", "activity:read"])["code"]).json()
    assert held["scope"] == "read activity:read"
    remote("POST", f"/athletes/{ROBIN}/expire-access")
    assert app.get("/athlete", held["access_token"]).status_code == 401
    remote("POST", f"/athletes/{ROBIN}/rotate-refresh-token")
    assert app.refresh(held["refresh_token"]).status_code == 400
    assert remote("GET", "/state")["connected"] == [ROBIN]
    remote("POST", f"/athletes/{ROBIN}/revoke")
    assert app.simulator.connection(ROBIN) is None


def test_faults_are_planned_and_called_off(app: App, remote: Remote):
    token = app.connect()["access_token"]
    remote("POST", "/faults/next", endpoint="list", fault="502", times=2, after=1)
    assert [app.get("/athlete/activities", token).status_code for _ in range(3)] == [200, 502, 502]
    remote("POST", "/faults/share", share=1.0, seed=4)
    remote("POST", "/faults/next", endpoint="list", fault="500")
    remote("DELETE", "/faults")
    assert app.get("/athlete/activities", token).status_code == 200


def test_the_quota_is_spent_and_the_application_made_inactive(app: App, remote: Remote):
    token = app.connect()["access_token"]
    assert remote("POST", "/quota", reads=200)["X-Readratelimit-Usage"] == "200,200"
    assert app.get("/athlete", token).status_code == 429
    remote("POST", "/clock", advance_s=900)
    remote("PATCH", "/switches", inactive=True)
    assert app.get("/athlete", token).status_code == 403


def test_switches_and_modes_that_are_not_named_stay(app: App, remote: Remote):
    remote("PATCH", "/switches", inactive=True)
    remote("PATCH", "/switches", readable_after=30, slow_answers_s={"list": 0.5})
    remote("PATCH", "/switches/events", duplicate_next=2, delay=90)
    remote("PATCH", "/modes", sign_events=True, event_spacing=5)
    faults, modes = app.simulator.faults, app.simulator.modes
    assert (faults.inactive, faults.readable_after, faults.slow_answers_s) == (
        True,
        timedelta(seconds=30),
        {"list": 0.5},
    )
    assert (faults.events.duplicate_next, faults.events.delay) == (2, timedelta(seconds=90))
    assert (modes.sign_events, modes.event_spacing, modes.rotation) == (True, timedelta(seconds=5), "always")


@pytest.mark.parametrize(
    ("body", "switches"), [(Switches, Faults), (EventSwitches, EventFaults), (ModeSwitches, Modes)]
)
def test_every_switch_can_be_set_over_http_and_has_the_same_default_there(body, switches):
    own = {field.name for field in fields(switches) if not field.name.startswith("_")} - {"events"}
    assert set(body.model_fields) == own
    plain = switches()
    assert body().model_dump() == {name: getattr(plain, name) for name in own}


def test_the_log_and_the_forging_of_events_and_the_loss_of_the_subscription(app: App, remote: Remote, receiver):
    app.subscribe(receiver)
    app.get("/athlete", app.connect()["access_token"])
    calls = remote("GET", "/calls?first=1")
    assert [(call["endpoint"], call["athlete_id"], call["status"]) for call in calls] == [
        ("token", None, 200),
        ("athlete", ROBIN, 200),
    ]
    assert app.simulator.client_secret not in str(calls)
    assert remote("POST", "/events/forge", payload={"object_id": 1}) == {"status": 200}
    assert receiver.posts == [{"object_id": 1}]
    remote("DELETE", "/subscription")
    assert remote("GET", "/state")["subscribed"] is False


@pytest.mark.parametrize(
    ("method", "path", "status", "body", "word"),
    [
        ("POST", "/athletes/99/activities", 404, RUN, "no athlete 99"),
        ("GET", "/athletes/99/activities", 404, {}, "no athlete 99"),
        ("DELETE", "/athletes/99", 404, {}, "no athlete 99"),
        ("DELETE", f"/athletes/{ROBIN}/activities/1", 404, {}, "no activity 1"),
        ("POST", "/athletes/99/approve", 404, {"scopes": ["read"]}, "no athlete 99"),
        ("POST", f"/athletes/{ROBIN}/revoke", 409, {}, "not connected"),
        ("POST", f"/athletes/{ROBIN}/expire-access", 409, {}, "not connected"),
        ("POST", f"/athletes/{ROBIN}/rotate-refresh-token", 409, {}, "not connected"),
        ("POST", "/athletes", 422, {"id": ROBIN}, "exists already"),
        ("POST", "/athletes", 422, {"id": 30, "persona": "zoe"}, "anna, ben"),
        ("POST", "/athletes", 422, {"id": 0}, "greater than or equal to 1"),
        ("POST", f"/athletes/{ROBIN}/approve", 422, {"scopes": ["all"]}, "activity:read_all"),
        ("POST", f"/athletes/{ROBIN}/activities", 422, RUN | {"time_zone": "Mars/Base"}, "Europe/Berlin"),
        ("POST", f"/athletes/{ROBIN}/activities", 422, RUN | {"distance_m": -1}, "distance_m"),
        ("POST", f"/athletes/{ROBIN}/activities", 422, RUN | {"distnace": 1}, "distnace"),
        ("PATCH", f"/athletes/{ROBIN}/activities/1", 422, {}, "body"),
        ("POST", "/faults/next", 422, {"endpoint": "lists", "fault": "500"}, "athlete_zones"),
        ("POST", "/faults/next", 422, {"endpoint": "list", "fault": "418"}, "answer lost"),
        ("POST", "/faults/share", 422, {"share": 2}, "less than or equal to 1"),
        ("PATCH", "/modes", 422, {"rotation": "often"}, "sometimes"),
        ("PATCH", "/switches", 422, {"slow_answers_s": {"lists": 1}}, "athlete_zones"),
        ("POST", "/clock", 422, {"advance_s": -1}, "advance_s"),
        ("POST", "/events/forge", 422, {"payload": {}}, "nobody is subscribed"),
    ],
)
def test_what_cannot_be_is_refused_in_words_that_say_what_can(
    remote: Remote, simulator: Simulator, method: str, path: str, status: int, body: dict, word: str
):
    assert word in str(remote(method, path, status, **body))
    assert simulator.athlete_ids == (ROBIN, KIM)
    assert simulator.activity_ids(ROBIN) == []


def test_a_page_in_a_browser_cannot_send_what_it_takes_without_being_allowed(remote: Remote, simulator: Simulator):
    # A foreign page may post text to this machine unasked, but not JSON.
    answer = remote.http.post("/simulator/quota", content='{"reads": 5}', headers={"Content-Type": "text/plain"})
    assert answer.status_code == 422
    assert simulator.quota["X-Ratelimit-Usage"] == "0,0"
