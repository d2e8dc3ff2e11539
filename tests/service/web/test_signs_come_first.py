"""While a warning sign stands, no page and no message offers an exercise or a distance, whichever sign it is."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from rules.advice import catalogue
from rules.diary import CheckIn, WarningSign
from rules.signs import SIGNS
from service import checking_in
from tests.service.web.conftest import Browser, Home
from tests.service.web.test_self_check import done
from tests.world import run

MOVEMENTS = [item.text("en").name for item in catalogue().values() if item.kind in ("mobility", "strength", "form")]
#: How distances are offered: what was run may be named, what could be run may not.
OFFERED = re.compile(
    r"nothing unusual up to|rule of thumb up to|a message from \d|Step \d of \d|up to \d+[.,]\d+ (km|mi)"
)
PAGES = ("/inbox", "/check-in", "/range", "/self-check", "/settings", "/leave-out", "/chart")
TUESDAY = datetime(2026, 6, 2, 7)


def offers(browser: Browser) -> list[str]:
    """What of exercises and distances the page offers."""
    return [name for name in MOVEMENTS if name in browser.text] + OFFERED.findall(browser.text)


def open_all(home: Home) -> dict[str, list[str]]:
    """What each page and each message in the inbox offers."""
    with home.site.service.store.transaction() as tx:
        messages = [f"/inbox/{stored.message.id}" for stored in tx.inbox.of(1)]
    found = {}
    for path in (*PAGES, *messages):
        home.browser.open(path)
        assert home.browser.status == 200, path
        found[path] = offers(home.browser)
    return found


def test_whichever_sign_stands_nothing_is_offered_until_it_is_cleared(home: Home) -> None:
    home.site.live(run(TUESDAY, 18))
    home.site.clock.advance(timedelta(days=6))
    home.site.read_again()
    done(home)
    runner = home.site.athlete
    before = {path for path, found in open_all(home).items() if found}
    assert {"/inbox", "/range", "/self-check"} <= before
    for code in SIGNS:
        at = home.site.clock().replace(tzinfo=None)
        checking_in.tell(home.site.service, runner, WarningSign(code, at))
        assert {path: found for path, found in open_all(home).items() if found} == {}, code
        with home.site.service.store.transaction() as tx:
            entry_id = next(id_ for id_, entry in tx.diary.entries(1) if isinstance(entry, WarningSign))
            tx.diary.remove(1, entry_id)
    assert before <= {path for path, found in open_all(home).items() if found}


def test_what_is_sent_while_a_sign_stands_offers_nothing_either(home: Home) -> None:
    at = home.site.clock().replace(tzinfo=None)
    checking_in.tell(home.site.service, home.site.athlete, WarningSign("chest-pain", at), CheckIn(at, "knee", 2))
    home.site.live(run(TUESDAY, 18))
    home.site.clock.advance(timedelta(days=6))
    home.site.read_again()
    with home.site.service.store.transaction() as tx:
        kinds = {stored.message.kind for stored in tx.inbox.of(1)}
    assert {"alert", "digest"} <= kinds
    assert {path: found for path, found in open_all(home).items() if found} == {}
