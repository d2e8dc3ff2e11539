"""What would be nothing unusual next, and the plan check: nothing of it is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from rules.diary import CheckIn
from tests.service.web.conftest import Home, Site
from tests.world import run


def checked(home: Home, *runs: tuple[date, str]) -> int:
    """Send these planned runs; the page's words are the browser's afterwards."""
    home.browser.open("/range")
    token = home.browser.page.text.split('name="csrf" value="')[1].split('"')[0]
    form = {"csrf": token, "day": [str(day) for day, _run in runs], "distance": [entered for _day, entered in runs]}
    home.browser.page = home.browser.client.post("/range", data=form)
    return home.browser.status


def test_the_range_stands_for_today_tomorrow_and_the_next_days(home: Home) -> None:
    home.browser.open("/range")
    for said in (
        "Today, Mon, Jun 1",
        "Tomorrow, Tue, Jun 2",
        "nothing unusual up to 11.0 km",
        "a message from 13.0 km",
    ):
        assert said in home.browser.text


def test_in_miles_distances_are_rounded_down(home: Home) -> None:
    home.browser.open("/settings")
    home.browser.submit("/settings", units="mi", first_weekday="0")
    home.browser.open("/range")
    assert "nothing unusual up to 6.8 mi" in home.browser.text
    assert "Distance in miles" in home.browser.page.text


def test_the_inbox_begins_with_today_and_tomorrow(home: Home) -> None:
    home.browser.open("/inbox")
    text = home.browser.text
    assert text.index("Today, Mon, Jun 1:") < text.index("Tomorrow, Tue, Jun 2:") < text.index("35 runs read")


def test_after_a_run_far_beyond_the_page_says_what_lowers_the_range(home: Home) -> None:
    home.site.long_run()
    home.browser.open("/range")
    assert "an unusually long run in the 7 days before" in home.browser.text
    assert "a message from" not in home.browser.text.split("Check a plan")[0]


def test_who_only_starts_gets_a_rule_of_thumb_and_no_message_line(make_site: Callable[..., Site]) -> None:
    site = make_site([run(datetime(2026, 5, 28 + day, 7), 2.0) for day in (0, 2)])
    browser = site.connected()
    browser.open("/range")
    assert "as a rule of thumb up to 2.5 km" in browser.text
    assert "Too little to compare yet." in browser.text
    assert "a message from" not in browser.text


def test_before_anything_was_read_nothing_is_made_up(make_site: Callable[..., Site]) -> None:
    browser = make_site([]).connected()
    browser.open("/range")
    assert browser.status == 200
    assert "oo little to compare yet" in browser.text


def test_without_strava_the_inbox_names_no_range(home: Home) -> None:
    home.browser.open("/settings/disconnect")
    home.browser.submit("/settings/disconnect")
    home.browser.open("/inbox")
    assert "Tomorrow," not in home.browser.text
    home.browser.open("/range")
    assert "Strava is not connected: no run is read." in home.browser.text


def test_a_plan_is_answered_run_by_run(home: Home) -> None:
    tomorrow = home.site.clock().date() + timedelta(days=1)
    assert checked(home, (tomorrow, "8,5"), (tomorrow + timedelta(days=2), "16.0")) == 200
    text = home.browser.text
    assert "Tue, Jun 2: 8.5 km" in text
    assert "Nothing would be said about it." in text
    assert "A message would come: " in text.split("Thu, Jun 4: 16.0 km")[1]
    assert 'value="16.0"' in home.browser.page.text


def test_a_planned_run_that_is_only_noted_says_why_no_message_comes(home: Home) -> None:
    tomorrow = home.site.clock().date() + timedelta(days=1)
    checked(home, (tomorrow, "12.0"))
    assert "No message at once: " in home.browser.text
    assert "A note: notes wait for the digest." in home.browser.text


def test_checking_a_plan_keeps_nothing(home: Home) -> None:
    tomorrow = home.site.clock().date() + timedelta(days=1)
    checked(home, (tomorrow, "30"))
    with home.site.service.store.transaction() as tx:
        assert tx.findings.of(1) == []
        assert tx.diary.entries(1) == []


@pytest.mark.parametrize(
    ("entered", "said"),
    [
        ("", "Enter the distance of at least one run."),
        ("far", "“far” is not a number."),
        ("0.1", "A distance has to be between 0.5 km and 300.0 km."),
        ("1e9", "A distance has to be between 0.5 km and 300.0 km."),
        ("NaN", "“NaN” is not a number."),
    ],
)
def test_a_plan_that_cannot_be_read_is_answered_with_what_can(home: Home, entered: str, said: str) -> None:
    assert checked(home, (home.site.clock().date(), entered)) == 422
    assert said in home.browser.text


@pytest.mark.parametrize("days", [-1, 183])
def test_a_plan_for_a_day_too_far_away_names_the_days_that_can_be(home: Home, days: int) -> None:
    assert checked(home, (home.site.clock().date() + timedelta(days=days), "10")) == 422
    assert "The day has to be between June 1, 2026 and November 30, 2026." in home.browser.text


def test_at_most_seven_runs_are_looked_at(home: Home) -> None:
    today = home.site.clock().date()
    checked(home, *[(today + timedelta(days=ahead), "6") for ahead in range(1, 12)])
    assert home.browser.text.count("Nothing would be said about it.") <= 7
    assert "Tue, Jun 9: 6.0 km" not in home.browser.text


def test_no_plan_is_checked_while_pain_is_red(home: Home) -> None:
    with home.site.service.store.transaction() as tx:
        at = home.site.clock().replace(tzinfo=None)
        tx.diary.add(1, CheckIn(at, "knee", 8), home.site.clock())
    home.browser.open("/check-in")
    token = home.browser.page.text.split('name="csrf" value="')[1].split('"')[0]
    form = {"csrf": token, "day": str(home.site.clock().date()), "distance": "5"}
    home.browser.page = home.browser.client.post("/range", data=form)
    assert "That day" not in home.browser.text
    assert "No distance is named" in home.browser.text
