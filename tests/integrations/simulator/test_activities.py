"""The athlete, the list and the single activity."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from integrations.strava.simulator import Session, Shoes, SimulatedAthlete, SimulatedClock, run
from tests.integrations.simulator.conftest import ASKED, KIM, NOW, ROBIN, App

DETAIL_ONLY = {"description", "perceived_exertion", "private_note", "splits_metric", "laps", "calories"}


def starts(page: list[dict]) -> list[str]:
    return [activity["start_date"] for activity in page]


def epoch(*instant: int) -> int:
    return int(datetime(*instant, tzinfo=UTC).timestamp())


@pytest.mark.parametrize("prefix", ["/api/v3", ""])
def test_the_api_answers_under_its_prefix_and_at_the_root(app: App, prefix: str):
    token = app.connect()["access_token"]
    assert app.get(f"{prefix}/athlete", token).json()["id"] == ROBIN
    page = app.get(f"{prefix}/athlete/activities", token)
    assert page.headers["content-type"] == "application/json; charset=utf-8"
    newest = page.json()[0]["id"]
    assert app.get(f"{prefix}/activities/{newest}", token).json()["id"] == newest


def test_the_list_is_newest_first_with_thirty_to_a_page_until_an_empty_one(app: App):
    token = app.connect()["access_token"]
    pages = [app.get("/api/v3/athlete/activities", token, page=number).json() for number in (1, 2, 3)]
    assert [len(page) for page in pages] == [30, 10, 0]
    together = starts(pages[0]) + starts(pages[1])
    assert together == sorted(together, reverse=True)
    assert together[0] == "2026-03-10T06:00:00Z"


def test_a_page_holds_two_hundred_at_most(app: App):
    for day in range(300):
        app.simulator.add_activity(KIM, run(datetime(2025, 1, 1, 7) + timedelta(days=day), 5000))
    token = app.connect(KIM)["access_token"]
    assert len(app.listed(token, per_page=500)) == 200
    assert len(app.listed(token, per_page=200, page=2)) == 100


def test_after_and_before_compare_with_the_start(app: App):
    token = app.connect()["access_token"]
    window = app.get(
        "/api/v3/athlete/activities", token, after=epoch(2026, 3, 1, 6), before=epoch(2026, 3, 4, 6)
    ).json()
    assert starts(window) == ["2026-03-03T06:00:00Z", "2026-03-02T06:00:00Z"]


def test_only_after_can_be_made_to_list_the_oldest_first(app: App):
    token = app.connect()["access_token"]
    asked = {"after": epoch(2026, 3, 8, 0)}
    newest_first = app.listed(token, **asked)
    app.simulator.modes.oldest_first_with_only_after = True
    assert app.listed(token, **asked) == newest_first[::-1]
    assert app.listed(token, **asked, before=epoch(2026, 3, 11, 0)) == newest_first


@pytest.mark.parametrize("after", [epoch(2026, 3, 10, 12, 0, 1), epoch(2026, 1, 1, 0) * 1000])
def test_after_in_the_future_is_refused_as_when_milliseconds_were_meant(app: App, after: int):
    answer = app.get("/api/v3/athlete/activities", app.connect()["access_token"], after=after)
    assert answer.status_code == 400
    assert answer.json() == {
        "message": "Bad Request",
        "errors": [{"resource": "Application", "field": "after", "code": "future"}],
    }


def test_before_far_in_the_future_is_no_limit(app: App):
    assert len(app.listed(app.connect()["access_token"], before=epoch(2026, 1, 1, 0) * 1000)) == 30


def test_a_page_number_that_is_no_number_is_refused(app: App):
    assert app.get("/api/v3/athlete/activities", app.connect()["access_token"], page="two").status_code == 400


def test_a_summary_lacks_what_only_the_detail_shows(app: App):
    hard = Session(
        start_local=datetime(2026, 3, 10, 10),
        distance_m=10_000,
        description="windy",
        perceived_exertion=7,
        name="Intervals",
    )
    new = app.simulator.add_activity(ROBIN, hard.recorded())
    token = app.connect()["access_token"]
    summary = app.get("/api/v3/athlete/activities", token).json()[0]
    detail = app.get(f"/api/v3/activities/{new}", token).json()
    assert summary["id"] == new
    assert not DETAIL_ONLY & summary.keys()
    assert detail.keys() >= DETAIL_ONLY
    assert (detail["description"], detail["perceived_exertion"], detail["resource_state"]) == ("windy", 7, 3)
    assert sum(split["distance"] for split in detail["splits_metric"]) == 10_000


@pytest.mark.parametrize(
    ("scopes", "seen"),
    [
        (("read", "activity:read"), {"everyone", "followers_only"}),
        (("read", "activity:read_all"), {"everyone", "followers_only", "only_me"}),
    ],
)
def test_private_activities_are_left_out_without_the_scope_for_them(app: App, scopes, seen: set[str]):
    ids = {
        visibility: app.simulator.add_activity(KIM, run(datetime(2026, 3, 9, hour), 5000, visibility=visibility))
        for hour, visibility in enumerate(("everyone", "followers_only", "only_me"), start=6)
    }
    token = app.connect(KIM, scopes)["access_token"]
    listed = app.get("/api/v3/athlete/activities", token).json()
    assert {activity["visibility"] for activity in listed} == seen
    assert all(activity["private"] == (activity["visibility"] == "only_me") for activity in listed)
    hidden = app.get(f"/api/v3/activities/{ids['only_me']}", token)
    assert (hidden.status_code == 404) == ("only_me" not in seen)


@pytest.mark.parametrize("path", ["/api/v3/athlete/activities", "/api/v3/activities/15000000001"])
def test_without_any_activity_scope_activities_are_refused(app: App, path: str):
    answer = app.get(path, app.connect(scopes=("read",))["access_token"])
    assert answer.status_code == 401
    assert answer.json() == {
        "message": "Authorization Error",
        "errors": [{"resource": "AccessToken", "field": "activity:read_permission", "code": "missing"}],
    }


def test_a_missing_or_foreign_activity_answers_404_without_a_body(app: App):
    foreign = app.simulator.add_activity(KIM, run(datetime(2026, 3, 9, 7), 5000))
    token = app.connect()["access_token"]
    for number in (1, foreign):
        answer = app.get(f"/api/v3/activities/{number}", token)
        assert (answer.status_code, answer.content) == (404, b"")


def test_an_unknown_address_answers_404(app: App):
    answer = app.http.get("/api/v3/nowhere")
    assert (answer.status_code, answer.json()["message"]) == (404, "Record Not Found")


def test_a_wrong_token_is_refused(app: App):
    answer = app.get("/api/v3/athlete", "f" * 40)
    assert answer.status_code == 401
    assert answer.json()["errors"] == [{"resource": "Athlete", "field": "access_token", "code": "invalid"}]


def test_shoes_add_up_what_was_run_in_them_for_who_may_see_the_whole_profile(app: App, clock: SimulatedClock):
    worn = run(datetime(2026, 3, 9, 7), 12_000, gear_id="g1")
    app.simulator.add_athlete(SimulatedAthlete(id=9, shoes=(Shoes("g1", "Old pair", 688_000),), activities=(worn,)))
    token = app.connect(9, (*ASKED, "profile:read_all"))["access_token"]
    assert app.get("/athlete", token).json()["shoes"][0]["distance"] == 700_000
    newest = app.listed(token)[0]
    assert app.get(f"/activities/{newest}", token).json()["gear"]["name"] == "Old pair"
    assert "shoes" not in app.get("/athlete", app.connect(9)["access_token"]).json()


def test_edits_show_at_once_and_keep_the_record_consistent(app: App):
    token = app.connect()["access_token"]
    newest = app.listed(token)[0]
    app.simulator.edit_activity(ROBIN, newest, distance=4200.0, sport_type="TrailRun")
    shown = app.get(f"/api/v3/activities/{newest}", token).json()
    assert (shown["distance"], shown["sport_type"], shown["type"]) == (4200.0, "TrailRun", "Run")
    assert shown["average_speed"] == round(4200 / shown["moving_time"], 3)


def test_a_deleted_activity_is_gone(app: App):
    token = app.connect()["access_token"]
    newest = app.listed(token)[0]
    app.simulator.delete_activity(ROBIN, newest)
    assert newest not in app.listed(token)
    assert app.get(f"/api/v3/activities/{newest}", token).status_code == 404
    with pytest.raises(KeyError):
        app.simulator.delete_activity(ROBIN, newest)


def test_an_activity_appears_when_its_upload_has_come_and_never_before(app: App, clock: SimulatedClock):
    # An hour's run that ends at 14:00 UTC and is uploaded three minutes later.
    new = app.simulator.add_activity(ROBIN, run(datetime(2026, 3, 10, 14), 10_000, moving_time_s=3600))
    token = app.connect()["access_token"]
    clock.advance(timedelta(hours=2, minutes=2, seconds=59))
    assert new not in app.listed(token)
    assert app.get(f"/api/v3/activities/{new}", token).status_code == 404
    assert app.simulator.next_upload() == NOW + timedelta(hours=2, minutes=3)
    clock.advance(timedelta(seconds=1))
    assert app.simulator.release_due() == [new]
    assert app.listed(token)[0] == new
    assert app.simulator.next_upload() is None


def test_a_run_synced_the_next_day_appears_then_among_the_older_ones(app: App, clock: SimulatedClock):
    late = run(datetime(2026, 3, 9, 20), 9000, upload_delay=timedelta(hours=18))
    new = app.simulator.add_activity(ROBIN, late)
    token = app.connect()["access_token"]
    assert new not in app.listed(token)
    clock.advance(timedelta(hours=4))
    assert app.listed(token)[1] == new


def test_an_activity_can_be_announced_before_it_is_readable(app: App, clock: SimulatedClock):
    app.simulator.faults.readable_after = timedelta(seconds=30)
    token = app.connect()["access_token"]
    new = app.simulator.add_activity(ROBIN, run(datetime(2026, 3, 10, 11), 6000))
    assert app.simulator.activity_ids(ROBIN)[-1] == new
    assert app.get(f"/api/v3/activities/{new}", token).status_code == 404
    clock.advance(timedelta(seconds=30))
    assert app.get(f"/api/v3/activities/{new}", token).status_code == 200


def test_one_broken_activity_answers_500_while_the_list_works(app: App):
    token = app.connect()["access_token"]
    newest = app.listed(token)[0]
    app.simulator.faults.broken_activities.add(newest)
    answer = app.get(f"/api/v3/activities/{newest}", token)
    assert (answer.status_code, answer.json()) == (500, {"message": "error"})
    assert newest in app.listed(token)


def test_local_time_carries_a_false_z_and_the_label_the_standard_offset(app: App):
    summer = run(datetime(2025, 7, 1, 19), 5000, time_zone="America/New_York")
    app.simulator.add_activity(KIM, summer)
    shown = app.get("/athlete/activities", app.connect(KIM)["access_token"]).json()[0]
    assert shown["start_date"] == "2025-07-01T23:00:00Z"
    assert shown["start_date_local"] == "2025-07-01T19:00:00Z"
    assert shown["timezone"] == "(GMT-05:00) America/New_York"
    assert shown["utc_offset"] == -14_400.0


def test_a_hidden_start_shows_as_one_second_past_midnight(app: App):
    app.simulator.add_activity(KIM, run(datetime(2026, 3, 9, 19), 5000, hidden_start=True))
    shown = app.get("/athlete/activities", app.connect(KIM)["access_token"]).json()[0]
    assert shown["start_date"] == shown["start_date_local"] == "2026-03-09T00:00:01Z"


def test_manual_and_treadmill_runs_lack_what_they_cannot_know(app: App):
    app.simulator.add_activity(KIM, run(datetime(2026, 3, 8, 19), 5000, manual=True))
    app.simulator.add_activity(KIM, run(datetime(2026, 3, 9, 19), 5000, treadmill=True))
    treadmill, manual = app.get("/athlete/activities", app.connect(KIM)["access_token"]).json()
    assert (treadmill["trainer"], treadmill["start_latlng"]) == (True, [])
    assert (manual["manual"], manual["upload_id"], manual["external_id"]) == (True, None, None)
    assert manual["map"]["summary_polyline"] == ""
    assert not {"elev_high", "average_heartrate", "upload_id_str"} & manual.keys()


def test_an_id_that_is_taken_is_refused(app: App):
    taken = app.simulator.activity_ids(ROBIN)[0]
    twin = run(datetime(2026, 3, 9, 7), 5000)
    with pytest.raises(ValueError, match="exists already"):
        app.simulator.add_activity(KIM, type(twin)(dict(twin.body) | {"id": taken}, twin.uploaded_at))
    with pytest.raises(ValueError, match="no athlete"):
        app.simulator.add_activity(999, twin)
    with pytest.raises(ValueError, match="exists already"):
        app.simulator.add_athlete(SimulatedAthlete(id=ROBIN))
