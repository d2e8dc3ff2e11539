"""What FIT, GPX and TCX have in common: the same run is the same run in each, and what cannot be is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from integrations.archive import FoundRun, Problem, in_zone
from tests.integrations.archive.recordings import (
    START,
    Dot,
    activity,
    file_id,
    fit,
    fit_run,
    gpx,
    gpx_track,
    notes,
    only,
    outcomes,
    records,
    refusal,
    runs,
    session,
    steady,
    tcx,
    tcx_activity,
    tcx_lap,
    with_a_stop,
)

HOUR = {
    "fit": fit_run(),
    "gpx": gpx(gpx_track(steady())),
    "tcx": tcx(tcx_activity(tcx_lap(steady()))),
}


@pytest.mark.parametrize("kind", sorted(HOUR))
def test_one_run_is_nearly_the_same_run_in_every_format(kind: str) -> None:
    found = only(HOUR[kind], kind)
    run = found.activity
    assert (found.source, found.start_utc, run.sport, run.elapsed_time_s) == (kind, START, "Run", 3600)
    assert run.distance_m == pytest.approx(10080, rel=0.002)
    assert run.moving_time_s == pytest.approx(3600, abs=10)
    assert (run.average_hr_bpm, run.cadence_spm) == (150, 168)
    assert run.device_name == "Testwatch 5"
    assert run.id < 0


@pytest.mark.parametrize("kind", sorted(HOUR))
def test_the_same_file_has_the_same_id_however_often_it_comes(kind: str) -> None:
    assert only(HOUR[kind], kind).activity.id == only(HOUR[kind], kind).activity.id


def test_another_start_another_duration_and_another_distance_are_other_runs() -> None:
    ids = {
        only(fit(file_id(), told), "fit").activity.id
        for told in (
            session(),
            session(start=START + timedelta(seconds=1)),
            session(elapsed_s=3601),
            session(distance_m=10081),
        )
    }
    assert len(ids) == 4


def test_who_stood_for_ten_minutes_without_pausing_did_not_run_in_them() -> None:
    dots = with_a_stop()
    stood = {
        "fit": fit(file_id(), *records(dots), session(elapsed_s=3000, timer_s=3000, distance_m=6720), activity()),
        "gpx": gpx(gpx_track(dots)),
        "tcx": tcx(tcx_activity(tcx_lap(dots, timer_s=3000, metres=6720))),
    }
    for kind, data in stood.items():
        run = only(data, kind).activity
        assert run.elapsed_time_s == 3000, kind
        assert run.moving_time_s == pytest.approx(2400, abs=20), kind
        assert run.distance_m == pytest.approx(6720, rel=0.002), kind


def test_who_paused_the_watch_is_believed() -> None:
    paused = fit(file_id(), *records(with_a_stop()), session(elapsed_s=3000, timer_s=2390, distance_m=6720))
    assert only(paused, "fit").activity.moving_time_s == 2390
    laps = tcx(tcx_activity(tcx_lap(with_a_stop(), timer_s=2390, metres=6720)))
    assert only(laps, "tcx").activity.moving_time_s == 2390
    assert only(laps, "tcx").activity.elapsed_time_s == 3000


def test_a_cadence_that_counts_both_feet_is_not_doubled() -> None:
    assert only(gpx(gpx_track(replace(dot, cadence=170) for dot in steady())), "gpx").activity.cadence_spm == 170


def test_a_sensor_that_saw_nothing_gives_nothing() -> None:
    for nothing in (0, None):
        run = only(
            gpx(gpx_track(replace(dot, heart_rate=nothing, cadence=nothing) for dot in steady())), "gpx"
        ).activity
        assert (run.average_hr_bpm, run.max_hr_bpm, run.cadence_spm) == (None, None, None)


@pytest.mark.parametrize(
    ("totals", "reason"),
    [
        ({"start": datetime.fromisoformat("1999-08-22T00:00:00+00:00")}, "its clock was not set"),
        ({"elapsed_s": None, "timer_s": None}, "it has no duration"),
        ({"elapsed_s": 0.4, "timer_s": 0.4}, "it has no duration"),
        ({"elapsed_s": 9 * 86400}, "it took 9 days"),
        ({"distance_m": 60_000}, "60.0 km in 60.0 minutes"),
        ({"start": None}, "does not say when it began"),
    ],
)
def test_a_session_whose_start_duration_or_distance_cannot_be_is_refused(totals: dict, reason: str) -> None:
    assert reason in refusal(fit(file_id(), session(**totals)), "fit")


def test_a_run_whose_file_tells_utc_alone_is_put_into_the_runners_zone() -> None:
    found = only(HOUR["gpx"], "gpx")
    assert (found.zone_known, found.activity.start_local, found.activity.utc_offset_s) == (
        False,
        datetime(2026, 8, 2, 6, 20, 32),
        None,
    )
    at_home = in_zone(found, ZoneInfo("Pacific/Auckland"))
    assert (at_home.start_local, at_home.utc_offset_s) == (datetime(2026, 8, 2, 18, 20, 32), 12 * 3600)
    assert (at_home.time_zone, at_home.id) == ("Pacific/Auckland", found.activity.id)


def test_a_run_whose_file_knows_the_wall_clock_stays_on_it() -> None:
    found = only(HOUR["fit"], "fit")
    assert (found.zone_known, found.activity.utc_offset_s) == (True, 7200)
    assert in_zone(found, ZoneInfo("Pacific/Auckland")) == found.activity
    assert found.activity.start_local == datetime(2026, 8, 2, 8, 20, 32)


def test_a_jump_of_the_position_is_left_out_of_the_distance_and_told() -> None:
    dots = [Dot(dot.second, dot.metres + 5000) if dot.second == 1800 else dot for dot in steady()]
    data = gpx(gpx_track(dots))
    assert only(data, "gpx").activity.distance_m == pytest.approx(10080 - 28, rel=0.002)
    assert notes(data, "gpx") == ["jumps of the position left out of the distance: 2"]


def test_a_file_of_many_sessions_gives_each_of_them_and_says_which_was_left_out() -> None:
    later = START + timedelta(hours=3)
    three = gpx(gpx_track(steady()), "<trk/>", gpx_track(steady(600), start=later))
    told = outcomes(three, "gpx")
    assert [getattr(one, "start_utc", None) for one in told] == [START, later, None]
    assert str(told[-1]) == "run.gpx: part 2 of it: a track of this file has no points; leave it out"


def test_a_file_of_endless_sessions_is_left_at_some_point() -> None:
    told = outcomes(gpx("<trk/>" * 3000), "gpx")
    assert len(told) == 501
    assert "more than 500 sessions" in str(told[-1])


def test_a_file_that_breaks_off_at_any_byte_gives_what_came_before_or_a_reason() -> None:
    for kind, data in {
        "fit": fit_run(steady(60), elapsed_s=60, timer_s=60, distance_m=168),
        "gpx": gpx(gpx_track(steady(60))).encode(),
        "tcx": tcx(tcx_activity(tcx_lap(steady(60), timer_s=60, metres=168))).encode(),
    }.items():
        for end in range(0, len(data) - 1, 7):
            told = outcomes(data[:end], kind)
            found = [one for one in told if isinstance(one, FoundRun)]
            said = [one for one in told if isinstance(one, Problem)]
            assert len(found) <= 1, (kind, end)
            assert any(one.kind == "fatal" for one in said) == (not found), (kind, end)
            assert any("breaks off" in one.what or "nothing of a session" in one.what for one in said), (kind, end)
        assert len(runs(data[: len(data) * 3 // 4], kind)) == 1
        assert "breaks off or is damaged" in notes(data[: len(data) * 3 // 4], kind)[0]
