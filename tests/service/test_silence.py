"""A subscription that stands while no push comes: noticed by what the schedule finds, and told once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from service import push, silence, subscription, subscription_record
from service.subscription_record import Record, State
from tests.world import NOON, RUNNER, World, ordinary_weeks, run, world


@pytest.fixture
def pushed(tmp_path: Path) -> Iterator[World]:
    """An operator who runs, and Strava that pushes; the schedule looks every other day."""
    with world(tmp_path, ordinary_weeks(NOON), poll_minutes=2880, pushes=True) as built:
        built.connect()
        yield built


def record(home: World) -> Record:
    with home.service.store.transaction() as tx:
        return subscription_record.read(tx)


def told(home: World) -> list[str]:
    """The events of all messages about pushes, oldest first."""
    return [message.event for message in home.inbox if message.event.startswith("subscription.")]


def scheduled_runs(home: World, days: int) -> None:
    """Runs of as many mornings, read by schedule; their events get lost."""
    for _ in range(days):
        morning = (home.clock() + timedelta(days=1)).replace(hour=7, minute=0, tzinfo=None)
        home.simulator.faults.events.drop_next = 1
        home.arrives(run(morning, 10))
        subscription.recheck(home.service)


def test_runs_that_keep_coming_without_a_push_are_silence_and_told_once(pushed):
    scheduled_runs(pushed, 2)
    assert record(pushed).state is State.ACTIVE
    looks = len(pushed.simulator.calls_to("subscriptions"))
    scheduled_runs(pushed, 5)
    assert record(pushed).state is State.SILENT
    assert told(pushed) == ["subscription.silent"]
    assert len(pushed.simulator.calls_to("subscriptions")) == looks + 1  # at once, and once


def test_silence_because_the_subscription_is_gone_is_mended_without_a_word(pushed):
    pushed.simulator.drop_subscription()
    scheduled_runs(pushed, 3)
    assert pushed.simulator.subscription is not None
    assert record(pushed).state is State.ACTIVE
    assert told(pushed) == []


def test_silence_ends_with_the_next_push(pushed):
    scheduled_runs(pushed, 3)
    assert subscription.check(pushed.service).state is State.SILENT
    pushed.add(run((NOON + timedelta(days=4)).replace(hour=7, tzinfo=None), 10))
    pushed.live_until(NOON + timedelta(days=4), pushes=True)
    subscription.recheck(pushed.service)
    assert record(pushed).state is State.ACTIVE
    assert record(pushed).trouble is None


def test_repair_has_strava_validate_a_silent_address_anew(pushed):
    scheduled_runs(pushed, 3)
    before = pushed.simulator.subscription
    assert subscription.repair(pushed.service).state is State.ACTIVE
    assert pushed.simulator.subscription.id != before.id
    assert pushed.instance(silence.SILENT_SINCE) is None


def test_one_push_in_three_days_is_no_silence(pushed):
    pushed.clock.advance(timedelta(days=1))
    push.receive(pushed.service, json.dumps(_event(pushed)).encode())
    with pushed.service.store.transaction() as tx:
        silence.note_unpushed(tx, 1, {1, 2, 3, 4}, pushed.clock() + timedelta(days=2))
    assert pushed.instance(silence.SILENT_SINCE) is None


def test_a_run_that_was_announced_does_not_count_as_silence(pushed):
    pushed.clock.advance(timedelta(hours=2))
    push.receive(pushed.service, json.dumps(_event(pushed)).encode())
    later = pushed.clock() + timedelta(days=4)
    with pushed.service.store.transaction() as tx:
        silence.note_unpushed(tx, 1, {7, 8, 9}, later)  # 7 was announced
    assert pushed.instance(silence.SILENT_SINCE) is None
    with pushed.service.store.transaction() as tx:
        silence.note_unpushed(tx, 1, {10}, later)
    assert pushed.instance(silence.SILENT_SINCE) is not None


def test_what_is_found_in_the_first_hour_or_without_a_subscription_says_nothing(pushed):
    with pushed.service.store.transaction() as tx:
        silence.note_unpushed(tx, 1, {1, 2, 3}, pushed.clock() + timedelta(hours=1))
    assert pushed.instance(silence.SILENT_SINCE) is None
    subscription.delete(pushed.service)
    with pushed.service.store.transaction() as tx:
        silence.note_unpushed(tx, 1, {1, 2, 3}, pushed.clock() + timedelta(days=1))
    assert pushed.instance(silence.SILENT_SINCE) is None


def test_odd_days_without_a_push_far_apart_are_no_silence(pushed):
    for day in range(2, 20, 3):
        with pushed.service.store.transaction() as tx:
            silence.note_unpushed(tx, 1, {day}, NOON + timedelta(days=day))
    assert pushed.instance(silence.SILENT_SINCE) is None
    with pushed.service.store.transaction() as tx:
        assert len(tx.instance.beginning_with("push-unannounced:")) == 1  # what is older is forgotten


def _event(home: World) -> dict[str, object]:
    return {
        "object_type": "activity",
        "object_id": 7,
        "aspect_type": "create",
        "owner_id": RUNNER,
        "subscription_id": home.simulator.subscription.id,
        "event_time": int(home.clock().timestamp()),
        "updates": {},
    }
