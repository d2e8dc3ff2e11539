"""When the digest is due, and that it is written once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from service import digest, leaving
from service.digest import first_digest_at, moved_digest_at
from service.store.records import Athlete
from tests.world import NOON, World, ordinary_weeks, run, world

TUESDAY = datetime(2026, 6, 2, 7)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path, ordinary_weeks(NOON), poll_minutes=2880) as built:
        built.connect()
        yield built


@pytest.fixture
def athlete() -> Athlete:
    """Somebody in Berlin whose next digest is due on June 7."""
    return Athlete(
        id=1,
        role="operator",
        created_at=NOON,
        email=None,
        units="km",
        first_weekday=0,
        language="en",
        time_zone="Europe/Berlin",
        upper_back=False,
        receipts_left=0,
        digest_due_at=local("Europe/Berlin", 2026, 6, 7, 18),
        weeks_without_runs=0,
    )


def local(zone: str, *parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(zone)).astimezone(UTC)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    "zone",
    [
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "Asia/Kolkata",
        "Pacific/Auckland",
        "Pacific/Kiritimati",
        "Etc/GMT+12",
    ],
)
@pytest.mark.parametrize("week", range(0, 52, 3))
def test_it_is_always_sunday_six_in_the_evening_within_the_next_week(athlete, zone, week):
    there = replace(athlete, time_zone=zone)
    now = datetime(2026, 1, 1, 9, 30, tzinfo=UTC) + timedelta(weeks=week, hours=5 * week)
    due = first_digest_at(there, now)
    on_the_wall = due.astimezone(ZoneInfo(zone))
    assert (on_the_wall.weekday(), on_the_wall.hour, on_the_wall.minute) == (6, 18, 0)
    assert timedelta() < due - now <= timedelta(days=7, hours=1)


def test_on_sunday_before_six_it_is_today_and_at_six_it_is_next_week(athlete):
    six = local("Europe/Berlin", 2026, 6, 7, 18)
    assert first_digest_at(athlete, six - timedelta(seconds=1)) == six
    assert first_digest_at(athlete, six) == six + timedelta(days=7)


@pytest.mark.parametrize(("sunday", "hours"), [((2026, 3, 29), 7 * 24 - 1), ((2026, 10, 25), 7 * 24 + 1)])
def test_the_week_of_a_changed_clock_is_an_hour_shorter_or_longer(athlete, sunday, hours):
    due = local("Europe/Berlin", *sunday, 18)
    before = first_digest_at(athlete, due - timedelta(days=8))
    assert due - before == timedelta(hours=hours)


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Asia/Tokyo", "Europe/Berlin"])
def test_in_another_zone_it_is_the_same_sunday(athlete, zone):
    assert moved_digest_at(athlete, zone) == local(zone, 2026, 6, 7, 18)


def test_where_none_is_due_none_moves(athlete):
    assert moved_digest_at(replace(athlete, digest_due_at=None), "Asia/Tokyo") is None


def test_it_is_written_once_however_often_is_looked(home):
    home.live(days=6, hours=5)
    assert [digest.sweep(home.service) for _ in range(3)] == [0, 0, 0]
    assert len(home.told("digest")) == 1


def test_a_digest_that_is_late_by_hours_is_about_the_week_that_was_due(home):
    home.add(run(TUESDAY + timedelta(days=6), 10))  # Monday morning
    home.clock.advance_to(datetime(2026, 6, 8, 12, tzinfo=UTC))
    home.work()
    (sunday,) = home.told("digest")
    assert sunday.data["until"].startswith("2026-06-07T18:00")
    assert sunday.data["runs"] == 0
    assert home.athlete.digest_due_at == local("Europe/Berlin", 2026, 6, 14, 18)


def test_after_an_outage_of_weeks_there_is_one_digest_about_the_last_seven_days(home):
    home.add(*(run(TUESDAY + timedelta(days=day), 10) for day in range(0, 24, 2)))
    home.clock.advance_to(datetime(2026, 6, 25, 12, tzinfo=UTC))
    home.work()
    (late,) = home.told("digest")
    assert late.data["until"].startswith("2026-06-25")
    assert late.data["runs"] == 3
    assert home.athlete.digest_due_at == local("Europe/Berlin", 2026, 6, 28, 18)


def test_the_prompts_of_four_digests_in_a_row_are_different_ones(home):
    home.add(*(run(TUESDAY + timedelta(days=day), 10) for day in range(0, 28, 2)))
    home.live(days=28)
    prompts = [message.data["advice"]["prompt"] for message in home.told("digest")]
    assert len(set(prompts)) == len(prompts) == 4


def test_nobody_who_disconnected_has_a_digest(home):
    leaving.disconnect(home.service, home.athlete)
    home.live(days=21)
    assert home.told("digest") == []


def test_a_run_that_was_under_way_when_the_digest_came_stands_in_the_next(home: World):
    home.add(run(datetime(2026, 6, 3, 7), 10), run(datetime(2026, 6, 7, 17, 15), 8))
    home.live(days=14)
    first, second = home.told("digest")
    assert (first.data["runs"], second.data["runs"]) == (1, 1)
    assert second.data["distance_m"] == 8000.0
    assert home.athlete.weeks_without_runs == 0
