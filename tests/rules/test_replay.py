"""A history lived again: when it would have spoken, from the first run to twenty years of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.checks.run_spike import RunSpike
from rules.history import TrainingHistory
from rules.model import Activity, Finding, Run, Severity
from rules.policy import Decision, Outcome, Reason, Told, evaluate, judge
from rules.replay import replay
from tests.rules.builders import BOTH_RULES, TODAY, history, last_run, ordinary_weeks, run, run_at, runs
from tests.rules.drawn import seeded

WINDOW = timedelta(days=186)
LOOK_BACK = timedelta(days=max(rule.lookback_days for rule in BOTH_RULES))


def lived(*parts) -> list[Decision]:
    return list(replay(history(*parts), BOTH_RULES))


def the_only(*parts) -> Decision:
    (decision,) = lived(*parts)
    return decision


def test_without_runs_nothing_is_said():
    assert lived() == []


def test_of_a_single_run_nothing_is_said():
    assert lived(run(km=42.2)) == []


def test_ordinary_weeks_pass_in_silence():
    assert lived(ordinary_weeks(10, days=400)) == []


def test_a_marathon_after_ordinary_weeks_is_told():
    decision = the_only(ordinary_weeks(12), run(km=42.2))
    assert (decision.outcome, decision.finding.severity) == (Outcome.TOLD, Severity.HIGH)


def test_a_marathon_that_was_a_race_is_told_and_known_as_a_race():
    decision = the_only(ordinary_weeks(12), run(km=42.2, race=True))
    assert (decision.outcome, decision.run.race) == (Outcome.TOLD, True)


def test_a_run_a_little_longer_waits_for_the_digest():
    decision = the_only(ordinary_weeks(10), run(km=12))
    assert (decision.outcome, decision.reason) == (Outcome.DIGEST, Reason.NOTE)


@pytest.mark.parametrize(("kind", "reason"), [("treadmill", Reason.TREADMILL), ("manual", Reason.MANUAL)])
def test_a_treadmill_or_manual_run_waits_for_the_digest(kind, reason):
    decision = the_only(ordinary_weeks(10), run(km=20, **{kind: True}))
    assert (decision.outcome, decision.reason) == (Outcome.DIGEST, reason)


def test_a_race_of_fifty_hours_is_told_although_it_began_more_than_48_hours_before_its_end():
    race = run(km=160, moving_time_s=38 * 3600, elapsed_time_s=50 * 3600, race=True)
    assert the_only(ordinary_weeks(40), race).outcome is Outcome.TOLD


def test_two_long_runs_on_a_weekend_bring_one_message():
    saturday, sunday = run(1, 15), run(0, 21)
    decisions = lived(ordinary_weeks(10), saturday, sunday)
    assert [(d.outcome, d.reason) for d in decisions] == [
        (Outcome.TOLD, None),
        (Outcome.SILENT, Reason.QUIET),
    ]


class Always(RunSpike):
    """Speaks at every run, so that only the policy can keep it quiet."""

    def check(self, history: TrainingHistory, run: Run) -> Finding:
        return Finding(self.code, 1, str(run.id), run.local_day, Severity.CAUTION, {})


def why_quiet(*parts) -> list[Reason | None]:
    return [decision.reason for decision in replay(history(*parts), [Always()])]


def test_what_happened_before_28_days_had_passed_counts_as_imported():
    first_weeks = runs([28, 24, 20, 16, 12, 8], 10)
    assert why_quiet(first_weeks, run_at(TODAY - timedelta(seconds=1), 10)) == [Reason.IMPORTED] * 7
    assert why_quiet(first_weeks, run(0, 10)) == [*[Reason.IMPORTED] * 6, None]


def test_coming_back_after_half_a_year_starts_learning_again():
    before = runs([300, 290, 280], 10)
    back = why_quiet(before, run(28, 10), run(14, 10), run(0, 10))
    assert back[3:] == [Reason.LEARNING, Reason.LEARNING, Reason.STARTING]
    assert why_quiet(before, runs([28, 21, 14, 11, 7], 10), run(0, 10))[-1] is None


def test_a_stray_run_many_years_before_the_rest_does_no_harm():
    stray = run(20 * 365, 10)
    with_stray, without = lived(stray, ordinary_weeks(10), run(km=21)), lived(ordinary_weeks(10), run(km=21))
    assert with_stray == without


def test_a_run_recorded_twice_is_told_once():
    watch, phone = run(km=15), run_at(TODAY + timedelta(minutes=1), 15.2)
    assert the_only(ordinary_weeks(10), watch, phone).finding.key == str(phone.id)


def test_a_long_run_and_a_rising_fortnight_at_the_same_run_are_one_message():
    base = runs(range(15, 60, 3), 8)
    rising = runs([12.9, 11.1, 9.2, 7.1, 5.2, 3.1], 8.5)
    both = [d for d in lived(base, rising, run(0, 24)) if d.run.start_local == TODAY]
    assert {d.finding.rule for d in both} == {"run-spike", "fortnight-rise"}


def test_across_a_night_of_changed_clocks_the_story_is_the_same():
    weeks = [*ordinary_weeks(10, days=120), run(km=21)]
    plain = lived(weeks)
    for night in (TODAY.replace(month=3, day=31, hour=23), TODAY.replace(month=10, day=27, hour=1)):
        moved = [run_at(night + (one.start_local - TODAY), one.distance_m / 1000) for one in weeks]
        assert [(d.outcome, dict(d.finding.facts)["excess_percent"]) for d in lived(moved)] == [
            (d.outcome, dict(d.finding.facts)["excess_percent"]) for d in plain
        ]


def test_twenty_years_with_a_marathon_every_spring_tell_of_every_marathon():
    ordinary = runs(range(2, 20 * 365, 3), 10)
    marathons = [run(365 * year, 42.2) for year in range(20)]
    told = [d for d in lived(ordinary, marathons) if d.outcome is Outcome.TOLD and d.finding.rule == "run-spike"]
    assert [d.run.id for d in told] == [one.id for one in reversed(marathons)]


# The same as live


def _live(activities: list[Activity], at_once: int = 1) -> Iterator[Decision]:
    """The same runs as a service meets them: one or a few at once, each time all of the window that can be judged."""
    told: list[Told] = []
    decided: set[tuple[str, str]] = set()
    first = min(activity.start_local for activity in activities)
    imported = {activity.id for activity in activities if activity.start_local < first + timedelta(days=28)}
    ends = sorted(activity.finished_local for activity in activities)
    for now in [*ends[at_once - 1 : -1 : at_once], ends[-1]]:
        held = [one for one in activities if one.finished_local <= now and one.start_local >= now - WINDOW]
        window = TrainingHistory.of(held)
        in_sight = [one for one in window.runs if one.start_local >= now - WINDOW + LOOK_BACK]
        judged = judge(
            [evaluate(window, one, BOTH_RULES) for one in in_sight],
            BOTH_RULES,
            told=told,
            decided=decided,
            silenced=lambda one: Reason.IMPORTED if one.id in imported else None,
        )
        for decision in [decision for together in judged for decision in together]:
            decided.add((decision.finding.rule, decision.finding.key))
            if decision.outcome is Outcome.TOLD:
                told.append(Told(decision.finding.rule, decision.finding.severity, decision.run))
            yield decision


def _half_a_life(random: Random) -> list[Activity]:
    """Months of running with long runs, breaks, doubles and treadmills, never two recordings of one effort."""
    activities, day = [], 0
    for _ in range(random.randrange(1, 60)):
        day += random.choice([0, 1, 2, 2, 3, 4, 30 if random.random() < 0.3 else 2])
        start = TODAY + timedelta(days=day, hours=len(activities) % 3 * 6)
        km = random.choice([5, 6, 8, 8, 10, 10, 12, 16, 24])
        kind = random.choice([{}, {}, {}, {"race": True}, {"treadmill": True}, {"manual": True}])
        activities.append(run_at(start, km, **kind))
    return list({one.start_local: one for one in activities}.values())


def test_replay_says_of_a_long_steep_rise_what_live_would_have_said():
    a_quarter_more_each_week = [run(70 - day, 3 * 1.25 ** (day / 7)) for day in range(71)]
    decisions = list(replay(history(a_quarter_more_each_week), BOTH_RULES))
    assert {d.reason for d in decisions} >= {None, Reason.QUIET, Reason.NOT_CLEARED}
    assert list(_live(a_quarter_more_each_week)) == decisions


@settings(max_examples=15)
@given(seeded.map(_half_a_life), st.integers(1, 4))
def test_replay_says_what_live_would_have_said(activities, at_once):
    assert list(_live(activities, at_once)) == list(replay(TrainingHistory.of(activities), BOTH_RULES))


@given(seeded.map(_half_a_life), st.integers(1, 365))
def test_replaying_the_first_part_says_what_the_whole_said_then(activities, days):
    until = TODAY + timedelta(days=days)
    whole = [d for d in lived(activities) if d.run.finished_local < until]
    assert lived([one for one in activities if one.finished_local < until]) == whole


def test_the_last_run_alone_gives_what_the_replay_gives_for_it():
    seen = history(ordinary_weeks(10), run(km=21))
    (decision,) = replay(seen, BOTH_RULES)
    assert decision.finding in evaluate(seen, last_run(seen), BOTH_RULES).findings
