"""Installations for stories: most need one with a runner of ordinary weeks, connected on a Monday noon."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.world import NOON, World, ordinary_weeks, world

#: Polls as rare as the settings allow: a story that waits for one says so.
RARELY = 2880


@pytest.fixture
def home(tmp_path: Path) -> Iterator[World]:
    """Ten weeks of 10 km every other day are imported; messages go out at once."""
    with world(tmp_path, ordinary_weeks(NOON), poll_minutes=RARELY) as built:
        built.connect()
        yield built


@pytest.fixture
def settling(tmp_path: Path) -> Iterator[World]:
    """The same, where messages wait half an hour for corrections, as they do outside of tests."""
    with world(tmp_path, ordinary_weeks(NOON), settle_minutes=30, poll_minutes=RARELY) as built:
        built.connect()
        yield built
