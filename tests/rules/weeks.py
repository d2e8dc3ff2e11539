"""Histories written as kilometres a day: the last day is TODAY, 0 is a day off."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rules.diary import NOTHING_TOLD, Diary
from rules.history import TrainingHistory
from rules.model import Activity, Finding
from rules.rule import Rule
from tests.rules.builders import TODAY, run


def by_day(*kilometres: float, ending: int = 0) -> list[Activity]:
    """A run on each day that holds a distance; the last day is `ending` days before TODAY."""
    count = len(kilometres)
    return [run(ending + count - 1 - at, km) for at, km in enumerate(kilometres) if km]


def told(activities: Iterable[Activity], diary: Diary = NOTHING_TOLD) -> TrainingHistory:
    """The history of these activities, with what the runner told."""
    return TrainingHistory.of(activities, diary=diary)


def found(rule: Rule, activities: Iterable[Activity], diary: Diary = NOTHING_TOLD) -> Finding | None:
    """What the rule says of the last of these runs, with all that came before it in sight."""
    history = told(activities, diary)
    last = history.runs[-1]
    return rule.check(history.as_seen_at(last.start_local), last)


def facts(rule: Rule, activities: Iterable[Activity], diary: Diary = NOTHING_TOLD) -> dict[str, Any]:
    """The numbers of that finding, which there must be."""
    finding = found(rule, activities, diary)
    assert finding is not None
    return dict(finding.facts)


__all__ = ["TODAY", "by_day", "facts", "found", "told"]
