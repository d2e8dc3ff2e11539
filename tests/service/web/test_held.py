"""What is held of a runner, until when and why; and pages that are empty say why, and when they fill again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from integrations.strava.mapping import Gear
from integrations.strava.simulator import Fault
from rules.diary import CheckIn
from service import expiry
from tests.service.web.conftest import Home
from tests.world import NOON, RUNNER

STUB = "A message about a run that is no longer held"


@pytest.fixture
def expired(home: Home) -> Home:
    """A long run was told; then Strava gave nothing for more than seven days."""
    home.site.long_run()
    home.site.simulator.faults.fail_next("list", Fault.UNAVAILABLE, times=500)
    for _ in range(8):
        home.site.clock.advance(timedelta(days=1))
        home.site.work()
        expiry.sweep(home.site.service)
    return home


def test_every_kind_that_is_held_stands_there_with_its_end_and_its_reason(home: Home) -> None:
    home.site.long_run()
    with home.site.service.store.transaction() as tx:
        tx.shoes.put(1, {"g1": Gear("g1", "Long Road", 430_000)}, home.site.clock())
        tx.diary.add(1, CheckIn(NOON.replace(tzinfo=None), "knee", 2), home.site.clock())
    home.browser.open("/held")
    for said in (
        "Activities of the last 26 weeks and 4 days How many 36 activities Held since June 1, 2026 Held until June",
        "at the latest, unless Strava confirms it anew",
        "Shoes How many 1 pair",
        "Findings with their numbers How many 1 Held until As long as their run is held",
        "Messages with their text How many 2",
        "Strava's access keys How many 2, encrypted",
        "What you told and set How many 1, encrypted",
        "Hashes of runs that were held once How many 0",
    ):
        assert said in home.browser.text, said


def test_the_end_is_seven_days_after_strava_last_confirmed_it(home: Home) -> None:
    home.browser.open("/held")
    assert (
        "June 8, 2026 at the latest, unless Strava confirms it anew; it last did on June 1, 2026" in home.browser.text
    )


def test_settings_and_privacy_lead_to_what_is_held(home: Home) -> None:
    for path in ("/settings", "/privacy"):
        home.browser.open(path)
        assert 'href="/held"' in home.browser.page.text


@pytest.mark.parametrize("path", ["/inbox", "/chart", "/range", "/held"])
def test_a_page_that_is_empty_because_the_runs_expired_says_why_and_when_it_fills(expired: Home, path: str) -> None:
    expired.browser.open(path)
    assert "Strava last confirmed your runs on June" in expired.browser.text
    assert "may be kept for 7 days after that" in expired.browser.text
    assert "They are back with the next reading that Strava answers; the next try is on June" in expired.browser.text


def test_who_has_to_connect_again_reads_that_this_brings_the_runs_back(expired: Home) -> None:
    expired.site.simulator.faults.clear()
    expired.site.simulator.revoke(RUNNER)
    expired.site.clock.advance(timedelta(hours=1))  # after an outage Strava is asked again only then
    expired.site.read_again()
    expired.browser.open("/inbox")
    assert "They are back within minutes of your connecting again." in expired.browser.text


@pytest.mark.parametrize("path", ["/inbox", "/chart", "/range", "/held"])
def test_who_has_runs_reads_nothing_of_the_kind(home: Home, path: str) -> None:
    home.browser.open(path)
    assert "Strava last confirmed your runs" not in home.browser.text


def test_the_inbox_keeps_what_was_told_and_no_number_of_it(expired: Home) -> None:
    expired.browser.open("/inbox")
    assert STUB in expired.browser.text
    assert "15.0" not in expired.browser.text


def test_the_page_of_such_a_message_says_what_is_left_and_no_more(expired: Home) -> None:
    expired.browser.open(f"/inbox/{expired.site.message_id('alert')}")
    for said in (STUB, "A run far beyond your recent longest", ", told", "What is held of you, and until when"):
        assert said in expired.browser.text
    assert "15.0" not in expired.browser.text
    assert "strava.com" not in expired.browser.page.text


def test_what_was_noticed_but_not_told_keeps_its_name_alone(home: Home) -> None:
    from tests.world import run

    day = home.site.clock().replace(tzinfo=None, hour=7, minute=0)
    home.site.live(run(day + timedelta(days=1), 12.0))
    home.site.simulator.faults.fail_next("list", Fault.UNAVAILABLE, times=500)
    home.site.clock.advance(timedelta(days=8))
    expiry.sweep(home.site.service)
    home.browser.open("/inbox")
    assert "The run is no longer held, and with it the numbers went." in home.browser.text
    assert "12.0 km" not in home.browser.text


def test_after_the_expiry_the_page_counts_what_is_left(expired: Home) -> None:
    expired.browser.open("/held")
    assert "How many 0 activities Held until nothing is held" in expired.browser.text
    assert "Hashes of runs that were held once How many 36" in expired.browser.text


def test_nothing_speaks_as_if_to_a_beginner_while_the_runs_are_gone(expired: Home) -> None:
    expired.browser.open("/range")
    for unsaid in ("Check a plan", "longest so far", "Today and the next two weeks"):
        assert unsaid not in expired.browser.text
    expired.browser.open("/inbox")
    assert "What would be nothing unusual next" not in expired.browser.page.text
    assert "learning, needs" not in expired.browser.text
    assert "not read at present" in expired.browser.text
