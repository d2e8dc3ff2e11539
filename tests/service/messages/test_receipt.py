"""The one line after each of the first three runs."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from rules.policy import Outcome, Reason
from tests.rules.builders import ordinary_weeks, run, runs
from tests.service.messages.scenes import DEVICE, receipt, spiked

USUAL = ordinary_weeks(12.5)
TWO_MORE = "Two more of these lines, then only Sundays and when something is far from usual."


def test_a_run_within_the_usual_is_one_line():
    line = receipt(run(0, 8.1), *USUAL)
    assert line.lead == f"8.1 km read. Within your usual: your longest of 30 days is 12.5 km. {TWO_MORE}"
    assert line.subject == "Your run today: 8.1 km"
    assert (line.kind, line.event) == ("receipt", "receipt.created")


def test_it_speaks_the_runners_units():
    assert receipt(run(0, 8.1), *USUAL, units="mi").lead.startswith("5.0 mi read. Within your usual: your longest of")


@pytest.mark.parametrize(
    ("left", "end"),
    [
        (1, "One more of these lines, then only Sundays and when something is far from usual."),
        (0, "That was the last of these lines: from now on only Sundays and when something is far from usual."),
    ],
)
def test_the_lines_count_down(left, end):
    assert receipt(run(0, 8.1), *USUAL, left=left).lead.endswith(end)


def test_the_longest_is_that_of_the_30_days_before():
    line = receipt(run(0, 8.1), *USUAL, run(31, 25), run(4, 15))
    assert "your longest of 30 days is 15.0 km" in line.lead


def test_as_long_as_the_longest_is_within_the_usual():
    assert "Within your usual" in receipt(run(0, 12.5), *USUAL).lead


def test_a_little_more_than_the_longest_is_close_to_it():
    assert "Close to your longest of 30 days, 12.5 km." in receipt(run(0, 12.9), *USUAL).lead


def test_short_runs_are_said_not_to_be_compared():
    line = receipt(run(0, 4.0), *runs(range(2, 30, 3), 2.5), *runs(range(32, 60, 3), 6))
    assert "Runs under 5.0 km are not compared." in line.lead


def test_a_rule_that_is_still_learning_says_what_it_waits_for():
    line = receipt(run(0, 8.1), *ordinary_weeks(12.5, days=20))
    assert "Not compared yet." in line.lead
    assert "“A run far beyond your recent longest”: learning, needs 11 more days." in line.lead
    assert "Within your usual" not in line.lead


def test_the_other_rules_that_learn_are_only_counted():
    line = receipt(run(0, 8.1), *ordinary_weeks(12.5, days=20))
    assert re.search(r"\d more rules are learning\.", line.lead)
    assert "learning" not in receipt(run(0, 8.1), *ordinary_weeks(12.5, days=182)).lead


def test_a_starting_runner_is_told_what_is_counted_instead():
    assert "Nothing can be compared yet: for now runs, minutes and the days between runs are counted." in (
        receipt(run(0, 5.0)).lead
    )


def test_a_treadmill_run_is_read_with_a_grain_of_salt():
    line = receipt(run(0, 8.1, treadmill=True), *USUAL)
    assert line.lead.startswith("8.1 km on a treadmill read; such distances are often not exact.")


def test_a_run_entered_by_hand_is_called_that():
    assert receipt(run(0, 8.1, manual=True), *USUAL).lead.startswith("8.1 km, entered by hand, read.")


def test_a_race_is_not_judged():
    line = receipt(run(0, 21.1, race=True), *USUAL, decisions=[spiked(21.1, race=True)])
    assert line.lead == f"Race of 21.1 km read. Races are not judged. {TWO_MORE}"


def test_a_run_without_a_distance_counts_with_its_time():
    line = receipt(run(0, None, moving_time_s=1920), *USUAL)
    assert line.lead.startswith("32 min without a distance read. There is nothing to compare it with;")
    assert line.subject == "Your run today: 32 min"


def test_a_run_of_which_nothing_is_known_is_still_read():
    line = receipt(run(0, None), *USUAL)
    assert (line.subject, line.lead.partition(".")[0]) == ("Your run today", "A run without a distance read")


def test_a_second_recording_of_the_same_effort_is_recognised():
    line = receipt(run(0, 5.0), *USUAL, run(0.001, 8.1))
    assert "It is a second recording of an effort that is counted already." in line.lead


def test_a_pressed_button_and_a_ride_are_left_out_and_said_to_be():
    assert "Runs under 0.5 km are left out." in receipt(run(0, 0.4), *USUAL).lead
    assert "its speed cannot be that of a run" in receipt(run(0, 8.1, moving_time_s=600), *USUAL).lead


def test_a_run_that_was_told_refers_to_its_own_message():
    assert "Far from your usual: a message of its own says more." in (
        receipt(run(0, 18.2), *USUAL, decisions=[spiked()]).lead
    )


def test_a_note_waits_for_the_digest_and_shows_no_ratio():
    note = replace(spiked(14.5), outcome=Outcome.DIGEST, reason=Reason.NOTE)
    line = receipt(run(0, 14.5), *USUAL, decisions=[note])
    assert "Noted for the digest as a little unusual for you." in line.lead
    assert "%" not in line.lead


def test_a_silent_finding_says_why():
    silent = replace(spiked(), outcome=Outcome.DIGEST, reason=Reason.TREADMILL)
    assert "A treadmill run: its distance is often not exact" in (
        receipt(run(0, 18.2, treadmill=True), *USUAL, decisions=[silent]).lead
    )


def test_the_run_is_linked_and_its_device_named():
    line = receipt(run(0, 8.1, device_name=DEVICE), *USUAL)
    assert [link.text for part in line.sections for link in part.links] == ["View on Strava"]
    assert line.footer == (DEVICE,)
