"""The plan check: what would be said of planned runs is what is said of them once they are run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.checks.return_from_break import RULE as RETURN
from rules.checks.run_spike import RULE as SPIKE
from rules.diary import CheckIn, Diary, Snooze
from rules.history import TrainingHistory
from rules.model import Severity
from rules.plan_check import PlannedRun, PlannedVerdict, check_plan
from rules.policy import Decision, Outcome, Reason, Told
from rules.replay import replay
from rules.return_ladder import Wait
from rules.usual_range import Lowered
from tests.rules.builders import BOTH_RULES, TODAY, history, ordinary_weeks, run, run_at, runs
from tests.rules.drawn import picks


def day(ahead: int) -> date:
    return (TODAY + timedelta(days=ahead)).date()


def planned(*plan: tuple[int, float]) -> list[PlannedRun]:
    return [PlannedRun(day(ahead), km * 1000) for ahead, km in plan]


def check(seen: TrainingHistory, *plan: tuple[int, float], **given) -> list[PlannedVerdict]:
    return check_plan(seen, planned(*plan), TODAY, BOTH_RULES, **given)


def said(verdict: PlannedVerdict) -> list[tuple[str, Severity, Outcome]]:
    return [(one.finding.rule, one.finding.severity, one.outcome) for one in verdict.decisions]


def test_a_plan_within_the_usual_is_passed_in_silence():
    checked = check(history(ordinary_weeks(10)), (0, 10), (2, 11), (5, 10))
    assert [said(one) for one in checked] == [[], [], []]
    assert [one.usual.range_m for one in checked] == [11_000, 11_000, 12_100]


def test_a_run_too_far_is_told_on_its_day():
    (verdict,) = check(history(ordinary_weeks(10)), (3, 21.1))
    assert said(verdict) == [("run-spike", Severity.HIGH, Outcome.TOLD)]
    assert (verdict.decisions[0].finding.day, verdict.planned.day) == (day(3), day(3))
    assert (verdict.usual.range_m, verdict.usual.line_m) == (11_000, 13_000)


def test_the_runs_before_it_count_as_run():
    built_up = check(history(ordinary_weeks(10)), (1, 11), (4, 12), (7, 13), (10, 14.3))
    assert [said(one) for one in built_up] == [[], [], [], []]
    (at_once,) = check(history(ordinary_weeks(10)), (10, 14.3))
    assert said(at_once) == [("run-spike", Severity.CAUTION, Outcome.TOLD)]


def test_after_a_planned_spike_the_range_is_lowered():
    _, after = check(history(ordinary_weeks(10)), (1, 18), (2, 8))
    assert after.usual.reasons[0] is Lowered.AFTER_SPIKE


def test_plans_may_come_in_any_order_and_twice_a_day():
    checked = check(history(ordinary_weeks(10)), (4, 5), (1, 8), (4, 6))
    assert [(one.planned.day, one.planned.distance_m) for one in checked] == [
        (day(1), 8_000),
        (day(4), 5_000),
        (day(4), 6_000),
    ]


def test_nothing_planned_is_nothing_said():
    assert check(history(ordinary_weeks(10))) == []
    assert [said(one) for one in check(history(), (1, 5), (3, 42.2))] == [[], []]


def test_the_budget_and_what_was_told_before_count():
    seen = history(ordinary_weeks(10), run(1, 16))
    told = Told("run-spike", Severity.CAUTION, seen.runs[-1])
    (verdict,) = check(seen, (1, 22), told=[told])
    assert [(one.outcome, one.reason) for one in verdict.decisions] == [(Outcome.SILENT, Reason.QUIET)]
    (untold,) = check(seen, (1, 22))
    assert [one.outcome for one in untold.decisions] == [Outcome.TOLD]


def test_a_snooze_and_pain_count_too():
    snoozed = Diary(snoozes=(Snooze("run-spike", TODAY, TODAY + timedelta(days=30)),))
    (verdict,) = check(replace(history(ordinary_weeks(10)), diary=snoozed), (3, 21.1))
    assert [one.reason for one in verdict.decisions] == [Reason.SNOOZED]
    sore = Diary(check_ins=(CheckIn(TODAY - timedelta(hours=1), "knee", 8),))
    (verdict,) = check(replace(history(ordinary_weeks(10)), diary=sore), (9, 5))
    assert (verdict.usual.range_m, verdict.usual.waits_for) == (None, Wait.PAIN)


def test_own_thresholds_move_the_line_of_the_plan_as_well():
    careful = replace(SPIKE, caution=0.2)
    (verdict,) = check_plan(history(ordinary_weeks(10)), planned((1, 12.5)), TODAY, [careful])
    assert (verdict.usual.line_m, said(verdict)[0][1]) == (12_000, Severity.CAUTION)


def test_a_plan_after_a_break_is_held_against_the_time_before_it():
    long_ago = runs(range(290, 400, 2), 10)
    first, second = check_plan(history(long_ago), planned((1, 9), (3, 3)), TODAY, [SPIKE, RETURN])
    assert said(first) == [("return-from-break", Severity.CAUTION, Outcome.TOLD)]
    assert (first.usual.range_m, first.usual.step.code) == (3_000, "run-walk")
    assert said(second) == []


def test_runs_that_are_not_run_yet_are_not_part_of_the_past():
    with_tomorrow = history(ordinary_weeks(10), run(-1, 30))
    assert check(with_tomorrow, (3, 21.1)) == check(history(ordinary_weeks(10)), (3, 21.1))


def test_a_plan_for_today_is_checked_even_in_the_last_second_of_it():
    at = datetime.combine(TODAY.date(), datetime.max.time())
    (verdict,) = check_plan(history(ordinary_weeks(10)), planned((0, 20)), at, BOTH_RULES)
    assert (verdict.usual.day, said(verdict)[0][0]) == (TODAY.date(), "run-spike")


@pytest.mark.parametrize("km", [0, -5, 0.4, 301, float("nan"), float("inf")])
def test_a_distance_that_is_no_run_is_refused_with_the_bounds(km):
    with pytest.raises(ValueError, match="between 500 and 300000 m"):
        check(history(ordinary_weeks(10)), (1, km))


@pytest.mark.parametrize("ahead", [-1, 183])
def test_a_day_that_cannot_be_planned_is_refused(ahead):
    with pytest.raises(ValueError, match="182 days"):
        check(history(ordinary_weeks(10)), (ahead, 10))


def test_too_many_runs_are_refused():
    with pytest.raises(ValueError, match="200"):
        check(history(ordinary_weeks(10)), *[(1, 10)] * 201)


# The same as when they are run


def on_days(days: Iterable[int], kilometres: Iterable[int]) -> list[tuple[int, int]]:
    return list(dict(zip(days, kilometres, strict=False)).items())


plans = st.builds(on_days, picks(range(1, 31), 0, 12), picks(range(3, 31), 12, 12))
pasts = st.builds(on_days, picks(range(1, 121), 0, 50), picks(range(3, 21), 50, 50))


@given(pasts, plans)
def test_what_the_plan_check_says_is_what_a_replay_says_once_it_is_run(past, plan):
    seen = history(run(ago, km) for ago, km in past)
    told = [Told(one.finding.rule, one.finding.severity, one.run) for one in lived(seen)]
    checked = check(seen, *plan, told=told)
    done = [run_at(datetime.combine(day(ahead), time(12)), km) for ahead, km in plan]
    after = replay(history((run(ago, km) for ago, km in past), done), BOTH_RULES)
    since = [one for one in after if one.run.start_local > TODAY and one.reason is not Reason.IMPORTED]
    foreseen = [one for verdict in checked for one in verdict.decisions]
    # A first month counts as imported in a replay, so that some of it is foreseen that a replay leaves out.
    days_told = {one.run.local_day for one in since}
    assert [verdict_of(one) for one in since] == [verdict_of(one) for one in foreseen if one.run.local_day in days_told]


def lived(seen: TrainingHistory) -> list[Decision]:
    return [one for one in replay(seen, BOTH_RULES) if one.outcome is Outcome.TOLD]


def verdict_of(decision: Decision) -> tuple[str, date, Severity, Outcome, Reason | None]:
    finding = decision.finding
    return finding.rule, finding.day, finding.severity, decision.outcome, decision.reason
