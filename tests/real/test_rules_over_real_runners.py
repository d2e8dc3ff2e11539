"""The rules over every real runner's history: the whole at work, beside the tests of its parts in tests/rules."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from functools import cache
from statistics import median, quantiles

import pytest

from rules.checks import all_rules
from rules.checks.return_from_break import RULE as RETURN_FROM_BREAK
from rules.checks.run_spike import RULE as RUN_SPIKE
from rules.history import TrainingHistory
from rules.model import Severity
from rules.plan_check import PlannedRun, check_plan
from rules.policy import Decision, Outcome, Reason
from rules.replay import replay
from rules.usual_range import usual_range
from tests.rules.builders import BOTH_RULES
from tests.rules.naive_run_spike import spikes
from tests.rules.real_runners import activity_of, real_runner_files, rows_of
from tests.rules.test_usual_range import ceiling

pytestmark = pytest.mark.real_data


@cache
def histories() -> tuple[TrainingHistory, ...]:
    """One for each runner, in order of their files."""
    return tuple(TrainingHistory.of(activity_of(row) for row in rows_of(file)) for file in real_runner_files())


@cache
def told_by_both_rules() -> tuple[tuple[Decision, ...], ...]:
    """What each runner is told of by the two rules that speak at once most often."""
    return tuple(
        tuple(decision for decision in replay(seen, BOTH_RULES) if decision.outcome is Outcome.TOLD)
        for seen in histories()
    )


def test_all_real_runners_are_judged_as_the_definition_says():
    findings = 0
    for file, seen in zip(real_runner_files(), histories(), strict=True):
        found = [
            (d.finding.key, d.finding.day.isoformat(), d.finding.severity.word, float(d.finding.facts["longest_m"]))
            for d in replay(seen, [RUN_SPIKE])
        ]
        expected = [(str(one.id), one.day, one.severity, float(one.longest)) for one in spikes(rows_of(file))]
        assert sorted(found) == sorted(expected), file.name
        findings += len(found)
    assert findings > 1000


def test_over_all_real_runners_the_second_voice_speaks_no_more_than_the_first():
    told = Counter(decision.finding.rule for decisions in told_by_both_rules() for decision in decisions)
    assert 0 < told["fortnight-rise"] <= told["run-spike"]


@cache
def decided_by_all_rules() -> tuple[tuple[Decision, ...], ...]:
    return tuple(tuple(replay(seen, all_rules())) for seen in histories())


def a_year(count: int, seen: TrainingHistory) -> float:
    """So many in 52 weeks with a run."""
    weeks = {(run.local_day.toordinal() - 1) // 7 for run in seen.runs}
    return 52 * count / len(weeks)


def told_a_year(*rules: str) -> list[float]:
    """Messages at once for each runner, least first: all of them, or those that tell of one of these rules."""
    return sorted(
        a_year(len({d.run.id for d in decisions if d.outcome is Outcome.TOLD and d.finding.rule in rules}), seen)
        for decisions, seen in zip(decided_by_all_rules(), histories(), strict=True)
    )


def test_with_all_rules_the_median_runner_gets_at_most_8_messages_a_year_and_nine_in_ten_at_most_12():
    every_rule = [rule.code for rule in all_rules()]
    assert median(told_a_year(*every_rule)) <= 8
    assert quantiles(told_a_year(*every_rule), n=10)[-1] <= 12


def test_with_all_rules_the_second_voice_speaks_less_in_all_at_the_median_and_at_nine_in_ten():
    first, second = told_a_year("run-spike"), told_a_year("fortnight-rise")
    assert 0 < sum(second) < sum(first)
    assert median(second) < median(first)
    assert quantiles(second, n=10)[-1] < quantiles(first, n=10)[-1]


def test_nine_in_ten_runs_far_beyond_the_usual_are_told_of_and_the_others_have_their_reason():
    news = [d for decisions in decided_by_all_rules() for d in decisions if d.finding.rule == "run-spike"]
    unusual = [d for d in news if d.finding.severity >= Severity.CAUTION and d.reason is not Reason.IMPORTED]
    told = [d for d in unusual if d.outcome is Outcome.TOLD]
    assert len(told) >= 0.9 * len(unusual) > 0
    assert all(d.reason is not None for d in unusual if d.outcome is not Outcome.TOLD)


def test_no_real_runner_gets_more_than_promised():
    for decisions in told_by_both_rules():
        ends = sorted({decision.run.finished_local for decision in decisions})
        assert all(later - earlier >= timedelta(hours=48) for earlier, later in itertools.pairwise(ends))
        assert all(fourth - first >= timedelta(days=14) for first, fourth in zip(ends, ends[3:], strict=False))


def test_the_plans_of_real_runners_are_checked_by_all_rules():
    for seen in histories()[::10]:
        at = seen.runs[-1].finished_local
        plan = [PlannedRun((at + timedelta(days=ahead)).date(), 1_000.0 * km) for ahead, km in ((1, 8), (4, 60))]
        short, long = check_plan(seen, plan, at, all_rules())
        assert short.usual.day < long.usual.day
        assert all(one.finding.day == long.planned.day for one in long.decisions)


def test_over_all_real_histories_the_range_never_exceeds_the_longest_run_and_the_usual_step():
    shown = 0
    for seen in histories():
        for number, one in enumerate(seen.runs[5::60]):
            at = one.finished_local + timedelta(hours=5) * (number % 20)
            (found,) = usual_range(seen, at, days=1)
            highest = ceiling(replace(seen, runs=tuple(r for r in seen.runs if r.start_local <= at)), found)
            shown += found.range_m is not None
            assert found.range_m is None or highest is None or found.range_m <= highest, at
    assert shown > 500


def test_over_all_real_runners_a_return_is_spoken_of_only_in_the_first_week_after_a_break():
    spoken = 0
    for seen in histories()[::4]:
        days = [one.local_day for one in seen.runs]
        for decision in replay(seen, [RETURN_FROM_BREAK]):
            spoken += 1
            day = decision.run.local_day
            off = [(day - earlier).days for earlier in days if 7 <= (day - earlier).days < 21]
            assert len(set(off)) < 7
            assert decision.finding.facts["break_days"] >= 14
    assert spoken > 20
