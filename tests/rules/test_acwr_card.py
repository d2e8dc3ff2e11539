"""acwr-card: the number is right, and nobody is ever told of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.checks.acwr_card import RULE
from rules.history import TrainingHistory
from rules.model import Grade, Watch
from rules.replay import replay
from tests.rules.builders import TODAY, history, run, runs
from tests.rules.diaries import promises
from tests.rules.drawn import picks
from tests.rules.weeks import by_day


def card(activities):
    return RULE.card(TrainingHistory.of(activities), TODAY)


def test_twice_the_week_of_the_three_before_is_2():
    assert card(by_day(*[5] * 21, *[10] * 7)) == {
        "acwr_uncoupled": 2.0,
        "last_7_days_m": 70_000,
        "week_before_m": 35_000,
    }


def test_the_week_and_the_21_days_before_it_share_no_day():
    assert card([run(7, 21), run(6, 7), run(27, 21)])["acwr_uncoupled"] == 0.5
    assert card([run(28, 99), run(27, 21), run(0, 7)])["acwr_uncoupled"] == 1.0


def test_a_week_off_is_0():
    assert card(by_day(*[5] * 21, *[0] * 7))["acwr_uncoupled"] == 0.0


def test_after_three_weeks_off_there_is_no_number():
    back = card([run(40, 10), run(0, 10)])
    assert back == {"acwr_uncoupled": None, "last_7_days_m": 10_000, "week_before_m": 0}
    assert card([run(40, 10)])["acwr_uncoupled"] is None


def test_with_fewer_than_28_days_of_history_there_is_no_card():
    assert card(runs(range(27), 5)) is None
    assert card(runs(range(28), 5)) is not None
    assert card([]) is None


def test_it_says_what_it_waits_for():
    young = RULE.state(history(run(9), run(2)), TODAY)
    assert (young.watch, young.missing_days) == (Watch.LEARNING, 18)
    assert RULE.state(history(run(27)), TODAY).watch is Watch.WATCHING
    blind = RULE.state(history(run(27, distance_m=None)), TODAY)
    assert (blind.watch, blind.why) == (Watch.CANNOT_WATCH, "no-distance")
    assert RULE.state(history(), TODAY).missing_days == 28
    assert RULE.state(history(run(27), run(3, distance_m=None)), TODAY).watch is Watch.WATCHING


def test_it_says_that_it_is_contradicted_and_never_pushes_and_why():
    assert (RULE.grade, RULE.pushes) == (Grade.CONTRADICTED, False)
    assert "does not predict injury in runners" in RULE.explanation.why_it_matters


@pytest.mark.parametrize("km", [1, 100])
def test_no_ratio_however_high_or_low_is_a_finding(km):
    assert list(replay(TrainingHistory.of(by_day(*[10] * 60, *[km] * 7)), [RULE])) == []


@given(picks([0, 0, 5, 8, 21.1], 28, 70), st.sampled_from([2, 4]))
def test_who_runs_everything_so_much_further_has_the_same_ratio(kilometres, factor):
    def ratio(distances):
        shown = card(by_day(*distances))
        return shown and shown["acwr_uncoupled"]

    assert ratio([factor * km for km in kilometres]) == ratio(kilometres)


def test_it_looks_at_28_days():
    assert promises(RULE) == (False, True, 0, 28, True)


def test_its_numbers_are_rounded_to_what_can_be_read():
    shown = card([run(27, 10.0004), run(10, 9.0), run(1, 6.12347)])
    assert shown == {"acwr_uncoupled": 0.97, "last_7_days_m": 6123.5, "week_before_m": 6333.5}
