"""Language, units and the first day of the week, from what a browser says of its person."""

from __future__ import annotations

import pytest

from service.web.regions import preferences


@pytest.mark.parametrize(
    ("header", "units", "first_weekday"),
    [
        ("en-US,en;q=0.9", "mi", 6),
        ("en-GB,en;q=0.9", "mi", 0),
        ("en-CA", "km", 6),
        ("de-DE,de;q=0.9,en-US;q=0.5", "km", 0),
        ("ar-EG", "km", 5),
        ("de-US", "mi", 6),
        ("zh-Hant-TW", "km", 6),
        ("de;q=0.5, en-US;q=0.9", "mi", 6),
        ("en", "km", 0),
        ("", "km", 0),
        ("*", "km", 0),
        ("xx-YY;q=nonsense,,,;", "km", 0),
        ("en-" + "U" * 5000, "km", 0),
    ],
)
def test_units_and_weeks_follow_the_region(header: str, units: str, first_weekday: int) -> None:
    found = preferences(header)
    assert (found.units, found.first_weekday) == (units, first_weekday)


def test_a_language_that_nobody_translated_is_english() -> None:
    assert preferences("tlh-KX,eo").language == "en"
