"""Activities as they come: every field where it belongs, and an odd one costing itself alone."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.strava.mapping import Gear, activity_from_api, course_from_api, gear_from_api
from rules.course import Course
from rules.history import TrainingHistory
from rules.model import Activity

#: A summer run in New York: the label names the winter offset, the local start ends in a Z that is not true.
RUN: dict[str, Any] = {
    "id": 15_000_000_019,
    "sport_type": "Run",
    "type": "Run",
    "start_date": "2025-10-19T20:00:00Z",
    "start_date_local": "2025-10-19T16:00:00Z",
    "timezone": "(GMT-05:00) America/New_York",
    "utc_offset": -14400.0,
    "distance": 6764.8,
    "moving_time": 2151,
    "elapsed_time": 2178,
    "total_elevation_gain": 34.0,
    "workout_type": 0,
    "trainer": False,
    "manual": False,
    "average_heartrate": 146.8,
    "max_heartrate": 162.0,
    "average_cadence": 78.5,
    "device_name": "Garmin Forerunner 245",
}


def mapped(**changes: Any) -> Activity:
    activity, problems = activity_from_api({**RUN, **changes})
    assert activity is not None
    assert problems == []
    return activity


def without(*names: str) -> dict[str, Any]:
    return {name: value for name, value in RUN.items() if name not in names}


def test_a_run_arrives_with_every_field() -> None:
    assert mapped() == Activity(
        id=15_000_000_019,
        sport="Run",
        start_local=datetime(2025, 10, 19, 16),
        distance_m=6764.8,
        moving_time_s=2151,
        elapsed_time_s=2178,
        utc_offset_s=-14400,
        elevation_gain_m=34.0,
        average_hr_bpm=146.8,
        max_hr_bpm=162.0,
        cadence_spm=157.0,
        time_zone="America/New_York",
        device_name="Garmin Forerunner 245",
    )


def test_id_and_local_start_are_enough() -> None:
    activity, problems = activity_from_api({"id": 1, "start_date_local": "2025-10-19T16:00:00Z"})
    assert activity == Activity(id=1, sport="Unknown", start_local=datetime(2025, 10, 19, 16))
    assert problems == []


def test_the_local_start_is_a_wall_clock_and_has_no_zone() -> None:
    assert mapped().start_local.tzinfo is None
    assert mapped(start_date_local="2025-10-19T23:30:00Z", start_date="2025-10-20T03:30:00Z").local_day.day == 19


def test_a_trail_run_is_not_taken_for_what_its_old_type_says() -> None:
    assert mapped(sport_type="TrailRun", type="Run").sport == "TrailRun"


@pytest.mark.parametrize("sport_type", [None, ""])
def test_an_answer_without_a_sport_type_has_its_type(sport_type: str | None) -> None:
    assert mapped(sport_type=sport_type, type="Ride").sport == "Ride"


def test_a_sport_that_does_not_exist_yet_keeps_its_name() -> None:
    assert mapped(sport_type="Orienteering").sport == "Orienteering"


def test_the_offset_is_the_true_one_of_that_day_not_the_label_of_the_zone() -> None:
    assert mapped(utc_offset=None).utc_offset_s == -14400


def test_the_offset_field_serves_where_the_start_in_utc_is_missing() -> None:
    activity, _ = activity_from_api(without("start_date"))
    assert activity is not None
    assert activity.utc_offset_s == -14400


def test_an_offset_nobody_gives_stays_unknown() -> None:
    activity, problems = activity_from_api(without("start_date", "utc_offset"))
    assert activity is not None
    assert activity.utc_offset_s is None
    assert problems == []


def test_starts_that_lie_days_apart_give_no_offset() -> None:
    activity, problems = activity_from_api({**RUN, "start_date": "2025-10-12T20:00:00Z", "utc_offset": 7200})
    assert activity is not None
    assert activity.utc_offset_s == 7200
    assert [problem.field for problem in problems] == ["start_date"]


def test_a_hidden_start_time_is_known_to_be_unknown_and_gives_no_false_offset() -> None:
    hidden = mapped(start_date_local="2025-10-19T00:00:01Z", start_date="2025-10-19T00:00:01Z")
    assert not hidden.start_time_known
    assert hidden.utc_offset_s == -14400
    assert mapped(start_date_local="2025-10-19T00:00:02Z", start_date="2025-10-19T04:00:02Z").start_time_known


def test_a_missing_local_start_is_reckoned_from_the_one_in_utc() -> None:
    activity, problems = activity_from_api(without("start_date_local"))
    assert activity is not None
    assert activity.start_local == datetime(2025, 10, 19, 16)
    assert problems == []


@pytest.mark.parametrize(
    ("sport", "cadence_spm"), [("Run", 157), ("TrailRun", 157), ("VirtualRun", 157), ("Walk", 157), ("Ride", None)]
)
def test_cadence_counts_both_feet_and_only_feet(sport: str, cadence_spm: float | None) -> None:
    assert mapped(sport_type=sport).cadence_spm == cadence_spm


def test_a_race_is_a_run_that_the_runner_calls_one() -> None:
    assert mapped(workout_type=1).race
    assert mapped(workout_type="1").race
    assert not mapped(workout_type=2).race
    assert not mapped(workout_type=None).race
    assert not mapped(workout_type=1, sport_type="Ride").race


def test_a_treadmill_is_a_run_on_a_trainer() -> None:
    assert mapped(trainer=True).treadmill
    assert mapped(trainer="true").treadmill
    assert not mapped(trainer=True, sport_type="Ride").treadmill


def test_a_manual_entry_says_so() -> None:
    assert mapped(manual=True).manual


def test_times_and_distance_of_zero_stay_zero_for_cleaning_to_judge() -> None:
    activity = mapped(moving_time=0, elapsed_time=0, distance=0)
    assert (activity.moving_time_s, activity.elapsed_time_s, activity.distance_m) == (0, 0, 0)


def test_a_heart_rate_of_zero_was_no_heart_rate() -> None:
    activity = mapped(average_heartrate=0, max_heartrate=0.0, average_cadence=0)
    assert (activity.average_hr_bpm, activity.max_hr_bpm, activity.cadence_spm) == (None, None, None)


def test_numbers_that_come_as_text_or_in_another_form_are_read() -> None:
    activity = mapped(
        id="15000000019", distance="6764.8", moving_time=2151.4, max_heartrate="174.5", utc_offset="-14400"
    )
    assert activity == mapped(moving_time=2151, max_heartrate=174.5)


def test_a_long_id_keeps_its_last_digit() -> None:
    assert mapped(id=9_007_199_254_740_993).id == 9_007_199_254_740_993
    assert mapped(id="9007199254740993").id == 9_007_199_254_740_993


@pytest.mark.parametrize(
    ("label", "zone"),
    [
        ("(GMT+05:45) Asia/Katmandu", "Asia/Katmandu"),
        ("(GMT-03:00) America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("Europe/Berlin", "Europe/Berlin"),
        ("(GMT+00:00) ", None),
        ("", None),
        (None, None),
    ],
)
def test_a_time_zone_is_its_name_without_the_label(label: str | None, zone: str | None) -> None:
    assert mapped(timezone=label).time_zone == zone


@pytest.mark.parametrize(
    "odd", [math.nan, math.inf, -math.inf, -1, 1e300, 10**400, True, "fast", "", [], {"m": 1}, "NaN"]
)
@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("distance", "distance_m"),
        ("moving_time", "moving_time_s"),
        ("elapsed_time", "elapsed_time_s"),
        ("total_elevation_gain", "elevation_gain_m"),
        ("average_heartrate", "average_hr_bpm"),
        ("max_heartrate", "max_hr_bpm"),
        ("average_cadence", "cadence_spm"),
    ],
)
def test_an_odd_number_costs_itself_alone(name: str, field: str, odd: Any) -> None:
    activity, problems = activity_from_api({**RUN, name: odd})
    assert activity is not None
    assert getattr(activity, field) is None
    assert activity.start_local == mapped().start_local
    assert [(problem.activity_id, problem.field) for problem in problems] == [(15_000_000_019, name)]


@pytest.mark.parametrize("odd", [2, -1, "yes", [], {}, 10**5000, math.nan], ids=lambda odd: type(odd).__name__)
def test_an_odd_flag_is_false_and_told(odd: Any) -> None:
    activity, problems = activity_from_api({**RUN, "trainer": odd})
    assert activity is not None
    assert not activity.treadmill
    assert [problem.field for problem in problems] == ["trainer"]


@pytest.mark.parametrize("odd", [7, [], "x" * 101, "Run\x00", "\ud800"])
def test_an_odd_sport_type_leaves_the_old_type(odd: Any) -> None:
    activity, problems = activity_from_api({**RUN, "sport_type": odd})
    assert activity is not None
    assert activity.sport == "Run"
    assert [problem.field for problem in problems] == ["sport_type"]


@pytest.mark.parametrize(
    "odd",
    [None, 0, -1, True, 2**63, 1.5, math.nan, "", "a1", "٣", "9" * 40, [], {}, pytest.param("9" * 5000, id="endless")],
)
def test_without_a_usable_id_there_is_no_activity(odd: Any) -> None:
    activity, problems = activity_from_api({**RUN, "id": odd})
    assert activity is None
    assert [(problem.activity_id, problem.field) for problem in problems] == [(None, "id")]


@pytest.mark.parametrize("odd", [None, 1_760_000_000, "yesterday", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", []])
def test_without_a_usable_start_there_is_no_activity_and_it_is_told_which(odd: Any) -> None:
    activity, problems = activity_from_api({**RUN, "start_date_local": odd, "start_date": odd})
    assert activity is None
    assert {problem.activity_id for problem in problems} == {15_000_000_019}
    assert problems[-1].field == "start"


@pytest.mark.parametrize("body", [None, [], "run", 5, True])
def test_what_is_not_an_object_is_no_activity(body: Any) -> None:
    activity, problems = activity_from_api(body)
    assert activity is None
    assert len(problems) == 1


def test_a_problem_never_repeats_the_value() -> None:
    _, problems = activity_from_api({**RUN, "device_name": "Anna's watch" * 20, "distance": "52.3,4.9"})
    assert len(problems) == 2
    assert not any("Anna" in problem.what or "52.3" in problem.what for problem in problems)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.datetimes().map(datetime.isoformat),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)


@given(body=st.dictionaries(st.sampled_from(sorted(RUN)), JSON))
def test_whatever_stands_in_the_fields_the_rest_of_the_page_goes_on(body: dict[str, Any]) -> None:
    for whole in (body, {**RUN, **body}):
        activity, problems = activity_from_api(whole)
        assert activity is not None or problems
        if activity is not None:
            TrainingHistory.of([activity]).as_seen_at(activity.finished_local)


@given(name=st.sampled_from(sorted(set(RUN) - {"id", "start_date", "start_date_local"})), value=JSON)
def test_a_run_with_one_odd_field_is_still_there_and_still_then(name: str, value: Any) -> None:
    activity, _ = activity_from_api({**RUN, name: value})
    assert activity is not None
    assert (activity.id, activity.start_local) == (15_000_000_019, datetime(2025, 10, 19, 16))


@given(body=JSON)
def test_anything_at_all_in_place_of_an_activity_is_survived(body: Any) -> None:
    activity_from_api(body)


def real_bodies(exports: Path) -> Iterator[dict[str, Any]]:
    api = exports / "api"
    for path in [*sorted((api / "pages").glob("*.json")), api / "summary_activities.2019.json"]:
        yield from json.loads(path.read_text())
    for path in sorted(api.glob("detailed_activity.*.json")):
        yield json.loads(path.read_text())


@pytest.mark.real_data
def test_every_real_activity_is_read_without_a_single_problem(exports: Path) -> None:
    bodies = list(real_bodies(exports))
    results = [activity_from_api(body) for body in bodies]
    assert len(bodies) == 1182 + 3
    assert [problem for _, problems in results for problem in problems] == []
    assert all(activity is not None for activity, _ in results)


@pytest.mark.real_data
def test_real_activities_keep_their_numbers(exports: Path) -> None:
    for body in real_bodies(exports):
        activity, _ = activity_from_api(body)
        assert activity is not None
        assert activity.id == body["id"]
        assert activity.sport == body.get("sport_type", body["type"])
        assert activity.start_local.isoformat() + "Z" == body["start_date_local"]
        assert activity.distance_m == body["distance"]
        assert (activity.moving_time_s, activity.elapsed_time_s) == (body["moving_time"], body["elapsed_time"])
        assert activity.manual == body["manual"]
        assert activity.average_hr_bpm == body.get("average_heartrate")
        assert activity.time_zone == body["timezone"].partition(" ")[2]
        if "utc_offset" in body:
            assert activity.utc_offset_s == body["utc_offset"]


@pytest.mark.real_data
def test_real_races_treadmills_and_trail_runs_are_all_found(exports: Path) -> None:
    activities = [activity for activity, _ in map(activity_from_api, real_bodies(exports)) if activity is not None]
    assert sum(activity.race for activity in activities) == 84
    assert sum(activity.sport == "TrailRun" for activity in activities) == 6
    assert any(activity.treadmill for activity in activities)
    cadences = sorted(activity.cadence_spm for activity in activities if activity.is_run and activity.cadence_spm)
    assert 150 < cadences[len(cadences) // 2] < 180


# Course and shoes


def stream(*values):
    return {"data": list(values), "series_type": "distance", "original_size": len(values), "resolution": "high"}


def test_a_course_counts_both_feet_and_leaves_out_what_was_not_measured():
    body = {"time": stream(0, 5, 10), "cadence": stream(85, None, 84.5), "velocity_smooth": stream(3.1, "x", 1e9)}
    course = course_from_api(body)
    assert course.time_s == [0, 5, 10]
    assert course.cadence_spm == [170, None, 169]
    assert course.speed_mps == [3.1, None, None]
    assert course.grade_percent == []


@pytest.mark.parametrize(
    "body",
    [None, [], "x", {}, {"time": None}, {"time": {"data": 7}}, {"time": stream(0, None)}, {"cadence": stream(85)}],
)
def test_a_course_without_usable_times_is_empty(body):
    assert course_from_api(body) == Course()


def test_a_pair_of_shoes_has_the_name_that_its_owner_gave_it():
    assert gear_from_api({"id": "g1", "name": " Long Road ", "distance": 712_340}) == Gear("g1", "Long Road", 712_340)


@pytest.mark.parametrize("name", [None, 7, "two\nlines", "x" * 101])
def test_a_name_that_is_no_short_text_is_left_out(name):
    assert gear_from_api({"id": "g1", "name": name, "distance": 1}) == Gear("g1", "", 1)


@pytest.mark.parametrize(
    "body",
    [None, [], {}, {"id": "g1"}, {"id": 7, "distance": 1}, {"id": "g1", "distance": -1}, {"id": "", "distance": 1}],
)
def test_a_pair_without_an_id_or_a_distance_is_none(body):
    assert gear_from_api(body) is None
