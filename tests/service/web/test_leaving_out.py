"""The page "what should I leave out?": asked once, kept encrypted and only as what follows, deleted alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from rules.diary import CheckIn, Exclusions
from service.store.schema import diary_entries
from tests.service.web.conftest import Home
from tests.world import NOON


def kept(home: Home) -> Exclusions | None:
    with home.site.service.store.transaction() as tx:
        return tx.diary.diary(1).exclusions


def send(home: Home, **fields: str | list[str]) -> None:
    home.browser.open("/leave-out")
    token = home.browser.page.text.split('name="csrf" value="')[1].split('"')[0]
    home.browser.page = home.browser.client.post("/leave-out", data={"csrf": token, **fields})


def test_only_what_follows_from_the_answers_is_kept(home: Home) -> None:
    send(home, ticked=["shoulder", "dizziness"], consent="true")
    assert kept(home) == Exclusions(("C2", "C5"), expecting=False)
    assert "Which of the answers you gave is not kept." in home.browser.text
    with home.site.service.store.engine.connect() as connection:
        bodies = connection.execute(select(diary_entries.c.body)).scalars().all()
    assert bodies
    assert not any("C2" in body or "shoulder" in body for body in bodies)


def test_none_of_these_is_an_answer_too(home: Home) -> None:
    send(home, none="true", consent="true")
    assert kept(home) == Exclusions()
    assert "That nothing has to be left out." in home.browser.text


def test_without_its_own_tick_nothing_is_kept(home: Home) -> None:
    send(home, ticked=["shoulder"])
    assert home.browser.status == 422
    assert "Please tick that this may be kept" in home.browser.text
    assert kept(home) is None


def test_impossible_answers_are_refused_with_the_reason(home: Home) -> None:
    for fields in ({}, {"none": "true", "ticked": ["shoulder"]}):
        send(home, consent="true", **fields)
        assert (home.browser.status, kept(home)) == (422, None)
        assert "but not both" in home.browser.text
    send(home, consent="true", ticked=["left-ear"])
    assert (home.browser.status, kept(home)) == (422, None)
    assert "One of these answers is not known here" in home.browser.text


def test_a_new_answer_takes_the_place_of_the_old_one_and_can_be_deleted_alone(home: Home) -> None:
    with home.site.service.store.transaction() as tx:
        tx.diary.add(1, CheckIn(NOON.replace(tzinfo=None), "knee", 2), NOON)
    send(home, ticked=["shoulder"], consent="true")
    send(home, ticked=["bones"], consent="true")
    assert kept(home) == Exclusions(("C1",))
    home.browser.open("/leave-out")
    home.browser.submit("/leave-out/remove")
    assert kept(home) is None
    with home.site.service.store.transaction() as tx:
        assert len(tx.diary.diary(1).check_ins) == 1


def test_the_equipment_at_hand_is_kept(home: Home) -> None:
    home.browser.open("/settings")
    home.browser.submit("/settings/equipment", equipment="band")
    assert 'name="equipment" value="band" checked' in home.browser.page.text
    with home.site.service.store.transaction() as tx:
        assert tx.diary.preferences(1).equipment == ("band",)


@pytest.mark.parametrize(("days", "asked"), [(0, False), (182, False), (183, True)])
def test_after_half_a_year_it_is_asked_whether_a_pregnancy_still_fits(home: Home, days: int, asked: bool) -> None:
    send(home, ticked=["gave-birth"], consent="true")
    told = kept(home)
    assert told is not None
    assert told.since == NOON.date()
    with home.site.service.store.transaction() as tx:
        tx.diary.add(1, replace(told, since=NOON.date() - timedelta(days=days)), NOON)
    home.browser.open("/inbox")
    assert ("Does it still fit?" in home.browser.text) is asked
    send(home, none="true", consent="true")
    home.browser.open("/inbox")
    assert "Does it still fit?" not in home.browser.text
