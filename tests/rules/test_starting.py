"""Who is only starting to run."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rules.starting import is_starting
from tests.rules.builders import TODAY, history, ordinary_weeks, run, run_at, runs

SECOND = timedelta(seconds=1)


def starting(*parts, at=TODAY) -> bool:
    return is_starting(history(*parts), at)


def test_who_has_not_run_yet_is_starting():
    assert starting()


def test_who_runs_ten_kilometres_every_third_day_is_not_starting():
    assert not starting(ordinary_weeks(10))


def test_whose_longest_run_of_twelve_weeks_is_under_five_kilometres_is_starting():
    assert starting(ordinary_weeks(4.9))
    assert not starting(ordinary_weeks(4.9), run(20, 5))


def test_a_first_run_of_five_kilometres_counts_at_once_including_the_one_just_run():
    assert not starting(ordinary_weeks(4), run(0, 5))
    assert starting(ordinary_weeks(4), run(-1, 5))


def test_under_six_runs_in_twelve_weeks_is_starting_and_six_are_not():
    assert starting(runs([2, 9, 16, 23, 30], 12))
    assert not starting(runs([2, 9, 16, 23, 30, 37], 12))


def test_who_comes_back_from_a_break_is_not_starting():
    assert not starting(run(100, 10), runs([2, 9], 10))
    assert not starting(runs(range(90, 150, 3), 10))


def test_short_runs_after_a_break_are_a_start_all_the_same():
    assert starting(runs(range(90, 150, 3), 10), runs([2, 9, 16], 4))


@pytest.mark.parametrize(
    ("ago", "expected"),
    [
        (timedelta(days=84), True),  # within the twelve weeks: nothing lies before them
        (timedelta(days=84) + SECOND, False),
        (timedelta(days=182), False),
        (timedelta(days=182) + SECOND, True),  # out of sight
    ],
)
def test_an_earlier_run_counts_if_it_lies_before_the_twelve_weeks_and_within_182_days(ago, expected):
    assert starting(run_at(TODAY - ago, 10), runs([2, 9], 10)) is expected


def test_a_long_run_exactly_twelve_weeks_ago_still_counts_and_a_second_earlier_does_not():
    assert not starting(ordinary_weeks(4), run(84, 12))
    assert starting(ordinary_weeks(4), run_at(TODAY - timedelta(days=84) - SECOND, 12))
