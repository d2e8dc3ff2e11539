"""Applications change activities and make new ones."""

from __future__ import annotations

from datetime import datetime

import pytest

from integrations.strava.simulator import Shoes, SimulatedAthlete, run
from tests.integrations.simulator.conftest import ASKED, KIM, NOW, ROBIN, App
from tests.integrations.simulator.receiver import Receiver

WRITING = (*ASKED, "activity:write")
TYPED_IN = {"name": "Pool", "sport_type": "Swim", "start_date_local": "2026-03-09T18:30:00Z", "elapsed_time": "1800"}


def put(app: App, activity_id: int, token: str, json: object = None, data: dict[str, str] | None = None):
    bearer = {"Authorization": f"Bearer {token}"}
    return app.http.put(f"/api/v3/activities/{activity_id}", json=json, data=data, headers=bearer)


def post(app: App, token: str, form: dict[str, str]):
    return app.http.post("/api/v3/activities", data=form, headers={"Authorization": f"Bearer {token}"})


def invalid(field: str, code: str = "invalid") -> dict:
    return {"message": "Bad Request", "errors": [{"resource": "Activity", "field": field, "code": code}]}


@pytest.fixture
def written(app: App) -> tuple[str, int]:
    """A token that may write, and the run it writes to."""
    return app.connect(scopes=WRITING)["access_token"], app.simulator.activity_ids(ROBIN)[-1]


def test_a_description_replaces_the_one_there_was(app: App, written):
    token, newest = written
    put(app, newest, token, {"description": "windy", "private_note": "tired"})
    answer = put(app, newest, token, {"description": "calm"})
    assert (answer.status_code, answer.json()["description"]) == (200, "calm")
    shown = app.get(f"/activities/{newest}", token).json()
    assert (shown["description"], shown["private_note"]) == ("calm", "tired")
    assert "description" not in app.get("/athlete/activities", token).json()[0]


def test_a_form_is_read_like_json_but_for_switches_which_it_cannot_say(app: App, written):
    token, newest = written
    form = put(app, newest, token, data={"description": "from a form", "commute": "true"}).json()
    assert (form["description"], form["commute"]) == ("from a form", False)
    assert put(app, newest, token, {"commute": True, "trainer": True, "hide_from_home": True}).json()["commute"] is True


def test_a_new_title_or_sport_is_announced_and_a_description_is_not(app: App, written, receiver: Receiver):
    token, newest = written
    app.subscribe(receiver)
    put(app, newest, token, {"description": "windy", "commute": True})
    assert app.simulator.pending_events == ()
    put(app, newest, token, {"name": "Hills", "sport_type": "Walk"})
    app.simulator.deliver_events()
    assert receiver.posts[0]["updates"] == {"title": "Hills", "type": "Walk"}


def test_shoes_are_changed_and_cleared(app: App):
    app.simulator.add_athlete(SimulatedAthlete(9, shoes=(Shoes("g1", "Road"),)))
    new = app.simulator.add_activity(9, run(datetime(2026, 3, 9, 7), 5000))
    token = app.connect(9, WRITING)["access_token"]
    assert put(app, new, token, {"gear_id": "g1"}).json()["gear"]["name"] == "Road"
    assert put(app, new, token, {"gear_id": "none"}).json()["gear"] is None


@pytest.mark.parametrize("sport", ["Other", "", "Run; drop"])
def test_a_sport_that_strava_does_not_take_is_refused_and_changes_nothing(app: App, written, sport: str):
    token, newest = written
    answer = put(app, newest, token, {"sport_type": sport or "?", "description": "new"})
    assert (answer.status_code, answer.json()) == (400, invalid("sport_type"))
    assert app.get(f"/activities/{newest}", token).json()["description"] is None


def test_writing_needs_its_scope_and_an_own_activity_that_may_be_seen(app: App):
    foreign = app.simulator.add_activity(KIM, run(datetime(2026, 3, 9, 7), 5000, visibility="only_me"))
    newest = app.simulator.activity_ids(ROBIN)[-1]
    refused = put(app, newest, app.connect()["access_token"], {"name": "x"})
    assert refused.status_code == 401
    assert refused.json()["errors"][0] == {
        "resource": "AccessToken",
        "field": "activity:write_permission",
        "code": "missing",
    }
    assert put(app, foreign, app.connect(scopes=WRITING)["access_token"], {"name": "x"}).status_code == 404
    half = ("read", "activity:read", "activity:write")
    assert put(app, foreign, app.connect(KIM, half)["access_token"], {"name": "x"}).status_code == 404
    assert put(app, foreign, app.connect(KIM, WRITING)["access_token"], {"name": "x"}).status_code == 200


def test_an_activity_can_be_typed_in_and_is_there_at_once_and_announced(app: App, written, receiver: Receiver):
    token, _ = written
    app.subscribe(receiver)
    answer = post(app, token, TYPED_IN | {"distance": "1500", "description": "easy", "trainer": "1"})
    made = answer.json()
    assert answer.status_code == 201
    assert (made["manual"], made["upload_id"], made["trainer"], made["description"]) == (True, None, True, "easy")
    assert (made["sport_type"], made["distance"], made["moving_time"]) == ("Swim", 1500.0, 1800)
    # Where the athlete was last: an hour ahead of UTC.
    assert (made["start_date"], made["timezone"]) == ("2026-03-09T17:30:00Z", "(GMT+01:00) Europe/Berlin")
    assert made["id"] in app.listed(token)
    assert app.get(f"/activities/{made['id']}/streams", token, keys="time").status_code == 404
    app.simulator.deliver_events()
    assert [(post["object_id"], post["aspect_type"]) for post in receiver.posts] == [(made["id"], "create")]
    assert receiver.posts[0]["event_time"] == int(NOW.timestamp())


@pytest.mark.parametrize(
    ("form", "refusal"),
    [
        ({"name": ""}, invalid("name", "missing")),
        ({"elapsed_time": ""}, invalid("elapsed_time", "missing")),
        ({"elapsed_time": "an hour"}, invalid("elapsed_time")),
        ({"distance": "-5"}, invalid("distance")),
        ({"distance": "nan"}, invalid("distance")),
        ({"start_date_local": "yesterday"}, invalid("start_date_local")),
        ({"sport_type": ""}, invalid("sport_type")),
    ],
)
def test_what_is_missing_or_wrong_is_named_and_nothing_is_made(app: App, written, form: dict, refusal: dict):
    token, _ = written
    answer = post(app, token, TYPED_IN | form)
    assert (answer.status_code, answer.json()) == (400, refusal)
    assert len(app.simulator.activity_ids(ROBIN)) == 40


def test_making_one_leaves_the_read_bucket_alone_and_changing_one_does_not(app: App, written):
    token, newest = written
    made = post(app, token, TYPED_IN)
    # As recorded: after a call that only writes, the use of the read bucket is blank.
    assert (made.headers["x-ratelimit-usage"], made.headers["x-readratelimit-usage"]) == ("1,1", ",")
    changed = put(app, newest, token, {"name": "x"})
    assert (changed.headers["x-ratelimit-usage"], changed.headers["x-readratelimit-usage"]) == ("2,2", "1,1")
    app.simulator.spend_quota(reads=200)
    assert put(app, newest, token, {"name": "y"}).status_code == 429
    assert post(app, token, TYPED_IN).status_code == 201
