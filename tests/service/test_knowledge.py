"""What is known of a runner: their own thresholds, and what becomes of those that no longer fit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rules.checks import all_rules
from rules.diary import NOTHING_TOLD
from service.knowledge import rules_of, run_spike_of
from tests.world import World, world


@pytest.fixture
def home(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path, rules=all_rules()) as built:
        yield built


def test_a_threshold_that_a_runner_moved_holds_for_that_runner(home: World):
    own = replace(NOTHING_TOLD, thresholds={"run-spike": {"caution": 0.4}})
    assert run_spike_of(rules_of(home.service, own)).caution == 0.4
    assert run_spike_of(rules_of(home.service, NOTHING_TOLD)).caution == 0.3


@pytest.mark.parametrize(
    "thresholds",
    [{"run-spike": {"caution": 9.0}}, {"run-spike": {"colour": 0.4}}, {"a-rule-of-yesterday": {"caution": 0.4}}],
    ids=["out of bounds", "unknown threshold", "unknown rule"],
)
def test_a_stored_threshold_that_no_longer_fits_stops_nothing(home: World, thresholds: dict[str, dict[str, float]]):
    own = replace(NOTHING_TOLD, thresholds=thresholds)
    assert rules_of(home.service, own) == home.service.rules
