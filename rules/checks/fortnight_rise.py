"""fortnight-rise: two weeks in a row well above the weeks before them (R2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import dropwhile
from statistics import median
from types import MappingProxyType

from rules.history import TrainingHistory
from rules.load import daily_distance_m, longest_rest, weekly_totals
from rules.model import Explanation, Finding, Grade, RuleState, Run, Severity, Source, Watch
from rules.rule import Rule
from rules.words import N_

WEEK = 7
BASE_WEEKS = 4
FORTNIGHT_WEEKS = 2
USUAL_WEEKS = 12


@dataclass(frozen=True)
class FortnightRise(Rule):
    """Compares each of the last two 7-day totals with the mean week of the four weeks before them.

    `caution` and `high` are ratios to that base (1.65 = 65 % above). A base with a gap of `gap_days` or a week
    under `taper` of the usual week is no fair base: then the median week of the twelve before counts instead.
    All thresholds are defaults set for low noise, not taken from a study (grade C for the direction): at 1.3
    this rule would speak almost twice as often as run-spike over 109 real runners, at 1.65 a little less often.
    """

    code = "fortnight-rise"
    title = N_("Two weeks well above your usual")
    version = 2
    grade = Grade.C
    about_period = True
    quiet_days = 14
    lookback_days = WEEK * (FORTNIGHT_WEEKS + USUAL_WEEKS)
    bounds = MappingProxyType(
        {
            "caution": (1.3, 2.5),
            "high": (1.5, 4.0),
            "least_rise_m": (5_000.0, 30_000.0),
            "least_base_m": (5_000.0, 30_000.0),
        }
    )

    caution: float = 1.65
    high: float = 2.0
    least_rise_m: float = 10_000.0
    least_base_m: float = 10_000.0
    gap_days: int = 7
    taper: float = 0.6

    explanation = Explanation(
        what_it_sees=N_(
            "Your last two 7-day distances against your average week of the four weeks before. It speaks when both "
            "are more than 65 % above and together at least 10 km more."
        ),
        why_it_matters=N_(
            "A rise that lasts gives you less time to adapt than one big week. In some studies of runners, rises "
            "over two to three weeks were linked with more overuse injuries."
        ),
        evidence=N_(
            "Small and mixed studies (strength C): 874 beginners showed a tendency above 30 % in two weeks, 261 "
            "half-marathon runners a difference after three. Other studies found none. The 65 % is our choice, made "
            "to speak rarely."
        ),
        limits=N_(
            "It counts distance only. Holiday weeks, illness and tapers lower the base; where the four weeks hold a "
            "gap or a very light week, your usual week of the last twelve is used instead. Under 10 km a week it "
            "stays silent."
        ),
        clears_when=N_("It clears when one of your last two 7-day distances is back within 65 % of the weeks before."),
        sources=(
            Source("Nielsen et al., Journal of Orthopaedic & Sports Physical Therapy 2014"),
            Source("Damsted et al., Journal of Orthopaedic & Sports Physical Therapy 2019;49:230"),
        ),
    )

    def check(self, history: TrainingHistory, run: Run) -> Finding | None:
        if not self._has_base(history, run.local_day):
            return None
        fortnight, base_m = self._compare(history, run.local_day)
        severity = self._severity(fortnight, base_m)
        return None if severity is None else self._finding(run.local_day, fortnight, base_m, severity)

    def state(self, history: TrainingHistory, at: datetime) -> RuleState:
        if not history.runs and history.without_distance:
            return RuleState(Watch.CANNOT_WATCH, why="no-distance")
        if not self._has_base(history, at.date()):
            return RuleState(Watch.LEARNING, missing_days=self._days_to_wait(history, at.date()))
        if self._compare(history, at.date())[1] < self.least_base_m:
            return RuleState(Watch.CANNOT_WATCH, why="base-too-small")
        return RuleState(Watch.WATCHING)

    def _has_base(self, history: TrainingHistory, day: date) -> bool:
        """Whether something was run on or before the first day of the base and within sight of it."""
        first_base_day = day - timedelta(days=self._base_days - 1)
        first = datetime.combine(day - timedelta(days=self.lookback_days - 1), time.min)
        return bool(history.between(first, datetime.combine(first_base_day, time.max)))

    @property
    def _base_days(self) -> int:
        return WEEK * (FORTNIGHT_WEEKS + BASE_WEEKS)

    def _days_to_wait(self, history: TrainingHistory, day: date) -> int:
        recent = history.before(datetime.combine(day, time.max), self._base_days)
        if not recent:
            return self._base_days
        return max(1, self._base_days - 1 - (day - recent[0].local_day).days)

    def _compare(self, history: TrainingHistory, day: date) -> tuple[list[float], float]:
        """The last two 7-day totals (oldest first) and the week to hold them against, all in metres."""
        daily = daily_distance_m(history.runs, day, self.lookback_days)
        weeks = weekly_totals(daily)
        fortnight, before = weeks[-FORTNIGHT_WEEKS:], weeks[:-FORTNIGHT_WEEKS]
        base_days = daily[-self._base_days : -WEEK * FORTNIGHT_WEEKS]
        return fortnight, self._base(before, base_days)

    def _base(self, before: Sequence[float], base_days: Sequence[float]) -> float:
        base = before[-BASE_WEEKS:]
        usual = median(
            list(dropwhile(lambda week: week == 0, before)) or [0.0]
        )  # weeks before the first run say nothing
        if longest_rest(base_days) >= self.gap_days or min(base) < self.taper * usual:
            return usual
        return sum(base) / BASE_WEEKS

    def _severity(self, fortnight: Sequence[float], base_m: float) -> Severity | None:
        rise_m = sum(fortnight) - FORTNIGHT_WEEKS * base_m
        if base_m < self.least_base_m or round(rise_m, 6) < self.least_rise_m:
            return None
        ratio = round(min(fortnight) / base_m, 9)
        if ratio >= self.high:
            return Severity.HIGH
        return Severity.CAUTION if ratio > self.caution else None

    def _finding(self, day: date, fortnight: Sequence[float], base_m: float, severity: Severity) -> Finding:
        return Finding(
            rule=self.code,
            version=self.version,
            key=day.isoformat(),
            day=day,
            severity=severity,
            facts={
                "last_7_days_m": round(fortnight[1], 1),
                "previous_7_days_m": round(fortnight[0], 1),
                "base_week_m": round(base_m, 1),
                "rise_m": round(sum(fortnight) - FORTNIGHT_WEEKS * base_m, 1),
                "rise_percent": round((min(fortnight) / base_m - 1) * 100, 1),
                "threshold_percent": round(((self.high if severity is Severity.HIGH else self.caution) - 1) * 100, 1),
            },
        )


RULE = FortnightRise()
