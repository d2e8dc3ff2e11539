"""Which recordings are of one effort, and which of them counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from rules.model import Activity
from service.merging import are_one_effort, once_each
from service.store.records import HeldActivity
from tests.world import NOON

SEVEN = datetime(2026, 6, 1, 7)
RUN = Activity(1, "Run", SEVEN, 10_000.0, 3600, 3600, 7200)


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ({}, True),
        ({"start_local": SEVEN + timedelta(minutes=20)}, True),
        ({"start_local": SEVEN + timedelta(minutes=40)}, False),
        ({"start_local": SEVEN + timedelta(minutes=60)}, False),
        ({"start_local": SEVEN + timedelta(minutes=50), "elapsed_time_s": 600, "moving_time_s": 600}, True),
        ({"sport": "TrailRun"}, True),
        ({"sport": "Ride"}, False),
        ({"start_local": SEVEN - timedelta(hours=2), "utc_offset_s": 0}, True),
        ({"utc_offset_s": 0}, False),
        ({"start_local": SEVEN, "utc_offset_s": None}, True),
        ({"start_local": SEVEN.replace(hour=0), "start_time_known": False}, True),
        ({"start_local": SEVEN.replace(hour=0), "start_time_known": False, "distance_m": 5_000.0}, False),
    ],
)
def test_recordings_that_overlap_for_the_most_part_are_one_effort(other, same):
    second = replace(RUN, **{"id": -2} | other)
    assert are_one_effort(RUN, second) is are_one_effort(second, RUN) is same


def test_stravas_recording_counts_and_of_own_ones_the_one_that_came_first():
    def held(activity_id: int, minutes: int, seen_after: int = 0, *, own: bool = True) -> HeldActivity:
        activity = replace(RUN, id=activity_id, start_local=SEVEN + timedelta(minutes=minutes))
        return HeldActivity(activity, False, NOON + timedelta(days=seen_after), None, own=own)

    strava = [held(1, 0, own=False)]
    own = [held(-1, 1), held(-2, 300, 2), held(-3, 301, 1), held(4, 600), held(-4, 600)]
    assert [item.activity.id for item in once_each(strava, own)] == [1, -3, 4]
