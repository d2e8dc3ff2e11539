"""red-flag: a standing sign is a stop, whatever else was told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.advice import pick_action
from rules.checks import all_rules
from rules.checks.red_flag import RULE
from rules.diary import Diary, WarningSign
from rules.model import Severity, Watch
from rules.policy import Evaluation, Outcome, diary_findings, judge
from rules.signs import SIGNS, UPPER_BACK
from tests.rules.builders import TODAY
from tests.rules.diaries import HUSHED, answers, pain, promises, sign, some_run, told, week


def found(*signs: WarningSign, **given):
    return RULE.check_diary(told(Diary(signs=signs, **given)), TODAY)


@pytest.mark.parametrize("code", [*SIGNS, "a-sign-of-the-past"])
def test_every_sign_is_a_stop_until_it_is_cleared(code):
    assert found(sign(code)).severity is Severity.STOP
    assert found(sign(code, 400)).severity is Severity.STOP
    assert found(sign(code, 3, cleared=0)) is None
    assert found(sign(code, 3, cleared=-1)).severity is Severity.STOP


def test_without_a_sign_it_is_quiet_and_it_always_watches():
    assert found() is None
    assert RULE.check_diary(told(answers(pain(10))), TODAY) is None
    assert RULE.state(told(Diary()), TODAY).watch is Watch.WATCHING
    assert RULE.check(told(Diary(signs=(sign("fever"),))), some_run()) is None


def test_back_pain_that_is_worse_at_night_is_a_stop_without_a_tick():
    finding = RULE.check_diary(told(answers(pain(1, place=UPPER_BACK, at_night=True))), TODAY)
    assert (finding.severity, finding.facts["sign"]) == (Severity.STOP, "night-pain")


def test_the_finding_names_the_most_urgent_sign_and_where_to_turn():
    finding = found(sign("between-shoulder-blades", 5), sign("chest-pain", 2), sign("cancer", 1))
    assert (finding.rule, finding.day.isoformat()) == ("red-flag", "2024-06-11")
    assert dict(finding.facts) == {
        "sign": "chest-pain",
        "urgency": "emergency",
        "care": "call-the-emergency-number",
        "signs": "between-shoulder-blades, cancer, chest-pain",
        "official_line": True,
        "since": "2024-06-07T07:00",
    }


def test_between_the_shoulder_blades_the_official_line_comes_before_every_other_urgent_sign():
    finding = found(sign("fever", 1), sign("between-shoulder-blades", 5), sign("cancer"))
    assert finding.facts["sign"] == "between-shoulder-blades"
    assert finding.facts["care"] == "ask-for-an-urgent-appointment"
    assert found(sign("fever")).facts["official_line"] is False


def test_a_new_sign_is_told_anew_and_clearing_one_of_two_is_not():
    old, new = sign("fever", 5), sign("weight-loss", 1)
    assert found(old).key != found(old, new).key
    assert found(old).key == found(old, sign("weight-loss", 1, cleared=0)).key
    assert found(old, new).key == found(sign("fever", 5, cleared=0), new).key


anything = st.fixed_dictionaries(
    {
        "check_ins": st.lists(
            st.builds(pain, st.integers(0, 10), st.integers(0, 30), st.sampled_from(["knee", UPPER_BACK])), max_size=4
        ).map(tuple),
        "weekly": st.lists(
            st.builds(week, st.integers(0, 30), st.integers(0, 3), st.integers(0, 3), st.integers(0, 3)), max_size=2
        ).map(tuple),
        "desk_days": st.booleans(),
        "upper_back": st.booleans(),
    }
)
codes = st.lists(st.sampled_from(sorted(SIGNS)), min_size=1, max_size=4)


@given(codes, anything, st.integers(0, 3000), st.booleans())
def test_no_answers_make_less_than_a_stop_of_a_standing_sign(names, told_besides, ago, muted):
    diary = Diary(**told_besides | (HUSHED if muted else {}), signs=tuple(sign(name, ago) for name in names))
    findings = diary_findings(told(diary), TODAY, all_rules())
    assert max(finding.severity for finding in findings) is Severity.STOP
    assert "back-context" not in {finding.rule for finding in findings}
    evaluation = Evaluation(some_run(), findings, timedelta(0), starting=True)
    (decisions,) = judge([evaluation], all_rules(), diary=diary)
    assert [one.outcome for one in decisions if one.finding.severity is Severity.STOP] == [Outcome.TOLD]


@given(codes)
def test_a_stop_is_answered_with_care_and_nothing_else(names):
    finding = found(*(sign(name) for name in names))
    assert pick_action(finding.rule, finding.severity).kind == "care"


def test_it_comes_before_budgets_quiet_periods_and_learning_and_nothing_of_it_can_be_moved():
    assert promises(RULE) == (True, False, 0, 0, False)
    assert dict(RULE.bounds) == {}
