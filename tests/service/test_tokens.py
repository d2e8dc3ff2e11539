"""Tokens: renewed by one at a time, kept before they are used, and not called lost before it is sure."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from integrations.errors import RetryLater
from integrations.strava.refusals import ConnectionRefused
from integrations.strava.simulator import Fault, Modes
from service.tokens import LEASE, LEEWAY, Renewing, TokenKeeper
from tests.world import NOON, RUNNER, World, ordinary_weeks, world

HOURS_6 = timedelta(hours=6)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[World]:
    """A connected runner, at a Strava that gives a new refresh token at every renewal."""
    with world(tmp_path, ordinary_weeks(NOON), poll_minutes=2880, modes=Modes(rotation="always")) as built:
        built.connect()
        yield built


def keeper(home: World) -> TokenKeeper:
    return TokenKeeper(home.service, home.athlete.id)


def refreshes(home: World) -> int:
    return sum(call.status == 200 for call in home.simulator.calls_to("token")) - 1  # one is the exchange


def test_tokens_that_last_are_used_as_they_are(home: World):
    home.clock.advance(HOURS_6 - LEEWAY - timedelta(seconds=1))
    keeper(home).present()
    assert refreshes(home) == 0


def test_tokens_are_renewed_a_while_before_they_end(home: World):
    home.clock.advance(HOURS_6 - LEEWAY)
    tokens = keeper(home).present()
    assert refreshes(home) == 1
    assert tokens.expires_at == home.clock() + HOURS_6


def test_of_many_threads_one_renews_and_the_others_wait_for_their_turn(home: World):
    home.clock.advance(HOURS_6)

    def ask(_: int) -> str:
        try:
            return keeper(home).present().refresh_token
        except Renewing:
            return ""

    with ThreadPoolExecutor(8) as pool:
        got = set(pool.map(ask, range(8)))
    assert refreshes(home) == 1
    assert len(got - {""}) == 1
    assert keeper(home).present().refresh_token in got


PROCESS = """
import sys
from datetime import datetime
from pathlib import Path
from service.bootstrap import build_service
from service.settings import Settings
from service.tokens import Renewing, TokenKeeper
folder, url, secret, now = sys.argv[1:]
settings = Settings(_env_file=None, data_dir=Path(folder), strava_client_id="1234", strava_client_secret=secret,
                    strava_oauth_base=url, strava_api_base=url + "/api/v3")
service = build_service(settings, clock=lambda: datetime.fromisoformat(now), wall=lambda: datetime.fromisoformat(now))
try:
    TokenKeeper(service, 1).present()
except Renewing:
    pass
"""


def test_of_many_processes_one_renews(home: World):
    home.clock.advance(HOURS_6)
    settings = home.service.settings
    command = [
        *(sys.executable, "-c", PROCESS, str(settings.data_dir), settings.strava_oauth_base),
        *(home.simulator.client_secret, home.clock().isoformat()),
    ]
    running = [subprocess.Popen(command) for _ in range(3)]
    assert [process.wait(timeout=60) for process in running] == [0, 0, 0]
    assert refreshes(home) == 1
    assert all(call.status == 200 for call in home.simulator.calls_to("token"))


def test_tokens_that_strava_ended_early_are_renewed_once_for_all_who_noticed(home: World):
    rejected = keeper(home).present()
    home.simulator.expire_access(RUNNER)
    renewed = keeper(home).present(rejected=rejected)
    assert renewed != rejected
    assert keeper(home).present(rejected=rejected) == renewed
    assert refreshes(home) == 1


def test_a_renewal_that_died_with_its_process_is_taken_over_when_its_lease_ends(home: World):
    home.clock.advance(HOURS_6)
    with home.service.store.transaction() as tx:
        assert tx.connections.begin_refresh(1, home.clock(), LEASE)
    with pytest.raises(Renewing):
        keeper(home).present()
    home.clock.advance(LEASE)
    keeper(home).present()
    assert refreshes(home) == 1


@pytest.mark.parametrize("fault", [Fault.SERVER_ERROR, Fault.BAD_GATEWAY, Fault.HTML, Fault.DROP, Fault.RATE_LIMITED])
def test_a_renewal_that_got_no_answer_leaves_everything_as_it_was(home: World, fault: Fault):
    home.clock.advance(HOURS_6)
    home.simulator.faults.fail_next("token", fault)
    with pytest.raises(RetryLater):
        keeper(home).present()
    renewed = keeper(home).present()  # at once: the lease was given back
    connection = home.simulator.connection(RUNNER)
    assert connection is not None
    assert renewed.refresh_token == connection.refresh_token


def test_a_refresh_token_that_somebody_else_replaced_meanwhile_is_not_lost(home: World):
    home.clock.advance(HOURS_6)
    other = keeper(home)
    ours = TokenKeeper(home.service, 1)
    with home.service.store.transaction() as tx:
        refresh = tx.connections.begin_refresh(1, home.clock() - LEASE, LEASE)  # a process that was taken for dead
    assert refresh is not None
    renewed = other.present()
    assert ours._renew(refresh) == renewed


def test_a_dead_refresh_token_is_lost_after_it_was_read_again(home: World):
    home.simulator.revoke(RUNNER)
    home.clock.advance(HOURS_6)
    with pytest.raises(ConnectionRefused) as caught:
        keeper(home).present()
    assert caught.value.reason == "dead-refresh-token"


def test_tokens_of_a_connection_that_ended_are_nobodys(home: World):
    with home.service.store.transaction() as tx:
        tx.connections.delete(1)
    with pytest.raises(RetryLater, match="ended meanwhile"):
        keeper(home).present()
