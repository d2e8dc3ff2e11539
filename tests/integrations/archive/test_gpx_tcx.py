"""GPX and TCX: safe and sound XML, whatever a program made of it."""

from __future__ import annotations

from datetime import datetime

import pytest

from integrations.archive.sports import sport_of_word
from tests.integrations.archive.recordings import (
    START,
    Dot,
    gpx,
    gpx_point,
    gpx_track,
    notes,
    only,
    refusal,
    runs,
    steady,
    tcx,
    tcx_activity,
    tcx_lap,
)


def test_both_versions_of_gpx_are_read() -> None:
    for version in ("1.0", "1.1"):
        assert only(gpx(gpx_track(steady()), version=version), "gpx").activity.sport == "Run"


def test_a_track_without_times_is_a_planned_route_and_no_run() -> None:
    assert "a planned route, not a run" in refusal(gpx(gpx_track(steady(), time=False)), "gpx")


def test_a_route_without_a_track_is_a_planned_route_and_no_run() -> None:
    assert "a planned route, not a run" in refusal(gpx('<rte><rtept lat="1" lon="1"/></rte>'), "gpx")


def test_a_course_of_tcx_is_planned_and_no_run() -> None:
    course = tcx().replace("<Activities></Activities>", "<Courses><Course><Name>Loop</Name></Course></Courses>")
    assert "a planned course, not a run" in refusal(course, "tcx")


def test_points_without_a_time_are_left_out_and_counted() -> None:
    data = gpx(gpx_track(steady()).replace("</trkseg>", gpx_point(Dot(0, 20_000), time=False) + "</trkseg>"))
    assert only(data, "gpx").activity.distance_m == pytest.approx(10080, rel=0.001)
    assert notes(data, "gpx") == ["points left out, as they have no time: 1"]


def test_points_that_go_back_in_time_are_left_out_and_counted() -> None:
    data = gpx(gpx_track([*steady(), Dot(60, 168)]))
    assert only(data, "gpx").activity.elapsed_time_s == 3600
    assert notes(data, "gpx") == ["points left out, as they go back in time: 1"]


def test_the_way_between_two_segments_is_not_known_and_not_counted() -> None:
    first, second = steady(600), [Dot(dot.second + 1200, dot.metres + 4000) for dot in steady(600)]
    track = gpx_track(first).replace("</trkseg>", "</trkseg><trkseg>" + "".join(map(gpx_point, second)) + "</trkseg>")
    run = only(gpx(track), "gpx").activity
    assert run.distance_m == pytest.approx(3360, rel=0.001)
    assert (run.elapsed_time_s, run.moving_time_s) == (1800, 1200)


def test_a_track_that_names_no_sport_is_not_taken_for_a_run_and_that_is_said() -> None:
    data = gpx(gpx_track(steady(), sport=None))
    assert only(data, "gpx").activity.sport == "Unknown"
    assert "does not say which sport" in notes(data, "gpx")[0]


@pytest.mark.parametrize(
    ("word", "sport"),
    [
        ("running", "Run"),
        ("Trail Running", "TrailRun"),
        ("trail_running", "TrailRun"),
        ("9", "Run"),
        ("1", "Ride"),
        ("Biking", "Ride"),
        ("VirtualRun", "VirtualRun"),
        ("open_water_swimming", "Swim"),
        ("Other", "Workout"),
        ("", "Unknown"),
    ],
)
def test_sports_get_stravas_words(word: str, sport: str) -> None:
    assert sport_of_word(word) == sport


def test_a_treadmill_is_known_as_one() -> None:
    assert only(gpx(gpx_track(steady(), sport="treadmill_running")), "gpx").activity.treadmill


def test_laps_are_added_up_and_their_heart_rates_weighed_by_time() -> None:
    first = tcx_lap(steady(600), timer_s=600, metres=1680)
    second = tcx_lap([Dot(dot.second + 600, dot.metres + 1680) for dot in steady(1800)], timer_s=1800, metres=5040)
    run = only(tcx(tcx_activity(first, second.replace(">150<", ">170<"))), "tcx").activity
    assert (run.distance_m, run.elapsed_time_s, run.average_hr_bpm, run.max_hr_bpm) == (6720, 2400, 165, 171)


def test_an_offset_in_a_tcx_file_is_the_runners_wall_clock() -> None:
    found = only(
        tcx(tcx_activity(tcx_lap(steady(), zone="-04:00")).replace("<Id>2026-08-02T06:20:32Z</Id>", "")), "tcx"
    )
    assert (found.start_utc, found.zone_known, found.activity.utc_offset_s) == (START, True, -4 * 3600)
    assert found.activity.start_local == datetime(2026, 8, 2, 2, 20, 32)


def test_each_activity_of_a_tcx_file_is_its_own() -> None:
    both = tcx(tcx_activity(tcx_lap(steady())), tcx_activity(tcx_lap(steady(), metres=24_000), sport="Biking"))
    assert [found.activity.sport for found in runs(both, "tcx")] == ["Run", "Ride"]


def test_the_blanks_that_strava_puts_before_its_tcx_files_do_no_harm() -> None:
    data = tcx(tcx_activity(tcx_lap(steady())), head='          <?xml version="1.0" encoding="UTF-8"?>\n')
    assert only(data, "tcx").activity.distance_m == 10080


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("UTF-8", "utf-8"),
        ("UTF-8", "utf-8-sig"),
        ("UTF-8", "latin-1"),
        ("ISO-8859-1", "latin-1"),
        ("windows-1252", "cp1252"),
        ("utf-16", "utf-16"),
        ("utf-16", "utf-8"),
        ("UTF-16LE", "utf-16-le"),
        ("zlib", "utf-8"),
        ("iso-8859-99", "utf-8"),
    ],
)
def test_a_wrong_or_rare_encoding_costs_no_run(declared: str, encoding: str) -> None:
    text = gpx(gpx_track(steady()), head=f'<?xml version="1.0" encoding="{declared}"?>\n')
    data = text.replace("Along the canal", "Über die Höhe").encode(encoding)
    assert only(data, "gpx").activity.distance_m == pytest.approx(10080, rel=0.001)


def test_characters_that_xml_forbids_cost_no_run() -> None:
    data = gpx(gpx_track(steady())).replace("Along the canal", "Along\x00 the\x0b canal")
    assert only(data, "gpx").activity.elapsed_time_s == 3600


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE gpx SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE gpx [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE gpx [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_a_document_type_is_refused_unread(doctype: str) -> None:
    data = gpx(gpx_track(steady()).replace("Along", "&b;")).replace("<gpx", doctype + "<gpx", 1)
    assert "document type of its own" in refusal(data, "gpx")


def test_an_entity_out_of_nowhere_breaks_the_file_there() -> None:
    data = gpx(gpx_track(steady()).replace("</trkseg>", "&nowhere;</trkseg>"))
    assert only(data, "gpx").activity.elapsed_time_s == 3600
    assert "breaks off or is damaged at line" in notes(data, "gpx")[0]


def test_coordinates_times_and_beats_that_are_none_are_left_out() -> None:
    odd = gpx_track(steady()).replace('lat="0.0" lon="0.0', 'lat="x" lon="0.0', 3).replace(">150<", ">many<", 5)
    run = only(gpx(odd), "gpx").activity
    assert run.distance_m == pytest.approx(10080, rel=0.01)
    assert run.average_hr_bpm == 150
