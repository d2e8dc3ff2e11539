"""FIT: what a watch says of a run in its own words, whole or damaged."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.integrations.archive.recordings import (
    CYCLING,
    DEVICE_SETTINGS,
    ENUM,
    RUNNING,
    SPORT,
    START,
    SWIMMING,
    TRAINING,
    UINT8,
    UINT32,
    Dot,
    activity,
    file_id,
    fit,
    fit_run,
    notes,
    only,
    outcomes,
    records,
    refusal,
    runs,
    session,
    steady,
)


@pytest.mark.parametrize(
    ("sport", "sub_sport", "words"),
    [
        (RUNNING, 0, ("Run", False)),
        (RUNNING, 4, ("Run", False)),
        (RUNNING, 3, ("TrailRun", False)),
        (RUNNING, 1, ("Run", True)),
        (RUNNING, 45, ("Run", True)),
        (RUNNING, 58, ("VirtualRun", False)),
        (CYCLING, 0, ("Ride", False)),
        (CYCLING, 8, ("MountainBikeRide", False)),
        (SWIMMING, 17, ("Swim", False)),
        (TRAINING, 20, ("WeightTraining", False)),
        (11, 0, ("Walk", False)),
        (17, 0, ("Hike", False)),
        (254, 0, ("Workout", False)),
    ],
)
def test_sports_get_stravas_words(sport: int, sub_sport: int, words: tuple[str, bool]) -> None:
    run = only(fit(file_id(), session(sport, sub_sport)), "fit").activity
    assert (run.sport, run.treadmill) == words


def test_the_summary_counts_where_there_is_one() -> None:
    run = only(fit_run(distance_m=9999, elapsed_s=4000, timer_s=3500), "fit").activity
    assert (run.distance_m, run.elapsed_time_s, run.moving_time_s) == (9999, 4000, 3500)
    assert (run.average_hr_bpm, run.max_hr_bpm, run.elevation_gain_m) == (150, 171, 42)


def test_without_a_summary_the_points_are_summed_up_and_that_is_said() -> None:
    sport = (SPORT, {0: (ENUM, RUNNING), 1: (ENUM, 3)})
    data = fit(file_id(), sport, *records(steady()))
    run = only(data, "fit").activity
    assert (run.sport, run.distance_m, run.elapsed_time_s, run.elevation_gain_m) == ("TrailRun", 10080, 3600, None)
    assert notes(data, "fit") == ["its summary is missing, so the numbers are summed up from its points"]


def test_a_half_file_knows_its_sport_from_its_first_lap() -> None:
    lap = (19, {25: (ENUM, RUNNING)})
    assert only(fit(file_id(), *records(steady()), lap), "fit").activity.sport == "Run"


def test_where_the_watch_states_no_way_the_positions_give_it() -> None:
    data = fit(file_id(), *records(steady(), stated=False), session(distance_m=None))
    assert only(data, "fit").activity.distance_m == pytest.approx(10080, rel=0.001)


def test_a_run_without_any_way_is_a_run_all_the_same() -> None:
    data = fit(file_id(), *records(Dot(second, None) for second in range(0, 3601, 5)), session(distance_m=None))
    run = only(data, "fit").activity
    assert (run.distance_m, run.moving_time_s) == (None, 3600)


def test_a_broken_checksum_costs_nothing_and_is_said() -> None:
    data = fit(file_id(), *records(steady()), session(), activity(), checksum=4711)
    assert only(data, "fit").activity.distance_m == 10080
    assert "checksum is wrong" in notes(data, "fit")[0]


def test_a_broken_checksum_with_a_start_that_cannot_be_is_refused_with_both_reasons() -> None:
    data = fit(file_id(), session(start=datetime.fromisoformat("1999-08-22T00:00:00+00:00")), checksum=4711)
    assert "clock was not set" in refusal(data, "fit")
    assert "checksum is wrong" in refusal(data, "fit")


def test_a_whole_file_with_rubbish_behind_it_is_read_and_the_rubbish_told() -> None:
    told = outcomes(fit_run() + b"rubbish behind the end", "fit")
    assert [getattr(one, "source", None) for one in told] == ["fit", None]
    assert "breaks off or is damaged" in str(told[1])


def test_the_wall_clock_is_known_from_the_watch() -> None:
    for offset_s in (-9.5 * 3600, -3600, 0, 5.75 * 3600, 14 * 3600):
        found = only(fit(file_id(), session(), activity(round(offset_s))), "fit")
        assert (found.activity.utc_offset_s, found.zone_known) == (offset_s, True)
        assert found.activity.start_local == START.replace(tzinfo=None) + timedelta(seconds=offset_s)


@pytest.mark.parametrize("offset_s", [None, 1234, 20 * 3600, -400_000_000])
def test_a_wall_clock_that_cannot_be_is_not_believed(offset_s: int | None) -> None:
    found = only(fit(file_id(), session(), activity(offset_s)), "fit")
    assert (found.activity.utc_offset_s, found.zone_known) == (None, False)
    assert found.activity.start_local == START.replace(tzinfo=None)


def test_a_half_file_knows_the_wall_clock_from_the_settings_of_the_watch() -> None:
    settings = (DEVICE_SETTINGS, {0: (UINT8, 0), 2: (UINT32, 2**32 - 5 * 3600)})
    assert only(fit(file_id(), settings, *records(steady())), "fit").activity.utc_offset_s == -5 * 3600


def test_each_session_of_a_triathlon_is_its_own_and_takes_no_points_of_the_others() -> None:
    swim = session(SWIMMING, distance_m=1500, elapsed_s=1800, timer_s=1800)
    ride = session(CYCLING, start=START + timedelta(minutes=30), distance_m=40_000)
    run = session(start=START + timedelta(minutes=90), distance_m=None)
    found = runs(fit(file_id(), *records(steady()), swim, ride, run, activity()), "fit")
    assert [(one.activity.sport, one.activity.distance_m) for one in found] == [
        ("Swim", 1500),
        ("Ride", 40_000),
        ("Run", None),
    ]
    assert [one.activity.cadence_spm for one in found] == [None, None, 168]
    assert {one.activity.utc_offset_s for one in found} == {7200}


def test_files_chained_in_one_are_all_read() -> None:
    later = fit(file_id(), session(start=START + timedelta(days=1)), activity(3600, START + timedelta(days=1)))
    found = runs(fit_run() + later, "fit")
    assert [one.activity.utc_offset_s for one in found] == [7200, 3600]


@pytest.mark.parametrize(("kind", "holds"), [(6, "course"), (2, "settings"), (5, "workout")])
def test_a_file_of_something_else_is_refused_by_what_it_holds(kind: int, holds: str) -> None:
    assert f"holds {holds}, not an activity" in refusal(fit(file_id(kind), *records(steady(60))), "fit")


def test_the_device_has_its_own_name_else_maker_and_product() -> None:
    assert only(fit(file_id(product=None), session()), "fit").activity.device_name == "garmin"
