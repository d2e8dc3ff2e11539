"""return-from-break, told sentence by sentence and at its exact limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from rules.checks.return_from_break import RULE
from rules.diary import Absence, AbsenceKind, Diary
from rules.model import Activity, Finding, Severity, Watch
from rules.policy import Outcome, Reason, evaluate
from rules.replay import replay
from tests.rules.builders import TODAY, history, last_run, run, run_at, runs


def regular_weeks(last: int, km: float = 10, days: int = 84, every: int = 7) -> list[Activity]:
    """Three runs of that distance every 7 days, for that many days; the last one `last` days ago."""
    return runs(sorted(ago + more for ago in range(last, last + days, every) for more in (0, 2, 4)), km)


def found(*parts, diary: Diary | None = None) -> Finding | None:
    """What the rule says of the last of these runs, by what may be seen then."""
    seen = history(*parts)
    seen = seen if diary is None else replace(seen, diary=diary)
    findings = evaluate(seen, last_run(seen), [RULE]).findings
    return findings[0] if findings else None


def severity(*parts) -> Severity | None:
    finding = found(*parts)
    return None if finding is None else finding.severity


# The first run


@pytest.mark.parametrize("weeks", [3, 9, 16, 40])
def test_after_every_length_of_break_a_too_long_first_run_is_answered(weeks):
    thirty_km_a_week = regular_weeks(weeks * 7, days=300)
    assert severity(thirty_km_a_week, run(0, 9)) is Severity.CAUTION
    assert severity(thirty_km_a_week, run(0, 7)) is None


@pytest.mark.parametrize("weeks", [3, 9, 16, 40])
def test_and_it_is_told_although_little_history_is_left_in_sight(weeks):
    decisions = list(replay(history(regular_weeks(weeks * 7, days=300), run(0, 9)), [RULE]))
    assert [(one.outcome, one.reason) for one in decisions] == [(Outcome.TOLD, None)]


def test_beyond_24_months_there_is_nothing_to_compare_with():
    assert severity(regular_weeks(731), run(0, 20)) is None


@pytest.mark.parametrize(
    ("days_ago", "km", "expected"),
    [
        (21, 7.5, None),  # exactly 75 %
        (21, 7.501, Severity.CAUTION),
        (21, 20.0, Severity.CAUTION),
        (28, 10.001, Severity.CAUTION),  # 27 days off
        (29, 10.0, Severity.CAUTION),  # 28 days off, exactly 100 %
        (29, 10.001, Severity.HIGH),
    ],
)
def test_it_speaks_above_75_percent_and_more_clearly_above_all_of_it_after_four_weeks(days_ago, km, expected):
    assert severity(regular_weeks(days_ago), run(0, km)) is expected


@pytest.mark.parametrize(("days_ago", "expected"), [(14, None), (15, Severity.CAUTION)])
def test_it_takes_fourteen_whole_days_off(days_ago, expected):
    assert severity(regular_weeks(days_ago), run(0, 9)) is expected


def test_the_first_run_is_compared_with_the_longest_of_84_days():
    weeks = regular_weeks(20)
    assert severity(weeks, run(20 + 83, 20), run(0, 9)) is None
    assert severity(weeks, run(20 + 84, 20), run(0, 9)) is Severity.CAUTION


def test_runners_of_less_than_10_km_a_week_are_left_alone():
    below, exactly = runs(range(20, 104, 7), 9.999), runs(range(20, 104, 7), 10)
    assert severity(below, run(0, 20)) is None
    assert severity(exactly, run(0, 20)) is Severity.CAUTION


def test_six_runs_before_the_break_are_needed():
    assert severity(runs([20, 23, 26, 29, 32], 15), run(0, 14)) is None
    assert severity(runs([20, 23, 26, 29, 32, 35], 15), run(0, 14)) is Severity.CAUTION


def test_28_days_of_history_are_not_needed():
    assert RULE.needs_history is False
    assert severity(runs([20, 22, 24, 26, 28, 30], 10), run(0, 9)) is Severity.CAUTION


def test_ordinary_weeks_and_a_week_off_pass_in_silence():
    assert severity(regular_weeks(2), run(0, 30)) is None
    assert severity(regular_weeks(9), run(0, 30)) is None


def test_the_first_run_of_a_life_is_not_judged():
    assert severity(run(0, 30)) is None


def test_who_ran_without_a_distance_was_not_off():
    assert severity(regular_weeks(21), runs([18, 14, 10, 5], distance_m=None), run(0, 10)) is None


def test_a_correction_of_the_first_run_takes_it_back():
    assert severity(regular_weeks(21), run(0, 10)) is Severity.CAUTION
    assert severity(regular_weeks(21), run(0, 1)) is None


# The first 7 days


def test_the_first_seven_days_together_are_compared_with_the_mean_week():
    weeks = regular_weeks(30)  # 30 km a week
    first_three = runs([6, 4, 2], 7.4)
    assert severity(weeks, first_three) is None
    finding = found(weeks, first_three, run(0, 3))
    assert (finding.severity, finding.facts["basis"]) == (Severity.CAUTION, "first-7-days")
    assert finding.facts["first_7_days_m"] == 25_200
    assert finding.key == str(run(0, 3).id)


def test_after_the_first_seven_days_it_is_silent():
    assert severity(regular_weeks(30), runs([7, 5, 3], 7), run(0, 9)) is None
    assert severity(regular_weeks(30), runs([6, 5, 3], 7), run(0, 9)) is Severity.CAUTION


def test_what_was_said_of_the_first_run_is_not_said_again_of_the_next():
    weeks = regular_weeks(30)
    assert severity(weeks, run(4, 9)) is Severity.CAUTION
    assert severity(weeks, run(4, 9), run(2, 9)) is None
    assert severity(weeks, run(4, 9), run(2, 9), run(0, 9)) is None


def test_but_more_is_said_when_it_becomes_more():
    weeks, first = regular_weeks(40), run(4, 9)
    assert severity(weeks, first, run(2, 12)) is None
    assert severity(weeks, first, run(2, 12), run(0, 12)) is Severity.HIGH


def test_a_later_run_is_not_compared_with_the_longest():
    assert severity(regular_weeks(30), run(3, 4), run(0, 10)) is None


def test_a_first_run_that_is_most_of_a_week_is_compared_with_the_week():
    long_runs = runs(range(30, 114, 10), 14)  # 10.5 km a week
    finding = found(long_runs, run(0, 10))
    assert (finding.facts["basis"], finding.facts["percent"]) == ("first-7-days", 95.2)
    daily = runs(range(30, 114), 5)
    assert found(daily, run(0, 5)).facts["basis"] == "first-run"


# What it tells


def test_the_finding_carries_its_numbers():
    finding = found(runs(range(30, 114, 2), 8), run(44, 12), run(0, 13.04))
    assert finding is not None
    assert (finding.rule, finding.key, finding.day) == ("return-from-break", str(run(0).id), TODAY.date())
    assert finding.severity is Severity.HIGH
    assert dict(finding.facts) == {
        "basis": "first-run",
        "distance_m": 13_040,
        "first_7_days_m": 13_040,
        "longest_m": 12_000,
        "base_week_m": 28_333.3,
        "percent": 108.7,
        "threshold_percent": 100,
        "break_days": 29,
        "last_day": run(30).local_day.isoformat(),
        "runs_compared": 42,
        "absence": None,
        "other_sport": False,
    }


def test_distances_are_given_to_a_tenth_of_a_metre_and_shares_to_a_tenth_of_a_percent():
    seen = history(regular_weeks(22), run(2, 3.00013), run(0, 22.00014))
    finding = replace(RULE, caution=0.75432).check(seen, last_run(seen))
    given = [finding.facts[name] for name in ("first_7_days_m", "percent", "threshold_percent")]
    assert (finding.severity, given) == (Severity.CAUTION, [25_000.3, 83.3, 75.4])


def test_a_first_run_as_long_as_the_longest_and_as_the_week_is_compared_with_the_run():
    one_a_week = runs(range(20, 104, 7), 10)
    finding = found(one_a_week, run(0, 9))
    assert (finding.facts["basis"], finding.facts["percent"]) == ("first-run", 90)


def test_a_base_a_few_centimetres_below_ten_kilometres_a_week_is_below_it():
    almost = runs(range(20, 104, 7), 9.9998)
    assert severity(almost, run(0, 9)) is None
    assert RULE.state(history(almost), TODAY).why == "base-too-small"


def test_what_is_run_later_never_changes_what_is_said_of_the_first_run():
    weeks = regular_weeks(30)
    first = last_run(history(weeks, run(6, 9)))
    alone, followed = history(weeks, run(6, 9)), history(weeks, run(6, 9), run(4, 20), run(2, 20))
    assert RULE.check(followed, first) == RULE.check(alone, first) is not None


@pytest.mark.parametrize("kind", list(AbsenceKind))
def test_why_the_runner_paused_is_in_the_facts_and_changes_no_threshold(kind):
    told = Diary(absences=(Absence(kind, TODAY.date() - timedelta(days=12), TODAY.date() - timedelta(days=1)),))
    finding = found(regular_weeks(21), run(0, 9), diary=told)
    assert (finding.severity, finding.facts["absence"]) == (Severity.CAUTION, kind.value)
    assert finding.facts["other_sport"] is (kind is AbsenceKind.OTHER_SPORT)
    assert found(regular_weeks(21), run(0, 7), diary=told) is None


def test_an_absence_before_or_after_the_break_is_not_its_reason():
    day = TODAY.date()
    earlier = Absence(AbsenceKind.ILL, day - timedelta(days=60), day - timedelta(days=21))
    later = Absence(AbsenceKind.HOLIDAY, day)
    assert found(regular_weeks(21), run(0, 9), diary=Diary(absences=(earlier, later))).facts["absence"] is None
    last_day_off = Absence(AbsenceKind.HOLIDAY, day - timedelta(days=1))
    assert found(regular_weeks(21), run(0, 9), diary=Diary(absences=(last_day_off,))).facts["absence"] == "holiday"
    lasting = Absence(AbsenceKind.BUSY, day - timedelta(days=60))
    assert found(regular_weeks(21), run(0, 9), diary=Diary(absences=(lasting,))).facts["absence"] == "busy"


def rides(hours: float, days_ago: list[int]) -> list[Activity]:
    return runs(days_ago, 30, sport="Ride", moving_time_s=round(hours * 3600))


@pytest.mark.parametrize(("hours", "expected"), [(1.42, False), (1.43, True)])
def test_three_hours_a_week_of_other_sport_in_the_break_are_in_the_facts(hours, expected):
    cycled = rides(hours, [2, 5, 9, 12, 16, 19])  # six rides in 20 days: 2.1 a week
    finding = found(regular_weeks(21), cycled, run(0, 9))
    assert (finding.severity, finding.facts["other_sport"]) == (Severity.CAUTION, expected)


def test_exactly_three_hours_a_week_are_enough():
    assert found(regular_weeks(22), rides(3, [5, 10, 15]), run(0, 9)).facts["other_sport"] is True


def test_sessions_without_a_moving_time_count_by_their_elapsed_time():
    untimed = [replace(one, moving_time_s=None, elapsed_time_s=3 * 3600) for one in rides(3, [5, 10, 15])]
    assert found(regular_weeks(22), untimed, run(0, 9)).facts["other_sport"] is True
    unknown = [replace(one, moving_time_s=None, elapsed_time_s=None) for one in untimed]
    assert found(regular_weeks(22), unknown, run(0, 9)).facts["other_sport"] is False


def test_other_sport_before_and_after_the_break_does_not_count():
    cycled = rides(9, [25, 40, 22, -0.1])
    assert found(regular_weeks(22), cycled, run(0, 9)).facts["other_sport"] is False


@pytest.mark.parametrize(("hours", "expected"), [(24, True), (24.01, False), (-24, False)])
def test_a_watch_left_running_is_no_session(hours, expected):
    assert found(regular_weeks(21), rides(hours, [10]), run(0, 9)).facts["other_sport"] is expected


def test_a_watch_left_running_is_not_even_an_hour_however_often():
    assert found(regular_weeks(21), rides(24.01, list(range(2, 20))), run(0, 9)).facts["other_sport"] is False


def test_a_ride_on_the_day_of_the_return_is_not_part_of_the_break():
    ride_before_breakfast = run(0.1, 30, sport="Ride", moving_time_s=12 * 3600)
    assert found(regular_weeks(21), ride_before_breakfast, run(0, 9)).facts["other_sport"] is False


def test_of_a_long_break_the_sport_in_sight_counts():
    cycled = rides(3, list(range(1, 181, 7)))
    assert found(regular_weeks(300), cycled, run(0, 9)).facts["other_sport"] is True


def test_it_speaks_of_a_run_and_then_rests_two_weeks():
    assert (RULE.about_period, RULE.quiet_days, RULE.lookback_days, RULE.version) == (False, 14, 182, 1)


def test_its_thresholds_can_be_moved_within_bounds():
    assert dict(RULE.bounds) == {"caution": (0.6, 0.95), "high": (1.0, 1.5)}


def test_other_thresholds_are_another_rule_of_the_same_kind():
    seen = history(regular_weeks(21), run(0, 9))
    assert replace(RULE, caution=0.95).check(seen, last_run(seen)) is None


def test_a_runner_told_of_injury_is_not_told_of_distance_while_it_lasts():
    told = Diary(absences=(Absence(AbsenceKind.INJURED, TODAY.date() - timedelta(days=12)),))
    seen = replace(history(regular_weeks(21), run(0, 9)), diary=told)
    assert [one.reason for one in replay(seen, [RULE])] == [Reason.INJURED]


# What it can do for this runner


def state(*parts, at=TODAY):
    return RULE.state(history(*parts).as_seen_at(at), at)


def test_a_regular_runner_is_watched_and_so_is_one_in_a_break():
    assert state(regular_weeks(2)).watch is Watch.WATCHING
    assert state(regular_weeks(60)).watch is Watch.WATCHING
    assert state(regular_weeks(300)).watch is Watch.WATCHING


def test_long_after_the_return_the_running_since_then_counts():
    assert state(regular_weeks(150), regular_weeks(2, km=2, days=60)).why == "base-too-small"


def test_a_runner_of_little_is_not_watched():
    assert (state(runs(range(2, 80, 7), 5)).watch, state(runs(range(2, 80, 7), 5)).why) == (
        Watch.CANNOT_WATCH,
        "base-too-small",
    )


def test_a_new_runner_is_told_how_many_runs_are_missing():
    assert (state().watch, state().missing_runs) == (Watch.LEARNING, 6)
    assert state(runs([2, 5])).missing_runs == 4
    assert RULE.state(history(run(-5)), TODAY).missing_runs == 6


def test_runs_without_any_distance_cannot_be_watched_and_it_says_why():
    blind = state(runs(range(2, 60, 3), distance_m=None))
    assert (blind.watch, blind.why) == (Watch.CANNOT_WATCH, "no-distance")


# Bad input


def test_odd_histories_get_an_answer_or_none():
    fault = run(10, 21_709, moving_time_s=3600)
    assert severity(regular_weeks(21), fault, run(0, 9)) is Severity.CAUTION
    assert severity(regular_weeks(21), run(0, 9), run_at(TODAY + timedelta(minutes=2), 8.9)) is Severity.CAUTION
    no_times = [replace(one, moving_time_s=None, elapsed_time_s=None) for one in regular_weeks(21)]
    assert severity(no_times, run(0, 9, moving_time_s=None, elapsed_time_s=None)) is Severity.CAUTION
