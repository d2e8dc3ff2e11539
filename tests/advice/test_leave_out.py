"""What to leave out: only what follows from the answers is kept."""

from __future__ import annotations

from itertools import chain, combinations

import pytest

from rules.advice.leave_out import ANSWERS, UnknownAnswer, exclusions_of
from rules.diary import Exclusions

EVERY_COMBINATION = list(chain.from_iterable(combinations(ANSWERS, size) for size in range(len(ANSWERS) + 1)))


@pytest.mark.parametrize(
    ("ticked", "sets"),
    [
        ("pregnant", ("C1",)),
        ("gave-birth", ("C1",)),
        ("bones", ("C1",)),
        ("shoulder", ("C2",)),
        ("spine-or-ribs", ("C1", "C3", "C4")),
        ("dizziness", ("C5",)),
    ],
)
def test_each_answer_rules_out_its_sets(ticked, sets):
    assert exclusions_of([ticked]).sets == sets


def test_who_has_nothing_to_leave_out_was_asked_all_the_same():
    assert exclusions_of([]) == Exclusions((), expecting=False)


def test_of_several_answers_everything_is_left_out_that_any_of_them_asks_for():
    for ticked in EVERY_COMBINATION:
        kept = exclusions_of(ticked)
        assert set(kept.sets) == {one for code in ticked for one in exclusions_of([code]).sets}
        assert kept.expecting is bool({"pregnant", "gave-birth"} & set(ticked))


def test_what_is_kept_does_not_say_which_answer_it_came_from():
    assert exclusions_of(["bones", "pregnant"]) == exclusions_of(["pregnant"]) == exclusions_of(["gave-birth"])


def test_an_unknown_answer_is_refused_with_those_there_are():
    with pytest.raises(UnknownAnswer, match="'knee' is none of pregnant"):
        exclusions_of(["shoulder", "knee"])
