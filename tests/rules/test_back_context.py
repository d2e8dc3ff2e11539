"""back-context: a sore upper back beside more running or long desk days, and silent while a sign stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from rules.checks import all_rules
from rules.checks.back_context import LOAD_RULES, RULE
from rules.diary import Diary
from rules.history import TrainingHistory
from rules.model import Severity, Watch
from rules.signs import SIGNS, UPPER_BACK
from tests.rules.builders import TODAY, last_run, ordinary_weeks, run, runs
from tests.rules.diaries import pain, promises, sign, told, week
from tests.rules.weeks import by_day

SORE = pain(2, place=UPPER_BACK)
AT_A_DESK = {"desk_days": True}


def found(*check_ins, activities=(), **given):
    history = TrainingHistory.of(activities, diary=Diary(check_ins=check_ins, **given))
    return RULE.check_diary(history, TODAY)


# What is a complaint


def test_a_sore_upper_back_and_long_desk_days_are_a_caution():
    finding = found(SORE, **AT_A_DESK)
    assert finding.severity is Severity.CAUTION
    assert (finding.rule, finding.key, finding.day) == ("back-context", "2024-06-12", TODAY.date())
    assert dict(finding.facts) == {
        "complaint_day": "2024-06-12",
        "pain_of_10": 2,
        "desk_days": True,
        "load_rule": None,
        "load_day": None,
        "load_severity": None,
        "within_days": 14,
    }


def test_one_without_the_other_says_nothing():
    assert found(SORE) is None
    assert found(**AT_A_DESK) is None
    assert found(upper_back=True, **AT_A_DESK) is None


@pytest.mark.parametrize(("level", "speaks"), [(0, False), (1, True), (10, True)])
def test_any_pain_of_the_upper_back_counts(level, speaks):
    assert (found(pain(level, place=UPPER_BACK), **AT_A_DESK) is not None) is speaks
    assert found(pain(1, place=UPPER_BACK), **AT_A_DESK).facts["pain_of_10"] == 1


def test_a_week_in_which_it_was_felt_is_cleared_by_a_later_answer_of_nothing_for_the_upper_back():
    felt = {"weekly": (week(5, felt=1, place=UPPER_BACK),)}
    assert found(**felt, **AT_A_DESK) is not None
    assert found(pain(0, 1, UPPER_BACK), **felt, **AT_A_DESK) is None
    assert found(pain(0, 1, "knee"), **felt, **AT_A_DESK) is not None


@pytest.mark.parametrize(("place", "speaks"), [("knee", False), ("lower-back", False), ("shoulder", True), ("", True)])
def test_who_named_the_upper_back_means_the_places_around_it_too(place, speaks):
    assert (found(pain(3, place=place), upper_back=True, **AT_A_DESK) is not None) is speaks
    assert found(pain(3, place=place), **AT_A_DESK) is None


def test_a_weekly_answer_counts_when_it_was_felt():
    assert found(weekly=(week(1, felt=1, place=UPPER_BACK),), **AT_A_DESK).facts["pain_of_10"] is None
    assert found(weekly=(week(1, felt=0, changed=3, place=UPPER_BACK),), **AT_A_DESK) is None
    assert found(weekly=(week(1, felt=1),), **AT_A_DESK) is None
    assert found(weekly=(week(1, felt=1),), upper_back=True, **AT_A_DESK) is not None
    assert found(weekly=(week(0, felt=1, place=UPPER_BACK),), **AT_A_DESK) is not None
    assert found(weekly=(week(-1, felt=1, place=UPPER_BACK),), **AT_A_DESK) is None


def test_a_complaint_counts_for_14_days_and_not_before_it_is_told():
    assert found(pain(4, 14, UPPER_BACK), **AT_A_DESK) is not None
    assert found(pain(4, 15, UPPER_BACK), **AT_A_DESK) is None
    assert found(pain(4, -0.01, UPPER_BACK), **AT_A_DESK) is None


def test_an_answer_of_nothing_for_that_place_ends_it():
    sore = pain(4, 5, UPPER_BACK)
    assert found(sore, pain(0, 2, UPPER_BACK), **AT_A_DESK) is None
    assert found(sore, pain(0, 5.1, UPPER_BACK), **AT_A_DESK) is not None  # earlier the same day
    assert found(sore, pain(0, 4.9, UPPER_BACK), **AT_A_DESK) is None  # later the same day
    assert found(sore, pain(0, 2, "shoulder"), upper_back=True, **AT_A_DESK) is not None
    assert found(sore, pain(0, 0, UPPER_BACK), **AT_A_DESK) is None
    assert found(sore, pain(0, -1, UPPER_BACK), **AT_A_DESK) is not None  # not told yet
    assert found(sore, pain(0, 2, UPPER_BACK), pain(1, 1, UPPER_BACK), **AT_A_DESK) is not None


def test_a_later_week_without_anything_ends_it():
    sore = pain(4, 5, UPPER_BACK)
    assert found(sore, weekly=(week(1),), **AT_A_DESK) is None
    assert found(sore, weekly=(week(1, place=UPPER_BACK),), **AT_A_DESK) is None
    assert found(sore, weekly=(week(1, place="knee"),), **AT_A_DESK) is not None
    assert found(sore, weekly=(week(0),), **AT_A_DESK) is None
    assert found(sore, weekly=(week(1, felt=1, place=UPPER_BACK),), **AT_A_DESK).day > sore.at.date()
    assert found(sore, weekly=(week(1, felt=1),), **AT_A_DESK) is not None
    assert found(sore, weekly=(week(5),), **AT_A_DESK) is not None
    assert found(sore, weekly=(week(-1),), **AT_A_DESK) is not None


# What stands beside it


def test_more_running_than_usual_in_the_14_days_before_stands_beside_it():
    finding = found(SORE, activities=[*ordinary_weeks(10), run(14, 14)])
    assert finding.severity is Severity.CAUTION
    assert (finding.facts["load_rule"], finding.facts["load_severity"]) == ("run-spike", "caution")
    assert finding.facts["load_day"] == "2024-05-29"
    assert found(SORE, activities=[*ordinary_weeks(10), run(14.01, 14)]) is None


def test_ordinary_running_is_no_context():
    assert found(SORE, activities=ordinary_weeks(10)) is None


def test_of_several_load_findings_the_newest_and_most_unusual_is_named():
    activities = [*ordinary_weeks(10), run(9, 14), run(1, 29)]
    assert found(SORE, activities=activities).facts["load_severity"] == "high"
    assert found(SORE, activities=activities).facts["load_day"] == "2024-06-11"


def test_a_streak_and_a_rise_count_as_well_and_a_break_does_not():
    every_other_day = by_day(*([8, 0] * 20), ending=8)
    finding = found(SORE, activities=[*every_other_day, *runs(range(1, 9), 8)])
    assert finding.facts["load_rule"] == "streak"
    risen = found(SORE, activities=[*by_day(*([5] * 70), ending=14), *runs(range(1, 15), 9)])
    assert risen is not None
    back_from_a_break = [*runs(range(40, 100, 3), 10), run(1, 10)]
    assert found(SORE, activities=back_from_a_break) is None


def test_a_run_within_the_runners_own_thresholds_is_no_load():
    activities = [*ordinary_weeks(10), run(3, 14)]
    assert found(SORE, activities=activities).facts["load_rule"] == "run-spike"
    own = {"run-spike": {"note": 0.25, "caution": 0.5}}
    assert found(SORE, activities=activities, thresholds=own).facts["load_severity"] == "note"
    impossible = {"run-spike": {"note": 9.0}}
    assert found(SORE, activities=activities, thresholds=impossible).facts["load_severity"] == "caution"


def test_the_load_rules_are_rules():
    assert {rule.code for rule in all_rules()} >= LOAD_RULES


# Silence


@pytest.mark.parametrize("code", sorted(SIGNS))
def test_it_is_silent_while_a_warning_sign_stands(code):
    assert found(SORE, signs=(sign(code),), **AT_A_DESK) is None
    assert found(SORE, signs=(sign(code, 3, cleared=1),), **AT_A_DESK) is not None


def test_it_is_silent_when_the_back_is_worse_at_night():
    assert found(replace(SORE, at_night=True), **AT_A_DESK) is None


def test_one_string_of_complaints_is_spoken_of_once():
    first, second = pain(4, 14, UPPER_BACK), SORE
    assert found(first, **AT_A_DESK).key == found(first, second, **AT_A_DESK).key == "2024-05-29"
    assert found(pain(4, 15, UPPER_BACK), second, **AT_A_DESK).key == "2024-06-12"
    chain = [pain(4, ago, UPPER_BACK) for ago in (40, 28, 15, 1)]
    assert found(*reversed(chain), **AT_A_DESK).key == "2024-05-03"


def test_a_run_brings_the_same_finding_as_the_answer():
    activities = [*ordinary_weeks(10), run(3, 14), run()]
    history = TrainingHistory.of(activities, diary=Diary(check_ins=(SORE,)))
    last = last_run(history)
    seen = history.as_seen_at(last.start_local)
    assert RULE.check(seen, last) == RULE.check_diary(history, TODAY) is not None


def test_it_always_watches():
    assert RULE.state(told(Diary()), TODAY).watch is Watch.WATCHING


def test_other_limits_are_another_rule_of_the_same_kind():
    history = told(Diary(check_ins=(SORE,), desk_days=True))
    assert replace(RULE, least_pain=3).check_diary(history, TODAY) is None
    assert replace(RULE, days=3).check_diary(history, TODAY + timedelta(days=4)) is None


def test_it_is_quiet_for_14_days_and_looks_as_far_back_as_the_load_rules():
    assert promises(RULE) == (False, True, 14, 182, False)
    assert dict(RULE.bounds) == {"least_pain": (1, 3)}
