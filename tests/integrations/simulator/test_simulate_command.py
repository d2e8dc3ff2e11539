"""`afterrun simulate`: a local Strava in a process of its own, as a person starts it."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import httpx
import pytest
from click.testing import CliRunner

from service.cli import main
from service.settings import Settings
from service.simulate_command import populated, settings_for
from tests.integrations.simulator.conftest import NOW
from tests.integrations.simulator.receiver import Receiver

#: Looks at a served simulator until what is waited for has come; each look is a call of some milliseconds.
MOST_LOOKS = 5000


@contextmanager
def simulating(*options: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """The process, and the settings that it printed."""
    command = [sys.executable, "-m", "service.cli", "simulate", "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            printed = ""
            while "Ctrl-C" not in printed and (line := process.stdout.readline()):
                printed += line
            yield process, dict(re.findall(r"^(AFTERRUN_\w+)=(\S+)$", printed, re.MULTILINE))
        finally:
            process.kill()


def test_it_serves_made_up_runners_pushes_what_arrives_and_ends_in_order(receiver: Receiver):
    with simulating("--athletes", "2", "--speed", "0") as (process, settings):
        base = settings["AFTERRUN_STRAVA_OAUTH_BASE"]
        assert settings["AFTERRUN_STRAVA_API_BASE"] == f"{base}/api/v3"
        client = {
            "client_id": settings["AFTERRUN_STRAVA_CLIENT_ID"],
            "client_secret": settings["AFTERRUN_STRAVA_CLIENT_SECRET"],
        }
        with httpx.Client(base_url=base, trust_env=False, verify=False) as http:
            code = http.post("/simulator/athletes/1001/approve", json={}).json()["code"]
            token = http.post("/oauth/token", data=client | {"code": code}).json()["access_token"]
            listed = http.get("/api/v3/athlete/activities", headers={"Authorization": f"Bearer {token}"}).json()
            assert len(listed) == 30
            form = client | {"callback_url": receiver.url, "verify_token": "hush"}
            assert http.post("/api/v3/push_subscriptions", data=form).status_code == 201
            http.post("/simulator/clock", json={"advance_s": 7 * 86_400})
            assert any(http.get("/simulator/state") and receiver.posts for _ in range(MOST_LOOKS))
        assert {post["owner_id"] for post in receiver.posts} == {1001}
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 0


def test_what_it_prints_are_settings_that_afterrun_takes(monkeypatch: pytest.MonkeyPatch):
    printed = settings_for(populated(lambda: NOW, 0, 1, 1.0), "http://127.0.0.1:8422")
    for name, value in re.findall(r"^(AFTERRUN_\w+)=(\S+)$", printed, re.MULTILINE):
        monkeypatch.setenv(name, value)
    taken = Settings()
    taken.require_strava()
    assert taken.strava_api_base == "http://127.0.0.1:8422/api/v3"


def test_the_same_seed_makes_the_same_runners_and_further_ones_of_a_kind_live_another_life():
    one, again, other = (populated(lambda: NOW, 7, seed, 0) for seed in (1, 1, 2))
    lives = [[len(simulator.activity_ids(number)) for number in range(1001, 1008)] for simulator in (one, again, other)]
    assert lives[0] == lives[1] != lives[2]
    # The sixth is of the same kind as the first.
    assert lives[0][0] != lives[0][5]
    assert one.next_upload() == again.next_upload()
    assert NOW < one.next_upload() < NOW + timedelta(days=3)


def test_a_port_that_is_taken_is_named_with_the_way_out():
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        result = CliRunner().invoke(main, ["simulate", "--port", str(port), "--athletes", "0"])
    assert result.exit_code == 1
    assert f"Port {port} cannot be used" in result.output
    assert "--port" in result.output


@pytest.mark.parametrize("options", [("--speed", "-1"), ("--athletes", "-1"), ("--port", "70000")])
def test_an_impossible_number_is_refused(options: tuple[str, str]):
    result = CliRunner().invoke(main, ["simulate", *options])
    assert result.exit_code == 2
    assert options[0] in result.output
