"""Shoes and the course of long runs: read sparingly, kept shortly, and never at the cost of the runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from integrations.strava.simulator import Fault, Shoes
from rules.advice import catalogue
from rules.checks.late_cadence_fade import RULE as LATE_CADENCE_FADE
from rules.checks.run_spike import RULE as RUN_SPIKE
from rules.checks.shoe import RULE as SHOE
from rules.model import Watch
from rules.policy import Outcome
from service import checking_in, expiry
from service.knowledge import history_of
from service.messages.days import wall_clock
from tests.world import NOON, World, ordinary_weeks, run, world

TUESDAY = datetime(2026, 6, 2, 7)
DAY = timedelta(days=1)
RULES = (LATE_CADENCE_FADE, RUN_SPIKE, SHOE)


def worn(activities, gear="g1"):
    return [replace(one, body={**one.body, "gear_id": gear}) for one in activities]


@contextmanager
def home(folder: Path, activities, *, km: float = 0) -> Iterator[World]:
    """A runner whose first pair had run `km` before the simulation."""
    pairs = (Shoes("g1", "Long Road", round(km * 1000)), Shoes("g2", "Second Pair", 0))
    with world(folder, activities, rules=RULES, shoes=pairs, poll_minutes=360) as built:
        yield built


def known(place: World):
    athlete = place.athlete
    with place.service.store.transaction() as tx:
        return history_of(tx, athlete, wall_clock(athlete, place.clock()))


def noted(place: World, rule: str):
    return [found for found in place.findings if found.rule == rule]


def calls(place: World, endpoint: str) -> int:
    return len(place.simulator.calls_to(endpoint))


# Shoes


def test_a_pair_that_reaches_700_km_is_noted_once_and_by_its_name(tmp_path):
    weeks = worn(ordinary_weeks(NOON))
    with home(tmp_path, weeks, km=695 - 10 * len(weeks)) as place:
        place.connect()
        place.arrives(*worn([run(TUESDAY, 10), run(TUESDAY + 2 * DAY, 10)]))
        assert [(found.key, found.outcome) for found in noted(place, "shoe")] == [("g1", Outcome.DIGEST)]
        place.live(days=7)
        assert "Your Long Road have run 7" in str(place.told("digest")[-1].sections)


def test_what_was_worn_out_before_connecting_waits_for_the_next_run_in_it(tmp_path):
    with home(tmp_path, worn(ordinary_weeks(NOON)), km=900) as place:
        place.connect()
        assert noted(place, "shoe") == []
        place.arrives(*worn([run(TUESDAY, 10)], "g2"))
        assert noted(place, "shoe") == []
        place.arrives(*worn([run(TUESDAY + DAY, 10)]))
        assert [found.key for found in noted(place, "shoe")] == ["g1"]


def test_runs_are_added_up_between_two_looks_at_a_pair(tmp_path):
    with home(tmp_path, worn(ordinary_weeks(NOON)), km=100) as place:
        place.connect()
        before = known(place).shoes[0].distance_m
        assert calls(place, "gear") == 1
        place.arrives(*worn([run(TUESDAY + number * DAY, 10) for number in range(3)]))
        assert known(place).shoes[0].distance_m == before + 30_000
        assert calls(place, "gear") == 1
        place.live(days=3)
        assert calls(place, "gear") == 2
        assert known(place).shoes[0].distance_m == before + 30_000


def test_a_pair_is_forgotten_after_seven_days_without_strava(tmp_path):
    with home(tmp_path, worn(ordinary_weeks(NOON)), km=100) as place:
        place.connect()
        place.clock.advance(7 * DAY + timedelta(hours=1))
        expiry.sweep(place.service)
        assert known(place).shoes == ()


def test_a_pair_that_strava_does_not_know_costs_one_call_in_five_days(tmp_path):
    with home(tmp_path, worn(ordinary_weeks(NOON), "g9")) as place:
        place.connect()
        assert (calls(place, "gear"), known(place).shoes) == (1, ())
        assert place.held
        place.live(days=4)
        assert calls(place, "gear") == 1
        place.live(days=2)
        assert calls(place, "gear") == 2


# The course of long runs


def long_runs(change: float, count: int) -> list:
    """One a week, with steps that change by so much towards the end."""
    days = [TUESDAY + 7 * number * DAY for number in range(count)]
    return [run(day, 12, cadence=85.0, cadence_change=change) for day in days]


def asking(place: World) -> None:
    checking_in.prefer(place.service, place.connect(), reads_course=True)


def test_a_course_is_read_only_for_who_asked_for_it(tmp_path):
    with home(tmp_path, ordinary_weeks(NOON)) as place:
        place.connect()
        place.arrives(*long_runs(-0.06, 1))
        assert calls(place, "streams") == 0
        assert LATE_CADENCE_FADE.state(known(place), TUESDAY).watch is Watch.CANNOT_WATCH


def test_a_second_long_run_with_slower_steps_at_its_end_is_noted(tmp_path):
    with home(tmp_path, ordinary_weeks(NOON)) as place:
        asking(place)
        first, second = place.arrives(*long_runs(-0.06, 2))
        (found,) = noted(place, "late-cadence-fade")
        assert (found.run.id, found.outcome) == (second, Outcome.DIGEST)
        assert found.facts["cadence_change_percent"] == pytest.approx(-6, abs=0.1)
        assert {first, second} <= {fade.run_id for fade in known(place).fades}
        place.live(days=6)
        prompt = place.told("digest")[-1].data["advice"]["prompt"]
        assert "late-cadence-fade" in catalogue()[prompt].answers


def test_who_no_longer_asks_for_it_has_nothing_of_it_left(tmp_path):
    with home(tmp_path, ordinary_weeks(NOON, km=5)) as place:
        asking(place)
        place.arrives(*long_runs(-0.06, 1))
        assert len(known(place).fades) == 1
        checking_in.prefer(place.service, place.athlete, reads_course=False)
        assert known(place).fades == ()


def test_a_noted_pair_stays_noted_when_its_distance_is_not_at_hand(tmp_path):
    with home(tmp_path, worn(ordinary_weeks(NOON)), km=900) as place:
        place.connect()
        place.arrives(*worn([run(TUESDAY, 10)]))
        with place.service.store.transaction() as tx:
            tx.shoes.delete_all(1)
        place.simulator.spend_quota(reads=170)
        place.arrives(*worn([run(TUESDAY + DAY, 10)]))
        assert [found.withdrawn_at for found in noted(place, "shoe")] == [None]


def test_each_course_is_read_once_and_again_only_after_a_crop(tmp_path):
    with home(tmp_path, ordinary_weeks(NOON, km=5)) as place:
        asking(place)
        (done,) = place.arrives(*long_runs(0.0, 1))
        assert calls(place, "streams") == 1
        place.read_again()
        place.live(days=1)
        assert calls(place, "streams") == 1
        place.edit(done, distance=11_000.0, moving_time=3960)
        place.read_again()
        assert calls(place, "streams") == 2


def test_a_run_without_a_recording_is_not_asked_for_again(tmp_path):
    with home(tmp_path, ordinary_weeks(NOON, km=5)) as place:
        asking(place)
        place.arrives(run(TUESDAY, 12, manual=True))
        place.read_again()
        assert calls(place, "streams") == 1
        assert [fade.comparable for fade in known(place).fades] == [False]


# Runs come first


@pytest.mark.parametrize("fault", [Fault.SERVER_ERROR, Fault.RATE_LIMITED, Fault.HTML, Fault.UNAUTHORIZED, Fault.DROP])
def test_when_a_detail_fails_the_runs_are_read_all_the_same_and_it_is_asked_for_later(tmp_path, fault):
    with home(tmp_path, worn(ordinary_weeks(NOON)), km=100) as place:
        place.simulator.faults.fail_next("gear", fault)
        place.connect()
        assert place.connection.state == "connected"
        assert place.held
        assert known(place).shoes == ()
        place.read_again()
        assert len(known(place).shoes) == 1


def test_details_are_left_while_the_calls_run_short(tmp_path):
    with home(tmp_path, worn(ordinary_weeks(NOON)), km=100) as place:
        place.simulator.spend_quota(reads=170)
        place.connect()
        assert place.held
        assert calls(place, "gear") == 0
        place.live(hours=7)
        assert calls(place, "gear") == 1
