"""The page for an appointment: everything told and run, without judgement and without advice."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from rules.advice import catalogue
from rules.diary import Absence, AbsenceKind, CheckIn, SelfCheck, WarningSign
from service import checking_in
from tests.service.web.conftest import Home
from tests.service.web.test_self_check import done
from tests.world import run

TUESDAY = datetime(2026, 6, 2, 7)


def test_it_holds_what_was_told_what_was_run_and_what_stood_out(home: Home) -> None:
    home.site.live(run(TUESDAY, 18))
    checking_in.tell(home.site.service, home.site.athlete, CheckIn(TUESDAY + timedelta(hours=12), "upper-back", 2))
    done(home, **{"worse-after-sitting": "often"})
    home.browser.open("/check-in")
    assert 'href="/summary"' in home.browser.page.text
    home.browser.open("/summary")
    said = home.browser.text
    assert "upper back: 2 of 10" in said
    assert "What you describe goes together with long spells in one position." in said
    assert "80 % beyond" in said
    assert "18.0 km" in said


def test_it_advises_nothing(home: Home) -> None:
    home.site.live(run(TUESDAY, 18))
    home.browser.open("/summary")
    assert not [item.text("en").name for item in catalogue().values() if item.text("en").name in home.browser.text]


def test_what_is_older_than_twelve_weeks_is_not_on_it(home: Home) -> None:
    with home.site.service.store.transaction() as tx:
        tx.diary.add(1, CheckIn(datetime(2026, 3, 1, 8), "knee", 5), home.site.clock())
        tx.diary.add(1, CheckIn(datetime(2026, 3, 9, 8), "calf", 4), home.site.clock())
    home.browser.open("/summary")
    assert "knee" not in home.browser.text
    assert "calf: 4 of 10" in home.browser.text


def test_a_sign_or_an_absence_that_still_stands_is_on_it_however_old(home: Home) -> None:
    told = datetime(2026, 1, 10, 8)
    with home.site.service.store.transaction() as tx:
        tx.diary.add(1, WarningSign("chest-pain", told), home.site.clock())
        tx.diary.add(1, WarningSign("night-pain", told, told + timedelta(days=2)), home.site.clock())
        tx.diary.add(1, Absence(AbsenceKind.HOLIDAY, told.date()), home.site.clock())
    home.browser.open("/summary")
    assert home.browser.text.count("Warning sign ") == 1
    assert "Holiday, it lasts" in home.browser.text


def test_what_a_self_check_of_long_ago_went_together_with_is_not_on_it(home: Home) -> None:
    done(home, **{"worse-after-sitting": "often"})
    home.browser.open("/summary")
    assert "goes together with long spells" in home.browser.text
    with home.site.service.store.transaction() as tx:
        ((entry_id, entry),) = [one for one in tx.diary.entries(1) if isinstance(one[1], SelfCheck)]
        tx.diary.remove(1, entry_id)
        tx.diary.add(1, replace(entry, at=entry.at - timedelta(weeks=13)), home.site.clock())
    home.browser.open("/summary")
    assert "For my appointment" in home.browser.text
    assert "goes together with long spells" not in home.browser.text


def test_without_anything_it_says_so(home: Home) -> None:
    home.browser.open("/summary")
    assert home.browser.text.count("Nothing so far.") == 2
