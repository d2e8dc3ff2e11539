"""A fresh installation opens for nobody but who reads its log."""

from __future__ import annotations

from collections.abc import Callable

import httpx

from tests.service.web.conftest import Home, Site
from tests.service.web.test_access import concrete, routes

OPEN = {"/setup", "/healthz", "/readyz", "/metrics", "/strava/push/{secret}"}


def test_before_the_code_every_page_leads_to_the_setup(fresh: Site) -> None:
    with httpx.Client(base_url=fresh.url) as stranger:
        for method, path in routes(fresh.app):
            if path.startswith("/api/"):  # a program is told that it has no key
                assert stranger.request(method, concrete(path)).status_code == 401, f"{method} {path}"
            elif path not in OPEN:
                answer = stranger.request(method, concrete(path))
                assert (answer.status_code, answer.headers.get("location")) == (303, "/setup"), f"{method} {path}"


def test_health_style_and_strava_do_not_wait_for_the_code(fresh: Site) -> None:
    with httpx.Client(base_url=fresh.url) as stranger:
        assert stranger.get("/healthz").status_code == 200
        assert stranger.get("/static/afterrun.css").status_code == 200
        assert stranger.get("/strava/push/guessed").status_code == 404


def test_a_wrong_code_opens_nothing(fresh: Site) -> None:
    browser = fresh.browser()
    fresh.setup_code()
    browser.open("/setup")
    browser.submit("/setup", code="0000-0000")
    assert browser.status == 422
    assert "This is not the setup code." in browser.text
    browser.open("/")
    assert browser.path == "/setup"


def test_the_code_from_the_log_opens_this_browser_and_no_other(fresh: Site) -> None:
    browser = fresh.opened()
    assert browser.path == "/"
    other = fresh.browser()
    other.open("/")
    assert other.path == "/setup"


def test_once_somebody_has_connected_there_is_nothing_to_set_up(home: Home) -> None:
    stranger = home.site.browser()
    stranger.open("/setup")
    assert stranger.path == "/"


def test_the_demo_asks_for_no_code(make_site: Callable[..., Site]) -> None:
    browser = make_site(is_demo=True).browser()
    browser.open("/")
    assert browser.path == "/"
    assert "Connect with Strava" in browser.text


def test_the_code_works_for_one_installation_only(home: Home) -> None:
    home.browser.open("/settings/delete")
    home.browser.submit("/settings/delete", word="DELETE")
    with home.site.service.store.transaction() as tx:
        assert tx.instance.get("setup-code") is None
    home.browser.open("/")
    assert home.browser.path == "/setup"
