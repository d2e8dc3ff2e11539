"""Whom to call, where the runner is; and what no page claims before a clinician has read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.messages.emergency import country_of, emergency_number, urgent_line
from service.messages.review import REVIEWED_BY, review_note

DECISIONS = Path(__file__).parents[3] / "docs" / "decisions"


@pytest.mark.parametrize(
    ("zone", "number"),
    [
        ("Europe/Berlin", "112"),
        ("Europe/London", "999 (elsewhere 112)"),
        ("America/New_York", "911 (elsewhere 112)"),
        ("US/Eastern", "911 (elsewhere 112)"),
        ("America/Toronto", "911 (elsewhere 112)"),
        ("Australia/Sydney", "000 (elsewhere 112)"),
        ("Pacific/Auckland", "111 (elsewhere 112)"),
        ("Europe/Zurich", "144 (elsewhere 112)"),
        ("Asia/Calcutta", "112"),
        ("Asia/Tokyo", "119 (elsewhere 112)"),
    ],
)
def test_the_number_is_that_of_the_country_of_the_latest_run(zone, number):
    assert emergency_number(country_of(zone)) == number


@pytest.mark.parametrize("zone", ["UTC", "Etc/GMT+5", "Antarctica/Troll", "Nowhere/Land", ""])
def test_where_the_country_is_not_known_all_three_numbers_stand(zone):
    assert emergency_number(country_of(zone)) == "112, in the UK 999, in North America 911"


def test_a_line_for_urgent_advice_is_named_only_where_there_is_one():
    assert urgent_line("GB") == "(your GP or 111)"
    assert urgent_line("DE") == "(your doctor, or call 116117)"
    assert urgent_line("US") == ""
    assert urgent_line("") == "(in the UK your GP or 111)"


def test_the_pages_say_that_no_clinician_has_reviewed_them_until_one_is_recorded():
    records = "".join(file.read_text("utf-8") for file in DECISIONS.glob("*.md"))
    if REVIEWED_BY is None:
        assert "Not yet reviewed by a clinician" in review_note()
    else:
        assert REVIEWED_BY in records
        assert review_note() == ""
