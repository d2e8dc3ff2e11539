"""A year as it was lived and the same year replayed say the same: every finding, told or not, and for what reason.

Two differences are honest and are met head on. What counts as imported: the replay takes the first 28 days, live what
is there at the connect, so the runner connects when those days are over and only what began later is compared. And
recordings of one effort by two devices: see `by_effort`. Late uploads are left out of the generated months, because a
run that comes in after a later one was judged without it; what becomes of those is told in the other stories.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from integrations.strava.simulator.files import from_neutral_csv
from integrations.strava.simulator.generator import generate
from integrations.strava.simulator.personas import PERSONAS
from rules.policy import Outcome
from tests.e2e.lived import by_effort, lived, numbered, replayed

#: Habits that make for many findings: races, breaks and missed runs.
LIVELY: dict[str, Any] = {"races_per_year": 20, "breaks_per_year": 6, "missed": 0.25, "late_upload": 0.0}
SEEDS = {"anna": 5, "ben": 10, "chiara": 9, "dev": 9, "emma": 6}


@pytest.mark.parametrize("name", PERSONAS)
def test_made_up_months_are_the_same_lived_and_replayed(tmp_path, name):
    persona = replace(PERSONAS[name], **LIVELY)
    activities = numbered(generate(persona, SEEDS[name], date(2025, 2, 3), date(2025, 9, 28)))
    expected = replayed(activities)
    assert expected, "a story without findings shows nothing"
    assert by_effort(lived(tmp_path, activities), activities) == expected


#: Which runs of whom: stretches with many findings of both rules, and recordings that overlap.
REAL = {"042": 1350, "089": 0, "012": 1200}
LENGTH = 147


@pytest.mark.real_data
@pytest.mark.parametrize("name", REAL)
def test_real_months_are_the_same_lived_and_replayed(tmp_path, name):
    folder = os.environ.get("AFTERRUN_REAL_DATA")
    if not folder:
        pytest.skip("AFTERRUN_REAL_DATA is not set: the real runners' histories are not at hand")
    months = from_neutral_csv(Path(folder) / "runners" / f"{name}.csv")[REAL[name] : REAL[name] + LENGTH]
    expected = replayed(months)
    outcomes = Counter(verdict.outcome for verdict in expected.values())
    assert outcomes[Outcome.TOLD] > 5
    assert outcomes[Outcome.SILENT] > 5
    assert by_effort(lived(tmp_path, months), months) == expected
