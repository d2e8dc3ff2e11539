"""streak, told sentence by sentence and at its exact limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.checks.streak import RULE
from rules.diary import CheckIn, Diary, WeeklyAnswer
from rules.model import Activity, Severity, Watch
from tests.rules.builders import TODAY, run, run_at, runs
from tests.rules.drawn import picks
from tests.rules.weeks import facts, found, told


def streaks(*days: int, ending: int = 0) -> list[Activity]:
    """Streaks of so many days each with one day off between them, oldest first; the last one reaches TODAY."""
    activities, ago = [], ending
    for length in reversed(days):
        activities += runs(range(ago, ago + length), 8)
        ago += length + 1
    return activities


def severity(activities: list[Activity], diary: Diary | None = None) -> Severity | None:
    finding = found(RULE, activities, diary or Diary())
    return None if finding is None else finding.severity


EVERY_OTHER_DAY = [1] * 40


@pytest.mark.parametrize(
    ("days", "expected"),
    [(5, None), (6, Severity.CAUTION), (9, Severity.CAUTION), (10, Severity.HIGH), (30, Severity.HIGH)],
)
def test_who_runs_every_other_day_hears_of_six_days_in_a_row_and_again_of_ten(days, expected):
    assert severity(streaks(*EVERY_OTHER_DAY, days)) is expected


@pytest.mark.parametrize(
    ("usual", "days", "expected"),
    [
        (6, 7, None),  # more than a day beyond the usual six is eight
        (6, 8, Severity.CAUTION),
        (6, 10, Severity.HIGH),
        (9, 10, Severity.HIGH),
        (10, 10, None),
        (10, 11, Severity.HIGH),
        (4, 6, Severity.CAUTION),
        (5, 6, None),
        (5, 7, Severity.CAUTION),
    ],
)
def test_a_streak_is_held_against_the_runners_own(usual, days, expected):
    assert severity(streaks(*[usual] * 12, days)) is expected


def test_one_long_streak_among_thirty_short_ones_is_not_what_is_usual():
    assert facts(RULE, streaks(9, *[2] * 30, 7))["usual_streak_days"] == 2
    assert facts(RULE, streaks(9, 9, 9, *[2] * 30, 12))["usual_streak_days"] == 9


def test_the_percentile_lies_between_two_lengths_where_it_must():
    # Of 11 lengths the 95th percentile lies halfway between the two longest: 2 and 5.
    assert facts(RULE, streaks(5, *[2] * 10, 9))["usual_streak_days"] == 3.5


def test_of_two_earlier_streaks_nearly_the_longer_one_is_usual():
    assert facts(RULE, streaks(16, 14, 18))["usual_streak_days"] == 15.9
    assert facts(RULE, streaks(19, *[1] * 10, 13))["usual_streak_days"] == 10
    assert facts(RULE, streaks(16, 13, 18))["usual_streak_days"] == 15.8  # 15.85, to a tenth


def test_the_finding_carries_its_numbers_and_is_named_after_its_last_day():
    finding = found(RULE, streaks(*[3] * 20, 8))
    assert (finding.rule, finding.key, finding.day) == ("streak", "2024-06-12", TODAY.date())
    assert dict(finding.facts) == {
        "streak_days": 8,
        "first_day": "2024-06-05",
        "usual_streak_days": 3,
        "threshold_days": 6,
        "complaint": False,
    }


@pytest.mark.parametrize(("usual", "days", "threshold"), [(6, 9, 8), (3, 12, 10), (11, 12, 12)])
def test_the_threshold_is_the_fewest_days_that_would_have_been_found_so(usual, days, threshold):
    assert facts(RULE, streaks(*[usual] * 10, days))["threshold_days"] == threshold
    assert severity(streaks(*[usual] * 10, threshold)) is severity(streaks(*[usual] * 10, days))
    assert severity(streaks(*[usual] * 10, threshold - 1)) is not severity(streaks(*[usual] * 10, days))


def test_a_day_off_ends_the_streak():
    assert severity(streaks(*EVERY_OTHER_DAY, 6, 1)) is None


def test_runs_under_two_kilometres_do_not_count():
    week = streaks(*EVERY_OTHER_DAY, 6)
    *before, last = sorted(week, key=lambda one: one.start_local)
    assert found(RULE, [*before, replace(last, distance_m=1_999.0, moving_time_s=720)]) is None
    assert severity([*before, replace(last, distance_m=2_000.0, moving_time_s=720)]) is Severity.CAUTION


def test_a_short_jog_in_between_neither_counts_nor_ends_what_was_found_the_day_before():
    six_days = streaks(*EVERY_OTHER_DAY, 6, ending=1)
    before, after = found(RULE, six_days), found(RULE, [*six_days, run(0, 1)])
    assert after.key == before.key
    assert after.facts["streak_days"] == 6


def test_two_days_after_its_last_run_a_streak_is_over():
    six_days = streaks(*EVERY_OTHER_DAY, 6, ending=2)
    assert found(RULE, [*six_days, run(0, 1)]) is None


def test_two_runs_on_a_day_are_one_day():
    doubles = [*streaks(*EVERY_OTHER_DAY, 5), *runs([0.2, 1.2, 2.2], 5)]
    assert severity(doubles) is None


def test_days_are_local_days_even_across_midnight_and_changed_clocks():
    late = [run_at(TODAY.replace(hour=23, minute=50) - timedelta(days=day), 8) for day in range(6)]
    assert severity([*streaks(*EVERY_OTHER_DAY, ending=7), *late]) is Severity.CAUTION


def test_only_streaks_of_the_last_182_days_are_usual():
    assert RULE.lookback_days == 182
    recent = streaks(*[1] * 14, 8)
    assert severity([*runs(range(150, 180), 8), *recent]) is None
    assert severity([*runs(range(182, 212), 8), *recent]) is Severity.CAUTION


def test_a_runner_may_set_own_days():
    later = replace(RULE, caution=8, high=14)
    assert found(later, streaks(*EVERY_OTHER_DAY, 7)) is None
    assert found(later, streaks(*EVERY_OTHER_DAY, 8)).severity is Severity.CAUTION
    assert found(later, streaks(*EVERY_OTHER_DAY, 14)).severity is Severity.HIGH


# Who runs every day on purpose

DECLARED = Diary(streak_runner=True)


def aching(pain: int, ago: float, **given) -> Diary:
    return replace(DECLARED, check_ins=(CheckIn(TODAY - timedelta(days=ago), "calf", pain),), **given)


def tired(ago: int, *, changed: int = 0, felt: int = 0) -> Diary:
    return replace(DECLARED, weekly=(WeeklyAnswer((TODAY - timedelta(days=ago)).date(), 0, changed, felt),))


def test_a_declared_streak_runner_is_left_alone():
    assert severity(streaks(*EVERY_OTHER_DAY, 30), DECLARED) is None
    assert severity(runs(range(182), 8), DECLARED) is None


def test_a_declared_streak_runner_who_tells_of_pain_hears_of_the_streak():
    assert severity(runs(range(182), 8), aching(3, ago=1)) is Severity.CAUTION
    assert severity(runs(range(182), 8), aching(2, ago=1)) is None


@pytest.mark.parametrize(("ago", "expected"), [(0, Severity.CAUTION), (6, Severity.CAUTION), (7, None)])
def test_a_complaint_counts_for_seven_days(ago, expected):
    assert severity(runs(range(182), 8), aching(5, ago=ago)) is expected
    assert severity(runs(range(182), 8), tired(ago, felt=2)) is expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [({"felt": 1}, None), ({"changed": 1}, None), ({"felt": 2}, Severity.CAUTION), ({"changed": 2}, Severity.CAUTION)],
)
def test_a_week_that_was_clearly_felt_or_changed_is_a_complaint(answer, expected):
    assert severity(runs(range(182), 8), tired(2, **answer)) is expected


def test_even_with_pain_a_streak_of_five_days_is_not_spoken_of():
    assert severity(streaks(*EVERY_OTHER_DAY, 5), aching(5, ago=1)) is None
    assert severity(streaks(*EVERY_OTHER_DAY, 6), aching(5, ago=1)) is Severity.CAUTION


def test_the_finding_says_whether_there_was_a_complaint():
    assert facts(RULE, runs(range(182), 8), aching(5, ago=1))["complaint"] is True


# What it needs, what it says it can do


def state(activities: list[Activity], diary: Diary | None = None, at=TODAY):
    return RULE.state(told(activities, diary or Diary()), at)


@pytest.mark.parametrize(("before", "expected"), [(27, None), (28, Severity.CAUTION)])
def test_it_needs_28_days_of_history_before_the_streak(before, expected):
    week = runs(range(6), 8)
    assert severity([*week, run(5 + before, 8)]) is expected


def test_a_new_runner_is_told_how_many_days_are_missing():
    assert (state([]).watch, state([]).missing_days) == (Watch.LEARNING, 28)
    assert state([run(10, 8), run(5, 8)]).missing_days == 18
    assert state([run(27, 8), run(5, 8)]).missing_days == 1
    assert state([run(28, 8), run(5, 8)]).watch is Watch.WATCHING


def test_it_cannot_tell_what_is_usual_for_who_has_run_every_day_it_can_see():
    every_day = state(runs(range(182), 8))
    assert (every_day.watch, every_day.why) == (Watch.CANNOT_WATCH, "one-long-streak")
    assert severity(runs(range(182), 8)) is None


def test_after_28_days_that_are_all_run_days_it_still_learns_and_after_29_it_says_why_it_cannot():
    assert (state(runs(range(28), 8)).watch, state(runs(range(28), 8)).missing_days) == (Watch.LEARNING, 1)
    assert state(runs(range(29), 8)).watch is Watch.CANNOT_WATCH


def test_it_watches_a_declared_streak_runner_for_complaints():
    assert state(runs(range(182), 8), DECLARED).watch is Watch.WATCHING


def test_runs_without_any_distance_cannot_be_watched_and_it_says_why():
    blind = state(runs(range(2, 60, 3), distance_m=None))
    assert (blind.watch, blind.why) == (Watch.CANNOT_WATCH, "no-distance")


streak_lengths = picks(range(1, 15), 1, 30)


@given(streak_lengths)
def test_a_streak_no_longer_than_all_others_is_never_found(lengths):
    assert severity(streaks(*lengths, min(lengths))) is None


@given(streak_lengths, st.integers(1, 20))
def test_a_longer_streak_is_never_found_milder(lengths, days):
    shorter, longer = (severity(streaks(*lengths, one)) or 0 for one in (days, days + 1))
    # Beyond 182 days an earlier streak leaves the sight, which may only lower what is usual.
    assert longer >= shorter or sum(lengths) + len(lengths) + days >= 170
