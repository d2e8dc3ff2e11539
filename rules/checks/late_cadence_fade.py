"""late-cadence-fade: the steps slow down towards the end of long runs, again and again (R10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import ClassVar

from rules.history import CadenceFade, TrainingHistory
from rules.model import Explanation, Finding, Grade, RuleState, Run, Severity, Source, Watch
from rules.rule import Rule
from rules.words import N_


@dataclass(frozen=True)
class LateCadenceFade(Rule):
    """Compares the cadence of a long run's last third with its first, where pace and grade of both match.

    `note` is a share (0.04 = 4 % lower); to be equal is enough. It speaks at a run that faded, when `least_faded` of
    the last `long_runs` long runs that can be compared did, itself included. Intervals, hilly trails and runs without
    cadence cannot be compared and count as nothing. The numbers are defaults set for low noise (grade C for the
    direction: cadence falls and the trunk leans with fatigue).
    """

    code = "late-cadence-fade"
    title = N_("Slower steps late in your long runs")
    version = 1
    grade = Grade.C
    about_period = True
    quiet_days = 14
    lookback_days = 84
    bounds: ClassVar[Mapping[str, tuple[float, float]]] = MappingProxyType(
        {"note": (0.03, 0.10), "least_minutes": (45, 120)}
    )

    note: float = 0.04
    least_minutes: int = 60
    long_runs: int = 4
    least_faded: int = 2

    explanation = Explanation(
        what_it_sees=N_(
            "Your steps per minute in the last third of runs of an hour or more, against the first third at the same "
            "pace and grade. When they fall by 4 % or more in two of your last four such runs it is a note for the "
            "weekly digest."
        ),
        why_it_matters=N_(
            "With fatigue the steps become slower and the trunk leans further forward. Late in a run is a good moment "
            "for a cue about posture and loose shoulders."
        ),
        evidence=N_(
            "A review of 68 laboratory studies of fatigue in runners (strength C). It describes how form changes; "
            "nobody has shown that a cue changes pain or injury. The 4 % is our choice."
        ),
        limits=N_(
            "It needs the recorded course of pace, grade and cadence. It leaves out intervals, hilly trails and runs "
            "without cadence, and it cannot see your posture."
        ),
        clears_when=N_("It clears when fewer than two of your last four long runs fade."),
        sources=(Source("Apte et al., Frontiers in Physiology 2021", "https://doi.org/10.3389/fphys.2021.646042"),),
    )

    def check(self, history: TrainingHistory, run: Run) -> Finding | None:
        if not history.fades or not self._is_long(run):
            return None
        compared = self._compared(history, run.start_local)
        last = compared[-1] if compared else None
        faded = sum(self._has_faded(fade) for fade in compared)
        if last is None or last.run_id != run.id or not self._has_faded(last) or faded < self.least_faded:
            return None
        return Finding(
            rule=self.code,
            version=self.version,
            key=run.local_day.isoformat(),
            day=run.local_day,
            severity=Severity.NOTE,
            facts={
                "cadence_change_percent": round(last.change * 100, 1),
                "runs_faded": faded,
                "runs_compared": len(compared),
                "threshold_percent": round(self.note * 100, 1),
                "least_minutes": self.least_minutes,
            },
        )

    def state(self, history: TrainingHistory, at: datetime) -> RuleState:
        if not history.fades:
            return RuleState(Watch.CANNOT_WATCH, why="no-streams")
        missing = self.least_faded - len(self._compared(history, at))
        return RuleState(Watch.LEARNING, missing_runs=missing) if missing > 0 else RuleState(Watch.WATCHING)

    def last_long_runs(self, history: TrainingHistory, at: datetime) -> tuple[Run, ...]:
        """The runs whose course is worth reading: the last long ones up to that moment, in order of start."""
        runs = history.between(at - timedelta(days=self.lookback_days), at)
        return tuple(run for run in runs if self._is_long(run))[-self.long_runs :]

    def _compared(self, history: TrainingHistory, at: datetime) -> list[CadenceFade]:
        """The last long runs up to that moment that can be compared, in order of start."""
        runs = history.between(at - timedelta(days=self.lookback_days), at)
        ids = {run.id for run in runs if self._is_long(run)}
        fades = {fade.run_id: fade for fade in history.fades if fade.comparable and fade.run_id in ids}
        return [fades[run.id] for run in runs if run.id in fades][-self.long_runs :]

    def _is_long(self, run: Run) -> bool:
        return run.duration_s is not None and run.duration_s >= self.least_minutes * 60

    def _has_faded(self, fade: CadenceFade) -> bool:
        return round(fade.change, 9) <= -self.note


RULE = LateCadenceFade()
