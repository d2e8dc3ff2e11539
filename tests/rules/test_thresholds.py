"""Own thresholds: what a runner may set, and how everything else is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.checks import all_rules
from rules.checks.run_spike import RULE as RUN_SPIKE
from rules.checks.streak import RULE as STREAK
from rules.model import Severity
from rules.rule import Rule
from rules.thresholds import (
    SEVERITIES,
    OutOfBounds,
    OutOfOrder,
    ThresholdRefused,
    UnknownThreshold,
    parse_overrides,
    rules_with,
    thresholds_of,
    with_overrides,
)
from tests.rules.builders import history, last_run, ordinary_weeks, run

MOVABLE = [(rule, name) for rule in all_rules() for name in rule.bounds]


def named(pair: tuple[Rule, str]) -> str:
    return f"{pair[0].code}.{pair[1]}"


def verdict(rule: Rule, km: float) -> Severity | None:
    """What the rule says of a run of that length after weeks of 10 km runs."""
    seen = history(ordinary_weeks(10), run(km=km))
    found = rule.check(seen, last_run(seen))
    return None if found is None else found.severity


def test_a_runner_who_asks_for_it_hears_of_longer_runs_only():
    later = with_overrides(RUN_SPIKE, {"caution": 0.4})
    assert verdict(RUN_SPIKE, 13.5) is Severity.CAUTION
    assert verdict(later, 13.5) is Severity.NOTE
    assert verdict(later, 14.1) is Severity.CAUTION


def test_without_own_thresholds_a_rule_stays_as_it_is():
    assert with_overrides(RUN_SPIKE, {}) == RUN_SPIKE


def test_the_rule_itself_is_never_changed():
    with_overrides(RUN_SPIKE, {"caution": 0.4})
    assert RUN_SPIKE.caution == 0.3


def test_a_value_outside_its_bounds_is_refused_with_the_bounds():
    with pytest.raises(OutOfBounds, match=r"^run-spike\.caution must be between 0\.15 and 0\.9, not 5$") as refused:
        with_overrides(RUN_SPIKE, {"caution": 5})
    assert (refused.value.low, refused.value.high) == (0.15, 0.9)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), -0.4, 0])
def test_no_odd_number_slips_through(value):
    with pytest.raises(OutOfBounds, match=r"between 0\.15 and 0\.9"):
        with_overrides(RUN_SPIKE, {"caution": value})


@pytest.mark.parametrize("name", ["cautoin", "compared_days", "code", "bounds", ""])
def test_what_may_not_be_moved_is_refused_with_what_may(name):
    with pytest.raises(UnknownThreshold, match="it has: note, caution, high, least_distance_m, least_excess_m"):
        with_overrides(RUN_SPIKE, {name: 1})


@pytest.mark.parametrize("own", [{"note": 0.3}, {"caution": 0.9, "high": 0.8}, {"caution": 0.6, "high": 0.6}])
def test_the_severities_keep_their_order(own):
    with pytest.raises(OutOfOrder, match=r"must stay below run-spike\."):
        with_overrides(RUN_SPIKE, own)


def test_severities_may_be_moved_together_past_where_they_stood():
    moved = with_overrides(RUN_SPIKE, {"high": 2.0, "caution": 0.9, "note": 0.3})
    assert (moved.note, moved.caution, moved.high) == (0.3, 0.9, 2.0)


def test_days_are_whole_days():
    assert with_overrides(STREAK, {"caution": 8.0}).caution == 8
    with pytest.raises(ThresholdRefused, match=r"streak\.caution must be a whole number between 4 and 14, not 7\.5"):
        with_overrides(STREAK, {"caution": 7.5})


def test_only_the_rules_that_are_named_change():
    changed = {rule.code: rule for rule in rules_with(all_rules(), {"run-spike": {"caution": 0.4}})}
    assert changed.pop("run-spike").caution == 0.4
    assert changed == {rule.code: rule for rule in all_rules() if rule.code != "run-spike"}


def test_an_unknown_rule_is_refused_with_those_there_are():
    with pytest.raises(UnknownThreshold, match=r"there is no rule run-spikes; the rules are .*run-spike"):
        rules_with(all_rules(), {"run-spikes": {"caution": 0.4}})


# As text


def test_settings_are_read_from_text():
    assert parse_overrides(["run-spike.caution=0.4", "run-spike.high = 1.5", "streak.caution=8"]) == {
        "run-spike": {"caution": 0.4, "high": 1.5},
        "streak": {"caution": 8},
    }
    assert parse_overrides([]) == {}


def test_of_the_same_setting_the_last_counts():
    assert parse_overrides(["streak.caution=7", "streak.caution=8"]) == {"streak": {"caution": 8}}


@pytest.mark.parametrize(
    "text", ["", "run-spike", "run-spike.caution", "run-spike=0.4", ".caution=0.4", "run-spike.=1", "a.b=", "a.b=40%"]
)
def test_a_text_of_another_form_is_refused_with_an_example(text):
    with pytest.raises(ThresholdRefused, match=r"is not of the form run-spike\.caution=0\.4"):
        parse_overrides([text])


# Of every rule


@pytest.mark.parametrize("movable", MOVABLE, ids=named)
def test_every_default_lies_within_its_bounds(movable):
    rule, name = movable
    low, high = rule.bounds[name]
    assert low <= thresholds_of(rule)[name] <= high
    assert low < high


@pytest.mark.parametrize("movable", MOVABLE, ids=named)
def test_every_bound_may_be_reached_and_nothing_beyond_it(movable):
    rule, name = movable
    low, high = rule.bounds[name]
    for bound in (low, high):
        moved = with_overrides(rule, {**_out_of_the_way(rule, name, bound), name: bound})
        assert thresholds_of(moved)[name] == bound
    for beyond in (low - 1e-6, high + 1e-6):
        with pytest.raises(OutOfBounds, match=f"between {low:g} and {high:g}"):
            with_overrides(rule, {name: beyond})


def _out_of_the_way(rule: Rule, name: str, bound: float) -> dict[str, float]:
    """The other severities moved as far as they must, so that their order allows the bound."""
    if name not in SEVERITIES:
        return {}
    others = [other for other in SEVERITIES if other in rule.bounds and other != name]
    lower = [other for other in others if SEVERITIES.index(other) < SEVERITIES.index(name)]
    at_their_ends = {other: rule.bounds[other][0 if other in lower else 1] for other in others}
    return {other: value for other, value in at_their_ends.items() if (value < bound) == (other in lower)}


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_every_rule_as_it_stands_keeps_its_own_order(rule):
    assert with_overrides(rule, {name: thresholds_of(rule)[name] for name in rule.bounds}) == rule


@given(st.floats(0.05, 2.0), st.floats(0.05, 2.0), st.floats(8, 40))
def test_a_higher_threshold_never_makes_more_of_a_run(first, second, km):
    try:
        lower, higher = (with_overrides(RUN_SPIKE, {"caution": value}) for value in sorted((first, second)))
    except ThresholdRefused:
        return
    assert (verdict(higher, km) or 0) <= (verdict(lower, km) or 0)
