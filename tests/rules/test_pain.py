"""pain: what the runner answers is answered, at its exact limits, and never silenced."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.checks.pain import RULE
from rules.diary import CheckIn, Diary
from rules.model import Severity, Watch
from rules.policy import Evaluation, Outcome, diary_findings, judge
from rules.signs import SIGNS
from rules.thresholds import OutOfBounds, with_overrides
from tests.rules.builders import TODAY
from tests.rules.diaries import HUSHED, answers, pain, promises, sign, some_run, told, week


def found(*check_ins: CheckIn, rule=RULE, **given):
    return rule.check_diary(told(answers(*check_ins, **given)), TODAY)


def severity(*check_ins: CheckIn, rule=RULE, **given) -> Severity | None:
    finding = found(*check_ins, rule=rule, **given)
    return None if finding is None else finding.severity


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (0, None),
        (2, None),
        (3, Severity.CAUTION),
        (5, Severity.CAUTION),
        (6, Severity.HIGH),
        (10, Severity.HIGH),
    ],
)
def test_3_to_5_is_a_caution_and_6_or_more_high(level, expected):
    assert severity(pain(level)) is expected


def test_what_stays_until_the_morning_is_a_caution():
    assert severity(pain(1, next_morning=True)) is Severity.CAUTION


@pytest.mark.parametrize("flag", ["altered_stride", "at_night"])
def test_a_changed_stride_or_pain_at_night_is_high(flag):
    assert severity(pain(1, **{flag: True})) is Severity.HIGH


def test_two_rises_in_a_row_are_high():
    assert severity(pain(0, 6), pain(1, 3), pain(2)) is Severity.HIGH
    assert severity(pain(1, 3), pain(2)) is None


def test_two_ambers_in_7_days_are_high():
    assert severity(pain(3, 7), pain(3)) is Severity.HIGH
    assert severity(pain(3, 8), pain(3)) is Severity.CAUTION


def test_a_week_that_held_the_runner_back_is_high():
    assert severity(weekly=(week(felt=2),)) is Severity.HIGH
    assert severity(weekly=(week(participation=3),)) is Severity.HIGH
    assert severity(weekly=(week(participation=2, changed=1, felt=1),)) is None
    assert severity(pain(4), weekly=(week(3, felt=2),)) is Severity.HIGH


@pytest.mark.parametrize("code", sorted(SIGNS))
def test_beside_a_warning_sign_amber_is_never_only_a_caution(code):
    assert severity(pain(4), signs=(sign(code),)) is Severity.HIGH
    assert severity(pain(4), signs=(sign(code, 3, cleared=1),)) is Severity.CAUTION


def test_a_better_answer_clears_it():
    assert severity(pain(4, 3), pain(2)) is None
    assert severity(pain(7, 3), pain(2)) is None


def test_nothing_told_is_nothing_found_and_it_always_watches():
    assert severity() is None
    assert RULE.state(told(Diary()), TODAY).watch is Watch.WATCHING


def test_a_run_by_itself_says_nothing_of_pain():
    assert RULE.check(told(answers(pain(9))), some_run()) is None


def test_the_finding_carries_what_was_answered():
    finding = found(pain(4, 1, "calf", next_morning=True), pain(7, 2))
    assert (finding.rule, finding.day, finding.key) == ("pain", pain(4, 1).at.date(), pain(4, 1).at.isoformat())
    assert dict(finding.facts) == {
        "caution_of_10": 3,
        "high_of_10": 6,
        "light": "red",
        "pain_of_10": 7,
        "place": "knee",
        "answered_at": "2024-06-10T07:00",
        "next_morning": False,
        "altered_stride": False,
        "at_night": False,
        "rising": False,
    }


def test_a_weekly_finding_carries_the_three_answers():
    finding = found(weekly=(week(2, participation=1, changed=2, felt=3, place="knee"),))
    assert (finding.day.isoformat(), finding.key) == ("2024-06-10", "week-2024-06-10")
    assert dict(finding.facts) == {
        "caution_of_10": 3,
        "high_of_10": 6,
        "week_day": "2024-06-10",
        "week_place": "knee",
        "participation_of_3": 1,
        "changed_of_3": 2,
        "felt_of_3": 3,
    }


# Every new answer is answered, none twice


def keys(*parts) -> list[str]:
    return [found(*check_ins, weekly=weekly).key for check_ins, weekly in parts]


def test_every_new_answer_that_is_not_green_gets_a_finding_of_its_own():
    first, second = pain(4, 9), pain(4, 1)
    assert len(set(keys(((first,), ()), ((first, second), ())))) == 2


def test_a_milder_answer_for_another_place_after_a_red_one_is_answered_too():
    red, amber = pain(7, 9), pain(4, 1, "calf")
    assert len(set(keys(((red,), ()), ((red, amber), ())))) == 2


def test_a_green_answer_elsewhere_does_not_bring_the_same_again():
    red, amber = pain(7, 9), pain(4, 5, "calf")
    better = pain(0, 1)
    assert len(set(keys(((red, amber), ()), ((red, amber, better), ())))) == 1


def test_a_weekly_answer_on_the_day_of_a_check_in_is_answered_in_either_order():
    check_in, weekly = pain(4), week(0, felt=2)
    assert len(set(keys(((check_in,), ()), ((check_in,), (weekly,))))) == 2
    assert len(set(keys(((), (weekly,)), ((check_in,), (weekly,))))) == 2
    assert found(pain(4, 1), weekly=(weekly,)).key == "week-2024-06-12"
    assert found(pain(4), weekly=(week(1, felt=2),)).key == TODAY.isoformat()


def test_what_was_said_is_not_said_again_on_the_days_after():
    diary = answers(pain(4))
    (first,) = diary_findings(told(diary), TODAY, [RULE])
    later = TODAY + timedelta(days=5)
    assert diary_findings(told(diary), later, [RULE], decided={(first.rule, first.key)}) == ()


# Never silenced


@given(st.integers(3, 10), st.sampled_from(["knee", "upper-back"]), st.booleans(), st.booleans())
def test_pain_is_told_whatever_was_muted_and_however_much_was_told_before(level, place, next_morning, snoozed):
    diary = answers(pain(level, place=place, next_morning=next_morning), **(HUSHED if snoozed else {}))
    (finding,) = diary_findings(told(diary), TODAY, [RULE])
    evaluation = Evaluation(some_run(), (finding,), timedelta(0), starting=True)
    ((decision,),) = judge([evaluation], [RULE], diary=diary)
    assert (decision.outcome, decision.reason) == (Outcome.TOLD, None)


# Own levels


def test_own_levels_can_only_be_stricter():
    stricter = with_overrides(RULE, {"caution": 2, "high": 5})
    assert severity(pain(2), rule=stricter) is Severity.CAUTION
    assert severity(pain(5), rule=stricter) is Severity.HIGH
    assert severity(pain(1), rule=stricter) is None
    for name, value in [("caution", 4), ("caution", 0), ("high", 7), ("high", 3)]:
        with pytest.raises(OutOfBounds):
            with_overrides(RULE, {name: value})


def test_another_level_is_another_rule_of_the_same_kind():
    assert severity(pain(4), rule=replace(RULE, high=4)) is Severity.HIGH


def test_it_comes_before_budgets_quiet_periods_and_learning():
    assert promises(RULE) == (True, False, 0, 0, False)
    assert dict(RULE.bounds) == {"caution": (1, 3), "high": (4, 6)}
