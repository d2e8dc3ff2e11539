"""Whatever moment the service dies at, every alert is told in the end, and never under two names."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

ROUNDS = int(os.environ.get("AFTERRUN_CRASH_ROUNDS", "20"))


def test_a_service_that_is_killed_again_and_again_tells_every_alert_once(capsys: pytest.CaptureFixture[str]):
    command = [sys.executable, "-m", "tests.e2e.crash", "--rounds", str(ROUNDS)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120 + 10 * ROUNDS, check=False)
    assert ended.returncode == 0, ended.stderr
    report = json.loads(ended.stdout)
    with capsys.disabled():
        counts = "\n{kills} kills, {alerts} alerts, {messages} messages, {resent} sent again\n"
        sys.stdout.write(counts.format_map(report))
    assert report["problems"] == []
    assert report["kills"] == ROUNDS
    assert report["alerts"] >= 4 * report["stories"]
