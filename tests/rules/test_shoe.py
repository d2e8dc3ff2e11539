"""shoe: a note from 700 km on, once for each pair."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rules.checks.shoe import RULE
from rules.history import ShoeDistance, TrainingHistory
from rules.model import Severity, Watch
from rules.policy import Outcome
from rules.replay import replay
from tests.rules.builders import TODAY, last_run, ordinary_weeks, run
from tests.rules.diaries import promises


def wearing(*pairs: tuple[str, float]) -> TrainingHistory:
    return TrainingHistory.of([run()], shoes=[ShoeDistance(gear, km * 1000) for gear, km in pairs])


def found(*pairs: tuple[str, float], rule=RULE):
    history = wearing(*pairs)
    return rule.check(history, last_run(history))


@pytest.mark.parametrize(("km", "speaks"), [(0, False), (699.999, False), (700, True), (1500, True)])
def test_from_exactly_700_km_on_it_is_a_note(km, speaks):
    assert (found(("g1", km)) is not None) is speaks


def test_the_finding_is_named_after_the_pair_and_carries_its_distance():
    finding = found(("g1", 712.34056), ("g2", 100))
    assert (finding.rule, finding.key, finding.severity, finding.day) == ("shoe", "g1", Severity.NOTE, TODAY.date())
    assert dict(finding.facts) == {"gear_id": "g1", "distance_m": 712_340.6, "threshold_m": 700_000}


def test_each_pair_is_named_once_over_a_season():
    runs = [run(ago, id=1000 - ago) for ago in range(60)]
    pairs = [ShoeDistance(gear, 800_000) for gear in ("g1", "g2", "g3")]
    history = TrainingHistory.of(runs, shoes=pairs)
    told = [one.finding.key for one in replay(history, [RULE])]
    assert sorted(told) == ["g1", "g2", "g3"]


def test_several_worn_pairs_take_turns_even_for_who_runs_every_other_day():
    pairs = [ShoeDistance(gear, 800_000) for gear in ("g1", "g2")]
    history = TrainingHistory.of([run(2 * ago, id=ago + 7) for ago in range(20)], shoes=pairs)
    assert {RULE.check(history, one).key for one in history.runs} == {"g1", "g2"}


def test_it_waits_for_the_digest():
    shoes = [ShoeDistance("g1", 800_000)]
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
