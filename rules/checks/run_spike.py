"""run-spike: one run far beyond the longest of the 30 days before it (R1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from rules.history import TrainingHistory
from rules.model import Explanation, Finding, Grade, RuleState, Run, Severity, Source, Watch
from rules.rule import Rule
from rules.words import N_


@dataclass(frozen=True)
class RunSpike(Rule):
    """Compares a run with the longest run that started in the 30 days before it.

    `note`, `caution` and `high` are excesses over that longest run (0.30 = 30 % beyond); to be equal is not to
    be above. The bands are those of the Garmin-RUNSAFE cohort (5,205 runners); the gates keep out comparisons
    with too little behind them.
    """

    code = "run-spike"
    title = N_("A run far beyond your recent longest")
    version = 1
    grade = Grade.B
    about_period = False
    quiet_days = 7
    lookback_days = 84
    bounds = MappingProxyType(
        {
            "note": (0.05, 0.30),
            "caution": (0.15, 0.90),
            "high": (0.50, 2.00),
            "least_distance_m": (3_000.0, 15_000.0),
            "least_excess_m": (500.0, 5_000.0),
        }
    )

    note: float = 0.10
    caution: float = 0.30
    high: float = 1.00
    compared_days: int = 30
    least_runs: int = 6
    least_distance_m: float = 5_000.0
    least_excess_m: float = 1_000.0
    history_from_days: int = 84
    history_to_days: int = 28

    explanation = Explanation(
        what_it_sees=N_(
            "The distance of one run against your longest run of the 30 days before it. From 10 % beyond it is a "
            "note for the weekly digest; from 30 % beyond, or double, you are told after the run."
        ),
        why_it_matters=N_(
            "Tissue gets used to load over weeks. A single run well beyond what the last month held was linked with "
            "more overuse injuries than a run within it."
        ),
        evidence=N_(
            "One large study of 5,205 runners and 588,071 runs (strength B). In it roughly 2 of 1,000 runs were "
            "followed by an overuse injury; for runs beyond the longest of 30 days our arithmetic says 3 to 4, and "
            "beyond double 5. The study observed and did not experiment: it shows a link, not a cause."
        ),
        limits=N_(
            "It knows distance only: not hills, pace, heat, sleep or how you felt. It says how unusual a run was for "
            "you, not what will happen. It needs 6 runs in the last 30 days and a run more than 28 days ago, and "
            "leaves runs under 5 km, or less than 1 km beyond your longest, alone. Races are not judged."
        ),
        clears_when=N_("It concerns this one run. It clears when the run is corrected or deleted."),
        sources=(
            Source(
                "Frandsen et al., British Journal of Sports Medicine 2025;59:1203",
                "https://doi.org/10.1136/bjsports-2024-109380",
            ),
        ),
    )

    def check(self, history: TrainingHistory, run: Run) -> Finding | None:
        recent = history.before(run.start_local, self.compared_days)
        if run.distance_m < self.least_distance_m or len(recent) < self.least_runs:
            return None
        longest = max(recent, key=lambda earlier: earlier.distance_m)
        if not self._is_excess(run, longest) or not self._has_history(history, run.start_local):
            return None
        severity = self._severity(run.distance_m / longest.distance_m - 1)
        return None if severity is None else self._finding(run, longest, len(recent), severity)

    def state(self, history: TrainingHistory, at: datetime) -> RuleState:
        if not history.runs and history.without_distance:
            return RuleState(Watch.CANNOT_WATCH, why="no-distance")
        missing_runs = max(0, self.least_runs - len(history.before(at, self.compared_days)))
        missing_days = 0 if self._has_history(history, at) else self._days_to_wait(history, at)
        if missing_runs or missing_days:
            return RuleState(Watch.LEARNING, missing_runs=missing_runs, missing_days=missing_days)
        return RuleState(Watch.WATCHING)

    def _is_excess(self, run: Run, longest: Run) -> bool:
        # Rounded to the micrometre: 5.9 km - 4.9 km is a whole kilometre to a runner, not to binary fractions.
        return round(run.distance_m - longest.distance_m, 6) >= self.least_excess_m

    def _has_history(self, history: TrainingHistory, at: datetime) -> bool:
        first, last = at - timedelta(days=self.history_from_days), at - timedelta(days=self.history_to_days)
        return bool(history.between(first, last))

    def _days_to_wait(self, history: TrainingHistory, at: datetime) -> int:
        recent = history.before(at, self.history_to_days)
        if not recent:
            return self.history_to_days
        return max(1, self.history_to_days - (at - recent[0].start_local).days)

    def _severity(self, excess: float) -> Severity | None:
        excess = round(excess, 9)  # 11 km after 10 km is exactly 10 %: equal is not above
        if excess > self.high:
            return Severity.HIGH
        if excess > self.caution:
            return Severity.CAUTION
        return Severity.NOTE if excess > self.note else None

    def _finding(self, run: Run, longest: Run, runs: int, severity: Severity) -> Finding:
        return Finding(
            rule=self.code,
            version=self.version,
            key=str(run.id),
            day=run.local_day,
            severity=severity,
            facts={
                "distance_m": run.distance_m,
                "longest_m": longest.distance_m,
                "longest_day": longest.local_day.isoformat(),
                "longest_id": longest.id,
                "excess_m": round(run.distance_m - longest.distance_m, 6),
                "excess_percent": round((run.distance_m / longest.distance_m - 1) * 100, 1),
                "threshold_percent": round(self._threshold(severity) * 100, 1),
                "runs_compared": runs,
                "compared_days": self.compared_days,
            },
        )

    def _threshold(self, severity: Severity) -> float:
        return {Severity.NOTE: self.note, Severity.CAUTION: self.caution}.get(severity, self.high)


RULE = RunSpike()
