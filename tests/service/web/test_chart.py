"""Twelve weeks as bars: by the runner's own weeks and units, with the messages that were written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from rules.model import Run
from service.web.bars import FLOOR, TOP, bars, weeks
from tests.service.web.conftest import Home, Site

MONDAY, SUNDAY = 0, 6
TODAY = date(2026, 6, 3)  # a Wednesday


def on(day: date, km: float) -> Run:
    start = datetime(day.year, day.month, day.day, 7)
    return Run(int(start.timestamp()), start, start, start, km * 1000, None)


def test_the_chart_and_its_table_say_the_same(home: Home) -> None:
    home.browser.open("/chart")
    assert home.browser.page.text.count("<rect") == 12
    assert "Kilometres per week" in home.browser.text
    assert "May 25 4 40.0 km 10.0 km" in home.browser.text


def test_a_week_with_a_message_is_marked_and_leads_to_it(home: Home) -> None:
    home.site.long_run()
    home.browser.open("/chart")
    assert 'class="bar alerted' in home.browser.page.text
    assert f'href="/inbox/{home.site.message_id("alert")}"' in home.browser.page.text


def test_runs_recorded_with_a_garmin_are_attributed(make_site: Callable[..., Site]) -> None:
    from tests.world import NOON, run

    morning = NOON.replace(tzinfo=None) - timedelta(days=1)
    site = make_site([run(morning, 8.0, device_name="Garmin Forerunner 265")])
    browser = site.connected()
    browser.open("/chart")
    assert "Recorded with Garmin Forerunner 265." in browser.text
    assert ">View on Strava</a>" in browser.page.text


def test_a_runner_without_runs_sees_an_empty_chart(make_site: Callable[..., Site]) -> None:
    browser = make_site([]).connected()
    browser.open("/chart")
    assert browser.status == 200
    assert "0.0 km" in browser.text


def test_weeks_begin_on_the_runners_own_first_day() -> None:
    sunday = date(2026, 5, 31)
    from_monday = weeks([on(sunday, 10)], [], TODAY, MONDAY)
    from_sunday = weeks([on(sunday, 10)], [], TODAY, SUNDAY)
    assert [week.first_day for week in from_monday][-2:] == [date(2026, 5, 25), date(2026, 6, 1)]
    assert [week.distance_m for week in from_monday][-2:] == [10_000, 0]
    assert [week.first_day for week in from_sunday][-2:] == [date(2026, 5, 24), sunday]
    assert [week.distance_m for week in from_sunday][-2:] == [0, 10_000]


def test_only_the_last_of_twelve_weeks_still_runs() -> None:
    shown = weeks([], [], TODAY, MONDAY)
    assert [week.is_running for week in shown] == [False] * 11 + [True]


def test_the_highest_bar_fills_the_room_and_the_others_follow() -> None:
    shown = weeks([on(TODAY, 40), on(TODAY - timedelta(days=7), 20)], [], TODAY, MONDAY)
    drawn = bars(shown, "km")
    assert (drawn[-1].y, drawn[-1].height) == (TOP, FLOOR - TOP)
    assert drawn[-2].height == (FLOOR - TOP) / 2
    assert [bar.value for bar in drawn[-2:]] == ["20", "40"]
    assert [bar.value for bar in bars(shown, "mi")[-2:]] == ["12", "25"]


def test_no_bar_leaves_the_drawing() -> None:
    for bar in bars(weeks([on(TODAY, 40)], [], TODAY, MONDAY), "km"):
        assert 0 <= bar.x <= bar.x + bar.width <= 100
