"""`afterrun rules`: what is watched, for people and for machines."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from rules.checks import all_rules
from rules.rule import Rule
from rules.thresholds import thresholds_of
from service.rules_command import about, described, rules_command

LEAST = {"code", "title", "grade", "version", "about", "pushes", "thresholds", "bounds", "sources"}
SECTIONS = {"what_it_sees", "why_it_matters", "evidence", "limits", "clears_when"}


def rules(*arguments: str, columns: int = 160) -> Result:
    result = CliRunner().invoke(rules_command, arguments, env={"COLUMNS": str(columns)})
    assert result.exit_code == 0, result.output
    return result


def listed() -> list[dict[str, Any]]:
    return json.loads(rules("--json").stdout)


def test_a_machine_gets_every_rule_with_all_that_it_says_of_itself():
    given = listed()
    assert [one["code"] for one in given] == [rule.code for rule in all_rules()]
    assert all(one.keys() >= LEAST | SECTIONS for one in given)


def test_a_machine_gets_thresholds_bounds_and_sources_as_they_are():
    spike = next(one for one in listed() if one["code"] == "run-spike")
    assert (spike["grade"], spike["about"], spike["pushes"]) == ("B", "run", True)
    assert spike["thresholds"]["caution"] == 0.3
    assert spike["bounds"]["caution"] == [0.15, 0.9]
    assert spike["sources"][0]["address"] == "https://doi.org/10.1136/bjsports-2024-109380"


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_every_rule_can_be_described_in_plain_values(rule):
    given = described(rule)
    assert json.loads(json.dumps(given, allow_nan=False)) == given
    assert given["thresholds"] == thresholds_of(rule)
    assert all(given[section] for section in (*SECTIONS, "title"))


def test_people_see_every_rule_with_its_title_and_what_they_may_set():
    shown = rules().stdout
    for rule in all_rules():
        assert rule.code in shown
        assert rule.title in shown
    assert "caution 0.3 (0.15 to 0.9)" in shown


def test_on_a_narrow_terminal_no_rule_loses_its_name():
    shown = rules(columns=80).stdout
    assert all(rule.code in shown for rule in all_rules())


def test_what_a_runner_may_not_set_is_not_offered():
    assert "compared_days" not in rules().stdout


class OnCheckIns(type(all_rules()[0])):
    """A rule that works on what the runner told."""

    def check_diary(self, history: object, at: object) -> None:
        return None


def test_a_rule_is_about_a_run_a_period_or_check_ins():
    by_code = {rule.code: rule for rule in all_rules()}
    assert about(by_code["run-spike"]) == "run"
    assert about(by_code["fortnight-rise"]) == "period"
    assert about(_of(OnCheckIns)) == "check-in"


def _of(kind: type[Rule]) -> Rule:
    return kind()
