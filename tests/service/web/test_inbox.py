"""The inbox: every message with its explanation, what was not told and why, and always what is watched."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from integrations.strava.simulator import Fault
from rules.checks import all_rules
from tests.service.web.conftest import EMAIL, Home, Site
from tests.world import run


def test_a_run_far_beyond_the_longest_stands_in_the_inbox_with_its_reason(home: Home) -> None:
    run_id = home.site.long_run()
    home.browser.open(f"/inbox/{home.site.message_id('alert')}")
    for said in ("15.0 km", "One thing to do", "Why you see this", "run-spike", "Strength of evidence", "Source"):
        assert said in home.browser.text
    assert f'<a class="strava" href="https://www.strava.com/activities/{run_id}">View on Strava</a>' in (
        home.browser.page.text
    )


def test_a_message_is_new_until_it_is_opened(home: Home) -> None:
    home.browser.open("/inbox")
    assert home.browser.page.text.count('class="new"') == 1
    home.browser.open(f"/inbox/{home.site.message_id('welcome')}")
    home.browser.open("/inbox")
    assert 'class="new"' not in home.browser.page.text


def test_no_alert_is_never_shown_without_the_state_of_every_rule(home: Home) -> None:
    for path in ("/inbox", "/chart", "/rules"):
        home.browser.open(path)
        assert "A run far beyond your recent longest" in home.browser.text
        assert "Two weeks well above your usual" in home.browser.text
        assert "watching" in home.browser.text


def test_a_new_runner_reads_what_the_rules_still_wait_for(make_site: Callable[..., Site]) -> None:
    site = make_site([run(datetime(2026, 5, 30, 7), 6.0)])
    browser = site.connected()
    browser.open("/inbox")
    assert "learning, needs 5 more runs and 26 more days" in browser.text
    assert "You are starting" in browser.text


def test_a_finding_that_was_not_told_keeps_its_reason(home: Home) -> None:
    day = home.site.clock().replace(tzinfo=None, hour=7, minute=0)
    noted = home.site.live(run(day + timedelta(days=1), 12.0))[0]
    home.browser.open("/inbox")
    assert "A note: notes wait for the digest." in home.browser.text
    assert f"https://www.strava.com/activities/{noted}" in home.browser.page.text


def test_a_message_about_a_run_that_was_corrected_says_that_it_no_longer_holds(home: Home) -> None:
    home.site.simulator.edit_activity(5_000_000_001, home.site.long_run(), distance=9000.0)
    home.site.read_again()
    home.browser.open("/inbox")
    assert "no longer holds" in home.browser.text
    home.browser.open(f"/inbox/{home.site.message_id('alert')}")
    assert "the run was corrected or deleted since" in home.browser.text


def test_a_message_says_how_its_delivery_went(fresh: Site) -> None:
    browser = fresh.consented(fresh.at_strava(fresh.opened(), email=EMAIL))
    browser.submit("/email/confirm", code=fresh.code)
    fresh.work()
    browser.open(f"/inbox/{fresh.message_id('welcome')}")
    assert f"{EMAIL} sent: accepted by mail server" in browser.text


def test_while_the_first_import_runs_the_page_shows_how_far_it_is(make_site: Callable[..., Site]) -> None:
    start = datetime(2026, 1, 1, 7)
    site = make_site([run(start + timedelta(hours=14 * number), 5.0) for number in range(250)])
    browser = site.consented(site.at_strava(site.opened()))
    assert 'http-equiv="refresh" content="1"' in browser.page.text
    site.simulator.faults.fail_next("list", Fault.SERVER_ERROR, after=1)
    site.work()
    browser.open("/import")
    assert "200 activities read" in browser.text
    assert 'value="48"' in browser.page.text
    assert "Strava does not answer properly at the moment." in browser.text
    site.clock.advance(timedelta(minutes=2))
    site.work()
    browser.open("/import")
    assert "250 activities read · finished" in browser.text
    assert 'content="3; url=/inbox"' in browser.page.text


def test_an_inbox_before_the_import_says_what_it_waits_for(fresh: Site) -> None:
    browser = fresh.consented(fresh.at_strava(fresh.opened()))
    browser.open("/inbox")
    assert "Your runs are being read." in browser.text


def test_without_strava_nothing_is_called_watched_but_what_the_runner_tells(home: Home) -> None:
    home.browser.open("/settings/disconnect")
    home.browser.submit("/settings/disconnect")
    home.browser.open("/inbox")
    assert "Strava is not connected: no run is read, so only your check-ins are answered." in home.browser.text
    told = [rule for rule in all_rules() if rule.outranks]
    assert home.browser.text.count("watching") == len(told)
    for rule in told:
        assert f"{rule.title}: watching" in home.browser.text


@pytest.mark.parametrize("path", ["/privacy", "/warning-signs"])
def test_every_page_leads_to_privacy_and_warning_signs(home: Home, path: str) -> None:
    for page in ("/inbox", "/chart", "/rules", "/destinations", "/settings", "/operator", "/import", "/nothing"):
        home.browser.open(page)
        assert f'href="{path}"' in home.browser.page.text


def test_the_warning_signs_name_the_emergency_first_and_say_who_has_not_read_them(home: Home) -> None:
    home.browser.open("/warning-signs")
    text = home.browser.text
    assert "Not yet reviewed by a clinician." in text
    order = [
        "Call the emergency number now",
        "between the shoulder blades",
        "Stop running",
        "before you do any exercise",
    ]
    assert [text.index(part) for part in order] == sorted(text.index(part) for part in order)


def test_the_rules_page_shows_thresholds_limits_and_sources(home: Home) -> None:
    home.browser.open("/rules")
    for said in ("What it does not know", "Frandsen et al.", "least_runs 6", "caution 0.3", "B (one large study)"):
        assert said in home.browser.text
