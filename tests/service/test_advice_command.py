"""`afterrun advice`: what can be offered, for people and for machines."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from rules.advice import catalogue
from service.advice_command import advice_command, described
from service.cli import main

ITEMS = list(catalogue().values())
LEAST = {"code", "kind", "grade", "source", "dose", "drawing", "alt"}
MORE = {"item", "name", "steps", "muscles", "avoid", "exclusions", "equipment", "body", "traits", "answers"}


def advice(*arguments: str, columns: int = 160) -> Result:
    result = CliRunner().invoke(advice_command, arguments, env={"COLUMNS": str(columns)})
    assert result.exit_code == 0, result.output
    return result


def listed() -> list[dict[str, Any]]:
    return json.loads(advice("--json").stdout)


def test_it_is_one_of_the_commands():
    assert main.commands["advice"] is advice_command


def test_a_machine_gets_every_item_with_all_that_it_says_of_itself():
    given = listed()
    assert [one["code"] for one in given] == [item.code for item in ITEMS]
    assert all(one.keys() >= LEAST | MORE for one in given)


def test_a_machine_gets_dose_exclusions_and_source_as_they_are():
    stretch = next(one for one in listed() if one["item"] == "M7")
    assert (stretch["code"], stretch["kind"], stretch["grade"]) == ("doorway-chest-stretch", "mobility", "C")
    assert stretch["dose"] == "3 × 30 seconds on each side, daily for 2 weeks."
    assert (stretch["exclusions"], stretch["equipment"], stretch["traits"]) == (["C2"], ["door-frame"], ["desk"])
    assert stretch["step_up"] is None


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.item)
def test_every_item_can_be_described_in_plain_values(item):
    given = described(item)
    assert json.loads(json.dumps(given, allow_nan=False)) == given
    assert all(given[part] for part in ("code", "kind", "grade", "source", "dose", "name", "steps", "avoid"))


def test_every_movement_has_a_drawing_and_words_for_who_does_not_see_it():
    for one in listed():
        is_movement = one["kind"] in ("mobility", "strength", "form")
        assert one["drawing"] == (f"/drawings/{one['code']}.svg" if is_movement else None)
        assert bool(one["alt"]) is is_movement


def test_people_see_every_item_with_its_name():
    shown = advice(columns=220).stdout
    for item in ITEMS:
        assert item.code in shown
    assert "M13 Calf stretch, knee straight" in shown
    assert "a stretch" in shown


def test_on_a_narrow_terminal_the_table_is_still_shown():
    assert "Evidence" in advice(columns=80).stdout
