"""The simulated clock."""

from datetime import UTC, datetime, timedelta

import pytest

from integrations.strava.simulator import SimulatedClock

START = datetime(2026, 3, 10, 12, tzinfo=UTC)


class Stopwatch:
    """Real seconds, passed by hand."""

    seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def test_a_clock_stands_still_until_it_is_advanced():
    watch = Stopwatch()
    clock = SimulatedClock(START, monotonic=watch)
    watch.seconds += 3600
    assert clock() == START
    clock.advance(timedelta(days=1))
    assert clock() == START + timedelta(days=1)


def test_a_running_clock_passes_a_day_in_a_second_at_that_speed():
    watch = Stopwatch()
    clock = SimulatedClock(START, speed=86_400, monotonic=watch)
    watch.seconds += 2.5
    assert clock() == START + timedelta(days=2, hours=12)


def test_changing_the_speed_loses_no_time():
    watch = Stopwatch()
    clock = SimulatedClock(START, speed=60, monotonic=watch)
    watch.seconds += 10
    clock.set_speed(0)
    watch.seconds += 1000
    clock.advance(timedelta(seconds=5))
    assert clock() == START + timedelta(seconds=605)


def test_a_clock_never_goes_back():
    clock = SimulatedClock(START)
    with pytest.raises(ValueError, match="never goes back"):
        clock.advance(timedelta(seconds=-1))
    assert clock.advance_to(START - timedelta(days=1)) == START


def test_a_clock_refuses_to_start_at_an_instant_without_a_zone():
    with pytest.raises(ValueError, match="aware"):
        SimulatedClock(datetime(2026, 3, 10))


def test_a_clock_tells_utc_wherever_it_was_started():
    new_york = datetime.fromisoformat("2026-03-10T08:00:00-04:00")
    assert SimulatedClock(new_york)() == START
    assert SimulatedClock(new_york)().tzinfo is UTC
