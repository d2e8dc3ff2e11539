"""The rules over every real runner's history: the whole at work, beside the tests of its parts in tests/rules."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest

from rules.checks import all_rules
from rules.checks.return_from_break import RULE as RETURN_FROM_BREAK
from rules.checks.run_spike import RULE as RUN_SPIKE
from rules.history import TrainingHistory
from rules.plan_check import PlannedRun, check_plan
from rules.policy import Decision, Outcome
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
