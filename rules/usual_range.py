"""What would be nothing unusual next, and from where a message would come: two distances for each of the next days."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from statistics import median, median_low

from rules.checks.run_spike import RULE as RUN_SPIKE
from rules.checks.run_spike import RunSpike
from rules.days import runs_of_days
from rules.diary import OwnLimit
from rules.history import TrainingHistory
from rules.model import Run, Severity, Watch
from rules.pain import Light, traffic_light
from rules.return_ladder import LadderStep, Wait, step, unwell_at
from rules.signs import standing_signs
from rules.starting import is_starting

#: Today and the 14 days after it.
DAYS = 15
#: The usual next step beyond the longest run of 30 days (evidence: P1), and a beginner's rule of thumb (grade D).
STEP_SHARE, STEP_M = 0.10, 1_000.0
STARTING_STEP_M, STARTING_STEP_MINUTES = 500.0, 5.0
#: After a spike or a long race runs stay shorter for a week (evidence: P2), and what spiked is no measure for two.
EASIER_DAYS, EASIER_SHARE = 7, 0.60
NOT_COUNTED_DAYS, CONFIRMED_SHARE = 14, 0.90
LONG_M = 21_000.0
MEDIAN_DAYS = 84
WEEK = 7
#: Amber pain: the next run is 20 to 30 % shorter (evidence, section 3.1).
AMBER_SHARE = 0.75
#: The line is a last distance without a message: this much below one at which it would come.
BELOW_M = 0.001


class Lowered(StrEnum):
    """What lowers the range below the longest run of 30 days plus the usual step."""

    AFTER_SPIKE = "after-spike"
    AFTER_LONG_RACE = "after-long-race"
    SPIKE_NOT_COUNTED = "spike-not-counted"
    RETURN = "return"
    AMBER_PAIN = "amber-pain"
    OWN_LIMIT = "own-limit"


@dataclass(frozen=True, slots=True)
class DayRange:
    """One day: up to `range_m` a run would be nothing unusual, beyond `line_m` a message would come. Not rounded.

    `reasons` are what lowers the range, the one that decides it first; the line is shown only where there is none.
    `range_m` is `None` where there is nothing to go by, or where a distance has to wait: for what, says `waits_for`.
    `starting` marks the rule of thumb for too little history; `range_minutes` stands beside it, or for an own limit in
    minutes. `step` is the step of the way back from a break that holds on that day.
    """

    day: date
    range_m: float | None
    line_m: float | None = None
    reasons: tuple[Lowered, ...] = ()
    waits_for: Wait | None = None
    starting: bool = False
    range_minutes: float | None = None
    step: LadderStep | None = None


def usual_range(
    history: TrainingHistory,
    at: datetime,
    *,
    days: int = DAYS,
    rule: RunSpike = RUN_SPIKE,
    told_at: datetime | None = None,
) -> list[DayRange]:
    """The range of the local day of `at` and of the days that follow it, as if nothing more were run or told.

    `rule` is run-spike as this runner has set it; `told_at` is the moment up to which the diary counts, where that is
    not `at`. A day is judged at its end, when the 30 days it looks back over hold least: so what is said of it holds at
    any hour.
    """
    look = _look(history, at, told_at or at, rule)
    return [_on(look, at.date() + timedelta(days=ahead)) for ahead in range(days)]


def message_line_m(longest_m: float, rule: RunSpike = RUN_SPIKE) -> float:
    """The last distance at which run-spike finds no more than a note, after that longest run of 30 days."""
    beyond = longest_m * (1 + min(rule.caution, rule.high))
    gate = max(longest_m + rule.least_excess_m, rule.least_distance_m)
    return max(beyond, gate - BELOW_M)


@dataclass(frozen=True, slots=True)
class _Hard:
    """A run after which runs stay shorter: one that spiked, or a long race."""

    run: Run
    spiked: bool

    def age(self, day: date) -> int:
        return (day - self.run.local_day).days


@dataclass(frozen=True, slots=True)
class _Look:
    """What was run and told by a moment, and what of it holds for all the days to come."""

    history: TrainingHistory
    rule: RunSpike
    hard: tuple[_Hard, ...]
    light: Light
    has_sign: bool
    starting: bool


def _look(history: TrainingHistory, at: datetime, told_at: datetime, rule: RunSpike) -> _Look:
    told = history.diary.until(told_at)
    known = replace(
        history,
        runs=history.runs[: bisect_right(history.starts, at)],
        without_distance=history.without_distance[: bisect_right(history.without_distance, at)],
        diary=told,
    )
    seen = known.as_seen_at(at)
    return _Look(
        history=known,
        rule=rule,
        hard=tuple(_hard_runs(seen, at, rule)),
        light=traffic_light(told, told_at),
        has_sign=bool(standing_signs(told, told_at)),
        starting=is_starting(seen, at) or rule.state(seen, at).watch is not Watch.WATCHING,
    )


def _hard_runs(seen: TrainingHistory, at: datetime, rule: RunSpike) -> Iterator[_Hard]:
    for run in seen.before(at + timedelta(microseconds=1), rule.compared_days):
        finding = rule.check(seen, run)
        spiked = (finding is not None and finding.severity >= Severity.CAUTION) or _stands_alone(seen, run, rule)
        if spiked or (run.race and run.distance_m >= LONG_M):
            yield _Hard(run, spiked)


def _stands_alone(seen: TrainingHistory, run: Run, rule: RunSpike) -> bool:
    """A long run that run-spike cannot judge for want of history, but beyond all of the 30 days before it, if any."""
    if run.distance_m < LONG_M:
        return False
    recent = seen.before(run.start_local, rule.compared_days)
    return all(run.distance_m > (1 + rule.caution) * earlier.distance_m for earlier in recent)


def _on(look: _Look, day: date) -> DayRange:
    end = datetime.combine(day, time.max)
    seen = look.history.as_seen_at(end)
    ladder = step(look.history, end, red_pain=look.light is Light.RED)
    waits_for = _waits_for(look, seen, day)
    if waits_for is not None:
        return DayRange(day, None, waits_for=waits_for, step=ladder)
    recent = seen.before(end, look.rule.compared_days)
    counted = [run for run in recent if not _is_set_aside(look, run, day)]
    starting = look.starting and ladder is None  # who is back from a break has something to compare with
    weighed = _weigh(look, seen, day, ladder, _Weighed.of(recent, counted, starting))
    line_m = None if weighed.reasons or starting else _line_m(look, seen, end)
    return DayRange(
        day=day,
        # Where the runner wants to hear of less than our usual step, the range ends there.
        range_m=weighed.range_m if line_m is None or weighed.range_m is None else min(weighed.range_m, line_m),
        line_m=line_m,
        reasons=weighed.reasons,
        starting=starting,
        range_minutes=_minutes(_limit(seen, day), counted if starting and not weighed.reasons else ()),
        step=ladder,
    )


def _waits_for(look: _Look, seen: TrainingHistory, day: date) -> Wait | None:
    if look.has_sign:
        return Wait.WARNING_SIGN
    if look.light is Light.RED:
        return Wait.PAIN
    if (unwell := unwell_at(seen, day)) is not None:
        return unwell
    limit = _limit(seen, day)
    if seen.diary.expecting and limit is None:
        return Wait.EXPECTING  # earlier weeks are no measure for this time
    if limit and limit.runs_a_week is not None and len(runs_of_days(seen, day, WEEK)) >= limit.runs_a_week:
        return Wait.OWN_LIMIT_WEEK
    return None


def _line_m(look: _Look, seen: TrainingHistory, end: datetime) -> float | None:
    if seen.diary.expecting or look.rule.state(seen, end).watch is not Watch.WATCHING:
        return None  # no message would come, whatever the distance
    return message_line_m(_longest(seen.before(end, look.rule.compared_days)).distance_m, look.rule)


@dataclass(frozen=True, slots=True)
class _Weighed:
    """The range so far, and what lowered it, the last first."""

    range_m: float | None
    reasons: tuple[Lowered, ...] = ()

    @classmethod
    def of(cls, recent: Sequence[Run], counted: Sequence[Run], starting: bool) -> _Weighed:
        """Before anything lowers it: the longest run of 30 days that counts, and the usual step beyond it."""
        if not counted:
            return cls(None, (Lowered.SPIKE_NOT_COUNTED,) if recent else ())
        longest_m = _longest(counted).distance_m
        beyond_m = STARTING_STEP_M if starting else max(STEP_SHARE * longest_m, STEP_M)
        less = longest_m < _longest(recent).distance_m
        return cls(longest_m + beyond_m, (Lowered.SPIKE_NOT_COUNTED,) if less else ())

    def at_most(self, metres: float, reason: Lowered) -> _Weighed:
        if self.range_m is not None and metres >= self.range_m:
            return self
        return _Weighed(metres, (reason, *self.reasons))


def _weigh(look: _Look, seen: TrainingHistory, day: date, ladder: LadderStep | None, usual: _Weighed) -> _Weighed:
    weighed = usual
    for hard in look.hard:
        if _is_followed(look, hard, day, nothing_else=usual.range_m is None):
            reason = Lowered.AFTER_SPIKE if hard.spiked else Lowered.AFTER_LONG_RACE
            weighed = weighed.at_most(_easier_m(seen, hard.run, day), reason)
    if ladder is not None and ladder.run_m is not None:
        weighed = weighed.at_most(ladder.run_m, Lowered.RETURN)
    if look.light is Light.AMBER and weighed.range_m is not None:
        weighed = weighed.at_most(AMBER_SHARE * weighed.range_m, Lowered.AMBER_PAIN)
    limit = _limit(seen, day)
    return weighed if limit is None else _within(weighed, limit, seen, day)


def _within(weighed: _Weighed, limit: OwnLimit, seen: TrainingHistory, day: date) -> _Weighed:
    """The range within the runner's own limit: metres, and minutes at the median speed of 12 weeks."""
    runs = runs_of_days(seen, day, MEDIAN_DAYS)
    speeds = [run.distance_m / run.duration_s for run in runs if run.duration_s]
    if limit.run_m is not None:
        weighed = weighed.at_most(limit.run_m, Lowered.OWN_LIMIT)
    if limit.run_minutes is None:
        return weighed
    if speeds:
        return weighed.at_most(limit.run_minutes * 60 * median(speeds), Lowered.OWN_LIMIT)
    return _Weighed(None, (Lowered.OWN_LIMIT,))  # the runner's pace is not known: minutes alone can be named


def _is_followed(look: _Look, hard: _Hard, day: date, *, nothing_else: bool) -> bool:
    """Whether runs stay shorter on that day: for a week, or for as long as there is nothing else to go by."""
    return hard.age(day) <= EASIER_DAYS or (nothing_else and _is_set_aside(look, hard.run, day))


def _easier_m(seen: TrainingHistory, hard: Run, day: date) -> float:
    """The smaller of 60 % of that run and the median of the other runs of 12 weeks, where there are any."""
    others = [run.distance_m for run in runs_of_days(seen, day, MEDIAN_DAYS) if run.id != hard.id]
    return min([EASIER_SHARE * hard.distance_m, *([median_low(others)] if others else [])])


def _is_set_aside(look: _Look, run: Run, day: date) -> bool:
    """Whether a run that spiked is no measure yet: 14 whole days have to pass, or a second run to come near it."""
    spiked = [hard for hard in look.hard if hard.run.id == run.id and hard.spiked]
    if not spiked or spiked[0].age(day) > NOT_COUNTED_DAYS:
        return False
    later = (one for one in look.history.runs if one.start_local > run.start_local)
    return all(one.distance_m < CONFIRMED_SHARE * run.distance_m for one in later)


def _limit(seen: TrainingHistory, day: date) -> OwnLimit | None:
    limit = seen.diary.limit
    return limit if limit is not None and day <= limit.until else None


def _minutes(limit: OwnLimit | None, counted: Sequence[Run]) -> float | None:
    """The same in minutes, where they stand beside the metres: the own limit's, else a beginner's rule of thumb."""
    if limit is not None and limit.run_minutes is not None:
        return limit.run_minutes
    longest_s = max((run.duration_s for run in counted if run.duration_s), default=None)
    return None if longest_s is None else longest_s / 60 + STARTING_STEP_MINUTES


def _longest(runs: Sequence[Run]) -> Run:
    return max(runs, key=lambda run: run.distance_m)
