"""shoe: a note from 700 km on, once for each pair."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rules.checks.shoe import RULE
from rules.history import ShoeDistance, TrainingHistory
from rules.model import Severity, Watch
from rules.policy import Outcome, evaluate, judge
from rules.replay import replay
from tests.rules.builders import TODAY, last_run, ordinary_weeks, run
from tests.rules.diaries import promises


def wearing(*pairs: tuple[str, float]) -> TrainingHistory:
    """Runs of 10 km, one in each pair, the first pair in the newest run."""
    worn = [run(ago) for ago in range(max(1, len(pairs)))]
    shoes = [ShoeDistance(gear, km * 1000, one.id) for one, (gear, km) in zip(worn, pairs, strict=False)]
    return TrainingHistory.of(worn, shoes=shoes)


def found(*pairs: tuple[str, float], rule=RULE):
    history = wearing(*pairs)
    return rule.check(history, last_run(history))


@pytest.mark.parametrize(("km", "speaks"), [(0, False), (699.999, False), (700, True), (1500, True)])
def test_from_exactly_700_km_on_it_is_a_note(km, speaks):
    assert (found(("g1", km)) is not None) is speaks


def test_the_finding_is_named_after_the_pair_and_carries_its_distance():
    finding = found(("g1", 712.34056), ("g2", 100))
    assert (finding.rule, finding.key, finding.severity, finding.day) == ("shoe", "g1", Severity.NOTE, TODAY.date())
    assert dict(finding.facts) == {"gear_id": "g1", "shoe": "", "distance_m": 712_340.6, "threshold_m": 700_000}


def test_a_pair_is_named_at_the_newest_run_in_it_and_by_its_name():
    older, newest = run(3), run(1)
    pair = ShoeDistance("g1", 800_000, newest.id, "Long Road")
    history = TrainingHistory.of([older, newest, run()], shoes=[pair])
    found = [RULE.check(history, one) for one in history.runs]
    assert [one is not None for one in found] == [False, True, False]
    assert found[1].facts["shoe"] == "Long Road"


def test_each_pair_is_named_once_however_far_it_goes_on():
    history = TrainingHistory.of([run(1), run()], shoes=[ShoeDistance("g1", 800_000, run().id)])
    said = {(RULE.code, RULE.check(history, last_run(history)).key)}
    assert list(judge([evaluate(history, last_run(history), [RULE])], [RULE], decided=said)) == []


def test_it_waits_for_the_digest():
    shoes = [ShoeDistance("g1", 800_000, run().id)]
    history = TrainingHistory.of([*ordinary_weeks(10), run()], shoes=shoes)
    (decision,) = replay(history, [RULE])
    assert decision.outcome is not Outcome.TOLD


def test_without_known_shoes_it_cannot_watch_and_says_why():
    state = RULE.state(wearing(), TODAY)
    assert (state.watch, state.why) == (Watch.CANNOT_WATCH, "no-shoes")
    assert RULE.state(wearing(("g1", 0)), TODAY).watch is Watch.WATCHING
    assert found() is None


def test_the_limit_is_the_runners_to_set():
    racing_flats = replace(RULE, note_km=300)
    assert found(("g1", 300), rule=racing_flats).facts["threshold_m"] == 300_000
    assert RULE.bounds["note_km"] == (200, 2000)


def test_it_needs_no_runs_before_this_one():
    assert promises(RULE) == (False, False, 7, 0, True)
