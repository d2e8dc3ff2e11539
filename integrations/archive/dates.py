"""Dates as Strava's exports write them, in every language: pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from integrations.archive.languages import folded

#: No date is longer; what is, is not worth a regular expression.
_LONGEST = 60

_TIME = r"(?:,\s*|\s+)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?\s*(?:(?P<half>[ap])\.?\s?m\.?)?"
_SHAPES = tuple(
    re.compile(date + _TIME)
    for date in (
        r"(?P<month>[^\W\d_]+)\.?\s+(?P<day>\d{1,2}),?\s+(?P<year>\d{4})",  # Apr 10, 2015
        r"(?P<day>\d{1,2})\.?\s+(?:de\s+)?(?P<month>[^\W\d_]+)\.?\s+(?:de\s+)?(?P<year>\d{4})",  # 23 jun. 2017
        r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})",  # 02.08.2024
    )
)


def read_date(text: str, month_of: Mapping[str, int]) -> datetime:
    """The naive moment that a cell names, to the second; `ValueError` where it names none.

    An offset or a `Z` at the end is dropped: Strava's local times end in a false one.
    """
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None, microsecond=0)
    except ValueError:
        return _worded(folded(text[:_LONGEST]), month_of)


def _worded(text: str, month_of: Mapping[str, int]) -> datetime:
    for shape in _SHAPES:
        if match := shape.fullmatch(text):
            month = match["month"]
            return datetime(
                int(match["year"]),
                int(month) if month.isdecimal() else month_of.get(month, 0),
                int(match["day"]),
                _hour(int(match["hour"]), match["half"]),
                int(match["minute"]),
                int(match["second"] or 0),
            )
    raise ValueError("no date")


def _hour(hour: int, half: str | None) -> int:
    """The hour of 24: noon is 12 p.m., midnight 12 a.m."""
    if half is None or hour > 12:
        return hour
    return hour % 12 + (12 if half == "p" else 0)
