"""Words for outcomes, shared with the pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rules import checks
from rules.checks import all_rules
from rules.model import Grade, RuleState, Severity, Watch
from rules.policy import Reason
from service.messages.reasons import grade_words, reason_words, severity_words, state_row, state_words

RULE = next(rule for rule in all_rules() if rule.code == "run-spike")


def test_every_reason_has_words_of_its_own():
    words = [reason_words(reason) for reason in Reason]
    assert len(set(words)) == len(words)
    assert all(line.endswith(".") for line in words)


def test_the_numbers_in_reasons_are_those_of_the_policy():
    assert "14 days" in reason_words(Reason.THREE_IN_14_DAYS)
    assert "48 hours" in reason_words(Reason.ONE_IN_48_HOURS)
    assert "48 hours" in reason_words(Reason.LATE)
    assert "28 days" in reason_words(Reason.LEARNING)


def test_every_severity_and_grade_has_words():
    assert len({severity_words(severity) for severity in Severity}) == len(Severity)
    assert len({grade_words(grade) for grade in Grade}) == len(Grade)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (RuleState(Watch.WATCHING), "watching"),
        (RuleState(Watch.LEARNING, missing_runs=1), "learning, needs 1 more run"),
        (RuleState(Watch.LEARNING, missing_days=12), "learning, needs 12 more days"),
        (RuleState(Watch.LEARNING, missing_runs=6, missing_days=28), "learning, needs 6 more runs and 28 more days"),
        (RuleState(Watch.CANNOT_WATCH, why="no-distance"), "cannot watch, because your runs come without a distance"),
        (RuleState(Watch.CANNOT_WATCH, why="no-shoes"), "cannot watch, because no pair of shoes is known"),
        (RuleState(Watch.CANNOT_WATCH, why="new"), "cannot watch, because your runs do not hold what it compares"),
    ],
)
def test_a_state_says_what_is_missing_or_why_not(state, words):
    assert state_row(RULE, state) == (RULE.title, words)
    assert state_words(RULE, state) == f"“{RULE.title}”: {words}."


@pytest.mark.parametrize("file", sorted(Path(checks.__file__).parent.glob("*.py")), ids=lambda file: file.stem)
def test_every_reason_why_a_rule_cannot_watch_has_words(file):
    """`too-few-runs` is a rule's own word: what it means outside is "learning"."""
    codes = set(re.findall(r"""why="([a-z-]+)"|"([a-z]+-too-[a-z]+)\"""", file.read_text("utf-8")))
    given = {code for pair in codes for code in pair if code}
    unknown = state_row(RULE, RuleState(Watch.CANNOT_WATCH, why="new"))
    assert [code for code in given if state_row(RULE, RuleState(Watch.CANNOT_WATCH, why=code)) == unknown] == []


def test_a_card_is_there_to_look_up():
    card = next(rule for rule in all_rules() if not rule.pushes)
    assert state_row(card, RuleState(Watch.WATCHING)) == (card.title, "to look up, never sent")
    assert "never sends a message" in reason_words(Reason.CARD)
