"""The ladder back: graded steps after a break, by how long it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from rules.breaks import Break, latest_break
from rules.days import runs_of_days
from rules.diary import Absence, AbsenceKind
from rules.history import TrainingHistory
from rules.model import Grade

WEEK = 7
#: After an injury or an illness steps begin after a week off; else a break is 14 days.
LEAST_DAYS_UNWELL = 7
#: Days off above which the longer ladders begin: four weeks, three months.
FOUR_WEEKS, THREE_MONTHS = 28, 91
#: Shares of the longest run and of the mean week before the break, one a week. Coaching practice: 60 % after 2 to 4
#: weeks off, less after more; what follows the first step is our choice.
AFTER_WEEKS = (0.60, 0.75, 0.90)
AFTER_A_MONTH = (0.40, 0.55, 0.70, 0.85)
AFTER_MONTHS = (0.30, 0.35, 0.40, 0.50, 0.55, 0.60, 0.70, 0.80)
#: After more than three months a run is also no longer than a beginner's, however long the runs once were ...
BEGINNERS_RUN_M = (3_000.0, 3_000.0, 4_000.0, 4_000.0, 5_000.0, 6_000.0, 7_000.0, 8_000.0)
#: ... a week holds at most so many of them, and the first steps mix walking in.
BEGINNERS_RUNS = 3
RUN_WALK_STEPS = 4
#: No step is shorter than this, unless the runner's runs were hardly longer.
SHORTEST_M, SHORTEST_SHARE = 2_000.0, 0.75

GRADE = Grade.D


class Wait(StrEnum):
    """What has to come or go first, where no distance is named."""

    WARNING_SIGN = "warning-sign"
    PAIN = "pain"
    INJURED = "injured"
    ILL = "ill"
    EXPECTING = "expecting"
    OWN_LIMIT_WEEK = "own-limit-week"


@dataclass(frozen=True, slots=True)
class LadderStep:
    """One step of the way back. `code` is `easy` or `run-walk`; distances are metres.

    `run_m` is how far a run would be usual on this step: `None` while the step waits, and `waits_for` then says for
    what (injured, ill or pain). `week_m` is what 7 days of this step hold and `left_m` what the last 7 days leave
    of it; in the first week a run is no longer than that, for then `return-from-break` watches. Both are `None` where
    the runner only just fell ill or got injured.
    """

    number: int
    of: int
    run_m: float | None
    week_m: float | None
    left_m: float | None
    code: str
    break_days: int
    waits_for: Wait | None = None


def step(history: TrainingHistory, at: datetime, *, red_pain: bool = False) -> LadderStep | None:
    """The step that holds at that local moment; `None` without a break behind the runner, or once all are taken.

    A break of 14 days opens the ladder, one of 7 days where the runner was injured or ill, and to be injured or ill
    opens it at once. A step lasts a week from the first run on, and a week without a run does not count.
    """
    seen, day = history.as_seen_at(at), at.date()
    unwell = unwell_at(seen, day)
    rungs = [rung for behind in _breaks_behind(seen, at) if (rung := _rung(seen, behind, day))]
    if not rungs:
        return LadderStep(1, len(AFTER_WEEKS), None, None, None, "easy", 0, unwell) if unwell else None
    lowest = min(rungs, key=lambda rung: rung.run_m)
    left_m = max(0.0, lowest.week_m - sum(run.distance_m for run in runs_of_days(seen, day, WEEK)))
    run_m = lowest.run_m if lowest.number > 1 else max(lowest.shortest_m, min(lowest.run_m, left_m))
    waits_for = unwell or (Wait.PAIN if red_pain else None)
    return LadderStep(
        number=lowest.number,
        of=lowest.of,
        run_m=None if waits_for else run_m,
        week_m=lowest.week_m,
        left_m=left_m,
        code=lowest.code,
        break_days=lowest.break_days,
        waits_for=waits_for,
    )


def unwell_at(history: TrainingHistory, day: date) -> Wait | None:
    """Injured or ill, where the runner told so and the day is within it."""
    kinds = {absence.kind for absence in _unwell(history) if absence.first_day <= day <= (absence.last_day or day)}
    if AbsenceKind.INJURED in kinds:
        return Wait.INJURED
    return Wait.ILL if kinds else None


def _unwell(history: TrainingHistory) -> list[Absence]:
    return [one for one in history.diary.absences if one.kind in (AbsenceKind.INJURED, AbsenceKind.ILL)]


def _breaks_behind(history: TrainingHistory, at: datetime) -> list[Break]:
    """The break that the steps lead back from, and a shorter one after it in which the runner was unwell."""
    found = latest_break(history.known, at, unmeasured=history.without_distance)
    breaks = [found] if found else []
    if not (unwell := _unwell(history)):
        return breaks
    shorter = latest_break(history.known, at, unmeasured=history.without_distance, least_days=LEAST_DAYS_UNWELL)
    if shorter and shorter != found and any(_touches(absence, shorter) for absence in unwell):
        breaks.append(shorter)
    return breaks


def _touches(absence: Absence, behind: Break) -> bool:
    return absence.first_day <= behind.next_day and (absence.last_day is None or absence.last_day > behind.last_day)


@dataclass(frozen=True, slots=True)
class _Rung:
    """What a step holds before it is known what was run in the last 7 days."""

    number: int
    of: int
    run_m: float
    shortest_m: float
    week_m: float
    code: str
    break_days: int


def _rung(history: TrainingHistory, behind: Break, day: date) -> _Rung | None:
    shares = _shares(behind.days)
    index = _weeks_run(history, behind, day)
    if index >= len(shares):
        return None
    run_m, week_m, code = shares[index] * behind.usual_longest_m, shares[index] * behind.week_m, "easy"
    if shares is AFTER_MONTHS:
        run_m = min(run_m, BEGINNERS_RUN_M[index])
        week_m = min(week_m, BEGINNERS_RUNS * BEGINNERS_RUN_M[index])
        code = "run-walk" if index < RUN_WALK_STEPS else "easy"
    shortest_m = min(SHORTEST_M, SHORTEST_SHARE * behind.usual_longest_m)
    week_m = max(week_m, shortest_m)
    run_m = min(max(run_m, shortest_m), week_m)
    return _Rung(index + 1, len(shares), run_m, shortest_m, week_m, code, behind.days)


def _shares(days: int) -> tuple[float, ...]:
    if days > THREE_MONTHS:
        return AFTER_MONTHS
    return AFTER_A_MONTH if days > FOUR_WEEKS else AFTER_WEEKS


def _weeks_run(history: TrainingHistory, behind: Break, day: date) -> int:
    """How many of the weeks since the first run are over and held a run."""
    if behind.returned is None:
        return 0
    first = behind.returned.local_day
    days = (day - first).days + 1
    weeks = {(run.local_day - first).days // WEEK for run in runs_of_days(history, day, days)}
    return len([week for week in weeks if week < (day - first).days // WEEK])
