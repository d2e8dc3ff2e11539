"""Snoozes, absences and notes: what the runner asked for is kept to the minute, and pain is told all the same."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rules.checks.pain import RULE as PAIN
from rules.checks.run_spike import RunSpike
from rules.diary import Absence, AbsenceKind, Diary, Exclusions, Snooze
from rules.history import TrainingHistory
from rules.model import Finding, Run, Severity
from rules.policy import Decision, Evaluation, Outcome, Reason, Told, evaluate, judge
from tests.rules.builders import TODAY
from tests.rules.diaries import HUSHED, answers, pain
from tests.rules.test_policy import (
    CAUTION,
    DAY,
    HIGH,
    HOUR,
    NOTE,
    RISE,
    SECOND,
    SPIKE,
    TOLD,
    at,
    decisions,
    ended,
    found,
    verdicts,
)

DIGEST = (Outcome.DIGEST, Reason.NOTE)


def silent(reason: Reason) -> tuple[Outcome, Reason]:
    return Outcome.SILENT, reason


# Snoozes


def snoozed(rule: str | None, since: timedelta = -DAY, until: timedelta = DAY) -> Diary:
    """A snooze from and until so long after the end of today's run."""
    return Diary(snoozes=(Snooze(rule, TODAY + since, TODAY + until),))


@pytest.mark.parametrize("rule", [SPIKE, None])
def test_a_rule_that_was_snoozed_and_a_snooze_of_all_keep_quiet(rule):
    assert verdicts(at(ended(), HIGH), diary=snoozed(rule)) == [silent(Reason.SNOOZED)]


def test_a_snooze_of_one_rule_is_no_snooze_of_another():
    assert verdicts(at(ended(), HIGH), diary=snoozed(RISE)) == [TOLD]
    assert verdicts(at(ended(), HIGH), diary=snoozed(RISE, -30 * DAY, -20 * DAY)) == [TOLD]


def test_a_snooze_begins_at_its_first_instant_and_ends_before_its_last():
    begins_now, begins_later = snoozed(SPIKE, since=0 * DAY), snoozed(SPIKE, since=SECOND)
    assert verdicts(at(ended(), HIGH), diary=begins_now) == [silent(Reason.SNOOZED)]
    assert verdicts(at(ended(), HIGH), diary=begins_later) == [TOLD]
    ends_now, ends_later = snoozed(SPIKE, until=0 * DAY), snoozed(SPIKE, until=SECOND)
    assert verdicts(at(ended(), HIGH), diary=ends_now) == [TOLD]
    assert verdicts(at(ended(), HIGH), diary=ends_later) == [silent(Reason.SNOOZED)]


# Absences


def away(kind: AbsenceKind, first: int, last: int | None) -> Diary:
    """An absence from and until so many days after today's run."""
    day = TODAY.date()
    return Diary(absences=(Absence(kind, day + first * DAY, None if last is None else day + last * DAY),))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (AbsenceKind.INJURED, silent(Reason.INJURED)),
        (AbsenceKind.ILL, silent(Reason.ILL)),
        (AbsenceKind.HOLIDAY, (Outcome.DIGEST, Reason.HOLIDAY)),
        (AbsenceKind.BUSY, TOLD),
        (AbsenceKind.OTHER_SPORT, TOLD),
    ],
)
def test_injury_and_illness_are_left_in_peace_and_a_holiday_waits_for_the_digest(kind, expected):
    assert verdicts(at(ended(), HIGH), diary=away(kind, -3, 3)) == [expected]


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (0, 0, silent(Reason.ILL)),
        (0, None, silent(Reason.ILL)),
        (-3, 0, silent(Reason.ILL)),
        (-3, -1, TOLD),
        (1, 3, TOLD),
        (1, None, TOLD),
    ],
)
def test_an_absence_counts_from_its_first_day_to_its_last(first, last, expected):
    assert verdicts(at(ended(), HIGH), diary=away(AbsenceKind.ILL, first, last)) == [expected]


def test_of_two_reasons_for_silence_the_weightier_is_given():
    both = Diary(absences=(*away(AbsenceKind.HOLIDAY, -1, 1).absences, *away(AbsenceKind.INJURED, -1, 1).absences))
    assert verdicts(at(ended(), HIGH), diary=both) == [silent(Reason.INJURED)]


def test_while_a_child_is_expected_nothing_about_load_is_told():
    assert verdicts(at(ended(), HIGH), diary=Diary(exclusions=Exclusions(("C1",), expecting=True))) == [
        silent(Reason.EXPECTING)
    ]


def test_who_told_of_other_things_hears_as_ever():
    assert verdicts(at(ended(), HIGH), diary=answers(pain(0), desk_days=True)) == [TOLD]


# What is never kept from a runner, and what is never sent


def test_pain_is_told_of_the_run_it_was_found_at_whatever_was_asked_for():
    one = ended()
    hurts = Finding(PAIN.code, 1, "now", one.local_day, CAUTION, {})
    evaluation = Evaluation(one, (hurts,), timedelta(0), starting=True)
    assert list(judge([evaluation], [PAIN], diary=Diary(**HUSHED))) == [(Decision(hurts, one, Outcome.TOLD),)]


class Card(RunSpike):
    """A rule whose findings are shown and never sent."""

    pushes = False


def test_what_a_card_finds_is_never_sent_and_it_says_so():
    one = ended()
    shown = found(one, HIGH)
    ((decision,),) = judge([Evaluation(one, (shown,), 100 * DAY)], [Card()])
    assert decision == Decision(shown, one, Outcome.SILENT, Reason.CARD)


# Notes


def test_a_note_about_a_period_is_in_one_digest_and_not_in_the_next():
    fortnight = [at(ended(day * DAY), NOTE, rule=RISE) for day in (0, 6, 13)]
    assert verdicts(*fortnight) == [DIGEST, silent(Reason.QUIET), silent(Reason.QUIET)]


def test_what_went_into_a_digest_before_counts_as_said():
    before = [Told(RISE, NOTE, ended())]
    assert verdicts(at(ended(6 * DAY), NOTE, rule=RISE), noted=before) == [silent(Reason.QUIET)]
    assert verdicts(at(ended(6 * DAY), CAUTION, rule=RISE), noted=before) == [TOLD]


def test_a_note_about_a_period_that_was_told_at_once_is_not_noted_too():
    assert verdicts(at(ended(), CAUTION, rule=RISE), at(ended(3 * DAY), NOTE, rule=RISE)) == [
        TOLD,
        silent(Reason.QUIET),
    ]


def test_every_run_that_deserves_a_note_gets_its_own():
    assert verdicts(at(ended(), NOTE), at(ended(2 * DAY), NOTE), at(ended(4 * DAY), NOTE)) == [DIGEST] * 3


def test_a_note_of_one_rule_does_not_keep_the_note_of_another_out():
    assert verdicts(at(ended(), NOTE), at(ended(2 * DAY), NOTE, rule=RISE)) == [DIGEST, DIGEST]


# A message that was sent, and its run


def test_a_run_that_was_told_of_and_is_found_again_is_the_same_run_and_not_another_recording():
    one = ended()
    before = [Told(SPIKE, CAUTION, one)]
    assert verdicts(at(one, CAUTION), told=before) == [silent(Reason.QUIET)]
    assert verdicts(at(one, HIGH), told=before) == [silent(Reason.ONE_IN_48_HOURS)]


def test_a_rule_about_a_period_is_never_about_the_same_recording():
    before = [Told(RISE, CAUTION, ended())]
    overlapping = at(ended(HOUR / 2), CAUTION, rule=RISE)
    assert verdicts(overlapping, told=before) == [silent(Reason.QUIET)]


def test_that_the_run_of_a_message_was_corrected_is_not_yet_a_week_without_it():
    one = ended()
    corrected, again = at(one), at(ended(15 * DAY), CAUTION, rule=RISE)
    assert verdicts(corrected, again, told=[Told(RISE, CAUTION, one)]) == [silent(Reason.NOT_CLEARED)]
    assert verdicts(at(ended(DAY)), again, told=[Told(RISE, CAUTION, one)]) == [TOLD]


# What a rule may know


def test_at_a_past_run_only_what_had_been_told_by_then_is_known():
    class Listener(RunSpike):
        """Finds the places that it hears of."""

        def check(self, history: TrainingHistory, run: Run) -> Finding:
            places = ", ".join(answer.place for answer in history.diary.check_ins)
            return Finding(self.code, 1, str(run.id), run.local_day, Severity.CAUTION, {"places": places})

    diary = answers(pain(4, 2, "knee"), pain(4, -2, "calf"))
    (finding,) = evaluate(TrainingHistory((ended(),), diary=diary), ended(), [Listener()]).findings
    assert finding.facts["places"] == "knee"


def test_decisions_are_about_the_runs_they_were_made_for():
    first, second = ended(), ended(3 * DAY)
    made = decisions(at(first, CAUTION), at(second, CAUTION, rule=RISE))
    assert [decision.run for decision in made] == [first, second]
