"""When to offer to hear less of a rule, and of which never."""

from __future__ import annotations

from datetime import timedelta

from rules.checks import all_rules
from rules.diary import Diary, Snooze, Usefulness
from rules.usefulness import offer_due
from tests.rules.builders import TODAY


def said(rule: str, ago: float, useful: bool = False) -> Usefulness:
    return Usefulness(rule, TODAY - timedelta(days=ago), useful)


def offered(*usefulness: Usefulness, **given) -> tuple[str, ...]:
    return offer_due(Diary(usefulness=usefulness, **given), TODAY)


def test_two_answers_not_useful_within_60_days_bring_an_offer():
    assert offered(said("run-spike", 60), said("run-spike", 1)) == ("run-spike",)
    assert offered(said("run-spike", 60.001), said("run-spike", 1)) == ()
    assert offered(said("run-spike", 1)) == ()
    assert offered(said("run-spike", 1), said("run-spike", 0)) == ("run-spike",)
    assert offered(said("run-spike", 1), said("run-spike", -1)) == ()
    assert offered() == ()


def test_a_useful_one_does_not_count():
    assert offered(said("run-spike", 9), said("run-spike", 1, useful=True)) == ()


def test_each_rule_is_counted_for_itself():
    assert offered(said("run-spike", 9), said("fortnight-rise", 1)) == ()
    both = [said(rule, ago) for rule in ("run-spike", "fortnight-rise") for ago in (1, 9)]
    assert offered(*both) == ("fortnight-rise", "run-spike")


def test_pain_and_warning_signs_are_never_offered_to_be_muted():
    everything = [said(rule.code, ago) for rule in all_rules() for ago in (1, 2, 3)]
    offers = offered(*everything)
    assert not {"pain", "red-flag", "acwr-card"} & set(offers)
    assert "run-spike" in offers


def test_a_rule_of_the_past_is_not_offered():
    assert offered(said("a-rule-of-the-past", 1), said("a-rule-of-the-past", 2)) == ()


def test_what_is_muted_already_is_not_offered_again_until_that_is_over():
    twice = (said("run-spike", 9), said("run-spike", 1))
    for rule in ("run-spike", None):
        assert offered(*twice, snoozes=(Snooze(rule, TODAY, TODAY + timedelta(days=9)),)) == ()
        assert offered(*twice, snoozes=(Snooze(rule, TODAY - timedelta(days=9), TODAY),)) == ("run-spike",)
    other = Snooze("fortnight-rise", TODAY, TODAY + timedelta(days=9))
    assert offered(*twice, snoozes=(other,)) == ("run-spike",)
