"""no-rest-month: four weeks with hardly a day off, at full load (R5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from rules.complaints import complained
from rules.days import missing_days, run_days, runs_of_days
from rules.history import TrainingHistory
from rules.load import daily_distance_m, usual_week, weekly_totals
from rules.model import Explanation, Finding, Grade, RuleState, Run, Severity, Source, Watch
from rules.rule import Rule
from rules.words import N_

WEEK = 7
MONTH_WEEKS = 4
MONTH = WEEK * MONTH_WEEKS
USUAL_WEEKS = 12
HABIT_MONTHS = 3


@dataclass(frozen=True)
class NoRestMonth(Rule):
    """Counts the days without a run among the last 28, where these weeks are no lighter than usual.

    `least_rest_days` of 28 keep it silent (4 = one a week). "Usual" is the median week of the twelve before. Who had
    as few days off over the last twelve weeks is used to it: then it speaks only with a complaint in that time. A
    default set for low noise, not taken from a study.
    """

    code = "no-rest-month"
    title = N_("Four weeks with hardly a day off")
    version = 1
    grade = Grade.C
    about_period = True
    quiet_days = 14
    lookback_days = MONTH + WEEK * USUAL_WEEKS
    bounds = MappingProxyType({"least_rest_days": (1, 8)})

    least_rest_days: int = 4
    history_days: int = 2 * MONTH

    explanation = Explanation(
        what_it_sees=N_(
            "How many of your last 28 days were without a run. It makes a note for the weekly digest when that is less "
            "than one day in seven and the four weeks were at least as long as your usual ones."
        ),
        why_it_matters=N_(
            "Days without running are when tissue recovers. Few rest days a week were linked with more overuse "
            "injuries in one study of endurance athletes."
        ),
        evidence=N_(
            "One study (strength C): 446 top-level skiers, swimmers and runners, asked afterwards, fewer than two rest "
            "days a week against more. The direction is believable, the size hardly carries over; one day in seven is "
            "our choice."
        ),
        limits=N_(
            "It counts days, not how hard they were, and any run makes a run day. If you have run like this for twelve "
            "weeks, or say that you run every day on purpose, it stays silent unless you tell of pain or of a week "
            "that was clearly felt."
        ),
        clears_when=N_("It clears when 4 of your last 28 days were without a run, or with lighter weeks."),
        sources=(Source("Ristolainen et al., Journal of Sports Medicine and Physical Fitness 2014;54:78"),),
    )

    def check(self, history: TrainingHistory, run: Run) -> Finding | None:
        day = run.local_day
        rest_days = MONTH - run_days(history, day, MONTH)
        if rest_days >= self.least_rest_days or self._missing_days(history, day):
            return None
        mean_week_m, usual_week_m = self._weeks(history, day)
        if not 0 < usual_week_m <= round(mean_week_m, 6) or self._is_their_way(history, day):
            return None
        return self._finding(history, day, rest_days, mean_week_m, usual_week_m)

    def state(self, history: TrainingHistory, at: datetime) -> RuleState:
        if not history.runs and history.without_distance:
            return RuleState(Watch.CANNOT_WATCH, why="no-distance")
        missing = self._missing_days(history, at.date())
        return RuleState(Watch.LEARNING, missing_days=missing) if missing else RuleState(Watch.WATCHING)

    def _missing_days(self, history: TrainingHistory, day: date) -> int:
        return missing_days(history, day, needed=self.history_days, sight=self.lookback_days)

    def _weeks(self, history: TrainingHistory, day: date) -> tuple[float, float]:
        """Metres of the mean week of the last four and of the usual week before them."""
        runs = runs_of_days(history, day, self.lookback_days)
        weeks = weekly_totals(daily_distance_m(runs, day, self.lookback_days))
        return sum(weeks[-MONTH_WEEKS:]) / MONTH_WEEKS, usual_week(weeks[:-MONTH_WEEKS])

    def _is_their_way(self, history: TrainingHistory, day: date) -> bool:
        """Whether the runner chose it, or has lived so for twelve weeks, without a complaint."""
        if complained(history.diary, day, HABIT_MONTHS * MONTH):
            return False
        rest_days = HABIT_MONTHS * MONTH - run_days(history, day, HABIT_MONTHS * MONTH)
        return history.diary.streak_runner or rest_days < HABIT_MONTHS * self.least_rest_days

    def _finding(
        self, history: TrainingHistory, day: date, rest_days: int, mean_week_m: float, usual_week_m: float
    ) -> Finding:
        return Finding(
            rule=self.code,
            version=self.version,
            key=day.isoformat(),
            day=day,
            severity=Severity.NOTE,
            facts={
                "rest_days": rest_days,
                "period_days": MONTH,
                "mean_week_m": round(mean_week_m, 1),
                "usual_week_m": round(usual_week_m, 1),
                "threshold_rest_days": self.least_rest_days,
                "complaint": complained(history.diary, day, HABIT_MONTHS * MONTH),
            },
        )


RULE = NoRestMonth()
