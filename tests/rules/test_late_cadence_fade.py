"""late-cadence-fade: two of the last four long runs, compared only where they can be."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from rules.checks.late_cadence_fade import RULE
from rules.history import CadenceFade, TrainingHistory
from rules.model import Severity, Watch
from tests.rules.builders import TODAY, history, last_run, ordinary_weeks, run
from tests.rules.diaries import promises

LONG = {"moving_time_s": 3600, "elapsed_time_s": 3600}


def seen(*changes: float | None, comparable: bool = True, **given) -> TrainingHistory:
    """A long run a week, the last one today, with these changes of cadence; `None` has no streams."""
    runs = [run(7 * (len(changes) - 1 - at), 10, **LONG | given) for at in range(len(changes))]
    fades = [
        CadenceFade(one.id, change, comparable) for one, change in zip(runs, changes, strict=True) if change is not None
    ]
    return TrainingHistory.of([*runs, run(60, 5)], fades=fades)


def found(seen: TrainingHistory, rule=RULE):
    return rule.check(seen, last_run(seen))


@pytest.mark.parametrize(("change", "speaks"), [(-0.0399, False), (-0.04, True), (-0.2, True), (0.04, False)])
def test_exactly_4_percent_lower_is_a_fade(change, speaks):
    assert (found(seen(change, change)) is not None) is speaks


@pytest.mark.parametrize(
    ("changes", "speaks"),
    [
        ((-0.05,), False),
        ((0, 0, 0, -0.05), False),
        ((-0.05, 0, 0, -0.05), True),
        ((-0.05, 0, 0, 0, -0.05), False),
        ((-0.05, -0.05, -0.05, -0.05), True),
        ((-0.05, -0.05, -0.05, 0), False),
    ],
)
def test_two_of_the_last_four_have_to_fade_this_one_among_them(changes, speaks):
    assert (found(seen(*changes)) is not None) is speaks


def test_the_finding_is_a_note_and_carries_its_numbers():
    finding = found(seen(-0.05, 0, 0, -0.0612))
    assert (finding.rule, finding.key, finding.severity) == ("late-cadence-fade", "2024-06-12", Severity.NOTE)
    assert dict(finding.facts) == {
        "cadence_change_percent": -6.1,
        "runs_faded": 2,
        "runs_compared": 4,
        "threshold_percent": 4.0,
        "least_minutes": 60,
    }


def test_a_run_a_second_under_an_hour_does_not_count():
    assert found(seen(-0.05, -0.05, moving_time_s=3599)) is None
    assert found(seen(-0.05, -0.05, moving_time_s=None, elapsed_time_s=None)) is None


def test_intervals_and_trails_which_cannot_be_compared_are_silent():
    assert found(seen(-0.05, -0.05, comparable=False)) is None


def test_runs_without_cadence_are_left_out_and_not_counted_as_steady():
    assert found(seen(-0.05, None, None, None, None, -0.05)) is not None
    assert found(seen(-0.05, -0.05, None)) is None


def test_long_runs_of_the_last_84_days_are_compared():
    start = TODAY - timedelta(days=84)
    for early, speaks in ((start, True), (start - timedelta(seconds=1), False)):
        long_ago = replace(run(84, 10, **LONG), start_local=early)
        fades = [CadenceFade(one.id, -0.05, True) for one in (long_ago, run())]
        history = TrainingHistory.of([long_ago, run(km=10, **LONG)], fades=fades)
        assert (found(history) is not None) is speaks


def test_what_comes_later_does_not_count():
    history = seen(-0.05, -0.05)
    assert RULE.check(history, history.runs[-2]) is None


def test_without_streams_it_cannot_watch_and_says_why():
    state = RULE.state(TrainingHistory.of(ordinary_weeks(20)), TODAY)
    assert (state.watch, state.why) == (Watch.CANNOT_WATCH, "no-streams")
    assert found(TrainingHistory.of([run(km=10, **LONG)])) is None


def test_with_too_few_long_runs_it_says_how_many_are_missing():
    assert RULE.state(seen(-0.05, comparable=False), TODAY).missing_runs == 2
    one = RULE.state(seen(-0.05), TODAY)
    assert (one.watch, one.missing_runs) == (Watch.LEARNING, 1)
    assert RULE.state(seen(0, 0), TODAY).watch is Watch.WATCHING


def test_another_limit_is_another_rule_of_the_same_kind():
    assert found(seen(-0.05, -0.05), rule=replace(RULE, note=0.06)) is None
    assert found(seen(-0.05, -0.05), rule=replace(RULE, least_minutes=61)) is None
    assert found(seen(-0.05), rule=replace(RULE, least_faded=1)) is not None


def test_it_is_quiet_for_14_days_and_can_be_moved_a_little():
    assert promises(RULE) == (False, True, 14, 84, True)
    assert dict(RULE.bounds) == {"note": (0.03, 0.10), "least_minutes": (45, 120)}
    assert found(seen(-0.05, -0.05), rule=replace(RULE, note=0.0334)).facts["threshold_percent"] == 3.3


def test_equal_to_the_limit_is_a_fade_whatever_binary_fractions_make_of_it():
    almost = -0.04 + 1e-12
    assert found(seen(almost, almost)) is not None


def test_the_last_four_long_runs_of_twelve_weeks_are_worth_reading():
    long_runs = [run(ago, 12) for ago in (85, 84, 30, 20, 10, 3)]
    short, newest = run(5, 5), run(0, 10)
    seen = history(long_runs, short, newest)
    assert [one.id for one in RULE.last_long_runs(seen, TODAY)] == [one.id for one in [*long_runs[3:], newest]]
    assert [one.id for one in RULE.last_long_runs(seen, TODAY - timedelta(days=10))] == [
        one.id for one in long_runs[1:5]
    ]
    assert RULE.last_long_runs(history(short), TODAY) == ()
