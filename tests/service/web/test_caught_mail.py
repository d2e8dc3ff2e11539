"""The demo's mailbox shows what was caught, without giving a mail any rights."""

from __future__ import annotations

from collections.abc import Callable

from tests.service.web.conftest import EMAIL, Home, Site


def test_caught_mails_are_shown_in_a_frame_without_rights(make_site: Callable[..., Site]) -> None:
    site = make_site(is_demo=True)
    browser = site.browser()
    site.consented(site.at_strava(browser, email=EMAIL))
    browser.open("/demo/mail")
    assert f"to {EMAIL}" in browser.text
    browser.open("/demo/mail/1")
    assert site.code in browser.text
    assert '<iframe class="mail" sandbox title=' in browser.page.text
    assert "script-src" not in browser.page.headers["content-security-policy"]


def test_the_drawing_that_came_with_a_mail_is_shown_in_its_place(make_site: Callable[..., Site]) -> None:
    site = make_site(is_demo=True)
    browser = site.browser()
    site.consented(site.at_strava(browser, email=EMAIL))
    browser.submit("/email/confirm", code=site.code)
    site.work()
    site.long_run()
    assert site.mail is not None
    site.await_mail(2)
    browser.open(f"/demo/mail/{len(site.mail.messages)}")
    assert "cid:" not in browser.page.text
    assert "data:image/png;base64," in browser.page.text
    assert "img-src 'self' data:" in browser.page.headers["content-security-policy"]


def test_a_mail_that_was_not_caught_is_not_found(make_site: Callable[..., Site]) -> None:
    browser = make_site(is_demo=True).browser()
    for number in ("0", "1", "-1"):
        browser.open(f"/demo/mail/{number}")
        assert browser.status == 404


def test_outside_of_the_demo_there_is_no_such_page(home: Home) -> None:
    home.browser.open("/demo/mail")
    assert home.browser.status == 404
