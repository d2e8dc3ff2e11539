"""Who may open what: sessions, forms, headers, and that nobody sees anything of somebody else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from service.web.visit import COOKIE
from tests.service.web.conftest import EMAIL, OTHER_RUNNER, Browser, Home, Site

#: What anybody may open, once an installation was set up. All else needs a session.
PUBLIC = {
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/metrics"),
    ("GET", "/setup"),
    ("POST", "/setup"),
    ("GET", "/"),
    ("GET", "/connect"),
    ("POST", "/connect"),
    ("GET", "/invite/{token}"),
    ("GET", "/strava/callback"),
    ("GET", "/sign-in"),
    ("POST", "/sign-in/strava"),
    ("POST", "/sign-in/email"),
    ("GET", "/sign-in/code"),
    ("POST", "/sign-in/code"),
    ("GET", "/join"),
    ("POST", "/join"),
    ("GET", "/sign-in/link/{secret}"),
    ("POST", "/sign-in/link/{secret}"),
    ("GET", "/privacy"),
    ("GET", "/warning-signs"),
    ("GET", "/drawings/{code}.svg"),
    ("GET", "/strava/push/{secret}"),
    ("POST", "/strava/push/{secret}"),
    ("GET", "/demo/mail"),
    ("GET", "/demo/mail/{number}"),
}


def routes(app: Any) -> Iterator[tuple[str, str]]:
    """Every (method, path) that the program answers, but for static files."""
    for route in getattr(app, "routes", []):
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from routes(inner)
        elif getattr(route, "methods", None):
            yield from ((method, route.path) for method in sorted(route.methods - {"HEAD"}))


def is_for_programs(path: str) -> bool:
    """Opened by a key and never by a cookie, so that no form of elsewhere could reach it; closed with a 401."""
    return path.startswith("/api/")


def concrete(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "1", path)


def test_every_page_that_is_not_public_sends_strangers_to_the_sign_in(home: Home) -> None:
    closed = [route for route in routes(home.site.app) if route not in PUBLIC and not is_for_programs(route[1])]
    assert len(closed) > 20
    with httpx.Client(base_url=home.site.url) as stranger:
        for method, path in closed:
            answer = stranger.request(method, concrete(path))
            assert (answer.status_code, answer.headers.get("location")) == (303, "/sign-in"), f"{method} {path}"


def test_programs_without_a_session_get_a_401_instead(home: Home) -> None:
    with httpx.Client(base_url=home.site.url, headers={"accept": "application/json"}) as stranger:
        for method, path in routes(home.site.app):
            if (method, path) not in PUBLIC:
                assert stranger.request(method, concrete(path)).status_code == 401, f"{method} {path}"


def test_no_form_is_taken_without_the_token_of_its_browser(home: Home) -> None:
    posts = [path for method, path in routes(home.site.app) if method == "POST" and "push" not in path]
    posts = [path for path in posts if not is_for_programs(path)]
    for path in posts:
        answer = home.browser.client.post(concrete(path), data={"csrf": "planted", "word": "DELETE", "units": "mi"})
        assert answer.status_code in {403, 422}, path
    assert home.site.athletes == 1
    assert home.site.athlete.units == "km"


def test_the_list_of_public_pages_names_no_page_that_is_gone(make_site: Callable[..., Site]) -> None:
    assert set(routes(make_site(is_demo=True).app)) >= PUBLIC


def test_a_runner_never_sees_another_runners_message(home: Home) -> None:
    other = home.site.invited(home.browser)
    other.open(f"/inbox/{home.site.message_id('welcome')}")
    assert other.status == 404
    assert "35 runs" not in other.text


def test_a_runner_can_neither_test_nor_remove_another_runners_destination(home: Home) -> None:
    with home.site.service.store.transaction() as tx:
        theirs = tx.deliveries.add_destination(1, "webhook", "mine", "{}", "active", home.site.clock())
    other = home.site.invited(home.browser)
    token = csrf(other)
    for action in ("test", "remove"):
        answer = other.client.post(f"/destinations/{theirs.id}/{action}", data={"csrf": token})
        assert answer.status_code == 404
    other.open("/destinations")
    assert "mine" not in other.text
    with home.site.service.store.transaction() as tx:
        assert tx.deliveries.destination(1, theirs.id) is not None


def test_the_operator_sees_counts_and_no_runner(home: Home) -> None:
    home.site.invited(home.browser)
    home.browser.open("/operator")
    assert "Accounts 2" in home.browser.text
    assert str(OTHER_RUNNER) not in home.browser.page.text


def test_a_session_ends_after_90_days(home: Home) -> None:
    home.site.clock.advance(timedelta(days=89))
    home.browser.open("/settings")
    assert home.browser.path == "/settings"
    home.site.clock.advance(timedelta(days=2))
    home.browser.open("/settings")
    assert home.browser.path == "/sign-in"


def test_signing_out_ends_the_session_even_for_who_kept_the_cookie(home: Home) -> None:
    kept = home.browser.session
    home.browser.open("/settings")
    home.browser.submit("/sign-out")
    assert home.browser.path == "/sign-in"
    assert opens_inbox(home.site, kept) is False


def test_signing_out_everywhere_ends_other_browsers_too(home: Home) -> None:
    other = home.site.browser()
    other.open("/sign-in")
    other.submit("/sign-in/strava")
    home.site.consented(other)
    home.browser.open("/settings")
    home.browser.submit("/sign-out/everywhere")
    other.open("/inbox")
    assert other.path == "/sign-in"


def test_signing_in_gives_the_browser_a_new_session(fresh: Site) -> None:
    browser = fresh.at_strava(fresh.opened())
    planted = browser.session
    fresh.consented(browser)
    assert browser.session != planted
    assert opens_inbox(fresh, planted) is False
    token = csrf(browser)
    assert token not in _content(planted)


def test_a_cookie_that_we_did_not_sign_is_nobodys(home: Home) -> None:
    forged = (home.browser.session or "")[:-2] + "AA"
    assert opens_inbox(home.site, forged) is False
    assert opens_inbox(home.site, home.browser.session) is True


def test_a_wish_for_a_page_is_remembered_over_the_sign_in(home: Home) -> None:
    path = f"/inbox/{home.site.message_id('welcome')}"
    other = home.site.browser()
    other.open(path)
    other.submit("/sign-in/strava")
    state = other.page.url.params["state"]
    code = home.site.simulator.approve(5_000_000_001)
    other.open(f"/strava/callback?state={state}&code={code}&scope=read,activity:read,activity:read_all")
    assert other.path == path


def test_over_plain_http_the_cookie_is_not_secure_and_the_page_says_so(fresh: Site) -> None:
    browser = fresh.browser()
    browser.open("/setup")
    given = browser.page.headers["set-cookie"].lower()
    assert "httponly" in given
    assert "samesite=lax" in given
    assert "secure" not in given
    assert "not marked Secure" in browser.text


def test_over_https_the_cookie_is_secure(make_site: Callable[..., Site]) -> None:
    site = make_site(public_url="https://runs.example.org")
    browser = site.browser()
    browser.open("/setup")
    assert "secure" in browser.page.headers["set-cookie"].lower()
    assert "not marked Secure" not in browser.text


@pytest.mark.parametrize("path", ["/", "/inbox", "/nothing", "/healthz", "/static/afterrun.css", "/settings/delete"])
def test_every_answer_carries_the_headers_that_keep_strangers_out(home: Home, path: str) -> None:
    headers = home.browser.client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    rules = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert rules == {
        "default-src": "'none'",
        "style-src": "'self'",
        "img-src": "'self'",
        "form-action": f"'self' {home.site.strava}",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }


def test_pages_are_kept_by_nobody_and_style_by_everybody(home: Home) -> None:
    assert home.browser.client.get("/inbox").headers["cache-control"] == "no-store"
    assert "immutable" in home.browser.client.get("/static/afterrun.css").headers["cache-control"]


def test_what_is_not_there_says_so_in_our_look(home: Home) -> None:
    home.browser.open("/nothing")
    assert home.browser.status == 404
    assert "There is nothing at this address, or it is not yours to see." in home.browser.text


def test_what_cannot_be_read_says_so(home: Home) -> None:
    token = csrf(home.browser)
    home.browser.page = home.browser.client.post("/settings", data={"csrf": token, "units": "furlongs"})
    assert home.browser.status == 422
    assert "What was sent is not what this page asks for." in home.browser.text


def test_a_body_as_long_as_no_form_is_refused(home: Home) -> None:
    answer = home.browser.client.post("/settings", content=b"x" * 200_000)
    assert answer.status_code == 413


def test_what_breaks_on_our_side_says_so_with_all_headers(home: Home) -> None:
    home.site.service.store.engine.dispose()
    with home.site.service.store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE findings")
    home.browser.open("/inbox")
    assert home.browser.status == 500
    assert "The error is ours and stands in the log." in home.browser.text
    assert "frame-ancestors 'none'" in home.browser.page.headers["content-security-policy"]


def test_words_of_others_are_shown_as_words(home: Home) -> None:
    browser = home.site.browser()
    browser.open("/sign-in")
    browser.submit("/sign-in/email", email="<b>robin</b>@example.org")
    assert "<b>robin" not in browser.page.text
    assert "&lt;b&gt;robin" in browser.page.text


def test_the_address_of_a_known_runner_is_not_given_away(home: Home) -> None:
    with home.site.service.store.transaction() as tx:
        tx.accounts.change(1, email=EMAIL)
    answers = []
    for email in (EMAIL, "nobody@example.org"):
        browser = home.site.browser()
        browser.open("/sign-in")
        browser.submit("/sign-in/email", email=email)
        answers.append((browser.status, browser.path, browser.text.replace(email, "…")))
    assert answers[0] == answers[1]


def opens_inbox(site: Site, cookie: str | None) -> bool:
    with httpx.Client(base_url=site.url, cookies={COOKIE: cookie or ""}) as client:
        return client.get("/inbox").status_code == 200


def csrf(browser: Browser) -> str:
    browser.open("/settings")
    assert browser.page is not None
    return browser.page.text.split('name="csrf" value="')[1].split('"')[0]


def _content(cookie: str | None) -> str:
    import base64

    return base64.b64decode((cookie or "").split(".")[0] + "===").decode()
