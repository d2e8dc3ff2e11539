"""The plan check: what would be said of planned runs, and when, by the same judgement as of real ones."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from statistics import median

from rules.checks.run_spike import RULE as RUN_SPIKE
from rules.checks.run_spike import RunSpike
from rules.days import runs_of_days
from rules.history import SHORTEST_RUN_M, TrainingHistory
from rules.model import Run
from rules.policy import Decision, Evaluation, Policy, Told, evaluate, judge
from rules.rule import Rule
from rules.usual_range import DayRange, usual_range

LONGEST_M = 300_000.0
FURTHEST = timedelta(days=182)
MOST_RUNS = 200
#: A planned run starts at noon, or after the one before it on that day.
NOON = time(12)
#: Runs of the last weeks are judged again, unsaid, so that rules about a period know whether they cleared.
JUDGED_AGAIN_DAYS = 28
PACE_DAYS = 84


@dataclass(frozen=True, slots=True)
class PlannedRun:
    """A run that is meant to happen on a local day."""

    day: date
    distance_m: float


@dataclass(frozen=True, slots=True)
class PlannedVerdict:
    """What would be nothing unusual on that day, and what would become of each finding after the planned run."""

    planned: PlannedRun
    usual: DayRange
    decisions: tuple[Decision, ...]


def check_plan(
    history: TrainingHistory,
    planned: Iterable[PlannedRun],
    at: datetime,
    rules: Sequence[Rule],
    *,
    told: Iterable[Told] = (),
    policy: Policy | None = None,
) -> list[PlannedVerdict]:
    """What would be said of these runs, in order of day, were they run as planned and nothing else.

    `at` is now, by the runner's wall clock; `told` are the messages that were sent before. Raises `ValueError`, with
    the bound, for a day before today or more than 182 days ahead, and a distance that is no run or beyond 300 km.
    """
    plan = sorted(planned, key=lambda one: one.day)
    _refuse_nonsense(plan, at)
    known = replace(history, runs=history.runs[: bisect_right(history.starts, at)])
    with_plan = replace(known, runs=(*known.runs, *_as_runs(plan, known, at)))
    runs = with_plan.runs[len(known.runs) :]
    earlier = [evaluate(known, run, rules) for run in runs_of_days(known, at.date(), JUDGED_AGAIN_DAYS)]
    ahead = [evaluate(with_plan, run, rules) for run in runs]
    judged = judge(
        [*earlier, *ahead], rules, told=told, decided=frozenset(_names(earlier)), policy=policy, diary=history.diary
    )
    by_run = {decisions[0].run.id: decisions for decisions in judged}
    rule = next((one for one in rules if isinstance(one, RunSpike)), RUN_SPIKE)
    return [
        PlannedVerdict(one, _usual(with_plan, run, at, rule), by_run.get(run.id, ()))
        for one, run in zip(plan, runs, strict=True)
    ]


def _names(evaluations: Iterable[Evaluation]) -> Iterator[tuple[str, str]]:
    return ((finding.rule, finding.key) for evaluation in evaluations for finding in evaluation.findings)


def _usual(history: TrainingHistory, run: Run, at: datetime, rule: RunSpike) -> DayRange:
    """The range just before that run starts, by what is told now."""
    (usual,) = usual_range(history, run.start_local - timedelta(seconds=1), days=1, rule=rule, told_at=at)
    return usual


def _as_runs(plan: Sequence[PlannedRun], known: TrainingHistory, at: datetime) -> Iterator[Run]:
    speeds = [run.distance_m / run.duration_s for run in runs_of_days(known, at.date(), PACE_DAYS) if run.duration_s]
    free = at + timedelta(seconds=1)
    for number, one in enumerate(plan, start=1):
        start = min(max(datetime.combine(one.day, NOON), free), datetime.combine(one.day, time.max))
        duration_s = round(one.distance_m / median(speeds)) if speeds else None
        end = start + timedelta(seconds=duration_s or 0)
        free = end + timedelta(seconds=1)
        yield Run(-number, start, end, end, one.distance_m, duration_s)


def _refuse_nonsense(plan: Sequence[PlannedRun], at: datetime) -> None:
    if len(plan) > MOST_RUNS:
        raise ValueError(f"at most {MOST_RUNS} runs can be checked at once")
    for one in plan:
        if not at.date() <= one.day <= at.date() + FURTHEST:
            raise ValueError(f"{one.day} is not within the next {FURTHEST.days} days")
        if not SHORTEST_RUN_M <= one.distance_m <= LONGEST_M:
            raise ValueError(f"{one.distance_m} m is not between {SHORTEST_RUN_M:.0f} and {LONGEST_M:.0f} m")
