"""Own thresholds: which of a rule's fields a runner may move, and within which bounds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from itertools import pairwise
from typing import TypeVar

from rules.rule import Rule

#: Fields of this name are the severities' own thresholds and must rise in this order.
SEVERITIES = ("note", "caution", "high")

#: A rule of some kind, which stays of that kind.
Kind = TypeVar("Kind", bound=Rule)
#: Own thresholds by rule and field name, as a runner's diary holds them.
Overrides = Mapping[str, Mapping[str, float]]


class ThresholdRefused(ValueError):
    """A threshold cannot be set so. The text names what can be."""


class UnknownThreshold(ThresholdRefused):
    """There is no such rule, or the rule has no threshold of that name that may be moved."""


class OutOfBounds(ThresholdRefused):
    """The value lies outside the bounds of its threshold, given as `low` and `high`."""

    def __init__(self, name: str, value: float, low: float, high: float) -> None:
        super().__init__(f"{name} must be between {low:g} and {high:g}, not {value:g}")
        self.low, self.high = low, high


class OutOfOrder(ThresholdRefused):
    """A less unusual severity would begin where a more unusual one does, or beyond it."""


def thresholds_of(rule: Rule) -> dict[str, float]:
    """Every threshold of a rule by field name, movable or not, in the order of its fields."""
    values = {field.name: getattr(rule, field.name) for field in fields(rule)}
    return {name: value for name, value in values.items() if isinstance(value, int | float)}


def with_overrides(rule: Kind, overrides: Mapping[str, float]) -> Kind:
    """The rule with some thresholds moved.

    Raises `UnknownThreshold`, `OutOfBounds` or `OutOfOrder` (all `ThresholdRefused`).
    """
    moved = {name: _checked(rule, name, value) for name, value in overrides.items()}
    changed = replace(rule, **moved)
    _check_order(changed)
    return changed


def as_set(rule: Kind, overrides: Overrides) -> Kind:
    """The rule as a runner set it.

    What a later version no longer takes (a narrower bound, another name) counts as not moved: a runner must not go
    unread over it.
    """
    try:
        return with_overrides(rule, overrides.get(rule.code, {}))
    except ThresholdRefused:
        return rule


def rules_with(rules: Sequence[Rule], overrides: Overrides) -> tuple[Rule, ...]:
    """The same rules, those named in `overrides` with their thresholds moved. Raises `ThresholdRefused`."""
    codes = [rule.code for rule in rules]
    for code in overrides:
        if code not in codes:
            raise UnknownThreshold(f"there is no rule {code}; the rules are {', '.join(codes)}")
    return tuple(with_overrides(rule, overrides.get(rule.code, {})) for rule in rules)


def parse_overrides(texts: Iterable[str]) -> dict[str, dict[str, float]]:
    """Own thresholds from texts such as `run-spike.caution=0.4`; of the same one the last counts.

    Raises `ThresholdRefused` where a text has another form. Names and bounds are checked by `rules_with`.
    """
    overrides: dict[str, dict[str, float]] = {}
    for text in texts:
        name, _, number = text.partition("=")
        code, _, field = name.strip().partition(".")
        value = _number(number)
        if not code or not field or value is None:
            raise ThresholdRefused(f"{text!r} is not of the form run-spike.caution=0.4")
        overrides.setdefault(code, {})[field] = value
    return overrides


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _checked(rule: Rule, name: str, value: float) -> float:
    """The value in the type of its field."""
    if name not in rule.bounds:
        movable = ", ".join(rule.bounds) or "none"
        raise UnknownThreshold(f"{rule.code} has no threshold {name} that may be moved; it has: {movable}")
    low, high = rule.bounds[name]
    if not low <= value <= high:  # so written, it refuses "not a number" too
        raise OutOfBounds(f"{rule.code}.{name}", value, low, high)
    if not isinstance(getattr(rule, name), int):
        return float(value)
    if value != int(value):
        raise ThresholdRefused(f"{rule.code}.{name} must be a whole number between {low:g} and {high:g}, not {value:g}")
    return int(value)


def _check_order(rule: Rule) -> None:
    severities = [(name, value) for name, value in thresholds_of(rule).items() if name in SEVERITIES]
    severities.sort(key=lambda pair: SEVERITIES.index(pair[0]))
    for (milder, below), (name, above) in pairwise(severities):
        if below >= above:
            raise OutOfOrder(f"{rule.code}.{milder} ({below:g}) must stay below {rule.code}.{name} ({above:g})")
