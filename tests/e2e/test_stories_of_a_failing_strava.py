"""Stories of a Strava that refuses, breaks, or talks nonsense: nothing is lost, nothing crashes, everything resumes."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from pydantic import SecretStr

from integrations.errors import AdapterError
from integrations.strava.client import StravaClient
from integrations.strava.simulator import Fault, Modes
from rules.policy import Outcome
from service import connect
from service.store.records import Athlete
from tests.world import ALL_SCOPES, NOON, RUNNER, World, ordinary_weeks, run, world

TUESDAY = datetime(2026, 6, 2, 7)
PASSING = [fault for fault in Fault if fault not in (Fault.UNAUTHORIZED, Fault.INACTIVE, Fault.RATE_LIMITED)]


@pytest.fixture
def polled(tmp_path: Path) -> Iterator[World]:
    """Strava is asked every hour."""
    with world(tmp_path, ordinary_weeks(NOON), poll_minutes=60) as built:
        built.connect()
        yield built


def after(**span: float) -> datetime:
    return TUESDAY + timedelta(**span)


def long_run_now(home: World) -> None:
    """A run that is told as soon as it is read."""
    home.add(run(datetime(2026, 6, 1, 11, 30), 21))


def open_pushes(home: World) -> int:
    with home.service.store.transaction() as tx:
        return len(tx.push_events.pending(1, newest=10**9))


def announce(home: World, object_id: int) -> None:
    with home.service.store.transaction() as tx:
        tx.push_events.add(1, f"push-{object_id}", object_id, "create", home.clock())


@contextmanager
def silent_server() -> Iterator[str]:
    """A server that takes a connection, never answers, and hangs up only in the end."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        taken: list[socket.socket] = []

        def take() -> None:
            try:
                while True:
                    taken.append(listener.accept()[0])
            except OSError:
                return

        thread = Thread(target=take, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()
            for connection in taken:
                connection.close()


def asking(home: World, base: str, *, secret: str = "", timeout_s: float = 0.05) -> World:
    """The same installation, with Strava at another address or given another secret."""
    settings = home.service.settings
    elsewhere = StravaClient(
        settings.strava_client_id,
        SecretStr(secret) if secret else settings.strava_client_secret,
        oauth_base=base,
        api_base=f"{base}/api/v3",
        timeout_s=timeout_s,
        clock=home.clock,
    )
    return replace(home, service=replace(home.service, strava=elsewhere))


@pytest.mark.parametrize("fault", PASSING)
@pytest.mark.parametrize("times", [1, 4])
def test_while_strava_answers_nonsense_nothing_is_lost_and_then_all_goes_on(polled, fault, times, caplog):
    held = polled.held
    polled.simulator.faults.fail_next("list", fault, times=times)
    (new,) = polled.add(run(datetime(2026, 6, 1, 11, 30), 21))
    announce(polled, new)
    polled.read_again()
    assert (polled.held, polled.connection.state, polled.connection.attempts) == (held, "connected", 1)
    assert polled.connection.trouble
    assert open_pushes(polled) == 1
    polled.live(hours=2)
    assert len(polled.told()) == 1
    assert (polled.connection.attempts, polled.connection.trouble) == (0, None)
    assert open_pushes(polled) == 0
    assert "broke" not in caplog.text


def test_strava_is_asked_less_and_less_often_while_it_does_not_answer(polled):
    polled.simulator.faults.fail_next("list", Fault.UNAVAILABLE, times=9)
    polled.read_again()
    waits = []
    while polled.connection.attempts:
        due = polled.connection.sync_due_at
        waits.append((due - polled.clock()) / timedelta(minutes=1))
        polled.live_until(due)
    least = [1, 2, 5, 15, 30, 60, 60, 60, 60]
    assert all(minutes <= wait <= 1.2 * minutes for minutes, wait in zip(least, waits, strict=True))


@pytest.mark.parametrize("headers", [True, False])
def test_over_its_limit_strava_is_asked_again_in_the_next_quarter_of_an_hour(polled, headers):
    polled.simulator.faults.headers_on_errors = headers
    polled.simulator.spend_quota(reads=200)
    polled.live(minutes=4)
    polled.read_again()
    assert polled.connection.sync_due_at.strftime("%H:%M") == "12:15"
    before = len(polled.simulator.calls)
    polled.read_again()  # as a push would
    polled.live(minutes=12)
    assert polled.connection.trouble is None
    assert len(polled.simulator.calls) <= before + 2


def test_a_refusal_for_the_limits_whose_headers_show_room_is_tried_again_soon(polled):
    polled.simulator.faults.fail_next("list", Fault.RATE_LIMITED)
    polled.read_again()
    assert polled.connection.trouble is not None
    polled.live(minutes=2)
    assert polled.connection.trouble is None


def test_when_the_day_is_used_up_nobody_is_asked_for_until_midnight(polled):
    polled.simulator.spend_quota(reads=1_999)
    long_run_now(polled)
    polled.live(hours=3)
    before = len(polled.simulator.calls)
    polled.live(hours=8)
    assert len(polled.simulator.calls) == before
    polled.live(hours=2)
    assert len(polled.told()) == 1


def test_an_access_token_that_ends_early_is_renewed_within_the_same_sync(polled):
    long_run_now(polled)
    polled.simulator.expire_access(RUNNER)
    polled.read_again()
    assert len(polled.told()) == 1
    assert polled.connection.trouble is None


@pytest.mark.parametrize("rotation", ["always", "sometimes", "never"])
def test_tokens_are_renewed_for_weeks_however_strava_rotates_them(tmp_path, rotation):
    with world(tmp_path, ordinary_weeks(NOON), poll_minutes=720, modes=Modes(rotation=rotation)) as home:
        home.connect()
        home.live(days=14)
        assert home.connection.state == "connected"
        assert len(home.simulator.calls_to("token")) == 1 + 28
        assert {call.status for call in home.simulator.calls} == {200}


# A refresh whose answer is lost has been done: with rotation, the tokens that it brought are lost with it.
@pytest.mark.parametrize("fault", [fault for fault in PASSING if fault is not Fault.ANSWER_LOST])
def test_a_refresh_that_strava_cannot_answer_now_loses_no_connection(polled, fault):
    polled.simulator.faults.fail_next("token", fault, times=2)
    long_run_now(polled)
    polled.simulator.expire_access(RUNNER)
    polled.read_again()
    assert (polled.connection.state, polled.connection.attempts) == ("connected", 1)
    polled.live(minutes=10)
    assert len(polled.told()) == 1
    assert polled.told("connection") == []


# Strava refuses the whole installation


def test_if_strava_switched_the_application_off_everybody_waits_an_hour_and_the_operator_is_told(polled):
    polled.simulator.faults.inactive = True
    long_run_now(polled)
    polled.read_again()
    assert "needs an active Strava subscription" in polled.instance("operator-trouble")
    before = len(polled.simulator.calls)
    polled.live(minutes=50)
    polled.read_again()
    assert len(polled.simulator.calls) == before
    polled.simulator.faults.inactive = False
    polled.live(minutes=10)
    assert len(polled.told()) == 1
    assert (polled.instance("operator-trouble"), polled.instance("strava-paused")) == (None, None)
    assert polled.connection.state == "connected"


def test_a_wrong_client_secret_is_the_operators_trouble_and_no_runners(polled):
    polled.simulator.expire_access(RUNNER)
    asking(polled, polled.service.settings.strava_oauth_base, secret="wrong").read_again()
    assert polled.connection.state == "connected"
    assert polled.instance("operator-trouble")
    polled.live(hours=2)
    assert polled.connection.trouble is None
    assert polled.instance("operator-trouble") is None


# Strava refuses the runner


def test_a_dead_connection_is_told_once_and_then_nothing_more_is_asked(polled):
    polled.simulator.revoke(RUNNER)
    polled.live(hours=3)
    assert polled.connection.state == "sign-in-again"
    (message,) = polled.told("connection")
    assert message.event == "connection.lost"
    before = len(polled.simulator.calls)
    polled.live(days=3)
    assert len(polled.simulator.calls) == before
    assert len(polled.told("connection")) == 1


def test_a_connection_that_lacks_the_permission_to_read_runs_asks_the_runner_to_connect_again(polled):
    polled.simulator.approve(RUNNER, ["read"])
    code = polled.simulator.approve(RUNNER, ["read"])
    polled.service.strava.exchange(code, "read")  # the runner took the permission back on Strava's side
    tokens = polled.simulator.connection(RUNNER)
    assert "activity:read" not in tokens.access.scopes
    polled.live(hours=8)
    assert polled.connection.state == "sign-in-again"
    assert len(polled.told("connection")) == 1


def test_connecting_again_resumes_without_losing_anything(polled):
    (told,) = polled.arrives(run(TUESDAY, 15))
    polled.simulator.revoke(RUNNER)
    polled.live(days=1)
    assert polled.connection.state == "sign-in-again"
    new = polled.add(run(after(days=2), 10), run(after(days=3), 31))
    polled.live(days=2, hours=2)
    polled.connect()
    assert (polled.athlete.id, polled.connection.state) == (1, "connected")
    assert polled.finding("run-spike", told).outcome is Outcome.TOLD
    assert polled.held[-2:] == new
    assert [message.data["run"]["id"] for message in polled.told()] == [told, new[-1]]
    assert len(polled.told("welcome")) == 1


def test_reconnecting_while_a_sync_with_the_old_tokens_is_under_way_is_not_undone_by_it(polled):
    with polled.service.store.transaction() as tx:
        tx.connections.nudge(1, polled.clock())
        old = tx.connections.claim_due(polled.clock(), polled.clock(), timedelta(minutes=10))
        assert old is not None
    polled.connect()
    with polled.service.store.transaction() as tx:
        tx.connections.lose(old, "sign-in-again", "the old refresh token is dead")
    assert polled.connection.state == "connected"


# The network


def test_a_strava_that_never_answers_is_given_up_for_now(polled):
    held = polled.held
    with silent_server() as silence:
        asking(polled, silence).read_again()
    assert (polled.held, polled.connection.state, polled.connection.attempts) == (held, "connected", 1)
    polled.live(minutes=2)
    assert polled.connection.attempts == 0


def test_a_strava_that_cannot_be_reached_is_tried_again(polled):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        nobody = f"http://127.0.0.1:{listener.getsockname()[1]}"
    asking(polled, nobody).read_again()
    assert polled.connection.trouble
    polled.live(minutes=2)
    assert polled.connection.trouble is None


# While connecting


def consent(home: World) -> Athlete:
    code = home.simulator.approve(RUNNER, ALL_SCOPES)
    answer = connect.Answer(state="state", code=code, scope=",".join(ALL_SCOPES))
    return connect.complete(home.service, connect.Draft(state="state", adult=True), answer).athlete


def test_a_fresh_code_that_strava_refuses_once_works_a_moment_later(tmp_path):
    with world(tmp_path, ordinary_weeks(NOON)) as fresh:
        paused: list[float] = []
        fresh.service = replace(fresh.service, pause=paused.append)
        fresh.simulator.faults.refuse_next_codes = 1
        consent(fresh)
        assert paused == [2.0]
        fresh.work()
        assert len(fresh.held) == 35


def test_a_code_that_strava_keeps_refusing_stores_nothing(tmp_path):
    with world(tmp_path, ordinary_weeks(NOON)) as fresh:
        fresh.simulator.faults.refuse_next_codes = 2
        with pytest.raises(AdapterError):
            consent(fresh)
        with fresh.service.store.transaction() as tx:
            assert tx.accounts.count() == 0


@pytest.mark.parametrize("fault", list(Fault))
def test_a_strava_that_fails_while_connecting_stores_nothing_and_a_second_try_works(tmp_path, fault):
    with world(tmp_path, ordinary_weeks(NOON)) as fresh:
        fresh.simulator.faults.fail_next("token", fault)
        with pytest.raises(AdapterError):
            consent(fresh)
        with fresh.service.store.transaction() as tx:
            assert tx.accounts.count() == 0
        assert consent(fresh).role == "operator"


def test_an_import_that_breaks_off_begins_anew_and_greets_once(tmp_path):
    with world(tmp_path, ordinary_weeks(NOON), poll_minutes=2880) as fresh:
        fresh.simulator.faults.fail_next("list", Fault.DROP, times=2)
        fresh.connect()
        assert fresh.connection.imported_at is None
        assert fresh.recorder.sent == []
        fresh.live(minutes=10)
        assert fresh.connection.import_share == 1.0
        assert [message.kind for message in fresh.recorder.sent] == ["welcome"]
