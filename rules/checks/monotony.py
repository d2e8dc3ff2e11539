"""monotony: a full week in which every day is much like the next (R7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from math import inf
from types import MappingProxyType

from rules.days import missing_days, run_days, runs_of_days
from rules.history import TrainingHistory
from rules.load import daily_distance_m, monotony, usual_week, weekly_totals
from rules.model import Explanation, Fact, Finding, Grade, RuleState, Run, Severity, Source, Watch
from rules.rule import Rule
from rules.words import N_

WEEK = 7
FORTNIGHT = 2 * WEEK
BASE_WEEKS = 4
USUAL_WEEKS = 12


@dataclass(frozen=True)
class Monotony(Rule):
    """Mean daily distance divided by its population standard deviation over the last 7 days, rest days as 0.

    `note` is that number (2.0 by convention, from no study). The week must hold `least_run_days` and be no lighter
    than the usual week of the twelve before the fortnight. One such week is a note, two in a row a caution.
    """

    code = "monotony"
    title = N_("Every day much like the next")
    version = 1
    grade = Grade.C
    about_period = True
    quiet_days = 14
    lookback_days = FORTNIGHT + WEEK * USUAL_WEEKS
    bounds = MappingProxyType({"note": (1.5, 4.0), "least_run_days": (5, 7)})

    note: float = 2.0
    least_run_days: int = 5

    explanation = Explanation(
        what_it_sees=N_(
            "How even the distances of your last 7 days were: their mean divided by how far they scatter, days off "
            "counted as 0. Above 2, with 5 run days and at least your usual week, it is a note for the weekly digest; "
            "after two such weeks in a row you are told."
        ),
        why_it_matters=N_(
            "Clearly easier days between the harder ones leave room to recover. Even weeks at high load were linked "
            "with more colds and other minor illness in one small study."
        ),
        evidence=N_(
            "One small study (strength C): 25 experienced athletes, and minor illness rather than injury. The limit of "
            "2 is a convention."
        ),
        limits=N_(
            "It knows distance only: an easy and a hard run of the same length look alike. Other sports do not count. "
            "In weeks with fewer than 5 run days, or lighter than your usual ones, it stays silent."
        ),
        clears_when=N_("It clears with one clearly shorter or longer day, a day off, or a lighter week."),
        sources=(Source("Foster, Medicine & Science in Sports & Exercise 1998;30:1164"),),
    )

    def check(self, history: TrainingHistory, run: Run) -> Finding | None:
        day = run.local_day
        if run_days(history, day, WEEK) < self.least_run_days or self._missing_days(history, day):
            return None
        weeks, usual_week_m = self._weeks(history, day)
        if usual_week_m <= 0 or not self._is_even(weeks[-1], usual_week_m):
            return None
        severity = Severity.CAUTION if self._is_even(weeks[-2], usual_week_m) else Severity.NOTE
        return self._finding(day, weeks, usual_week_m, severity)

    def state(self, history: TrainingHistory, at: datetime) -> RuleState:
        if not history.runs and history.without_distance:
            return RuleState(Watch.CANNOT_WATCH, why="no-distance")
        missing = self._missing_days(history, at.date())
        return RuleState(Watch.LEARNING, missing_days=missing) if missing else RuleState(Watch.WATCHING)

    def _missing_days(self, history: TrainingHistory, day: date) -> int:
        return missing_days(history, day, needed=FORTNIGHT + WEEK * BASE_WEEKS, sight=self.lookback_days)

    def _weeks(self, history: TrainingHistory, day: date) -> tuple[list[list[float]], float]:
        """The days of the last two weeks (the older week first) and the usual week before them, in metres."""
        runs = runs_of_days(history, day, self.lookback_days)
        daily = daily_distance_m(runs, day, self.lookback_days)
        before, fortnight = daily[:-FORTNIGHT], daily[-FORTNIGHT:]
        return [fortnight[:WEEK], fortnight[WEEK:]], usual_week(weekly_totals(before))

    def _is_even(self, week: list[float], usual_week_m: float) -> bool:
        if sum(load > 0 for load in week) < self.least_run_days or round(sum(week), 6) < usual_week_m:
            return False
        return round(monotony(week) or 0.0, 9) > self.note

    def _finding(self, day: date, weeks: list[list[float]], usual_week_m: float, severity: Severity) -> Finding:
        previous, last = weeks
        return Finding(
            rule=self.code,
            version=self.version,
            key=day.isoformat(),
            day=day,
            severity=severity,
            facts={
                "monotony": _shown(last),
                "previous_monotony": _shown(previous),
                "last_7_days_m": round(sum(last), 1),
                "previous_7_days_m": round(sum(previous), 1),
                "usual_week_m": round(usual_week_m, 1),
                "run_days": sum(load > 0 for load in last),
                "threshold_monotony": self.note,
            },
        )


def _shown(week: list[float]) -> Fact:
    """To two digits; equal days are infinite, which no text and no JSON can carry: they are "maximal"."""
    value = monotony(week)
    if value is None:
        return None
    return "maximal" if value == inf else round(value, 2)


RULE = Monotony()
