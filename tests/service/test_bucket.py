"""The limit on what comes in: so many at once, and so many a second after that."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from integrations.strava.simulator import SimulatedClock
from service.bucket import TokenBucket
from tests.world import NOON


def taken(bucket: TokenBucket, times: int) -> int:
    return sum(bucket.take() for _ in range(times))


def test_a_burst_is_let_in_and_no_more():
    assert taken(TokenBucket(20, 200, SimulatedClock(NOON)), 500) == 200


def test_room_comes_back_with_time_and_never_more_than_a_burst():
    clock = SimulatedClock(NOON)
    bucket = TokenBucket(20, 200, clock)
    taken(bucket, 200)
    clock.advance(timedelta(seconds=2))
    assert taken(bucket, 100) == 40
    clock.advance(timedelta(days=1))
    assert taken(bucket, 500) == 200


def test_a_clock_that_is_set_back_gives_no_room_and_takes_none():
    moments = iter([NOON, NOON, NOON - timedelta(hours=1), NOON - timedelta(hours=1) + timedelta(seconds=1)])
    bucket = TokenBucket(1, 2, lambda: next(moments))
    assert [bucket.take() for _ in range(3)] == [True, True, True]


@given(waits=st.lists(st.floats(0, 30), max_size=60))
def test_over_any_time_no_more_come_in_than_a_burst_and_the_rate(waits: list[float]):
    clock = SimulatedClock(NOON)
    bucket = TokenBucket(2, 5, clock)
    let_in = 0
    for wait in waits:
        clock.advance(timedelta(seconds=wait))
        let_in += taken(bucket, 10)
    assert let_in <= 5 + 2 * sum(waits) + 0.001
