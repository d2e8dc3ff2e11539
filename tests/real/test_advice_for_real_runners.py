"""What all real runners would have been offered with everything that they would have been told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from itertools import groupby

import pytest

from rules.advice import Choice, Occasion, Runner, pick, traits_of
from rules.advice.loader import ASKED_EQUIPMENT
from rules.advice.picker import suits
from rules.checks import all_rules
from rules.history import TrainingHistory
from rules.model import Activity
from rules.policy import Decision, Outcome
from rules.replay import replay
from tests.rules.real_runners import activity_of, real_runner_files, rows_of

RUNNERS = {
    "nobody asked": Runner(),
    "asked, with everything": Runner(exclusions=frozenset(), equipment=ASKED_EQUIPMENT),
    "a sore calf": Runner(exclusions=frozenset({"C1"}), sore=frozenset({"calf"})),
}
EVERY_RUNNER = pytest.mark.parametrize("runner", RUNNERS.values(), ids=RUNNERS)


@cache
def told() -> list[list[tuple[Decision, Activity]]]:
    """For every runner the leading finding of each run that was told, with the run as it was recorded."""
    everyone = []
    for file in real_runner_files():
        activities = {row.id: activity_of(row) for row in rows_of(file)}
        decisions = replay(TrainingHistory.of(activities.values()), all_rules())
        spoken = [one for one in decisions if one.outcome is Outcome.TOLD]
        by_run = groupby(spoken, key=lambda one: one.run.id)
        leading = (max(together, key=lambda one: one.finding.severity) for _, together in by_run)
        everyone.append([(one, activities[one.run.id]) for one in leading])
    return everyone


def offered(runner: Runner) -> Iterator[tuple[Decision, Choice, dict[str, date]]]:
    """Every told finding with what was offered, and what had been shown before."""
    for alerts in told():
        shown: dict[str, date] = {}
        for decision, activity in alerts:
            race = decision.run.race
            occasion = Occasion(decision.finding.rule, decision.finding.severity, race, traits_of(activity))
            choice = pick(occasion, runner, shown, decision.run.local_day)
            yield decision, choice, dict(shown)
            if choice.prompt:
                shown[choice.prompt.code] = decision.run.local_day


@pytest.mark.real_data
@EVERY_RUNNER
def test_every_real_alert_comes_with_one_action_and_one_prompt_that_fits(runner: Runner) -> None:
    for decision, choice, _ in offered(runner):
        assert choice.action.kind in ("load", "form", "care")
        assert choice.prompt is not None
        assert suits(choice.prompt, runner)
        assert choice.why
        assert decision.run.race is False or choice.prompt.kind == "mobility"


@pytest.mark.real_data
@EVERY_RUNNER
def test_no_real_runner_is_given_an_upper_back_item_for_more_running(runner: Runner) -> None:
    items = [choice.prompt for _, choice, _ in offered(runner) if choice.prompt]
    assert len(items) > 1000
    assert not [item.code for item in items if "upper-back" in item.body]


@pytest.mark.real_data
@EVERY_RUNNER
def test_no_real_runner_gets_the_same_stretch_twice_within_14_days(runner: Runner) -> None:
    """There are always others: legs and hips alone hold four and more."""
    for decision, choice, shown in offered(runner):
        if choice.prompt and choice.prompt.kind == "mobility":
            last = shown.get(choice.prompt.code, date.min)
            assert decision.run.local_day - last > timedelta(days=14)


@pytest.mark.real_data
def test_real_runners_get_stretches_and_strength_in_turn_and_no_item_takes_over() -> None:
    items = [choice.prompt for _, choice, _ in offered(RUNNERS["asked, with everything"]) if choice.prompt]
    kinds = Counter(item.kind for item in items)
    assert kinds["mobility"] > 0.4 * len(items)
    assert kinds["strength"] > 0.4 * len(items)
    assert max(Counter(item.code for item in items).values()) < 0.25 * len(items)
