"""The ladder back: which step holds, how far a run goes on it, and what it waits for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.checks.return_from_break import RULE
from rules.diary import Absence, AbsenceKind, Diary
from rules.history import TrainingHistory
from rules.model import Activity
from rules.policy import evaluate
from rules.return_ladder import AFTER_A_MONTH, AFTER_MONTHS, AFTER_WEEKS, LadderStep, Wait, step
from tests.rules.builders import TODAY, history, run, runs
from tests.rules.drawn import picks


def day(ago: int) -> date:
    return TODAY.date() - timedelta(days=ago)


def before(last: int, km: float = 10) -> list[Activity]:
    """A year of three runs a week of that distance, the last one `last` days ago."""
    return runs(sorted(start + more for start in range(last, last + 364, 7) for more in (0, 2, 4)), km)


def unwell(kind: AbsenceKind, first: int, last: int | None = None) -> Diary:
    return Diary(absences=(Absence(kind, day(first), None if last is None else day(last)),))


def step_at(*parts, diary: Diary | None = None, **given) -> LadderStep | None:
    seen = history(*parts)
    return step(seen if diary is None else replace(seen, diary=diary), TODAY, **given)


def test_ordinary_weeks_and_a_week_off_need_no_steps():
    assert step_at(before(2)) is None
    assert step_at(before(14)) is None
    assert step_at() is None


def test_after_two_to_four_weeks_off_a_run_is_60_percent_of_the_longest_and_a_week_60_percent_of_the_mean():
    for days_off in (14, 28):
        found = step_at(before(days_off + 1))
        assert (found.number, found.of, found.run_m, found.week_m) == (1, 3, 6_000, 18_000)
        assert (found.code, found.break_days) == ("easy", days_off)


def test_after_more_than_four_weeks_it_begins_lower():
    found = step_at(before(30))
    assert (found.number, found.of, found.run_m) == (1, 4, 4_000)
    assert step_at(before(92)).of == 4


def test_after_more_than_three_months_it_begins_like_a_beginner():
    found = step_at(before(93, km=20))
    assert (found.number, found.of, found.run_m, found.week_m, found.code) == (1, 8, 3_000, 9_000, "run-walk")
    assert step_at(before(93, km=5)).run_m == 2_000


def test_a_beginners_steps_grow_slowly_and_mix_walking_in_at_first():
    seen = history(before(93, km=20), (run(-7 * week, 0.6) for week in range(9)))
    steps = [step(seen, TODAY + timedelta(days=7 * week)) for week in range(9)]
    assert steps[8] is None
    assert [one.run_m for one in steps[:8]] == [3_000, 3_000, 4_000, 4_000, 5_000, 6_000, 7_000, 8_000]
    assert [one.week_m for one in steps[:8]] == [3 * one.run_m for one in steps[:8]]
    assert [one.code for one in steps[:8]] == ["run-walk"] * 4 + ["easy"] * 4


@pytest.mark.parametrize(("days_back", "number"), [(0, 1), (6, 1), (7, 2), (13, 2), (14, 3), (27, 4)])
def test_each_week_with_a_run_is_one_step(days_back, number):
    assert step_at(before(days_back + 40), runs(range(days_back, -1, -3), 2)).number == number


def test_after_the_last_step_there_is_none():
    assert step_at(before(68), runs(range(28, -1, -3), 2)) is None


def test_a_week_without_a_run_is_no_step():
    assert step_at(before(60), run(20, 3), run(8, 3)).number == 3
    assert step_at(before(60), run(20, 3), run(12, 3)).number == 3
    assert step_at(before(60), run(13, 3)).number == 2


def test_in_the_first_week_a_run_is_no_longer_than_the_week_leaves():
    assert step_at(before(33), run(3, 4), run(1, 5)).run_m == 3_000
    over = step_at(before(33), run(3, 7), run(1, 7))
    assert (over.run_m, over.left_m) == (2_000, 0)


def test_later_weeks_only_say_how_much_they_leave():
    found = step_at(before(60), run(9, 4), runs([5, 3, 1], 5))
    assert (found.number, found.run_m, found.week_m, found.left_m) == (2, 5_500, 16_500, 1_500)


def test_a_lone_marathon_before_the_rest_does_not_raise_the_steps():
    assert step_at(run(20, 42.2), before(22, km=14)).run_m == pytest.approx(0.6 * 14_000)


def test_a_break_that_began_out_of_sight_has_steps_too():
    assert step_at(before(300)).run_m == 3_000
    assert step_at(before(300), run(0, 2)).break_days == 299
    assert step_at(before(731)) is None


def test_steps_are_the_same_of_a_years_history_and_of_what_is_seen_of_it():
    seen = history(before(170), runs(range(20, -1, -4), 3))
    assert step(seen, TODAY) == step(seen.as_seen_at(TODAY), TODAY)


# Injured or ill


@pytest.mark.parametrize("kind", [AbsenceKind.INJURED, AbsenceKind.ILL])
def test_who_is_injured_or_ill_waits_without_a_distance(kind):
    for history_before in (before(2), before(10), before(40)):
        found = step_at(history_before, diary=unwell(kind, 1))
        assert (found.number, found.run_m, found.waits_for.value) == (1, None, kind.value)


def test_an_illness_counts_from_its_first_day_to_its_last():
    for first, last, waits in ((0, None, True), (9, 0, True), (9, 1, False)):
        found = step_at(before(20), diary=unwell(AbsenceKind.ILL, first, last))
        assert (found.waits_for is Wait.ILL) is waits


def test_to_be_injured_outweighs_to_be_ill():
    both = Diary(absences=(Absence(AbsenceKind.INJURED, day(3)), Absence(AbsenceKind.ILL, day(2))))
    assert step_at(before(20), diary=both).waits_for is Wait.INJURED


@pytest.mark.parametrize("kind", [AbsenceKind.HOLIDAY, AbsenceKind.BUSY, AbsenceKind.OTHER_SPORT])
def test_any_other_absence_makes_nobody_wait(kind):
    assert step_at(before(10), diary=unwell(kind, 9)) is None
    assert step_at(before(20), diary=unwell(kind, 19)).run_m == 6_000


def test_after_an_illness_a_week_off_is_enough_for_steps():
    over = unwell(AbsenceKind.ILL, 7, 1)
    assert step_at(before(8), diary=over).run_m == 6_000
    assert step_at(before(8)) is None
    assert step_at(before(7), diary=over) is None
    assert step_at(before(8), runs(range(20, 8, -3)), diary=unwell(AbsenceKind.ILL, 60, 50)) is None


def test_an_illness_on_the_way_back_never_raises_the_step():
    back = [*before(60), *runs([13, 11, 9], 3)]
    over = unwell(AbsenceKind.ILL, 8, 1)
    assert step_at(back).run_m == pytest.approx(5_500)
    assert step_at(back, diary=over).run_m == pytest.approx(5_500)
    assert step_at(back, run(0, 3), diary=over).number == 2


def test_an_illness_long_over_needs_no_steps():
    assert step_at(before(2), diary=unwell(AbsenceKind.ILL, 300, 290)) is None


def test_with_red_pain_the_ladder_waits():
    found = step_at(before(20), red_pain=True)
    assert (found.run_m, found.waits_for) == (None, Wait.PAIN)
    assert step_at(before(2), red_pain=True) is None


# For every runner


distances = picks([km / 4 for km in range(4, 161)], 1, 40)


@given(distances, st.integers(14, 400))
def test_the_first_step_never_brings_a_message(kms, days_off):
    parts = [run(days_off + 1 + 2 * number, km) for number, km in enumerate(kms)]
    first = step_at(parts)
    assert first.run_m > 0
    seen = history(parts, run(0, round(first.run_m / 1000, 6)))
    assert evaluate(seen, seen.runs[-1], [RULE]).findings == ()


@given(distances, st.integers(14, 400))
def test_steps_only_rise_and_stay_below_what_was_run_before(kms, days_off):
    parts = [run(days_off + 1 + 2 * number, km) for number, km in enumerate(kms)]
    weeks = [run(-7 * week, 0.6) for week in range(9)]
    seen = TrainingHistory.of([*parts, *weeks])
    steps = [step(seen, TODAY + timedelta(days=7 * week)) for week in range(9)]
    taken = [one for one in steps if one is not None]
    assert [one.number for one in taken] == list(range(1, taken[0].of + 1))
    assert all(earlier.run_m <= later.run_m for earlier, later in pairwise(taken[1:]))
    assert all(one.run_m < max(kms) * 1000 for one in taken)


def test_every_ladder_rises_and_ends_below_the_whole():
    for shares in (AFTER_WEEKS, AFTER_A_MONTH, AFTER_MONTHS):
        assert list(shares) == sorted(set(shares))
        assert shares[-1] < 1
