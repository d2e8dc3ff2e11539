"""The main job from the connect to the exit, word for word the same on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from integrations.strava.simulator import Fault
from rules.policy import Reason
from service import expiry, leaving, push
from tests.service.store.databases import new_postgres_database
from tests.service.tables import tables
from tests.world import NOON, RUNNER, World, ordinary_weeks, run, world

TUESDAY = datetime(2026, 6, 2, 7)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    if request.param == "sqlite":
        with world(tmp_path, ordinary_weeks(NOON), poll_minutes=2880, pushes=True) as built:
            yield built
        return
    with (
        new_postgres_database() as url,
        world(tmp_path, ordinary_weeks(NOON), poll_minutes=2880, pushes=True, database_url=url) as built,
    ):
        yield built


def after(**span: float) -> datetime:
    return TUESDAY + timedelta(**span)


def test_the_main_job_from_the_connect_to_the_exit(home):
    home.connect()
    assert [message.kind for message in home.recorder.sent] == ["welcome"]

    told, noted, quiet = home.add(run(TUESDAY, 15), run(after(days=1), 17), run(after(days=3), 20))
    home.live_until(NOON + timedelta(days=5), pushes=True)
    assert [message.data["run"]["id"] for message in home.told()] == [told]
    assert home.finding("run-spike", noted).reason is Reason.NOTE
    assert quiet in home.held
    assert home.simulator.pending_events == ()
    assert all(row["done_at"] for row in tables(home.service)["push_events"])

    home.edit(told, distance=4_200.0, moving_time=1500, elapsed_time=1500)
    home.read_again()
    assert len(home.withdrawn) == 1

    home.simulator.faults.fail_next("list", Fault.BAD_GATEWAY)
    home.recorder.failures.append(OSError("a fault nobody foresaw"))
    home.live(days=3)
    assert len(home.told("digest")) == 1
    push.receive(home.service, b"nonsense")
    push.receive(home.service, b"nonsense")
    assert home.instance("push-ignored:nonsense") == "2"

    expiry.sweep(home.service)
    assert len(home.held) == 38
    deleted = leaving.disconnect(home.service, home.athlete)
    assert (deleted.activities, deleted.revoked) == (38, True)
    leaving.delete_account(home.service, home.athlete)
    assert tables(home.service)["athletes"] == []
    assert home.simulator.connection(RUNNER) is None
