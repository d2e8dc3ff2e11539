"""The real runners' histories, read by a second reader of their plain CSV; skipped where they are not at hand."""

from __future__ import annotations

import csv
import os
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import pytest

from rules.model import Activity
from tests.rules.naive_run_spike import Row


def real_runner_files() -> list[Path]:
    """One CSV per runner, or a skip with its reason."""
    folder = os.environ.get("AFTERRUN_REAL_DATA")
    if not folder:
        pytest.skip("AFTERRUN_REAL_DATA is not set: the real runners' histories are not at hand")
    return sorted((Path(folder) / "runners").glob("[0-9]*.csv"))


def rows_of(file: Path) -> list[Row]:
    with file.open(newline="", encoding="utf-8") as lines:
        return [
            Row(
                id=int(row["id"]),
                sport=row["type"],
                start=datetime.fromisoformat(row["start_date_local"]),
                distance=Fraction(row["distance_m"]) if row["distance_m"] else None,
                moving=_seconds(row["moving_time_s"]),
                elapsed=_seconds(row["elapsed_time_s"]),
            )
            for row in csv.DictReader(lines)
        ]


def _seconds(text: str) -> int | None:
    return int(text) if text else None


def activity_of(row: Row) -> Activity:
    return Activity(
        id=row.id,
        sport=row.sport,
        start_local=row.start,
        distance_m=None if row.distance is None else float(row.distance),
        moving_time_s=row.moving,
        elapsed_time_s=row.elapsed,
    )
