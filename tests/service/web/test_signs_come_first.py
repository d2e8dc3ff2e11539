"""While a warning sign stands, no page and no message offers an exercise or a distance, whichever sign it is."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from integrations.channels.message import Message, Section
from integrations.errors import RetryLater
from rules.advice import catalogue
from rules.diary import CheckIn, WarningSign
from rules.signs import SIGNS
from service import checking_in, deliver
from service.messages.days import wall_clock
from tests.service.web.conftest import Browser, Home
from tests.service.web.test_self_check import done
from tests.world import Recorder, run

MOVEMENTS = [item.text("en").name for item in catalogue().values() if item.kind in ("mobility", "strength", "form")]
#: How distances are offered: what was run may be named, what could be run may not.
OFFERED = re.compile(
    r"nothing unusual up to|rule of thumb up to|a message from \d|Step \d of \d|up to \d+[.,]\d+ (km|mi)"
)
PAGES = ("/inbox", "/check-in", "/range", "/self-check", "/settings", "/leave-out", "/chart", "/summary")
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


def inbox(home: Home) -> list[Message]:
    """What was written, the newest first."""
    with home.site.service.store.transaction() as tx:
        return [stored.message for stored in tx.inbox.of(1)]


def written(message: Message) -> list[str]:
    """What of exercises and distances stands in a message itself, whatever a page would hide."""
    said = " ".join([message.lead, *(str(section.model_dump()) for section in message.sections), str(message.data)])
    offered = [
        item.code for item in catalogue().values() if f"'{item.code}'" in str(message.data) and item.kind != "care"
    ]
    return [name for name in MOVEMENTS if name in said] + OFFERED.findall(said) + offered


def tell(home: Home, *entries: WarningSign | CheckIn) -> None:
    checking_in.tell(home.site.service, home.site.athlete, *entries)


def local(home: Home) -> datetime:
    return wall_clock(home.site.athlete, home.site.clock())


@pytest.mark.parametrize("told", ["chest-pain", "red-pain"])
def test_what_is_written_while_a_sign_stands_or_pain_is_red_offers_nothing(home: Home, told: str) -> None:
    tell(home, WarningSign(told, local(home)) if told in SIGNS else CheckIn(local(home), "knee", 8))
    before = len(inbox(home))
    home.site.live(run(TUESDAY, 9), run(TUESDAY + timedelta(days=1), 18))
    home.site.clock.advance(timedelta(days=6))
    home.site.read_again()
    new = inbox(home)[: len(inbox(home)) - before]
    assert {"receipt", "alert", "digest"} <= {message.kind for message in new}
    assert {message.subject: written(message) for message in new if written(message)} == {}
    assert {path: found for path, found in open_all(home).items() if found} == {}


def test_a_digest_that_is_written_late_goes_by_what_was_told_until_then(home: Home) -> None:
    home.site.clock.advance_to(datetime(2026, 6, 7, 16, 9, tzinfo=UTC))  # due at 18:00 in Berlin
    tell(home, WarningSign("chest-pain", local(home)))
    home.site.clock.advance(timedelta(minutes=1))
    home.site.read_again()
    (late,) = (message for message in inbox(home) if message.kind == "digest")
    assert written(late) == []


def test_what_waits_to_be_sent_leaves_out_what_a_sign_told_since_has_no_room_for(home: Home) -> None:
    channels = home.site.service.channels
    home.site.live(run(TUESDAY, 9))
    with home.site.service.store.transaction() as tx:
        destination = tx.deliveries.add_destination(1, "recorder", "recorder", "{}", "active", home.site.clock())
    assert destination
    recorder = Recorder(failures=[RetryLater("down")])
    service = replace(home.site.service, channels={**channels, "recorder": recorder})
    home.site.live(run(TUESDAY + timedelta(days=1), 18))
    tell(home, WarningSign("chest-pain", local(home)))
    home.site.clock.advance(timedelta(days=1))
    deliver.sweep(service)
    home.site.clock.advance(timedelta(days=1))
    deliver.sweep(service)
    (alert,) = (message for message in recorder.sent if message.kind == "alert" and message.data["run"])
    assert written(alert) == []
    assert "please do not run or exercise for now" in str(alert.sections)


def test_a_sign_stands_though_the_clock_is_set_back(home: Home) -> None:
    tell(home, WarningSign("chest-pain", local(home)))
    with home.site.service.store.transaction() as tx:
        tx.accounts.change(1, time_zone="America/Los_Angeles")
    assert {path: found for path, found in open_all(home).items() if found} == {}
    home.browser.open("/check-in")
    assert "This comes first" in home.browser.text


def test_pain_told_beside_an_emergency_is_answered_with_the_emergency(home: Home) -> None:
    tell(home, WarningSign("chest-pain", local(home)))
    home.site.clock.advance(timedelta(minutes=5))
    tell(home, CheckIn(local(home), "knee", 4))
    answer = inbox(home)[0]
    assert answer.data["alerts"][0]["rule"] == "pain"
    assert answer.sections[0].lines[0] == "Call the emergency number now"


def test_a_message_of_before_offers_were_marked_is_read_as_if_they_were() -> None:
    old = Section.model_validate({"role": "prompt", "heading": "A stretch that fits", "lines": ["Calf stretch"]})
    steps = Section.model_validate({"role": "card", "lines": ["1. Stand."]})
    numbers = Section.model_validate({"role": "card", "rows": [["This run", "18 km"]]})
    assert (old.offers, steps.offers, numbers.offers) == (True, True, False)
