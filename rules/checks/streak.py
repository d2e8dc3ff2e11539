"""streak: more days of running in a row than this runner is used to (R4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import floor
from statistics import quantiles
from types import MappingProxyType

from rules.breaks import SIGHT
from rules.complaints import complained
from rules.days import runs_of_days
from rules.history import TrainingHistory
from rules.model import Explanation, Finding, Grade, RuleState, Run, Severity, Source, Watch
from rules.rule import Rule
from rules.words import N_

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Streak:
    """Days in a row that each hold a run."""

    first_day: date
    last_day: date

    @property
    def days(self) -> int:
        return (self.last_day - self.first_day).days + 1


@dataclass(frozen=True)
class LongStreak(Rule):
    """Compares the streak of run days with the 95th percentile of the runner's own earlier streaks in sight.

    `caution` and `high` are days in a row. A caution must also be more than `margin_days` beyond that percentile, a
    high one beyond it. Runs under `least_run_m` do not count. `history_days` of history must lie before the streak.
    No study names a number of days: all thresholds are defaults set for low noise. A declared streak runner hears of
    a streak only with a complaint in the last `complaint_days`.
    """

    code = "streak"
    title = N_("More days in a row than your usual")
    version = 1
    grade = Grade.C
    about_period = True
    quiet_days = 14
    lookback_days = SIGHT.days
    bounds = MappingProxyType({"caution": (4, 14), "high": (7, 30), "least_run_m": (1_000.0, 5_000.0)})

    caution: int = 6
    high: int = 10
    margin_days: int = 1
    least_run_m: float = 2_000.0
    history_days: int = 28
    complaint_days: int = 7

    explanation = Explanation(
        what_it_sees=N_(
            "On how many days in a row you ran, against your own earlier streaks of the last 182 days. It speaks from "
            "6 days on when that is more than a day beyond nearly all (95 of 100) of them, and again from 10 days on."
        ),
        why_it_matters=N_(
            "Days without running are when tissue recovers. Few rest days a week were linked with more overuse "
            "injuries in one study of endurance athletes."
        ),
        evidence=N_(
            "One study (strength C): 446 top-level skiers, swimmers and runners, asked afterwards, fewer than two rest "
            "days a week against more. No study names a number of days in a row; 6 and 10 are our choice."
        ),
        limits=N_(
            "It counts days, not how hard they were; runs under 2 km do not count. It needs 28 days of history before "
            "the streak. Who says they run every day on purpose is left alone, unless they tell of pain or of a week "
            "that was clearly felt."
        ),
        clears_when=N_("It clears with the first day without a run of 2 km or more."),
        sources=(Source("Ristolainen et al., Journal of Sports Medicine and Physical Fitness 2014;54:78"),),
    )

    def check(self, history: TrainingHistory, run: Run) -> Finding | None:
        if len(runs_of_days(history, run.local_day, self.caution + 1)) < self.caution:
            return None  # asked first, because it is the rule and cheap
        streaks = self._streaks(history, run.local_day)
        if not streaks or not _is_open(streaks[-1], run.local_day):
            return None
        *earlier, last = streaks
        if history.diary.streak_runner:
            severity = self._severity_when_declared(history, last)
        elif self._days_before(history, last.first_day, run.local_day) >= self.history_days:
            severity = self._severity(last.days, _usual_days(earlier))
        else:
            return None
        return None if severity is None else self._finding(history, last, _usual_days(earlier), severity)

    def state(self, history: TrainingHistory, at: datetime) -> RuleState:
        if not history.runs and history.without_distance:
            return RuleState(Watch.CANNOT_WATCH, why="no-distance")
        if history.diary.streak_runner:
            return RuleState(Watch.WATCHING)
        day = at.date()
        streaks = [streak for streak in self._streaks(history, day) if _is_open(streak, day)]
        if self._days_before(history, streaks[0].first_day if streaks else day, day) >= self.history_days:
            return RuleState(Watch.WATCHING)
        if streaks and streaks[0].days > self.history_days:
            return RuleState(Watch.CANNOT_WATCH, why="one-long-streak")
        missing = self.history_days - self._days_before(history, day, day)
        return RuleState(Watch.LEARNING, missing_days=max(1, missing))

    def _streaks(self, history: TrainingHistory, day: date) -> list[Streak]:
        """The streaks in sight of that day, in order; the first may have begun before them."""
        counted = (run for run in runs_of_days(history, day, SIGHT.days) if run.distance_m >= self.least_run_m)
        streaks: list[Streak] = []
        for run_day in (run.local_day for run in counted):
            if streaks and run_day - streaks[-1].last_day <= DAY:
                streaks[-1] = Streak(streaks[-1].first_day, run_day)
            else:
                streaks.append(Streak(run_day, run_day))
        return streaks

    def _days_before(self, history: TrainingHistory, first_day: date, day: date) -> int:
        """How many days of the history in sight on `day` lie before `first_day`."""
        seen = runs_of_days(history, day, SIGHT.days)
        return (first_day - seen[0].local_day).days if seen else 0

    def _severity(self, days: int, usual_days: float) -> Severity | None:
        if days >= self.high and days > usual_days:
            return Severity.HIGH
        return Severity.CAUTION if days >= self.caution and days > usual_days + self.margin_days else None

    def _severity_when_declared(self, history: TrainingHistory, streak: Streak) -> Severity | None:
        told = complained(history.diary, streak.last_day, self.complaint_days)
        return Severity.CAUTION if told and streak.days >= self.caution else None

    def _finding(self, history: TrainingHistory, streak: Streak, usual_days: float, severity: Severity) -> Finding:
        return Finding(
            rule=self.code,
            version=self.version,
            key=streak.last_day.isoformat(),
            day=streak.last_day,
            severity=severity,
            facts={
                "streak_days": streak.days,
                "first_day": streak.first_day.isoformat(),
                "usual_streak_days": round(usual_days, 1),
                "threshold_days": self._threshold_days(usual_days, severity),
                "complaint": complained(history.diary, streak.last_day, self.complaint_days),
            },
        )

    def _threshold_days(self, usual_days: float, severity: Severity) -> int:
        """The fewest days in a row that would have been found so."""
        if severity is Severity.HIGH:
            return max(self.high, floor(usual_days) + 1)
        return max(self.caution, floor(usual_days + self.margin_days) + 1)


def _is_open(streak: Streak, day: date) -> bool:
    """Whether the streak reaches that day, or the day before: today may still bring its run."""
    return day - streak.last_day <= DAY


def _usual_days(streaks: Sequence[Streak]) -> float:
    """The 95th percentile of their lengths (inclusive, linear between two); 0 without any."""
    days = [streak.days for streak in streaks]
    return quantiles(days, n=20, method="inclusive")[-1] if len(days) > 1 else float(sum(days))


RULE = LongStreak()
