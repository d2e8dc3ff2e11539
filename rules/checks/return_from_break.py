"""return-from-break: too much at once after two weeks or more without running (R6)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import ClassVar

from rules.breaks import BREAK_DAYS, SIGHT, Break, latest_break
from rules.diary import AbsenceKind
from rules.history import TrainingHistory
from rules.model import Activity, Explanation, Finding, Grade, RuleState, Run, Severity, Source, Watch
from rules.rule import Rule
from rules.words import N_

#: The first week back: the day of the first run and the six after it.
FIRST_DAYS = 7
#: So much of other sport in a week of the break changes the words, not the thresholds.
OTHER_SPORT_HOURS = 3.0
#: A longer session is a watch left running.
LONGEST_SESSION_S = 24 * 3600


@dataclass(frozen=True)
class ReturnFromBreak(Rule):
    """Compares the first run and the first 7 days after a break with the running before it.

    `caution` and `high` are shares: of the longest run of the 84 days before the break for the first run, of the mean
    week of those days for the first 7 days; to be equal is not to be above, and `high` needs a break of `long_days`.
    A break is 14 whole local days without a run. Where it leaves fewer than 28 days of earlier running in sight, the
    84 days before it were looked up (`TrainingHistory.before_break`): so 28 days of history are not asked for.
    All thresholds are coaching practice, not taken from a study (grade D).
    """

    code = "return-from-break"
    title = N_("Much at once after a break")
    version = 1
    grade = Grade.D
    about_period = False
    quiet_days = 14
    lookback_days = SIGHT.days
    needs_history = False
    reads_before_break = True
    bounds: ClassVar[Mapping[str, tuple[float, float]]] = MappingProxyType({"caution": (0.6, 0.95), "high": (1.0, 1.5)})

    caution: float = 0.75
    high: float = 1.00
    long_days: int = 28
    least_base_m: float = 10_000.0
    least_runs: int = 6

    explanation = Explanation(
        what_it_sees=N_(
            "Your first run and your first 7 days after 14 or more days without running, against your longest run and "
            "your average week before that break. It speaks when one of them is above 75 % of what it was; after four "
            "weeks or more and above all of it, more clearly."
        ),
        why_it_matters=N_(
            "Fitness comes back faster than tendons and bones get used to running again. In a review an earlier "
            "injury, and in men starting again after a pause, were linked with more running injuries."
        ),
        evidence=N_(
            "Coaching practice (strength D): nobody has studied by how much to start again. The 75 % is our choice, "
            "made to speak rarely."
        ),
        limits=N_(
            "It knows running only, not what else you did in the break, nor why you paused unless you say so. It needs "
            "6 runs and 10 km a week before the break, and does not look further back than 24 months."
        ),
        clears_when=N_("It concerns one run. It clears when that run or an earlier one is corrected or deleted."),
        sources=(
            Source("van der Worp et al., PLoS ONE 2015;10:e0114937", "https://doi.org/10.1371/journal.pone.0114937"),
            Source(
                "Malisoux et al., Scandinavian Journal of Medicine & Science in Sports 2015;25:110",
                "https://doi.org/10.1111/sms.12154",
            ),
        ),
    )

    def check(self, history: TrainingHistory, run: Run) -> Finding | None:
        ended = latest_break(
            history.known,
            run.start_local,
            unmeasured=history.without_distance,
            within=timedelta(days=FIRST_DAYS),
        )
        if ended is None or ended.returned is None or self._why_no_base(ended) is not None:
            return None
        since = _since(history, ended.returned, run)
        if (run.local_day - ended.returned.local_day).days >= FIRST_DAYS or not since:
            return None
        severity = self._severity(ended, since)
        # Each run of the first days adds to them: only the one that goes beyond what was said already speaks.
        if severity is None or severity <= (self._severity(ended, since[:-1]) or 0):
            return None
        return self._finding(history, ended, since, severity)

    def state(self, history: TrainingHistory, at: datetime) -> RuleState:
        if not history.known:
            blind = bool(history.without_distance)
            return RuleState(Watch.CANNOT_WATCH, why="no-distance") if blind else self._learning(0)
        latest = latest_break(history.known, at, within=timedelta(days=FIRST_DAYS)) or _as_if_paused(history, at)
        why = self._why_no_base(latest) if latest else "too-few-runs"
        if why == "too-few-runs":
            return self._learning(len(latest.before) if latest else 0)
        return RuleState(Watch.CANNOT_WATCH, why=why) if why else RuleState(Watch.WATCHING)

    def _learning(self, runs: int) -> RuleState:
        return RuleState(Watch.LEARNING, missing_runs=self.least_runs - runs)

    def _why_no_base(self, ended: Break) -> str | None:
        if len(ended.before) < self.least_runs:
            return "too-few-runs"
        return "base-too-small" if round(ended.week_m, 6) < self.least_base_m else None

    def _severity(self, ended: Break, since: Sequence[Run]) -> Severity | None:
        share = max(_shares(ended, since), default=0.0)
        if share > self.high and ended.days >= self.long_days:
            return Severity.HIGH
        return Severity.CAUTION if share > self.caution else None

    def _finding(self, history: TrainingHistory, ended: Break, since: Sequence[Run], severity: Severity) -> Finding:
        run = since[-1]
        of_longest, of_week = _shares(ended, since)
        by_run = len(since) == 1 and of_longest >= of_week
        return Finding(
            rule=self.code,
            version=self.version,
            key=str(run.id),
            day=run.local_day,
            severity=severity,
            facts={
                "basis": "first-run" if by_run else "first-7-days",
                "distance_m": run.distance_m,
                "first_7_days_m": round(sum(one.distance_m for one in since), 1),
                "longest_m": ended.longest_m,
                "base_week_m": round(ended.week_m, 1),
                "percent": round((of_longest if by_run else of_week) * 100, 1),
                "threshold_percent": round((self.high if severity is Severity.HIGH else self.caution) * 100, 1),
                "break_days": ended.days,
                "last_day": ended.last_day.isoformat(),
                "runs_compared": len(ended.before),
                "absence": _told_reason(history, ended),
                "other_sport": _did_other_sport(history, ended),
            },
        )


def _since(history: TrainingHistory, first: Run, run: Run) -> Sequence[Run]:
    """The runs from the first one after the break up to this one."""
    runs = history.runs
    start = bisect_left(runs, first.start_local, key=lambda one: one.start_local)
    stop = bisect_right(runs, run.start_local, key=lambda one: one.start_local)
    return runs[start:stop]


def _shares(ended: Break, since: Sequence[Run]) -> tuple[float, ...]:
    """The first run as a share of the longest, and all runs so far as a share of the mean week, before the break."""
    if not since:
        return ()
    together = sum(run.distance_m for run in since)
    # Rounded: 7.5 km of 10 km are exactly 75 %, and equal is not above.
    return round(since[0].distance_m / ended.longest_m, 9), round(together / ended.week_m, 9)


def _as_if_paused(history: TrainingHistory, at: datetime) -> Break | None:
    """The break that would begin with the last run, were there no more: what there is to compare with."""
    stop = bisect_right(history.known, at, key=lambda run: run.start_local)
    if not stop:
        return None
    ahead = history.known[stop - 1].start_local + timedelta(days=BREAK_DAYS + 1)
    return latest_break(history.known[:stop], ahead)


def _told_reason(history: TrainingHistory, ended: Break) -> str | None:
    """Why the runner paused, if told: the last answer that touches the days off."""
    kinds = [
        absence.kind.value
        for absence in history.diary.absences
        if absence.first_day < ended.next_day and (absence.last_day is None or absence.last_day > ended.last_day)
    ]
    return kinds[-1] if kinds else None


def _did_other_sport(history: TrainingHistory, ended: Break) -> bool:
    """Whether the break was told to be other sport, or its sessions in sight make three hours a week."""
    if _told_reason(history, ended) == AbsenceKind.OTHER_SPORT:
        return True
    sessions = [one for one in history.others if ended.last_day < one.local_day < ended.next_day]
    days = min(ended.days, SIGHT.days)
    return sum(_hours(one) for one in sessions) / (days / 7) >= OTHER_SPORT_HOURS


def _hours(session: Activity) -> float:
    seconds = session.moving_time_s or session.elapsed_time_s or 0
    return seconds / 3600 if 0 < seconds <= LONGEST_SESSION_S else 0.0


RULE = ReturnFromBreak()
