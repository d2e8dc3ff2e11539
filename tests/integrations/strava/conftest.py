"""What the tests of the Strava adapter share: a stand-in that says what it is told, and the folder of real data."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from integrations.strava.client import StravaClient
from tests.integrations.strava.stand_in import CLIENT_ID, CLIENT_SECRET, NOW, StandIn


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    with StandIn() as running:
        yield running


@pytest.fixture
def client(stand_in: StandIn) -> StravaClient:
    return StravaClient(
        CLIENT_ID,
        SecretStr(CLIENT_SECRET),
        oauth_base=stand_in.url,
        api_base=f"{stand_in.url}/api/v3",
        timeout_s=5,
        clock=lambda: NOW,
    )


@pytest.fixture(scope="session")
def exports() -> Path:
    folder = os.environ.get("AFTERRUN_REAL_DATA")
    if not folder:
        pytest.skip("AFTERRUN_REAL_DATA is not set: no real answers of Strava's to read")
    return Path(folder) / "exports"
