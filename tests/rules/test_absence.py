"""Absence: one question about one gap, at the right time, and what its answer opens."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given

from rules.absence import AbsenceQuestion, question_due, return_state
from rules.diary import Absence, AbsenceKind, Diary
from rules.history import TrainingHistory
from rules.model import Activity
from tests.rules.builders import TODAY, run, runs
from tests.rules.drawn import picks

DAY = TODAY.date()
HOUR = 3600


def due(*activities: Activity, at=TODAY, asked=(), absences=()) -> AbsenceQuestion | None:
    history = TrainingHistory.of(activities, diary=Diary(absences=tuple(absences)))
    return question_due(history, at, frozenset(asked))


def every(days: int, last: int, weeks: int = 9) -> list[Activity]:
    """A run every so many days for nine weeks, the last one `last` days ago."""
    return runs(range(last, last + 7 * weeks, days), 8)


def absent(kind: AbsenceKind, first: int, last: int | None = None) -> Absence:
    """From and to so many days ago."""
    return Absence(kind, DAY - timedelta(days=first), None if last is None else DAY - timedelta(days=last))


# When


def test_after_10_days_without_a_run_a_regular_runner_is_asked():
    assert due(*every(3, last=9)) is None
    question = due(*every(3, last=10))
    assert question is not None
    assert (question.key, question.last_day, question.days) == ("2024-06-02", DAY - timedelta(days=10), 10)
    assert question.kinds == ("injured", "ill", "holiday", "other-sport", "busy")
    assert not question.other_sport


@pytest.mark.parametrize(("gap", "first_asked"), [(4, 10), (5, 10), (6, 12), (7, 14)])
def test_who_runs_rarely_is_asked_after_twice_the_own_longest_gap(gap, first_asked):
    assert due(*every(gap, last=first_asked - 1)) is None
    assert due(*every(gap, last=first_asked)) is not None


def test_one_long_gap_of_the_last_eight_weeks_is_the_measure():
    with_a_gap = [one for one in every(2, last=15) if not 20 <= (TODAY - one.start_local).days <= 26]
    assert due(*with_a_gap) is None
    later = TODAY + timedelta(days=1)
    assert due(*with_a_gap, at=later) is not None


def test_a_run_in_each_of_the_eight_weeks_before_is_needed():
    once_a_week = [run(14 + 7 * ago, 8) for ago in range(8)]
    assert due(*once_a_week) is not None
    assert due(*once_a_week[:7]) is None
    assert due(*[one for at, one in enumerate(once_a_week) if at != 4], run(14 + 62, 8)) is None
    assert due() is None
    assert due(run(20)) is None


def test_the_eight_weeks_are_56_days_with_the_last_run_day():
    seven_weeks = [run(26 + 7 * ago, 8) for ago in range(7)]
    assert due(*seven_weeks, run(26 + 55, 8)) is not None
    assert due(*seven_weeks, run(26 + 56, 8)) is None


def test_a_run_that_begins_at_this_moment_ends_the_gap():
    assert due(*every(3, last=10), run(0)) is None
    assert due(*every(3, last=10), run(0, distance_m=None)) is None


def test_runs_without_a_distance_are_runs():
    assert due(*every(3, last=10), run(3, distance_m=None)) is None
    assert due(*runs(range(10, 80, 3), distance_m=None)) is not None


def test_what_lies_ahead_is_not_known():
    assert due(*every(3, last=10), run(-1)) is not None


def test_each_gap_is_asked_about_once():
    question = due(*every(3, last=10))
    assert due(*every(3, last=10), asked=(question.key,)) is None
    assert due(*every(3, last=10), at=TODAY + timedelta(days=30), asked=(question.key,)) is None
    assert due(*every(3, last=10), asked=("2024-01-01",)) is not None


def test_who_has_said_why_is_not_asked():
    assert due(*every(3, last=20), absences=[absent(AbsenceKind.HOLIDAY, 19)]) is None
    assert due(*every(3, last=20), absences=[absent(AbsenceKind.HOLIDAY, 19, -3)]) is None
    assert due(*every(3, last=20), absences=[absent(AbsenceKind.HOLIDAY, 0)]) is None


def test_after_an_absence_is_over_the_days_are_counted_from_its_end():
    assert due(*every(3, last=25), absences=[absent(AbsenceKind.HOLIDAY, 24, 9)]) is None
    assert due(*every(3, last=25), absences=[absent(AbsenceKind.HOLIDAY, 24, 10)]) is not None


def test_an_absence_of_earlier_or_of_later_explains_nothing():
    assert due(*every(3, last=10), absences=[absent(AbsenceKind.ILL, 40, 30)]) is not None
    assert due(*every(3, last=10), absences=[absent(AbsenceKind.ILL, 12, 10)]) is not None
    assert due(*every(3, last=10), absences=[absent(AbsenceKind.HOLIDAY, -2)]) is not None


# Other sport


def ride(ago: float, hours: float | None, **given) -> Activity:
    seconds = None if hours is None else round(hours * HOUR)
    times = {"moving_time_s": seconds, "elapsed_time_s": seconds}
    return run(ago, 30, sport="Ride", **times | given)


def test_three_hours_a_week_of_other_sport_change_the_words_and_not_the_time():
    regular = every(3, last=14)
    assert due(*regular, ride(8, 3), ride(2, 3)).other_sport
    just_less = due(*regular, ride(8, 3), ride(2, 2.99))
    assert (just_less.other_sport, just_less.other_hours) == (False, 3.0)
    assert due(*every(3, last=9), ride(5, 20)) is None


def test_only_sport_of_the_gap_counts():
    regular = every(3, last=14)
    assert due(*regular, ride(14, 9), ride(-0.5, 9)).other_hours == 0
    assert due(*regular, ride(13, 6)).other_sport
    assert due(*regular, ride(13, 2.5)).other_hours == 1.2
    assert due(*regular, ride(0, 6)).other_sport


def test_elapsed_time_stands_in_and_a_watch_left_running_does_not_count():
    regular = every(3, last=14)
    assert due(*regular, ride(5, None, elapsed_time_s=6 * HOUR)).other_sport
    assert due(*regular, ride(5, 24)).other_sport
    assert due(*regular, ride(5, 24.001)).other_hours == 0
    assert due(*regular, ride(5, None)).other_hours == 0
    assert due(*regular, ride(5, -3)).other_hours == 0


def test_a_session_recorded_twice_counts_once():
    regular = every(3, last=14)
    assert due(*regular, ride(5, 3, id=1), ride(4.99, 3, id=2)).other_hours == 1.5
    assert due(*regular, ride(5, 3, id=1), ride(4.875, 3, id=2)).other_sport  # the second begins as the first ends


@given(picks(range(91), 0, 40), picks([None, 0, 5, 21_709], 40, 40))
def test_odd_histories_bring_a_question_or_none(days_ago, kilometres):
    activities = [run(ago, km, id=at) for at, (ago, km) in enumerate(zip(days_ago, kilometres, strict=False))]
    question = due(*activities)
    assert question is None or question.days >= 10


# Return


@pytest.mark.parametrize("kind", list(AbsenceKind))
def test_injured_and_ill_open_the_return_state_and_nothing_else_does(kind):
    opened = return_state(Diary(absences=(absent(kind, 5),)), TODAY)
    assert (opened is not None) is (kind in ("injured", "ill"))


def test_it_stands_for_three_weeks_after_the_end():
    assert return_state(Diary(absences=(absent(AbsenceKind.ILL, 40, 21),)), TODAY).last_day == DAY - timedelta(days=21)
    assert return_state(Diary(absences=(absent(AbsenceKind.ILL, 40, 22),)), TODAY) is None
    assert return_state(Diary(absences=(absent(AbsenceKind.ILL, -1),)), TODAY) is None
    assert return_state(Diary(absences=(absent(AbsenceKind.ILL, 0),)), TODAY).last_day is None
    assert return_state(Diary(), TODAY) is None


def test_of_several_the_newest_counts_and_of_one_day_the_injury():
    ill, injured = absent(AbsenceKind.ILL, 5), absent(AbsenceKind.INJURED, 9)
    assert return_state(Diary(absences=(ill, injured)), TODAY).kind is AbsenceKind.ILL
    same_day = absent(AbsenceKind.INJURED, 5)
    assert return_state(Diary(absences=(ill, same_day)), TODAY).kind is AbsenceKind.INJURED
