"""Everything odd that real histories hold, as one athlete."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import chain

import pytest
from pydantic import SecretStr

from integrations.strava.client import StravaClient
from integrations.strava.simulator import Simulator
from integrations.strava.simulator.activity import SimulatedActivity, start_of
from integrations.strava.simulator.oddities import odd_athlete, oddities
from tests.integrations.simulator.conftest import ASKED, NOW, App

LAST = date(2026, 3, 9)
ODD = 66


@pytest.fixture(scope="module")
def odd() -> dict[str, tuple[SimulatedActivity, ...]]:
    return dict(oddities(LAST))


def only(found: tuple[SimulatedActivity, ...]) -> dict:
    (activity,) = found
    return dict(activity.body)


def test_each_is_odd_in_its_way(odd):
    body = {name: only(found) for name, found in odd.items() if len(found) == 1}
    assert (body["manual"]["manual"], body["manual"]["map"]["summary_polyline"]) == (True, "")
    assert (body["treadmill"]["trainer"], body["treadmill"]["start_latlng"]) == (True, [])
    assert (body["treadmill_without_distance"]["distance"], body["treadmill_without_distance"]["average_speed"]) == (
        0,
        0,
    )
    assert "average_heartrate" not in body["no_heart_rate"]
    assert body["heart_rate_opt_out"]["heartrate_opt_out"] is True
    assert body["fractional_heart_rate"]["max_heartrate"] % 1
    assert body["hidden_start"]["start_date"].endswith("T00:00:01Z")
    assert {body["far_away"]["utc_offset"], body["farther_away"]["utc_offset"]} == {19_800.0, 46_800.0}
    assert body["unknown_sport"]["sport_type"] == "CliffRunning"
    assert (body["trail_run"]["sport_type"], body["trail_run"]["type"]) == ("TrailRun", "Run")
    assert body["nulls"]["max_heartrate"] is None
    assert "timezone" not in body["bare"]
    assert body["gps_spike"]["distance"] > 20_000_000
    assert body["forgotten_watch"]["elapsed_time"] > 86_400 * 4
    assert (body["no_moving_time"]["moving_time"], body["no_moving_time"]["distance"]) == (0, 8000.0)
    assert body["private"]["private"] is True
    assert "<script>" in body["hostile_text"]["name"]


def test_two_devices_tell_of_one_run(odd):
    watch, phone = odd["two_devices"]
    assert start_of(phone.body) - start_of(watch.body) == timedelta(seconds=40)


def test_some_come_late_and_one_for_a_day_long_gone(odd):
    (late,), (old,) = odd["late_upload"], odd["back_dated"]
    assert late.uploaded_at - start_of(late.body) > timedelta(hours=19)
    assert old.uploaded_at - start_of(old.body) > timedelta(weeks=30)


def test_one_runs_through_the_night_in_which_the_clocks_change(odd):
    ((run,),) = (odd["clock_change"],)
    assert (run.body["start_date_local"], run.body["start_date"]) == ("2025-10-26T01:30:00Z", "2025-10-25T23:30:00Z")


@pytest.mark.parametrize("last_day", [date(2026, month, 15) for month in range(1, 13)])
def test_they_can_be_had_on_any_day(last_day: date):
    for activity in chain.from_iterable(oddities(last_day).values()):
        assert activity.start_local.date() <= last_day


def test_the_corrupt_one_answers_500_and_all_others_are_shown_with_all_that_belongs_to_them(app: App):
    app.simulator.add_athlete(odd_athlete(ODD, LAST))
    token = app.connect(ODD, (*ASKED, "profile:read_all"))["access_token"]
    ids = app.simulator.activity_ids(ODD)
    answers = {number: app.get(f"/activities/{number}", token).status_code for number in ids}
    assert sorted(answers.values()) == [200] * (len(ids) - 1) + [500]
    for number in ids:
        for part in ("laps", "zones"):
            assert app.get(f"/activities/{number}/{part}", token).status_code == 200
    assert app.get("/athlete/activities", token, per_page=200).status_code == 200
    assert app.get(f"/athletes/{ODD}/stats", token).json()["all_run_totals"]["count"] > 15


def test_afterrun_s_own_client_reads_them_all(simulator: Simulator, strava_url: str):
    simulator.add_athlete(odd_athlete(ODD, LAST))
    client = StravaClient(
        client_id=simulator.client_id,
        client_secret=SecretStr(simulator.client_secret),
        oauth_base=strava_url,
        api_base=f"{strava_url}/api/v3",
        clock=simulator.clock,
    )
    token = client.exchange(simulator.approve(ODD, ASKED), ",".join(ASKED)).tokens.access_token
    listing = client.activities(token, NOW - timedelta(weeks=60), NOW)
    read = {activity.id for activity in listing.activities}
    unread = {problem.activity_id for problem in listing.problems} - read
    assert read | unread == set(simulator.activity_ids(ODD))
    assert len(read) >= len(simulator.activity_ids(ODD)) - 3
