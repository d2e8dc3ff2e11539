"""The limits: read from whatever headers come, and never waited for too short or too long."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.strava.limits import Count, Usage, may_call, next_midnight, next_quarter, retry_at

NOON = datetime(2026, 11, 23, 12, 3, tzinfo=UTC)
INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))


def usage(at: datetime = NOON, **counts: tuple[int, int]) -> Usage:
    return Usage(at, **{name: Count(*pair) for name, pair in counts.items()})


def test_both_buckets_are_read_in_whatever_case_they_come() -> None:
    headers = {
        "X-Ratelimit-Limit": "200,2000",
        "X-RATELIMIT-USAGE": "5,148",
        "x-readratelimit-limit": "100,1000",
        "X-ReadRateLimit-Usage": "4, 147",
    }
    assert Usage.from_headers(headers, NOON) == usage(
        quarter=(5, 200), day=(148, 2000), read_quarter=(4, 100), read_day=(147, 1000)
    )


@pytest.mark.parametrize("used", ["", ",", "5", "5,148,2", "five,148", "-5,148", "5.0,148", "9" * 40 + ",1", "٥,١"])
def test_an_odd_header_tells_nothing_rather_than_failing(used: str) -> None:
    told = Usage.from_headers({"X-RateLimit-Limit": "200,2000", "X-RateLimit-Usage": used}, NOON)
    assert told.quarter is None
    assert may_call(NOON, told)


def test_half_a_header_tells_its_half() -> None:
    told = Usage.from_headers({"X-RateLimit-Limit": "200,2000", "X-RateLimit-Usage": "5,"}, NOON)
    assert (told.quarter, told.day) == (Count(5, 200), None)


def test_a_limit_without_a_usage_or_of_nothing_tells_nothing() -> None:
    assert not Usage.from_headers({"X-RateLimit-Limit": "200,2000"}, NOON).is_known
    assert not Usage.from_headers({"X-RateLimit-Limit": "0,0", "X-RateLimit-Usage": "0,0"}, NOON).is_known


def test_where_nothing_was_ever_told_a_call_may_be_made() -> None:
    assert may_call(NOON, None)


@pytest.mark.parametrize("window", ["quarter", "day", "read_quarter", "read_day"])
def test_one_full_window_of_the_four_is_enough_to_wait(window: str) -> None:
    assert not may_call(NOON, usage(**{window: (100, 100)}))
    assert may_call(NOON, usage(**{window: (99, 100)}))


def test_the_reserve_is_kept_for_others() -> None:
    told = usage(read_quarter=(89, 100))
    assert may_call(NOON, told, reserve=10)
    assert not may_call(NOON, told, reserve=11)


def test_a_full_quarter_is_over_at_the_quarter_hour() -> None:
    told = usage(quarter=(200, 200))
    assert retry_at(NOON, told) == datetime(2026, 11, 23, 12, 15, tzinfo=UTC)
    assert not may_call(datetime(2026, 11, 23, 12, 14, 59, tzinfo=UTC), told)
    assert may_call(datetime(2026, 11, 23, 12, 15, tzinfo=UTC), told)


def test_a_full_day_is_over_at_midnight_utc_and_not_before() -> None:
    told = usage(read_day=(1000, 1000))
    assert retry_at(NOON, told) == datetime(2026, 11, 24, tzinfo=UTC)
    assert not may_call(datetime(2026, 11, 23, 23, 59, 59, tzinfo=UTC), told)
    assert may_call(datetime(2026, 11, 24, tzinfo=UTC), told)


def test_what_is_kept_back_for_the_day_is_waited_for_until_midnight() -> None:
    assert retry_at(NOON, usage(day=(1995, 2000)), reserve=10) == datetime(2026, 11, 24, tzinfo=UTC)


def test_a_refusal_that_says_nothing_is_waited_for_until_the_quarter_hour() -> None:
    assert retry_at(NOON, None) == datetime(2026, 11, 23, 12, 15, tzinfo=UTC)


def test_windows_end_by_utc_wherever_the_clock_stands() -> None:
    kathmandu = timezone(timedelta(hours=5, minutes=45))
    evening = datetime(2026, 11, 24, 0, 10, tzinfo=kathmandu)
    assert next_midnight(evening) == datetime(2026, 11, 24, tzinfo=UTC)
    assert next_quarter(evening) == datetime(2026, 11, 23, 18, 30, tzinfo=UTC)


@given(now=INSTANTS)
def test_the_next_window_always_begins_later_and_never_further_off_than_it_is_long(now: datetime) -> None:
    assert now < next_quarter(now) <= now + timedelta(minutes=15)
    assert next_quarter(now).minute % 15 == 0
    assert now < next_midnight(now) <= now + timedelta(days=1)


@given(now=INSTANTS, used=st.integers(0, 300), day=st.integers(0, 3000), reserve=st.integers(0, 50))
def test_who_waits_until_told_may_call_then(now: datetime, used: int, day: int, reserve: int) -> None:
    told = usage(now, quarter=(used, 200), day=(day, 2000))
    if not may_call(now, told, reserve):
        assert may_call(retry_at(now, told, reserve), told, reserve)


@pytest.mark.real_data
def test_every_recorded_answer_is_read_and_leaves_room_where_strava_did(exports: Path) -> None:
    exchanges = json.loads((exports / "http" / "recorded_exchanges.json").read_text())
    known = 0
    for exchange in exchanges:
        told = Usage.from_headers({name: values[0] for name, values in exchange["headers"].items()}, NOON)
        limited = exchange["status"]["code"] == 429
        known += told.is_known
        assert may_call(NOON, told) is not limited
        if limited:
            assert retry_at(NOON, told) == datetime(2026, 11, 24, tzinfo=UTC)
    assert known > 60
