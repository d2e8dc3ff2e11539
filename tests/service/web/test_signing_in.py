"""Coming back by a mailed code, so that a dead connection locks nobody out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.service.web.conftest import EMAIL, RUNNER, Browser, Home


@pytest.fixture
def known(home: Home) -> Home:
    """The runner confirmed an address and signed out."""
    with home.site.service.store.transaction() as tx:
        tx.accounts.change(1, email=EMAIL)
    home.browser.open("/settings")
    home.browser.submit("/sign-out")
    return home


def ask_for_code(browser: Browser, email: str = EMAIL) -> None:
    browser.open("/sign-in")
    browser.submit("/sign-in/email", email=email)


def test_a_mailed_code_signs_in_even_when_strava_is_lost(known: Home) -> None:
    known.site.simulator.revoke(RUNNER)
    known.site.read_again()
    ask_for_code(known.browser, "Robin@Example.org")
    known.browser.submit("/sign-in/code", code=known.site.code)
    assert known.browser.path == "/inbox"


def test_a_wrong_code_signs_nobody_in(known: Home) -> None:
    ask_for_code(known.browser)
    wrong = "000000" if known.site.code != "000000" else "000001"
    known.browser.submit("/sign-in/code", code=wrong)
    assert known.browser.status == 422
    assert "This is not the code" in known.browser.text


def test_after_five_wrong_codes_the_right_one_is_refused_too(known: Home) -> None:
    ask_for_code(known.browser)
    wrong = "000000" if known.site.code != "000000" else "000001"
    for _try in range(5):
        known.browser.submit("/sign-in/code", code=wrong)
    known.browser.submit("/sign-in/code", code=known.site.code)
    assert known.browser.status == 422


def test_a_code_works_once_and_for_15_minutes(known: Home) -> None:
    ask_for_code(known.browser)
    code = known.site.code
    known.site.clock.advance(timedelta(minutes=16))
    known.browser.submit("/sign-in/code", code=code)
    assert known.browser.status == 422
    ask_for_code(known.browser)
    known.site.await_mail(2)
    code = known.site.code
    known.browser.submit("/sign-in/code", code=code)
    assert known.browser.path == "/inbox"
    other = known.site.browser()
    known.site.clock.advance(timedelta(minutes=5))
    ask_for_code(other)
    known.site.await_mail(3)
    other.submit("/sign-in/code", code=code)
    assert other.status == 422


def test_an_unknown_address_gets_no_mail(known: Home) -> None:
    before = len(known.site.mail.messages)
    ask_for_code(known.browser, "nobody@example.org")
    known.browser.submit("/sign-in/code", code="123456")
    assert known.browser.status == 422
    assert len(known.site.mail.messages) == before


def test_strava_signs_in_whoever_has_an_account(known: Home) -> None:
    known.browser.open("/sign-in")
    known.browser.submit("/sign-in/strava")
    known.browser.submit("client_id", decision="authorize")
    known.browser.open("/settings")
    assert known.browser.path == "/settings"
    assert known.site.athletes == 1
