"""When the runner is spoken to, and when not and why: each sentence of the policy as a story."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.checks import all_rules
from rules.diary import Diary
from rules.history import clean
from rules.model import Activity, Finding, Run, Severity
from rules.policy import Decision, Evaluation, Outcome, Policy, Reason, Told, evaluate, judge
from tests.rules.builders import BOTH_RULES, TODAY, history, ordinary_weeks, run, run_at, runs
from tests.rules.drawn import numbers, picks

SPIKE, RISE = "run-spike", "fortnight-rise"
NOTE, CAUTION, HIGH = Severity.NOTE, Severity.CAUTION, Severity.HIGH
TOLD = (Outcome.TOLD, None)
DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)


def ended(after: timedelta = timedelta(0), **given) -> Run:
    """A one-hour run that ends this long after TODAY."""
    return kept(run_at(TODAY + after - HOUR, 10, **given))


def kept(activity: Activity) -> Run:
    (one,) = clean([activity])
    return one


def found(one: Run, severity: Severity, rule: str = SPIKE) -> Finding:
    key = one.local_day.isoformat() if rule == RISE else str(one.id)
    return Finding(rule, 1, key, one.local_day, severity, {})


def at(one: Run, *severities: Severity, rule: str = SPIKE, days: float = 100, starting: bool = False) -> Evaluation:
    findings = tuple(found(one, severity, rule) for severity in severities)
    return Evaluation(one, findings, timedelta(days=days), starting)


def decisions(*evaluations: Evaluation, **how) -> list[Decision]:
    return [decision for together in judge(evaluations, BOTH_RULES, **how) for decision in together]


def verdicts(*evaluations: Evaluation, **how) -> list[tuple[Outcome, Reason | None]]:
    return [(decision.outcome, decision.reason) for decision in decisions(*evaluations, **how)]


# What is told at once


@pytest.mark.parametrize(
    ("severity", "expected"),
    [(NOTE, (Outcome.DIGEST, Reason.NOTE)), (CAUTION, TOLD), (HIGH, TOLD)],
)
def test_notes_wait_for_the_digest_and_caution_and_high_are_told_at_once(severity, expected):
    assert verdicts(at(ended(), severity)) == [expected]


def test_where_nothing_is_found_nothing_is_decided():
    assert list(judge([at(ended())], BOTH_RULES)) == []
    assert list(judge([], BOTH_RULES)) == []


def test_two_findings_at_one_run_are_told_together():
    one = ended()
    both = Evaluation(one, (found(one, HIGH, RISE), found(one, CAUTION)), 100 * DAY)
    (together,) = judge([both], BOTH_RULES)
    assert [(decision.finding.rule, decision.outcome) for decision in together] == [
        (RISE, Outcome.TOLD),
        (SPIKE, Outcome.TOLD),
    ]


def test_a_note_beside_a_caution_stays_a_note():
    one = ended()
    both = Evaluation(one, (found(one, HIGH, RISE), found(one, NOTE)), 100 * DAY)
    assert verdicts(both) == [TOLD, (Outcome.DIGEST, Reason.NOTE)]


def test_a_race_is_told_and_counts_as_a_message():
    race, next_day = ended(race=True), ended(DAY)
    assert verdicts(at(race, HIGH), at(next_day, CAUTION, rule=RISE)) == [
        TOLD,
        (Outcome.SILENT, Reason.ONE_IN_48_HOURS),
    ]


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ({"treadmill": True}, Reason.TREADMILL),
        ({"sport": "VirtualRun"}, Reason.TREADMILL),
        ({"manual": True}, Reason.MANUAL),
    ],
)
def test_what_is_found_on_a_treadmill_or_manual_run_goes_to_the_digest(kind, reason):
    assert verdicts(at(ended(**kind), HIGH)) == [(Outcome.DIGEST, reason)]


def test_what_went_to_the_digest_keeps_nobody_else_quiet():
    assert verdicts(at(ended(manual=True), HIGH), at(ended(DAY), CAUTION)) == [
        (Outcome.DIGEST, Reason.MANUAL),
        TOLD,
    ]


# What is never told


@pytest.mark.parametrize("severity", [NOTE, CAUTION, HIGH])
def test_imported_history_never_alerts_and_fills_no_digest(severity):
    assert verdicts(at(ended(), severity), silenced=lambda one: Reason.IMPORTED) == [(Outcome.SILENT, Reason.IMPORTED)]


def test_a_run_seen_late_never_alerts_but_its_note_is_in_the_digest():
    late = {"silenced": lambda one: Reason.LATE}
    assert verdicts(at(ended(), HIGH), **late) == [(Outcome.SILENT, Reason.LATE)]
    assert verdicts(at(ended(), NOTE), **late) == [(Outcome.DIGEST, Reason.NOTE)]


def test_silence_about_one_run_is_not_silence_about_the_next():
    first, second = ended(), ended(DAY)
    only_first = {"silenced": lambda one: Reason.IMPORTED if one.id == first.id else None}
    assert verdicts(at(first, HIGH), at(second, HIGH), **only_first) == [(Outcome.SILENT, Reason.IMPORTED), TOLD]


@pytest.mark.parametrize(("days", "expected"), [(27.999, (Outcome.SILENT, Reason.LEARNING)), (28, TOLD)])
def test_nothing_is_told_before_28_days_of_history(days, expected):
    assert verdicts(at(ended(), HIGH, days=days)) == [expected]


def test_who_is_only_starting_is_told_no_ratios():
    assert verdicts(at(ended(), HIGH, rule=RISE, starting=True)) == [(Outcome.SILENT, Reason.STARTING)]
    assert verdicts(at(ended(), NOTE, starting=True)) == [(Outcome.SILENT, Reason.STARTING)]


def test_many_short_runs_a_week_are_a_start_and_their_rise_is_not_told():
    short_runs = [*runs(range(14, 60, 2), 4.5), *runs(range(14), 4.5)]
    seen = history(short_runs)
    evaluation = evaluate(seen, seen.runs[-1], BOTH_RULES)
    assert [finding.rule for finding in evaluation.findings] == [RISE]
    assert verdicts(evaluation) == [(Outcome.SILENT, Reason.STARTING)]


# At most one message in 48 hours and three in 14 days


@pytest.mark.parametrize(
    ("gap", "expected"),
    [(48 * HOUR, TOLD), (48 * HOUR - SECOND, (Outcome.SILENT, Reason.ONE_IN_48_HOURS))],
)
def test_a_second_message_may_come_exactly_48_hours_after_the_first_and_not_before(gap, expected):
    assert verdicts(at(ended(), CAUTION), at(ended(gap), CAUTION, rule=RISE))[1] == expected


def test_even_a_higher_severity_waits_48_hours():
    assert verdicts(at(ended(), CAUTION), at(ended(DAY), HIGH))[1] == (Outcome.SILENT, Reason.ONE_IN_48_HOURS)


def test_the_48_hours_count_between_the_ends_of_the_runs():
    race = kept(run_at(TODAY, 160, moving_time_s=40 * 3600, elapsed_time_s=50 * 3600, race=True))
    three_days_after_its_start = kept(run_at(TODAY + 72 * HOUR, 10))
    five_days_after_its_start = kept(run_at(TODAY + 97 * HOUR, 10))  # ends 48 hours after the race's end
    assert verdicts(at(race, HIGH), at(three_days_after_its_start, CAUTION, rule=RISE)) == [
        TOLD,
        (Outcome.SILENT, Reason.ONE_IN_48_HOURS),
    ]
    assert verdicts(at(race, HIGH), at(five_days_after_its_start, CAUTION, rule=RISE)) == [TOLD, TOLD]


THREE_TOLD = (
    at(ended(), CAUTION),
    at(ended(2 * DAY), CAUTION, rule=RISE),
    at(ended(7 * DAY), CAUTION),
)


@pytest.mark.parametrize(
    ("after", "expected"),
    [(14 * DAY, TOLD), (14 * DAY - SECOND, (Outcome.SILENT, Reason.THREE_IN_14_DAYS))],
)
def test_a_fourth_message_may_come_exactly_14_days_after_the_first_and_not_before(after, expected):
    assert verdicts(*THREE_TOLD, at(ended(after), HIGH)) == [TOLD, TOLD, TOLD, expected]


def test_two_findings_told_together_are_one_message_of_the_three():
    one = ended()
    both = Evaluation(one, (found(one, CAUTION, RISE), found(one, CAUTION)), 100 * DAY)
    later = at(ended(7 * DAY), CAUTION), at(ended(10 * DAY), HIGH)
    assert verdicts(both, *later) == [TOLD] * 4


def test_a_run_that_was_written_about_brings_no_second_message_within_48_hours():
    one = ended()
    before = [Told(SPIKE, CAUTION, one)]
    found_after_an_edit = at(one, CAUTION, rule=RISE)
    assert verdicts(found_after_an_edit, told=before) == [(Outcome.SILENT, Reason.ONE_IN_48_HOURS)]


def test_a_run_that_comes_in_after_a_later_one_was_told_of_waits_too():
    told_of_the_later = [Told(SPIKE, CAUTION, ended(DAY))]
    assert verdicts(at(ended(), HIGH), told=told_of_the_later) == [(Outcome.SILENT, Reason.ONE_IN_48_HOURS)]


def test_messages_of_earlier_days_count():
    before = [
        Told(SPIKE, CAUTION, ended(-3 * DAY)),
        Told(RISE, CAUTION, ended(-6 * DAY)),
        Told(SPIKE, HIGH, ended(-9 * DAY)),
    ]
    assert verdicts(at(ended(), HIGH), told=before[:1]) == [TOLD]
    assert verdicts(at(ended(), HIGH), told=before[:2]) == [TOLD]
    assert verdicts(at(ended(), HIGH, rule=RISE), told=before) == [(Outcome.SILENT, Reason.THREE_IN_14_DAYS)]


def test_an_installation_may_be_made_quieter():
    strict = Policy(between_messages=timedelta(days=10))
    assert verdicts(at(ended(), CAUTION), at(ended(8 * DAY), CAUTION), policy=strict)[1] == (
        Outcome.SILENT,
        Reason.ONE_IN_48_HOURS,
    )


# The same rule stays quiet


@pytest.mark.parametrize(
    ("gap", "expected"),
    [(7 * DAY, TOLD), (7 * DAY - SECOND, (Outcome.SILENT, Reason.QUIET))],
)
def test_a_rule_about_a_run_is_quiet_for_seven_days(gap, expected):
    assert verdicts(at(ended(), CAUTION), at(ended(gap), CAUTION))[1] == expected


def test_a_rise_in_severity_breaks_the_quiet():
    assert verdicts(at(ended(), CAUTION), at(ended(3 * DAY), HIGH)) == [TOLD, TOLD]
    assert verdicts(at(ended(), HIGH), at(ended(3 * DAY), HIGH))[1] == (Outcome.SILENT, Reason.QUIET)
    assert verdicts(at(ended(), HIGH), at(ended(3 * DAY), CAUTION))[1] == (Outcome.SILENT, Reason.QUIET)


def test_severity_must_rise_above_all_that_was_told_in_the_quiet_period():
    told = at(ended(), CAUTION), at(ended(3 * DAY), HIGH)
    assert verdicts(*told, at(ended(6 * DAY), HIGH))[2] == (Outcome.SILENT, Reason.QUIET)


def test_what_was_not_told_does_not_prolong_the_quiet():
    silent = at(ended(5 * DAY), CAUTION)
    assert verdicts(at(ended(), CAUTION), silent, at(ended(7 * DAY), CAUTION)) == [
        TOLD,
        (Outcome.SILENT, Reason.QUIET),
        TOLD,
    ]


def test_one_rule_does_not_silence_another():
    assert verdicts(at(ended(), HIGH), at(ended(2 * DAY), CAUTION, rule=RISE)) == [TOLD, TOLD]


@pytest.mark.parametrize("gap", [13 * DAY, 14 * DAY - SECOND])
def test_a_weekly_rule_is_quiet_for_fourteen_days_even_if_it_cleared(gap):
    told, cleared = at(ended(), CAUTION, rule=RISE), at(ended(4 * DAY))
    assert verdicts(told, cleared, at(ended(gap), CAUTION, rule=RISE))[1] == (Outcome.SILENT, Reason.QUIET)


def test_a_weekly_rule_must_clear_before_it_speaks_again():
    told, again = at(ended(), CAUTION, rule=RISE), at(ended(14 * DAY), CAUTION, rule=RISE)
    still_high = [at(ended(day * DAY), CAUTION, rule=RISE) for day in (3, 6, 9, 12)]
    assert verdicts(told, *still_high, again)[-1] == (Outcome.SILENT, Reason.NOT_CLEARED)
    assert verdicts(told, *still_high[:3], at(ended(12 * DAY)), again)[-1] == TOLD


def test_that_a_weekly_rule_was_clear_before_it_spoke_does_not_count():
    clear_before = at(ended(-3 * DAY))
    told, again = at(ended(), CAUTION, rule=RISE), at(ended(20 * DAY), CAUTION, rule=RISE)
    assert verdicts(clear_before, told, again)[-1] == (Outcome.SILENT, Reason.NOT_CLEARED)


def test_a_weekly_rule_that_rises_further_speaks_without_clearing():
    told, higher = at(ended(), CAUTION, rule=RISE), at(ended(15 * DAY), HIGH, rule=RISE)
    assert verdicts(told, higher) == [TOLD, TOLD]


def test_a_rule_about_a_run_need_not_clear():
    assert verdicts(at(ended(), CAUTION), at(ended(8 * DAY), CAUTION)) == [TOLD, TOLD]


# The same effort, the same finding


def test_an_alert_about_an_overlapping_recording_of_the_same_effort_is_not_told_again():
    watch = ended()
    phone = ended(5 * 60 * SECOND)
    before = [Told(SPIKE, CAUTION, watch)]
    assert verdicts(at(phone, HIGH), told=before) == [(Outcome.SILENT, Reason.SAME_RECORDING)]


def test_a_run_that_starts_when_the_other_ended_is_another_effort():
    first, next_hour = ended(), ended(HOUR)
    silent = [(Outcome.SILENT, Reason.ONE_IN_48_HOURS)]
    assert verdicts(at(next_hour, HIGH), told=[Told(SPIKE, CAUTION, first)]) == silent
    assert verdicts(at(first, HIGH), told=[Told(SPIKE, CAUTION, next_hour)]) == silent


def test_what_another_rule_told_of_the_recording_is_another_matter():
    told = [Told(RISE, CAUTION, ended())]
    assert verdicts(at(ended(5 * 60 * SECOND), HIGH), told=told) == [(Outcome.SILENT, Reason.ONE_IN_48_HOURS)]


def test_what_was_decided_once_is_not_decided_again():
    one = ended()
    assert verdicts(at(one, HIGH), decided={(SPIKE, str(one.id))}) == []
    assert verdicts(at(one, HIGH), decided={(RISE, str(one.id))}) == [TOLD]


def test_two_runs_of_one_day_bring_a_weekly_finding_once():
    morning, evening = ended(), ended(10 * HOUR)
    (only,) = decisions(at(morning, CAUTION, rule=RISE), at(evening, HIGH, rule=RISE))
    assert only.run == morning


# Order and bookkeeping


def test_runs_are_judged_in_the_order_of_their_ends_however_they_come():
    first, second = at(ended(), CAUTION), at(ended(DAY), CAUTION)
    assert [decision.outcome for decision in decisions(second, first)] == [Outcome.TOLD, Outcome.SILENT]
    assert decisions(second, first) == decisions(first, second)


def test_a_long_race_is_judged_after_a_run_that_ended_during_it():
    race = kept(run_at(TODAY, 160, moving_time_s=30 * 3600, elapsed_time_s=50 * 3600))
    meanwhile = kept(run_at(TODAY + 40 * HOUR, 20))
    assert [decision.run for decision in decisions(at(race, HIGH), at(meanwhile, CAUTION))] == [meanwhile, race]


def test_the_history_behind_a_verdict_is_counted_from_the_first_run_in_sight():
    seen = history(run(200), run(30), run(0))
    assert evaluate(seen, seen.runs[-1], BOTH_RULES).history == 30 * DAY
    assert evaluate(seen, seen.runs[0], BOTH_RULES).history == 0 * DAY


def test_what_the_rules_find_is_in_the_evaluation():
    seen = history(ordinary_weeks(10), run(km=21))
    (finding,) = evaluate(seen, seen.runs[-1], BOTH_RULES).findings
    assert (finding.rule, finding.severity) == (SPIKE, HIGH)


#: What the two rules may find at a run: nothing, or something by either or both.
VERDICTS = [
    {rule: severity for rule, severity in ((SPIKE, spike), (RISE, rise)) if severity}
    for spike, rise in itertools.product((None, NOTE, CAUTION, HIGH), repeat=2)
]


def _month(half_hours, verdicts, kinds) -> list[tuple[int, dict[str, Severity], dict[str, bool]]]:
    return list({item[0]: item for item in zip(half_hours, verdicts, kinds, strict=False)}.values())


months_of_findings = st.builds(
    _month, numbers(40 * 48, 0, 40), picks(VERDICTS, 40, 40), picks([{}, {}, {}, {"manual": True}], 40, 40)
)


def _evaluations(months) -> Iterable[Evaluation]:
    for half_hours, verdict, kind in months:
        one = ended(half_hours * HOUR / 2, **kind)
        yield Evaluation(one, tuple(found(one, severity, rule) for rule, severity in verdict.items()), 100 * DAY)


@given(months_of_findings)
def test_whatever_is_found_the_promises_to_the_runner_are_kept(months):
    made = decisions(*_evaluations(months))
    told = [decision for decision in made if decision.outcome is Outcome.TOLD]
    ends = sorted({decision.run.finished_local for decision in told})
    assert all(later - earlier >= 48 * HOUR for earlier, later in itertools.pairwise(ends))
    assert all(fourth - first >= 14 * DAY for first, fourth in zip(ends, ends[3:], strict=False))
    assert all(decision.finding.severity > NOTE and not decision.run.manual for decision in told)
    for earlier, later in _pairs_of_one_rule(told):
        assert _far_enough(earlier, later) or later.finding.severity > earlier.finding.severity


def _pairs_of_one_rule(told: list[Decision]) -> Iterable[tuple[Decision, Decision]]:
    for number, later in enumerate(told):
        yield from ((earlier, later) for earlier in told[:number] if earlier.finding.rule == later.finding.rule)


def _far_enough(earlier: Decision, later: Decision) -> bool:
    quiet = 14 * DAY if later.finding.rule == RISE else 7 * DAY
    return later.run.finished_local - earlier.run.finished_local >= quiet


@given(months_of_findings)
def test_every_finding_is_decided_once_and_what_was_not_told_keeps_its_reason(months):
    made = decisions(*_evaluations(months))
    everything = {(f.rule, f.key) for evaluation in _evaluations(months) for f in evaluation.findings}
    assert sorted((decision.finding.rule, decision.finding.key) for decision in made) == sorted(everything)
    assert all((decision.reason is None) is (decision.outcome is Outcome.TOLD) for decision in made)


@given(months_of_findings, st.integers(0, 40))
def test_judging_in_two_parts_says_the_same_as_judging_at_once(months, split):
    """What live does: each sync knows what was told, noted and decided before, and sees all runs again."""
    evaluations = sorted(_evaluations(months), key=lambda item: item.run.finished_local)
    at_once = decisions(*evaluations)
    first = decisions(*evaluations[:split])
    told, noted = (
        [Told(d.finding.rule, d.finding.severity, d.run) for d in first if d.outcome is outcome]
        for outcome in (Outcome.TOLD, Outcome.DIGEST)
    )
    decided = {(d.finding.rule, d.finding.key) for d in first}
    second = decisions(*evaluations, told=told, noted=noted, decided=decided)
    assert first + second == at_once


def test_time_does_not_come_from_a_clock():
    long_ago = timedelta(days=365 * 15)
    assert verdicts(at(ended(-long_ago), CAUTION), at(ended(DAY - long_ago), HIGH)) == verdicts(
        at(ended(), CAUTION), at(ended(DAY), HIGH)
    )
    assert ended(-long_ago).finished_local < datetime(2010, 1, 1)


# A runner's own budget


@pytest.mark.parametrize(("budget", "told"), [(None, 3), (3, 3), (2, 2), (1, 1), (0, 0), (9, 3)])
def test_a_runner_may_want_fewer_messages_than_we_send_and_never_gets_more(budget, told):
    rules = all_rules()
    codes = (SPIKE, "streak", "monotony", "return-from-break")
    ends = (ended(timedelta(days=3 * number)) for number in range(len(codes)))
    evaluations = [at(one, Severity.CAUTION, rule=code) for one, code in zip(ends, codes, strict=True)]
    decided = [one for together in judge(evaluations, rules, diary=Diary(budget=budget)) for one in together]
    assert [one.outcome for one in decided].count(Outcome.TOLD) == told
    assert {one.reason for one in decided} - {None} == {Reason.THREE_IN_14_DAYS}
