"""Strava's and Garmin's guidelines, on every page and in every mail that shows anything of a run."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from tests.service.web.conftest import EMAIL, Browser, Site
from tests.service.web.test_access import routes
from tests.world import NOON, ordinary_weeks, run

DEVICE = "Garmin Forerunner 265"
#: A distance in a runner's own words.
DISTANCE = re.compile(r"\d\.\d (km|mi)\b")
LINK = re.compile(r'<a (?:class="strava" )?href="(https://www\.strava\.com/[^"]+)"([^>]*)>([^<]*)</a>')
#: Their distances are thresholds that the runner may set, and nothing of a run.
OWN_NUMBERS = {"/settings"}


@pytest.fixture
def lived(make_site: Callable[..., Site]) -> tuple[Site, Browser, int]:
    """A runner with a Garmin to whom every kind of message about runs came, by mail too."""
    weeks = ordinary_weeks(NOON)
    site = make_site([_by_garmin(one) for one in weeks])
    browser = site.connected(email=EMAIL)
    browser.submit("/email/confirm", code=site.code)
    day = NOON.replace(tzinfo=None, hour=7)
    site.live(run(day + timedelta(days=1), 9.0, device_name=DEVICE))
    (number,) = site.live(run(day + timedelta(days=2), 15.0, device_name=DEVICE))
    site.live(run(day + timedelta(days=4), 42.2, workout_type=1, device_name=DEVICE))
    site.live(run(day + timedelta(days=5), 12.0, device_name=DEVICE))
    site.clock.advance_to(datetime(2026, 6, 7, 17, tzinfo=NOON.tzinfo))
    site.work()
    return site, browser, number


def _by_garmin(activity: Any) -> Any:
    from dataclasses import replace

    return replace(activity, body={**activity.body, "device_name": DEVICE})


def pages(site: Site) -> Iterator[str]:
    """Every page without a number in its address, and every message's."""
    for method, path in routes(site.app):
        if method == "GET" and "{" not in path and not path.startswith(("/healthz", "/readyz", "/strava", "/sign-out")):
            yield path
    with site.service.store.transaction() as tx:
        messages = tx.inbox.of(1)
    yield from (f"/inbox/{stored.message.id}" for stored in messages)


def test_every_page_that_shows_a_run_leads_to_strava_and_names_the_garmin(lived: tuple[Site, Browser, int]) -> None:
    site, browser, _ = lived
    shown = []
    for path in pages(site):
        browser.open(path)
        html = browser.page.text.partition("<main")[2]
        if path in OWN_NUMBERS or not DISTANCE.search(browser.text.replace("\xa0", " ")):
            continue
        shown.append(path)
        assert LINK.search(html), path
        assert DEVICE in browser.text, path
    assert {"/inbox", "/chart", "/summary", "/range", "/check-in", "/rules"} <= set(shown)
    assert sum(path.startswith("/inbox/") for path in shown) == 5


def test_every_link_to_strava_has_its_words_and_its_looks(lived: tuple[Site, Browser, int]) -> None:
    site, browser, _ = lived
    for path in pages(site):
        browser.open(path)
        for address, _, words in LINK.findall(browser.page.text):
            assert words == "View on Strava", (path, address)
        assert browser.page.text.count('href="https://www.strava.com/') == browser.page.text.count(
            'class="strava" href='
        )


def test_each_run_that_is_named_has_a_link_of_its_own(lived: tuple[Site, Browser, int]) -> None:
    site, browser, number = lived
    for path in ("/check-in", "/summary", f"/inbox/{site.message_id('alert')}"):
        browser.open(path)
        assert f"https://www.strava.com/activities/{number}" in browser.page.text, path
    browser.open("/chart")
    assert f"https://www.strava.com/activities/{number + 1}" in browser.page.text, "the longest of its week"


def test_every_mail_about_a_run_leads_to_strava_and_names_the_garmin(lived: tuple[Site, Browser, int]) -> None:
    site, _, _ = lived
    assert site.mail is not None
    about_runs = [mail for mail in site.mail.messages if DISTANCE.search(_part(mail, "plain").replace("\xa0", " "))]
    assert len(about_runs) == 4
    for mail in about_runs:
        html, plain = _part(mail, "html"), _part(mail, "plain")
        links = LINK.findall(html)
        assert links
        for _, style, words in links:
            assert words == "View on Strava"
            assert "font-weight:bold" in style
            assert "#FC5200" in style
        assert "View on Strava" in plain
        assert DEVICE in html
        assert DEVICE in plain


def _part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content())


@pytest.mark.parametrize("path", ["/connect", "/sign-in"])
def test_the_button_to_strava_has_the_guidelines_words_and_calls_itself_nothing_official(
    make_site: Callable[..., Site], path: str
) -> None:
    browser = make_site().opened()
    browser.open(path)
    assert '<button class="connect" lang="en">Connect with Strava</button>' in browser.page.text
    assert "official" not in browser.text.lower()


def test_the_button_to_strava_has_the_guidelines_measures(make_site: Callable[..., Site]) -> None:
    style = make_site().opened().client.get("/static/afterrun.css").text
    (rule,) = re.findall(r"^button\.connect \{([^}]*)\}", style, re.MULTILINE)
    assert "height: 48px" in rule
    assert "background: #fc5200" in rule


def test_each_run_in_the_list_of_the_inbox_has_its_link_beside_it(lived: tuple[Site, Browser, int]) -> None:
    _, browser, number = lived
    browser.open("/inbox")
    items = re.findall(r'<li[^>]*>\s*<a href="/inbox/.*?</li>', browser.page.text, flags=re.S)
    about_a_run = [item for item in items if re.search(r'class="kind (alert|race|receipt)"', item)]
    assert len(about_a_run) == 3
    links = [LINK.findall(item) for item in about_a_run]
    assert [len(found) for found in links] == [1] * 3
    assert f"https://www.strava.com/activities/{number}" in [found[0][0] for found in links]
