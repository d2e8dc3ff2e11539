"""Stories of Strava's pushes: hints that come late, twice, in any order or never, and cost nothing when they do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from integrations.strava.simulator import Fault
from service import push, subscription, sync
from tests.world import NOON, RUNNER, World, ordinary_weeks, run, world

TUESDAY = datetime(2026, 6, 2, 7)
#: When the run of Tuesday morning has arrived at Strava, and when its push is read.
UPLOADED = datetime(2026, 6, 2, 7, 9, tzinfo=UTC)
READ = UPLOADED + push.PUSH_WAIT


def after(**span: float) -> datetime:
    return TUESDAY + timedelta(**span)


@pytest.fixture
def pushed(tmp_path: Path) -> Iterator[World]:
    """Strava pushes; the schedule looks every other day."""
    with world(tmp_path, ordinary_weeks(NOON), poll_minutes=2880, pushes=True) as built:
        built.connect()
        yield built


def post(home: World, event: dict[str, Any] | bytes) -> int:
    """What our callback answers to an event."""
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    url = home.service.settings.public_url + push.callback_path(home.service)
    return httpx.post(url, content=body, trust_env=False).status_code


def event(home: World, object_id: int, aspect: str = "create", **changes: Any) -> dict[str, Any]:
    assert home.simulator.subscription is not None
    return {
        "object_type": "activity",
        "object_id": object_id,
        "aspect_type": aspect,
        "owner_id": RUNNER,
        "subscription_id": home.simulator.subscription.id,
        "event_time": int(home.clock().timestamp()),
        "updates": {},
    } | changes


def stored(home: World) -> list[tuple[int, bool]]:
    """Every push that is kept: the run it is about, and whether it is done."""
    with home.service.store.engine.connect() as connection:
        rows = connection.execute(text("SELECT object_id, done_at FROM push_events ORDER BY id"))
        return [(row.object_id, row.done_at is not None) for row in rows]


def lists(home: World) -> int:
    return len(home.simulator.calls_to("list"))


def test_a_pushed_run_is_told_within_a_minute(pushed):
    pushed.add(run(TUESDAY, 21))
    pushed.live_until(READ, pushes=True)
    assert pushed.simulator.pending_events == ()
    assert len(pushed.told()) == 1


def test_a_push_is_stored_and_answered_before_anything_is_read(pushed):
    (uploaded,) = pushed.add(run(TUESDAY, 21))
    pushed.live_until(UPLOADED - timedelta(minutes=1))
    before = lists(pushed)
    pushed.clock.advance_to(UPLOADED)
    assert pushed.simulator.deliver_events() == 1
    assert stored(pushed) == [(uploaded, False)]
    assert lists(pushed) == before
    pushed.live_until(READ)
    assert stored(pushed) == [(uploaded, True)]
    assert lists(pushed) == before + 1


def test_pushes_alone_suffice(pushed):
    before = lists(pushed)
    pushed.add(*(run(after(days=day), 9) for day in range(7)), run(after(days=7), 21))
    pushed.live_until(READ + timedelta(days=7), pushes=True)
    assert len(pushed.told()) == 1
    assert lists(pushed) == before + 8  # one a push: the schedule, every other day, never came to look


def test_the_schedule_alone_suffices(tmp_path):
    with world(tmp_path, ordinary_weeks(NOON), poll_minutes=15) as home:
        home.connect()
        home.add(run(datetime(2026, 6, 1, 15), 21))
        home.live_until(datetime(2026, 6, 1, 15, 30, tzinfo=UTC))
        assert len(home.told()) == 1


def test_the_schedule_looks_every_quarter_of_an_hour(tmp_path):
    with world(tmp_path, ordinary_weeks(NOON)) as home:
        home.connect()
        before = lists(home)
        home.live(hours=1)
        assert lists(home) == before + 4


def test_a_run_that_is_announced_before_it_is_listed_is_looked_for_after_1_5_30_and_360_minutes(pushed):
    before = lists(pushed)
    post(pushed, event(pushed, 99))
    waits = []
    pushed.live_until(pushed.clock() + push.PUSH_WAIT)
    while stored(pushed) == [(99, False)]:
        due = pushed.connection.sync_due_at
        waits.append((due - pushed.clock()) / timedelta(minutes=1))
        pushed.live_until(due)
    assert waits == [1, 5, 30, 360]
    assert lists(pushed) == before + 5


def test_syncs_for_other_reasons_do_not_use_up_the_looks_for_a_run_that_is_not_listed_yet(pushed):
    post(pushed, event(pushed, 99))
    pushed.live_until(pushed.clock() + push.PUSH_WAIT)
    looks_again = pushed.clock() + timedelta(minutes=1)
    for _ in range(6):
        pushed.clock.advance(timedelta(seconds=5))
        pushed.read_again()
    assert stored(pushed)[0] == (99, False)
    assert pushed.connection.sync_due_at == looks_again


def test_a_run_that_is_listed_late_is_told_as_soon_as_it_is(pushed):
    pushed.simulator.faults.readable_after = timedelta(minutes=4)
    pushed.add(run(TUESDAY, 21))
    pushed.live_until(READ, pushes=True)
    assert pushed.told() == []
    pushed.live(minutes=6)
    assert len(pushed.told()) == 1
    assert [done for _, done in stored(pushed)] == [True]


def test_a_push_that_comes_twice_is_kept_once(pushed):
    pushed.simulator.faults.events.duplicate_next = 1
    pushed.add(run(TUESDAY, 21))
    pushed.live_until(READ, pushes=True)
    assert len(stored(pushed)) == 1
    assert len(pushed.told()) == 1


def test_pushes_in_the_wrong_order_do_no_harm(pushed):
    pushed.simulator.faults.events.reverse = True
    (kept,) = pushed.add(run(TUESDAY, 21))
    (gone,) = pushed.add(run(after(hours=4), 5))
    pushed.live_until(UPLOADED + timedelta(hours=4))
    pushed.simulator.delete_activity(RUNNER, gone)
    pushed.simulator.edit_activity(RUNNER, kept, name="New name")
    pushed.simulator.deliver_events()
    pushed.live(minutes=1)
    assert [message.data["run"]["id"] for message in pushed.told()] == [kept]
    assert gone not in pushed.held


def test_a_push_that_was_lost_costs_time_alone(pushed):
    pushed.simulator.faults.events.drop_next = 1
    pushed.add(run(TUESDAY, 21))
    pushed.live_until(READ, pushes=True)
    assert pushed.told() == []
    pushed.live(days=2)
    assert len(pushed.told()) == 1


def test_a_push_while_a_sync_is_under_way_is_read_right_after_it(pushed):
    with pushed.service.store.transaction() as tx:
        tx.connections.nudge(1, pushed.clock())
        claim = tx.connections.claim_due(pushed.clock(), pushed.clock(), timedelta(minutes=10))
    (late,) = pushed.add(run(datetime(2026, 6, 1, 10), 10))
    assert post(pushed, event(pushed, late)) == 200
    sync.sync(pushed.service, claim)
    assert stored(pushed) == [(late, False)]
    assert pushed.connection.sync_due_at == pushed.clock() + push.PUSH_WAIT


@pytest.mark.parametrize(
    ("changes", "why"),
    [({"owner_id": 77}, "unknown-owner"), ({"subscription_id": 77}, "unknown-subscription")],
)
def test_a_push_for_a_stranger_is_answered_counted_and_ignored(pushed, changes, why):
    before = lists(pushed)
    assert post(pushed, event(pushed, 99, **changes)) == 200
    pushed.live(minutes=1)
    assert pushed.instance(f"push-ignored:{why}") == "1"
    assert (stored(pushed), lists(pushed)) == ([], before)


@pytest.mark.parametrize("nonsense", [b"", b"no json", b"[]", b"{}", b'{"object_id": "x"}', b"\xff\xfe", b"9" * 20_000])
def test_nonsense_is_answered_counted_and_ignored(pushed, nonsense):
    assert post(pushed, nonsense) == 200
    assert pushed.instance("push-ignored:nonsense") == "1"
    assert stored(pushed) == []


def test_a_callback_address_that_was_guessed_is_no_callback(pushed):
    url = f"{pushed.service.settings.public_url}/strava/push/guessed"
    assert httpx.post(url, json=event(pushed, 99), trust_env=False).status_code == 404
    assert stored(pushed) == []


def test_a_subscription_that_strava_lost_is_made_again(pushed):
    lost = pushed.simulator.subscription
    pushed.simulator.drop_subscription()
    subscription.ensure(pushed.service)
    made = pushed.simulator.subscription
    assert made is not None
    assert made.id != lost.id
    pushed.add(run(TUESDAY, 21))
    pushed.live_until(READ, pushes=True)
    assert len(pushed.told()) == 1


def test_pushes_that_came_while_strava_was_down_are_not_lost(pushed):
    pushed.simulator.faults.fail_next("list", Fault.UNAVAILABLE, times=3)
    (uploaded,) = pushed.add(run(TUESDAY, 21))
    pushed.live_until(READ, pushes=True)
    assert stored(pushed) == [(uploaded, False)]
    pushed.live(hours=1)
    assert stored(pushed) == [(uploaded, True)]
    assert len(pushed.told()) == 1


# The end of a connection


def test_a_forged_end_of_a_connection_changes_nothing(pushed):
    forged = event(pushed, RUNNER, "update", object_type="athlete", updates={"authorized": "false"})
    assert post(pushed, forged) == 200
    pushed.live(minutes=1)
    assert pushed.connection.state == "connected"
    assert len(pushed.held) == 35
    assert pushed.told("connection") == []


def test_a_true_end_of_a_connection_is_believed_once_a_refresh_confirms_it(pushed):
    pushed.simulator.revoke(RUNNER)
    pushed.simulator.deliver_events()
    assert pushed.connection.state == "connected"
    pushed.live(minutes=1)
    assert [call.endpoint for call in pushed.simulator.calls][-2:] == ["list", "token"]
    with pushed.service.store.transaction() as tx:
        assert tx.connections.get(1) is None
        assert tx.activities.held(1) == []
    (receipt,) = pushed.told("connection")
    assert receipt.event == "connection.ended"
