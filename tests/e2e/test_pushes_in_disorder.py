"""However Strava's pushes come, what is held and what was found in the end is the same as if they had come in order."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service import push
from tests.world import NOON, RUNNER, World, ordinary_weeks, run, world

#: Without the scope for private runs, hiding a run reads as deleting it and showing it as a new one.
SCOPES = {"sees all": ("read", "activity:read", "activity:read_all"), "sees no hidden runs": ("read", "activity:read")}
TUESDAY = datetime(2026, 6, 2, 7)
Disturb = Callable[[World], None]


@dataclass(frozen=True)
class End:
    """What is left of a history: the runs that are held, and what was found of them and still stands."""

    held: tuple[int, ...]
    found: frozenset[tuple[str, str, str]]


def nothing(home: World) -> None:
    """Every push comes once, in order and in time."""


def live_history(folder: Path, scopes: tuple[str, ...], disturb: Disturb) -> End:
    """A week of runs, renamed, deleted, hidden and shown again; disturbed before each act and read by schedule, too."""
    with world(folder, ordinary_weeks(NOON), poll_minutes=2880, pushes=True) as home:
        home.connect(scopes)
        noons = iter(NOON + timedelta(days=number) for number in range(1, 12))

        def then(act: Callable[..., Any], *arguments: Any, **changes: Any) -> None:
            home.live_until(next(noons), pushes=True)
            act(*arguments, **changes)
            disturb(home)
            home.live(minutes=2)

        long, short, late, hidden = home.add(*_runs())
        simulator = home.simulator
        disturb(home)
        then(simulator.edit_activity, RUNNER, long, name="Along the river")
        then(simulator.delete_activity, RUNNER, short)
        then(simulator.set_visibility, RUNNER, long, "only_me")
        then(simulator.set_visibility, RUNNER, hidden, "only_me")
        then(simulator.edit_activity, RUNNER, late, distance=19_000.0)
        then(simulator.set_visibility, RUNNER, long, "everyone")
        home.live_until(
            home.clock() + timedelta(days=5), pushes=True
        )  # the schedule looks twice, and all that was delayed has come
        for _ in range(3):
            home.simulator.deliver_events()
            home.live(minutes=5)
        home.live(days=2)
        return _end_of(home)


def _runs() -> list[Any]:
    day = timedelta(days=1)
    synced_late = replace(run(TUESDAY + 2 * day, 16), uploaded_at=NOON + 4 * day)
    return [run(TUESDAY, 21), run(TUESDAY + timedelta(hours=8), 3), synced_late, run(TUESDAY + 3 * day, 24)]


def _end_of(home: World) -> End:
    told = [message.data["run"]["id"] for message in home.told()]
    assert len(told) == len(set(told))  # whatever came twice, nobody was told twice
    found = {(one.rule, one.key, one.severity.name) for one in home.findings if one.withdrawn_at is None}
    return End(tuple(home.held), frozenset(found))


def post(home: World, **event: Any) -> None:
    """An event that Strava did not send."""
    told = {
        "object_type": "activity",
        "object_id": 1,
        "aspect_type": "create",
        "owner_id": RUNNER,
        "subscription_id": home.simulator.subscription.id if home.simulator.subscription else 1,
        "event_time": int(home.clock().timestamp()),
        "updates": {},
    }
    url = home.service.settings.public_url + push.callback_path(home.service)
    httpx.post(url, content=json.dumps(told | event).encode(), trust_env=False)


def lost(home: World) -> None:
    home.simulator.faults.events.drop_next = 99


def twice(home: World) -> None:
    home.simulator.faults.events.duplicate_next = 99


def late(home: World) -> None:
    home.simulator.faults.events.delay = timedelta(hours=50)


def backwards(home: World) -> None:
    home.simulator.faults.events.delay = timedelta(hours=30)
    home.simulator.faults.events.reverse = True


def early(home: World) -> None:
    home.simulator.faults.readable_after = timedelta(minutes=7)


def unsubscribed(home: World) -> None:
    home.simulator.drop_subscription()


def forged(home: World) -> None:
    """Somebody who knows the path says all that could do harm, about runs that are there and one that is not."""
    for number in (*home.held[-2:], 99):
        for aspect in ("delete", "create", "update"):
            post(home, object_id=number, aspect_type=aspect, updates={"private": "true"})
    post(home, object_type="athlete", object_id=RUNNER, aspect_type="update", updates={"authorized": "false"})


DISTURBANCES = (lost, twice, late, backwards, early, unsubscribed, forged)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, End]:
    return {
        name: live_history(tmp_path_factory.mktemp("undisturbed"), scopes, nothing) for name, scopes in SCOPES.items()
    }


def test_the_history_has_something_in_it_to_lose(undisturbed: dict[str, End]) -> None:
    assert len(undisturbed["sees all"].held) == 38
    assert len(undisturbed["sees no hidden runs"].held) == 37  # one was hidden and stays so
    assert all({rule for rule, _, _ in end.found} >= {"run-spike"} for end in undisturbed.values())


@pytest.mark.parametrize("scopes", SCOPES)
@pytest.mark.parametrize("disturb", DISTURBANCES, ids=lambda disturb: disturb.__name__)
def test_disorder_leaves_nothing_behind(
    tmp_path: Path, undisturbed: dict[str, End], disturb: Disturb, scopes: str
) -> None:
    assert live_history(tmp_path, SCOPES[scopes], disturb) == undisturbed[scopes]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(choices=st.lists(st.lists(st.sampled_from(DISTURBANCES), max_size=2), max_size=7))
def test_disorders_of_all_kinds_together_leave_nothing_behind(
    tmp_path_factory: pytest.TempPathFactory, undisturbed: dict[str, End], choices: list[list[Disturb]]
) -> None:
    acts = iter(choices)

    def disturb(home: World) -> None:
        for one in next(acts, []):
            one(home)

    scopes = "sees no hidden runs"
    assert live_history(tmp_path_factory.mktemp("disturbed"), SCOPES[scopes], disturb) == undisturbed[scopes]
