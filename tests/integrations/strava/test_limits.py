"""The limits: read from whatever headers come, and never waited for too short or too long."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.strava.limits import (
    DAY,
    QUARTER,
    Count,
    Purpose,
    Usage,
    Window,
    ends_at_this_pace,
    next_midnight,
    next_quarter,
    retry_at,
    room_at,
    start_of,
    told,
)

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


def test_half_a_header_tells_its_half() -> None:
    told = Usage.from_headers({"X-RateLimit-Limit": "200,2000", "X-RateLimit-Usage": "5,"}, NOON)
    assert (told.quarter, told.day) == (Count(5, 200), None)


def test_a_limit_without_a_usage_or_of_nothing_tells_nothing() -> None:
    assert not Usage.from_headers({"X-RateLimit-Limit": "200,2000"}, NOON).is_known
    assert not Usage.from_headers({"X-RateLimit-Limit": "0,0", "X-RateLimit-Usage": "0,0"}, NOON).is_known


@pytest.mark.parametrize(
    ("window", "at"),
    [
        ("quarter", datetime(2026, 11, 23, 12, 15, tzinfo=UTC)),
        ("read_quarter", datetime(2026, 11, 23, 12, 15, tzinfo=UTC)),
        ("day", datetime(2026, 11, 24, tzinfo=UTC)),
        ("read_day", datetime(2026, 11, 24, tzinfo=UTC)),
    ],
)
def test_one_full_window_of_the_four_is_waited_for_until_it_ends(window: str, at: datetime) -> None:
    assert retry_at(NOON, usage(**{window: (100, 100)})) == at
    assert retry_at(NOON, usage(**{window: (99, 100)})) is None


def test_a_refusal_that_says_nothing_is_waited_for_until_the_quarter_hour() -> None:
    assert retry_at(NOON, Usage(NOON)) == datetime(2026, 11, 23, 12, 15, tzinfo=UTC)


def windows(quarter: int = 0, day: int = 0, now: datetime = NOON) -> tuple[Window, Window]:
    """Of a new application, with so many reads used."""
    return (
        Window(QUARTER, start_of(now, QUARTER), 200, 100, quarter, quarter),
        Window(DAY, start_of(now, DAY), 2000, 1000, day, day),
    )


def test_a_fresh_run_may_use_the_last_call_and_no_more() -> None:
    assert room_at(windows(quarter=99), Purpose.FRESH, NOON) is None
    assert room_at(windows(quarter=100), Purpose.FRESH, NOON) == datetime(2026, 11, 23, 12, 15, tzinfo=UTC)
    assert room_at(windows(day=1000), Purpose.FRESH, NOON) == datetime(2026, 11, 24, tzinfo=UTC)


def test_reading_again_leaves_a_fifth_to_fresh_runs_and_details_leave_two() -> None:
    assert room_at(windows(quarter=79), Purpose.RECONCILE, NOON) is None
    assert room_at(windows(quarter=80), Purpose.RECONCILE, NOON) is not None
    assert room_at(windows(quarter=59), Purpose.DETAIL, NOON) is None
    assert room_at(windows(quarter=60), Purpose.DETAIL, NOON) is not None


def test_what_a_day_keeps_for_fresh_runs_melts_away_towards_its_end() -> None:
    late = datetime(2026, 11, 23, 23, 55, tzinfo=UTC)
    assert room_at(windows(day=950), Purpose.RECONCILE, NOON) == datetime(2026, 11, 24, tzinfo=UTC)
    assert room_at(windows(day=950, now=late), Purpose.RECONCILE, late) is None


@given(now=INSTANTS, quarter=st.integers(0, 300), day=st.integers(0, 3000), purpose=st.sampled_from(Purpose))
def test_who_waits_until_told_finds_windows_that_have_ended(
    now: datetime, quarter: int, day: int, purpose: Purpose
) -> None:
    at = room_at(windows(quarter, day, now), purpose, now)
    if at is not None:
        assert at > now
        assert at in (next_quarter(now), next_midnight(now))


def test_headers_raise_what_is_counted_and_never_lower_it() -> None:
    said = usage(quarter=(30, 400), day=(500, 4000), read_quarter=(20, 200), read_day=(400, 2000))
    quarter, day = told(windows(quarter=25, day=600), said, refused=False)
    assert (quarter.used, quarter.read_used, quarter.limit, quarter.read_limit) == (30, 25, 400, 200)
    assert (day.used, day.read_used, day.left) == (600, 600, 1400)


def test_a_refusal_without_a_reason_closes_the_quarter_hour_and_leaves_the_day() -> None:
    quarter, day = told(windows(quarter=5, day=5), Usage(NOON), refused=True)
    assert quarter.left == 0
    assert day.left == 995


def test_a_refusal_whose_headers_show_room_closes_nothing() -> None:
    said = usage(read_quarter=(5, 100))
    assert told(windows(quarter=5, day=5), said, refused=True) == windows(quarter=5, day=5)


def test_at_this_pace_says_when_the_days_reads_end() -> None:
    _, day = windows(day=800)
    assert ends_at_this_pace(day, 100, timedelta(hours=2), NOON) == NOON + timedelta(hours=4)
    assert ends_at_this_pace(day, 10, timedelta(hours=2), NOON) is None
    assert ends_at_this_pace(day, 0, timedelta(hours=2), NOON) is None


def test_reads_that_are_used_up_end_now() -> None:
    _, day = windows(day=1200)
    assert ends_at_this_pace(day, 1, timedelta(hours=2), NOON) == NOON


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


@pytest.mark.real_data
def test_every_recorded_answer_is_read_and_leaves_room_where_strava_did(exports: Path) -> None:
    exchanges = json.loads((exports / "http" / "recorded_exchanges.json").read_text())
    known = 0
    for exchange in exchanges:
        said = Usage.from_headers({name: values[0] for name, values in exchange["headers"].items()}, NOON)
        limited = exchange["status"]["code"] == 429
        known += said.is_known
        if said.is_known:
            assert retry_at(NOON, said) == (datetime(2026, 11, 24, tzinfo=UTC) if limited else None)
    assert known > 60
