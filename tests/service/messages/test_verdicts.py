"""The words of each rule's findings: the point, the runner's own numbers, and from where on it speaks."""

from __future__ import annotations

import pytest

from rules.checks import all_rules
from rules.checks.acwr_card import RULE as ACWR_CARD
from rules.diary import AbsenceKind, Diary
from rules.model import Severity
from service.messages.verdict import Verdict
from service.messages.verdicts import verdict_of
from service.messages.verdicts.acwr_card import Words as AcwrWords
from tests.rules.builders import TODAY, history, ordinary_weeks, runs
from tests.rules.diaries import pain
from tests.rules.weeks import by_day
from tests.service.messages.findings import (
    alike,
    climbed,
    decided,
    declared_streak,
    every_run_finding,
    faded,
    hardly_rested,
    returned,
    streaked,
    worn,
)
from tests.service.messages.scenes import alert, rows

COMPLAINT = Diary(check_ins=(pain(4, ago=1),))


def subject(decision, units="km"):
    return verdict_of(decision.finding.rule).subject(decision.finding, units, "today")


def line(decision, units="km"):
    return verdict_of(decision.finding.rule).line(decision.finding, units)


def why(decision):
    return verdict_of(decision.finding.rule).why(decision.finding)


def threshold(decision, units="km"):
    return verdict_of(decision.finding.rule).threshold(decision.finding, units)


def test_every_rule_has_words_of_its_own():
    assert [rule.code for rule in all_rules() if type(verdict_of(rule.code)) is Verdict] == []


@pytest.mark.parametrize(
    ("decision", "expected"),
    [
        (streaked(8, usual=3), "8 days of running in a row; your usual is up to 3 days"),
        (streaked(12, usual=1), "12 days of running in a row; your usual is up to 1 day"),
        (declared_streak(40), "40 days of running in a row"),
        (hardly_rested(2), "2 days without a run in the last 28 days"),
        (hardly_rested(1), "1 day without a run in the last 28 days"),
        (hardly_rested(0), "No day without a run in the last 28 days"),
        (alike(), "Two weeks of days much alike: 56.0 km on 7 run days in the last 7 days"),
        (alike(Severity.NOTE), "Days much alike: 56.0 km on 7 run days in the last 7 days"),
        (climbed(), "42.0 km in the last 7 days, the third rise in a row"),
        (returned(20, 9), "9.0 km today after 20 days off; your longest before was 10.0 km"),
        (returned(20, 6, more=[6, 12]), "24.0 km within 7 days after 20 days off; your usual week before was 30.0 km"),
        (faded(), "Fewer steps a minute late in your long run today"),
        (worn(712.4), "A pair of shoes has run 712.4 km"),
    ],
    ids=lambda given: given.finding.rule if hasattr(given, "finding") else "",
)
def test_the_subject_is_the_point(decision, expected):
    assert subject(decision) == expected


@pytest.mark.parametrize("decision", every_run_finding(), ids=lambda decision: decision.finding.rule)
def test_no_kilometre_reaches_a_runner_of_miles(decision):
    words = verdict_of(decision.finding.rule)
    said = (
        words.subject(decision.finding, "mi", "today"),
        words.line(decision.finding, "mi"),
        words.lead(decision.finding, "mi"),
        words.why(decision.finding),
        words.threshold(decision.finding, "mi"),
        *(value for row in words.inputs(decision.finding, "mi") for value in row),
    )
    assert "km" not in " ".join(said)


@pytest.mark.parametrize("decision", every_run_finding(), ids=lambda decision: decision.finding.rule)
def test_a_line_is_a_sentence(decision):
    assert line(decision).endswith(".")
    assert line(decision)[0].isupper() or line(decision)[0].isdigit()


def test_a_streak_is_told_with_the_runners_own_streaks_and_its_limit():
    told = alert(streaked(8, usual=3))
    assert told.lead == (
        "You ran on each day since June 5: 8 in a row. Of your earlier streaks in the last 26 weeks nearly all (95 of "
        "100) had at most 3 days."
    )
    assert rows(told)["Threshold"] == "6 days in a row"
    assert rows(told)["Nearly all your earlier streaks"] == "at most 3 days"


def test_a_declared_streak_is_compared_with_nothing_and_says_why_it_is_told():
    told = alert(declared_streak(40))
    assert told.lead == "You ran on each day since May 4: 40 in a row."
    assert "You also told us lately that something hurt" in why(declared_streak(40))
    assert "Nearly all your earlier streaks" not in rows(told)


def test_a_streak_within_the_usual_of_one_who_declared_it_shows_no_threshold():
    usual_fifty = [*[8] * 50, 0] * 2
    diary = Diary(streak_runner=True, check_ins=(pain(4, ago=1),))
    within = decided("streak", by_day(*usual_fifty, *[8] * 10), diary=diary)
    assert subject(within) == "10 days of running in a row"
    assert threshold(within) == ""


def test_a_complaint_is_named_beside_few_days_off_and_only_then():
    told_too = "You also told us lately that something hurt"
    assert told_too in why(hardly_rested(diary=COMPLAINT))
    assert told_too in why(streaked(diary=COMPLAINT))
    assert told_too not in why(hardly_rested()) + why(streaked())


def test_few_days_off_are_told_with_the_weeks_they_lie_in():
    assert line(hardly_rested(2)) == (
        "2 days without a run in the last 28 days, at 65.0 km in 7 days; your usual week was 40.0 km."
    )
    assert threshold(hardly_rested(2)) == "fewer than 4 days without a run"


def test_days_that_are_all_alike_are_called_maximal():
    assert "monotony maximal" in line(alike(Severity.NOTE, equal=True))


def test_monotony_is_explained_and_both_weeks_are_shown():
    told = alert(alike())
    assert "monotony 2.65 and 2.65" in told.lead
    assert rows(told)["The 7 days before"] == "56.0 km, monotony 2.65"
    assert rows(told)["Threshold"] == "monotony above 2"
    assert "the mean day divided by how far the days scatter" in why(alike())


def test_a_climb_names_all_four_weeks():
    assert line(climbed()) == "33.3 km, 37.2 km and 42.0 km in three times 7 days, after a week of 30.0 km."
    assert threshold(climbed()) == "each more than 10 % above the week before it"


def test_a_return_names_the_days_off_and_what_was_run_before_them():
    told = alert(returned(20, 9))
    assert told.lead == "You ran 9.0 km after 20 days off; your longest before them was 10.0 km."
    assert rows(told)["Days off"] == "20 days off, after your run on May 22"
    assert rows(told)["Threshold"] == "more than 75 % of that longest run"
    assert rows(told)["Share"] == "90 % of that longest run"
    week = alert(returned(20, 6, more=[6, 12]))
    assert week.lead == "You ran 24.0 km within 7 days after 20 days off; your average week before them was 30.0 km."
    assert rows(week)["Threshold"] == "more than 75 % of that week"


def test_other_sport_in_the_break_changes_the_words():
    said = "tendons and bones get used to running by running alone"
    assert said in why(returned(told=AbsenceKind.OTHER_SPORT))
    assert said not in why(returned())


def test_an_injury_that_was_told_stands_in_no_subject():
    assert subject(returned(told=AbsenceKind.INJURED)) == subject(returned())


def test_the_ratio_card_is_a_table_to_look_up():
    words = verdict_of("acwr-card")
    assert isinstance(words, AcwrWords)
    card = ACWR_CARD.card(history(ordinary_weeks(10)), TODAY)
    assert words.card_rows(card or {}, "km") == (
        ("Last 7 days", "20.0 km"),
        ("Average week of the 21 days before", "23.3 km"),
        ("Ratio (7 days to 21, uncoupled)", "0.86"),
    )


def test_after_three_weeks_without_running_there_is_no_ratio():
    card = ACWR_CARD.card(history(runs(range(40, 60, 3), 10), runs([1], 5)), TODAY)
    words = verdict_of("acwr-card")
    assert isinstance(words, AcwrWords)
    assert words.card_rows(card or {}, "km")[-1][1] == "none, after three weeks without a run"
