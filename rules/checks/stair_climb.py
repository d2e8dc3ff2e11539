"""stair-climb: three weeks in a row, each clearly more than the one before (R3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from types import MappingProxyType

from rules.days import missing_days, runs_of_days
from rules.history import TrainingHistory
from rules.load import daily_distance_m, longest_rest, usual_week, weekly_totals
from rules.model import Explanation, Finding, Grade, RuleState, Run, Severity, Source, Watch
from rules.rule import Rule
from rules.words import N_

WEEK = 7
STEPS = 3
BASE_WEEKS = 4
USUAL_WEEKS = 12


@dataclass(frozen=True)
class StairClimb(Rule):
    """Compares each of the last three 7-day totals with the one before it.

    `note` is the rise of each step (0.10 = 10 % more than the week before); to be equal is not to be above. All four
    weeks must hold `least_week_m`. Where the four weeks before the steps hold a gap of `gap_days` or a week under
    `taper` of the usual week, the first step counts from the usual week of the twelve before: coming back to what is
    normal is no climb. All thresholds are defaults set for low noise, not taken from a study.
    """

    code = "stair-climb"
    title = N_("Three weeks, each more than the one before")
    version = 1
    grade = Grade.C
    about_period = True
    quiet_days = 14
    lookback_days = WEEK * (STEPS + USUAL_WEEKS)
    bounds = MappingProxyType({"note": (0.05, 0.30), "least_week_m": (5_000.0, 30_000.0)})

    note: float = 0.10
    least_week_m: float = 10_000.0
    gap_days: int = 7
    taper: float = 0.6

    explanation = Explanation(
        what_it_sees=N_(
            "Your last three 7-day distances, each against the 7 days before it. It makes a note for the weekly "
            "digest when every one of them is more than 10 % above the one before and all are at least 10 km."
        ),
        why_it_matters=N_(
            "Small steps add up, and a climb without an easier week between leaves little time to adapt. In some "
            "studies of runners, rises over two to three weeks were linked with more overuse injuries."
        ),
        evidence=N_(
            "Small and mixed studies (strength C): a tendency in 874 beginners over two weeks, a difference in 261 "
            "half-marathon runners after three. In a trial of 532 beginners, building up by 10 % a week brought "
            "neither more nor fewer injuries than a quicker plan. The three steps are our choice, made to speak rarely."
        ),
        limits=N_(
            "It counts distance only and does not know a plan that climbs on purpose. After a gap or a very light "
            "week the first step counts from your usual week of the last twelve. Under 10 km a week it stays silent."
        ),
        clears_when=N_("It clears when a 7-day distance is within 10 % of the one before, or lower."),
        sources=(
            Source("Nielsen et al., Journal of Orthopaedic & Sports Physical Therapy 2014"),
            Source("Damsted et al., Journal of Orthopaedic & Sports Physical Therapy 2019;49:230"),
            Source(
                "Buist et al., American Journal of Sports Medicine 2008", "https://pubmed.ncbi.nlm.nih.gov/17940147/"
            ),
        ),
    )

    def check(self, history: TrainingHistory, run: Run) -> Finding | None:
        if not self._may_climb(history, run.local_day) or self._missing_days(history, run.local_day):
            return None
        weeks = self._climb(history, run.local_day)
        return self._finding(run.local_day, weeks) if self._is_climb(weeks) else None

    def state(self, history: TrainingHistory, at: datetime) -> RuleState:
        if not history.runs and history.without_distance:
            return RuleState(Watch.CANNOT_WATCH, why="no-distance")
        missing = self._missing_days(history, at.date())
        if missing:
            return RuleState(Watch.LEARNING, missing_days=missing)
        if self._climb(history, at.date())[0] < self.least_week_m:
            return RuleState(Watch.CANNOT_WATCH, why="base-too-small")
        return RuleState(Watch.WATCHING)

    def _missing_days(self, history: TrainingHistory, day: date) -> int:
        return missing_days(history, day, needed=WEEK * (STEPS + 1), sight=self.lookback_days)

    def _may_climb(self, history: TrainingHistory, day: date) -> bool:
        """Whether the last three weeks climb at all: asked first, because most do not."""
        days = WEEK * STEPS
        return self._is_climb(weekly_totals(daily_distance_m(runs_of_days(history, day, days), day, days)))

    def _climb(self, history: TrainingHistory, day: date) -> list[float]:
        """The week that the first step is held against, then the last three 7-day totals, in metres."""
        daily = daily_distance_m(runs_of_days(history, day, self.lookback_days), day, self.lookback_days)
        weeks = weekly_totals(daily)
        before, steps = weeks[:-STEPS], weeks[-STEPS:]
        base_days = daily[-WEEK * (STEPS + BASE_WEEKS) : -WEEK * STEPS]
        return [self._base(before, base_days), *steps]

    def _base(self, before: Sequence[float], base_days: Sequence[float]) -> float:
        usual = usual_week(before)
        if longest_rest(base_days) >= self.gap_days or min(before[-BASE_WEEKS:]) < self.taper * usual:
            return max(before[-1], usual)
        return before[-1]

    def _is_climb(self, weeks: Sequence[float]) -> bool:
        return min(weeks) >= self.least_week_m and self._smallest_step(weeks) > self.note

    def _smallest_step(self, weeks: Sequence[float]) -> float:
        # Rounded: 11 km after 10 km is exactly 10 %, and equal is not above.
        return round(min(after / before for before, after in pairwise(weeks)) - 1, 9)

    def _finding(self, day: date, weeks: Sequence[float]) -> Finding:
        base_m, first_m, second_m, last_m = weeks
        return Finding(
            rule=self.code,
            version=self.version,
            key=day.isoformat(),
            day=day,
            severity=Severity.NOTE,
            facts={
                "base_week_m": round(base_m, 1),
                "first_7_days_m": round(first_m, 1),
                "second_7_days_m": round(second_m, 1),
                "last_7_days_m": round(last_m, 1),
                "smallest_step_percent": round(self._smallest_step(weeks) * 100, 1),
                "rise_percent": round((last_m / base_m - 1) * 100, 1),
                "threshold_percent": round(self.note * 100, 1),
            },
        )


RULE = StairClimb()
