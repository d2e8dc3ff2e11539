"""Stories of verdicts that change before or as they are told: the numbers are those of the end, and nothing is lost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from integrations.errors import RetryLater
from integrations.strava.simulator import SimulatedActivity
from rules.checks.monotony import RULE as MONOTONY
from rules.checks.run_spike import RULE as RUN_SPIKE
from rules.model import Fact
from rules.policy import Outcome
from tests.world import NOON, World, ordinary_weeks, run, world

TODAY = datetime(2026, 6, 1)
FIRST, SECOND = TODAY.replace(hour=13), TODAY.replace(hour=16)


def on_the_rise() -> list[SimulatedActivity]:
    """Seven weeks of 10 km every other day, then nine days with a run each."""
    mornings = (TODAY.replace(hour=7) - timedelta(days=ago) for ago in range(9, 0, -1))
    return ordinary_weeks(NOON - timedelta(days=9), 7) + [run(morning, 10) for morning in mornings]


def facts_of_the_day(home: World) -> Mapping[str, Fact]:
    return home.finding(MONOTONY.code, TODAY.date()).facts


def test_a_day_of_two_runs_has_the_same_numbers_read_at_once_or_one_by_one(tmp_path):
    with world(tmp_path / "each", on_the_rise(), poll_minutes=2880, rules=(MONOTONY, RUN_SPIKE)) as home:
        home.connect()
        home.arrives(run(FIRST, 4), run(SECOND, 4))
        one_by_one = facts_of_the_day(home)
    with world(tmp_path / "both", on_the_rise(), poll_minutes=2880, rules=(MONOTONY, RUN_SPIKE)) as home:
        home.connect()
        home.add(run(FIRST, 4), run(SECOND, 4))
        home.live(hours=8)
        home.read_again()
        home.read_again()
        at_once = facts_of_the_day(home)
    assert at_once == one_by_one


def test_an_alert_that_was_cropped_away_before_it_went_out_goes_out_when_it_is_put_back(home):
    home.recorder.failures = [RetryLater("not now")]
    (number,) = home.arrives(run(datetime(2026, 6, 1, 7), 21))
    assert home.told() == []
    home.edit(number, distance=9_000.0)
    home.read_again()
    home.live(minutes=5)  # the delivery finds nothing to tell any more
    home.edit(number, distance=21_000.0)
    home.read_again()
    home.live(days=1)
    found = home.finding(RUN_SPIKE.code, number)
    assert (found.outcome, found.withdrawn_at) == (Outcome.TOLD, None)
    assert [message.id for message in home.told()] == [found.message_id]
