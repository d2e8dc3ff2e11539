"""Verdicts with what became of them: named once for ever by athlete, rule and key."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import StatementError

from rules.model import Severity
from rules.policy import Outcome, Reason
from service.store import Store
from service.store.records import StoredFinding
from tests.service.store.samples import (
    MORNING,
    NOW,
    RUN_ID,
    STRAVA_ID,
    add_athlete,
    finding,
    later,
    message,
    only_a_note,
    run,
    told,
)


def test_a_finding_comes_back_with_its_numbers_and_its_fate(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        tx.inbox.add(athlete.id, "alert", message())
        tx.findings.add(athlete.id, told(), NOW, "alert-1", "message-1")
    with store.transaction() as tx:
        found = finding()
        assert tx.findings.of(athlete.id) == [
            StoredFinding(
                rule=found.rule,
                version=found.version,
                key=found.key,
                day=found.day,
                severity=Severity.CAUTION,
                facts=found.facts,
                run=run(),
                outcome=Outcome.TOLD,
                reason=None,
                decided_at=NOW,
                alert_id="alert-1",
                message_id="message-1",
                withdrawn_at=None,
            )
        ]
        assert tx.findings.of_message("message-1") == tx.findings.of(athlete.id)
        assert tx.findings.of_message("message-2") == []


def test_a_silent_finding_keeps_its_reason(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        silent = replace(told(), outcome=Outcome.SILENT, reason=Reason.QUIET)
        tx.findings.add(athlete.id, silent, NOW, None, None)
        (stored,) = tx.findings.of(athlete.id)
        assert (stored.outcome, stored.reason) == (Outcome.SILENT, Reason.QUIET)
        assert (stored.alert_id, stored.message_id) == (None, None)


def test_findings_come_in_the_order_in_which_their_runs_ended(store: Store):
    with store.transaction() as tx:
        athlete, other = add_athlete(tx), add_athlete(tx, STRAVA_ID + 1)
        for number, days in ((1, 0), (2, -2), (3, -1)):
            start = MORNING + timedelta(days=days)
            found = finding(str(number), day=start.date())
            tx.findings.add(athlete.id, told(found, run(number, start)), NOW, None, None)
        tx.findings.add(other.id, told(), NOW, None, None)
        assert [stored.key for stored in tx.findings.of(athlete.id)] == ["2", "3", "1"]


def test_what_was_decided_lately_can_be_told_from_what_was_decided_before(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        for key, moment in (("1", NOW), ("2", later(seconds=1)), ("3", later(days=-1))):
            tx.findings.add(athlete.id, told(finding(key)), moment, None, None)
        assert [stored.key for stored in tx.findings.since(athlete.id, NOW)] == ["2"]


def test_two_rules_may_speak_of_the_same_run(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        for rule in ("run-spike", "fortnight-rise"):
            tx.findings.add(athlete.id, told(finding(rule=rule)), NOW, None, None)
        assert {stored.rule for stored in tx.findings.of(athlete.id)} == {"run-spike", "fortnight-rise"}


def test_a_note_that_grew_gives_way_to_what_is_told(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        tx.inbox.add(athlete.id, "alert", message())
        tx.findings.add(athlete.id, only_a_note(), NOW, None, None)
        (note,) = tx.findings.of(athlete.id)
        tx.findings.withdraw(athlete.id, note, later(hours=1))
        tx.findings.add(athlete.id, told(), later(hours=2), "alert-1", "message-1")
        (stored,) = tx.findings.of(athlete.id)
        assert (stored.outcome, stored.reason, stored.severity) == (Outcome.TOLD, None, Severity.CAUTION)
        assert (stored.alert_id, stored.message_id) == ("alert-1", "message-1")
        assert (stored.decided_at, stored.withdrawn_at) == (later(hours=2), None)


def test_an_edited_run_corrects_the_numbers_and_nothing_of_what_was_told(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        tx.inbox.add(athlete.id, "alert", message())
        tx.findings.add(athlete.id, told(), NOW, "alert-1", "message-1")
        (before,) = tx.findings.of(athlete.id)
        tx.findings.withdraw(athlete.id, before, later(hours=1))
        corrected = finding(severity=Severity.HIGH, facts={"ratio": 2.1})
        other_recording = run(RUN_ID + 1, MORNING + timedelta(minutes=1))
        tx.findings.correct(athlete.id, before, corrected, other_recording)
        assert tx.findings.of(athlete.id) == [
            replace(before, severity=Severity.HIGH, facts={"ratio": 2.1}, run=other_recording)
        ]


def test_a_withdrawn_finding_says_since_when(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        for key in ("1", "2"):
            tx.findings.add(athlete.id, told(finding(key)), NOW, f"alert-{key}", None)
        gone, standing = tx.findings.of(athlete.id)
        tx.findings.withdraw(athlete.id, gone, later(hours=1))
        assert tx.findings.of(athlete.id) == [replace(gone, withdrawn_at=later(hours=1)), standing]


def test_a_finding_outlives_the_message_that_told_of_it(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        tx.inbox.add(athlete.id, "alert", message())
        tx.findings.add(athlete.id, told(), NOW, "alert-1", "message-1")
        tx.inbox.delete_all(athlete.id)
        (stored,) = tx.findings.of(athlete.id)
        assert (stored.alert_id, stored.message_id) == ("alert-1", None)


def test_all_findings_of_one_athlete_go_and_are_counted(store: Store):
    with store.transaction() as tx:
        athlete, other = add_athlete(tx), add_athlete(tx, STRAVA_ID + 1)
        for key in ("1", "2"):
            tx.findings.add(athlete.id, told(finding(key)), NOW, None, None)
        tx.findings.add(other.id, told(), NOW, None, None)
        assert tx.findings.delete_all(athlete.id) == 2
        assert tx.findings.of(athlete.id) == []
        assert len(tx.findings.of(other.id)) == 1


@pytest.mark.parametrize("number", [math.inf, math.nan])
def test_a_number_that_json_does_not_know_is_refused_on_both_databases(store: Store, number: float):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
    with pytest.raises((StatementError, ValueError), match="JSON"), store.transaction() as tx:
        tx.findings.add(athlete.id, told(finding(facts={"monotony": number})), NOW, None, None)


def test_the_key_of_pain_told_by_check_in_and_by_week_has_room(store: Store):
    longest = "2026-06-02T07:30:15.123456+week-2026-06-02"
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        tx.findings.add(athlete.id, told(finding(longest, rule="pain")), NOW, None, None)
        assert [stored.key for stored in tx.findings.of(athlete.id)] == [longest]
