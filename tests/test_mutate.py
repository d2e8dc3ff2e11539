"""What `make mutate` makes of mutmut's results: what counts as noticed, when it fails, and which reasons are given."""

from __future__ import annotations

import pytest

from tests.mutate import UNEXPLAINED, Reason, Survivor, page, reasons, summary

PLACE = "rules/load.py"


def of(**counts: int) -> dict[str, dict[str, str]]:
    """So many mutants of each outcome."""
    names = [name.replace("_", " ") for name, count in counts.items() for _ in range(count)]
    return {PLACE: {f"rules.load.x_monotony__mutmut_{number}": name for number, name in enumerate(names)}}


@pytest.mark.parametrize(("killed", "met"), [(899, False), (900, True), (1000, True)])
def test_nine_of_ten_have_to_be_noticed(killed: int, met: bool):
    assert summary(of(killed=killed, survived=1000 - killed))["met"] is met


def test_only_a_failed_test_counts_as_noticed():
    figures = summary(of(killed=6, survived=1, timeout=1, no_tests=1, suspicious=1))
    assert figures == {
        "killed": 6,
        "survived": 1,
        "timeout": 1,
        "no_tests": 1,
        "total": 10,
        "share": 0.6,
        "goal": 0.9,
        "met": False,
    }


def test_where_nothing_was_changed_nothing_is_met():
    assert summary({})["met"] is False


def test_a_survivor_stands_under_its_reason_and_without_one_is_said_to_be_unexplained():
    known, unknown = Survivor(PLACE, "monotony", "a > 0", "a > 1"), Survivor(PLACE, "strain", "b", "c")
    outcomes = of(killed=8, survived=2)
    written = page(summary(outcomes), outcomes, [unknown, known], [Reason("Too small", "None is smaller.", ("> 1$",))])
    small, unexplained = written.index("## Too small"), written.index(f"## {UNEXPLAINED}")
    assert small < written.index("`a > 0`") < unexplained < written.index("`b`")
    assert "| rules/load.py | 10 | 8 | 80.0% |" in written


def test_every_reason_is_given_with_a_sentence():
    listed = reasons()
    assert len({one.title for one in listed}) == len(listed) > 3
    assert all(one.why.strip().endswith(".") and one.mutants for one in listed)
