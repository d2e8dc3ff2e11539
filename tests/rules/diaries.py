"""Readable diaries: days are counted back from the same Wednesday as the runs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from rules.diary import Absence, AbsenceKind, CheckIn, Diary, Exclusions, Snooze, WarningSign, WeeklyAnswer
from rules.history import TrainingHistory
from rules.model import Run
from rules.rule import Rule
from tests.rules.builders import TODAY, history, last_run, run

#: All that keeps other rules quiet.
HUSHED = {
    "snoozes": (Snooze(None, TODAY - timedelta(days=9), TODAY + timedelta(days=9)),),
    "absences": tuple(Absence(kind, (TODAY - timedelta(days=9)).date()) for kind in AbsenceKind),
    "exclusions": Exclusions(("C1",), expecting=True),
    "streak_runner": True,
}


def pain(level: int, ago: float = 0, place: str = "knee", **given: Any) -> CheckIn:
    """A pain answer `ago` days before TODAY."""
    return CheckIn(TODAY - timedelta(days=ago), place, level, **given)


def answers(*check_ins: CheckIn, **given: Any) -> Diary:
    return Diary(check_ins=check_ins, **given)


def sign(code: str, ago: float = 0, cleared: float | None = None) -> WarningSign:
    """A warning sign named `ago` days before TODAY, and cleared so many days before TODAY, if at all."""
    cleared_at = None if cleared is None else TODAY - timedelta(days=cleared)
    return WarningSign(code, TODAY - timedelta(days=ago), cleared_at)


def week(ago: int = 0, participation: int = 0, changed: int = 0, felt: int = 0, place: str | None = None):
    """A weekly answer `ago` days before TODAY."""
    return WeeklyAnswer((TODAY - timedelta(days=ago)).date(), participation, changed, felt, place)


def told(diary: Diary) -> TrainingHistory:
    """A history without runs, of a runner who told this."""
    return TrainingHistory.of([], diary=diary)


def promises(rule: Rule) -> tuple[bool, bool, int, int, bool]:
    """What the judgement about when to speak goes by: pain first, a period, quiet days, look back, needs history."""
    return rule.outranks, rule.about_period, rule.quiet_days, rule.lookback_days, rule.needs_history


def some_run() -> Run:
    return last_run(history(run()))
