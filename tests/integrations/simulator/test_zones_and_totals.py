"""Zones, laps and the athlete's totals."""

from __future__ import annotations

from datetime import datetime

from integrations.strava.simulator import SimulatedAthlete, run
from tests.integrations.simulator.conftest import ASKED, KIM, ROBIN, App

PROFILE = (*ASKED, "profile:read_all")


def test_heart_rate_zones_need_the_scope_for_the_whole_profile(app: App):
    app.simulator.add_athlete(SimulatedAthlete(9, heart_rate_ends=(110, 140, 160, 180)))
    refused = app.get("/athlete/zones", app.connect(9)["access_token"])
    assert refused.status_code == 401
    assert refused.json()["errors"] == [
        {"resource": "AccessToken", "field": "profile:read_all", "code": "missing"},
    ]
    zones = app.get("/api/v3/athlete/zones", app.connect(9, PROFILE)["access_token"]).json()
    assert zones["heart_rate"]["custom_zones"] is False
    assert [(zone["min"], zone["max"]) for zone in zones["heart_rate"]["zones"]] == [
        (0, 110),
        (110, 140),
        (140, 160),
        (160, 180),
        (180, -1),
    ]


def test_totals_count_only_what_everyone_may_see_whatever_the_scopes(app: App):
    for hour, visibility in enumerate(("everyone", "followers_only", "only_me"), start=6):
        app.simulator.add_activity(KIM, run(datetime(2026, 3, 9, hour), 5000, visibility=visibility))
    totals = app.get(f"/athletes/{KIM}/stats", app.connect(KIM, PROFILE)["access_token"]).json()
    assert (totals["all_run_totals"]["count"], totals["all_run_totals"]["distance"]) == (1, 5000.0)


def test_totals_are_of_four_weeks_of_the_year_and_of_all_time_by_sport(app: App):
    for start in (datetime(2025, 6, 1, 7), datetime(2026, 1, 5, 7), datetime(2026, 3, 1, 7)):
        app.simulator.add_activity(KIM, run(start, 10_000, moving_time_s=3000))
    app.simulator.add_activity(KIM, run(datetime(2026, 3, 2, 7), 2000, sport="Swim"))
    app.simulator.add_activity(KIM, run(datetime(2026, 3, 3, 7), 8000, sport="TrailRun"))
    totals = app.get(f"/api/v3/athletes/{KIM}/stats", app.connect(KIM)["access_token"]).json()
    counts = {name: total["count"] for name, total in totals.items()}
    assert counts == {
        **{"recent_run_totals": 2, "recent_swim_totals": 1, "recent_ride_totals": 0},
        **{"ytd_run_totals": 3, "ytd_swim_totals": 1, "ytd_ride_totals": 0},
        **{"all_run_totals": 4, "all_swim_totals": 1, "all_ride_totals": 0},
    }
    assert totals["ytd_run_totals"]["moving_time"] == 3000 + 3000 + 2880


def test_the_totals_of_someone_else_are_refused(app: App):
    assert app.get(f"/athletes/{KIM}/stats", app.connect(ROBIN)["access_token"]).status_code == 401


def test_a_run_has_a_lap_and_its_time_lies_in_the_zones_of_its_averages(app: App):
    token, newest = app.connect()["access_token"], app.simulator.activity_ids(ROBIN)[-1]
    (lap,) = app.get(f"/activities/{newest}/laps", token).json()
    assert (lap["distance"], lap["average_cadence"], lap["average_heartrate"]) == (8000.0, 83.0, 148.5)
    heart_rate, pace = app.get(f"/activities/{newest}/zones", token).json()
    assert [bucket["time"] for bucket in heart_rate["distribution_buckets"]] == [0, 0, 2880, 0, 0]
    assert [bucket["time"] for bucket in pace["distribution_buckets"]] == [0, 2880, 0, 0, 0]
    assert (heart_rate["type"], pace["type"], pace["distribution_buckets"][-1]["max"]) == ("heartrate", "pace", -1)


def test_a_run_that_was_typed_in_has_neither_laps_nor_zones_nor_splits(app: App):
    new = app.simulator.add_activity(KIM, run(datetime(2026, 3, 9, 7), 5000, manual=True))
    token = app.connect(KIM)["access_token"]
    assert app.get(f"/activities/{new}/laps", token).json() == []
    assert app.get(f"/activities/{new}/zones", token).json() == []
    assert not {"laps", "splits_metric", "splits_standard"} & app.get(f"/activities/{new}", token).json().keys()


def test_a_run_without_heart_rate_has_pace_zones_only(app: App):
    new = app.simulator.add_activity(KIM, run(datetime(2026, 3, 9, 7), 5000))
    zones = app.get(f"/activities/{new}/zones", app.connect(KIM)["access_token"]).json()
    assert [zone["type"] for zone in zones] == ["pace"]


def test_the_best_efforts_of_a_run_are_over_the_lengths_that_it_has(app: App):
    new = app.simulator.add_activity(KIM, run(datetime(2026, 3, 9, 7), 5200, moving_time_s=1560))
    efforts = app.get(f"/activities/{new}", app.connect(KIM)["access_token"]).json()["best_efforts"]
    assert {effort["name"]: effort["moving_time"] for effort in efforts}["5K"] == 1500
    assert [effort["distance"] for effort in efforts][-1] == 5000
