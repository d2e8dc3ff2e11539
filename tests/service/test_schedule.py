"""When a runner is read without a push: as often as the quota carries it, and when a run is likely."""

from __future__ import annotations

import random
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from rules.history import clean
from rules.model import Run
from service.schedule import AFTER_FINISH, DAILY, QUICKEST, SLOWEST, Load, capacity, next_reading, usual_finish
from tests.rules.builders import run_at

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
#: By when a deletion has to show.
DEADLINE = timedelta(hours=48)


def mornings(count: int) -> tuple[Run, ...]:
    return clean(run_at(datetime(2026, 5, 31, 7) - timedelta(days=2 * ago)) for ago in range(count))


def test_a_few_runners_without_pushes_are_read_every_quarter_hour_and_never_more_often():
    assert Load(1, 1000, pushed=False).interval == QUICKEST
    assert Load(4, 1000, pushed=False).interval == QUICKEST


def test_with_more_runners_reading_slows_down_as_the_quota_carries_it():
    assert Load(100, 1000, pushed=False).interval == timedelta(hours=6)


def test_with_pushes_reading_again_is_daily_however_much_there_is():
    assert Load(1, 1000, pushed=True).interval == DAILY
    assert Load(300, 1000, pushed=True).interval == DAILY
    assert Load(600, 1000, pushed=True).interval == timedelta(hours=36)


def test_nobody_is_read_less_often_than_deletions_have_to_show():
    assert Load(100_000, 1000, pushed=False).interval == SLOWEST
    assert Load(5, 0, pushed=False).interval == SLOWEST


def test_what_the_quota_carries_is_a_number_of_runners():
    assert capacity(1000) == 733
    assert capacity(1000, calls_each=2) == 366
    assert Load(capacity(1000), 1000, pushed=True).interval <= SLOWEST


@given(
    pages=st.integers(1, 5000),
    reads=st.integers(0, 3000),
    pushed=st.booleans(),
    usual=st.none() | st.times(),
    seed=st.integers(0, 1000),
)
def test_the_next_reading_is_always_in_time_and_never_at_once(
    pages: int, reads: int, pushed: bool, usual: time | None, seed: int
):
    interval = Load(pages, reads, pushed).interval
    at = next_reading(NOW, interval, usual, BERLIN, random.Random(seed))
    assert NOW + interval / 2 <= at < NOW + DEADLINE


def test_runners_who_came_together_do_not_stay_together():
    randomness = random.Random(1)
    moments = {next_reading(NOW, DAILY, None, BERLIN, randomness) for _ in range(50)}
    assert len(moments) == 50
    assert max(moments) - min(moments) > timedelta(hours=1)


def test_who_usually_finishes_at_eight_is_read_soon_after_eight():
    usual = usual_finish(mornings(12), datetime(2026, 6, 1, 12))
    assert usual is not None
    assert usual.hour == 8
    at = next_reading(NOW, DAILY, usual, BERLIN, random.Random(1))
    assert at.date() == NOW.date() + timedelta(days=1)
    finished = datetime.combine(at.astimezone(BERLIN).date(), usual, tzinfo=BERLIN)
    assert AFTER_FINISH <= at - finished <= 2 * AFTER_FINISH


def test_the_usual_hour_holds_through_the_change_of_clocks():
    before = datetime(2026, 10, 24, 7, tzinfo=UTC)  # a Saturday; clocks go back on Sunday
    at = next_reading(before, DAILY, time(8), BERLIN, random.Random(1))
    assert at.astimezone(BERLIN).hour == 8


def test_on_quiet_days_a_runner_is_read_once_a_day():
    usual, moment, readings = time(8), NOW, []
    randomness = random.Random(3)
    while moment < NOW + timedelta(days=60):
        moment = next_reading(moment, DAILY, usual, BERLIN, randomness)
        readings.append(moment)
    assert len(readings) <= 61


def test_few_runs_or_all_over_the_day_are_no_habit():
    assert usual_finish(mornings(4), datetime(2026, 6, 1, 12)) is None
    anytime = clean(run_at(datetime(2026, 5, 31, hour) - timedelta(days=hour)) for hour in range(22))
    assert usual_finish(anytime, datetime(2026, 6, 1, 12)) is None


def test_a_habit_of_last_year_is_forgotten():
    assert usual_finish(mornings(12), datetime(2027, 6, 1)) is None
