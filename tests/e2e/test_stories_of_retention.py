"""Stories of what is let go of: nothing derived from a run outlives the run, and still nothing is told twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from integrations.errors import RetryLater
from integrations.strava.simulator import Fault
from rules.checks import all_rules
from rules.diary import CheckIn
from rules.policy import Outcome, Reason
from service import checking_in, expiry
from tests.service.tables import mentions, tables
from tests.world import NOON, RUNNER, World, ordinary_weeks, run, world

TUESDAY = datetime(2026, 6, 2, 7)
DAY = timedelta(days=1)
#: What could only be known from that run.
TRACES = ("21.0 km", "21000", "Forerunner 965", "07:00")
SUBJECT = "A message about a run that is no longer held"


def a_day_passes(home: World) -> None:
    home.clock.advance(DAY)
    home.simulator.release_due()
    home.work()
    expiry.sweep(home.service)


def strava_is_away(home: World, days: int = 8) -> None:
    """Nothing is confirmed for that many days; each one begins with the sweep."""
    home.simulator.faults.fail_next("list", Fault.UNAVAILABLE, times=500)
    for _ in range(days):
        a_day_passes(home)


def strava_is_back(home: World) -> None:
    home.simulator.faults.clear()
    home.live(hours=3)


def slugs(home: World) -> list[str]:
    return [row["slug"] for row in tables(home.service)["messages"]]


# Expired


@pytest.fixture
def told(home: World) -> World:
    """A run of 21 km on Tuesday, told."""
    home.arrives(run(TUESDAY, 21, device_name="Garmin Forerunner 965"))
    assert len(home.told()) == 1
    return home


def test_with_the_runs_all_that_was_said_of_them_goes_and_that_it_was_told_stays(told):
    (number,) = (one for one in told.held if one == max(told.held))
    before = told.finding("run-spike", number)
    strava_is_away(told)
    assert told.held == []
    after = told.finding("run-spike", number)
    assert (after.rule, after.severity, after.day, after.outcome) == (
        "run-spike",
        before.severity,
        TUESDAY.date(),
        Outcome.TOLD,
    )
    assert (after.facts, after.run.id, after.run.distance_m) == ({}, 0, 0.0)
    assert after.run.start_local == after.run.finished_local == datetime(2026, 6, 2)
    assert mentions(told.service, number, *TRACES) == set()


def test_a_stub_says_which_rule_when_and_that_it_was_told_and_leads_to_what_is_held(told):
    strava_is_away(told)
    (alert,) = (message for message in told.inbox if message.kind == "alert")
    assert alert.subject == SUBJECT
    (row,) = (row for section in alert.sections for row in section.rows)
    assert row == ("A run far beyond your recent longest", "June 2, 2026: very unusual for you, told")
    assert [link.url for section in alert.sections for link in section.links] == ["http://127.0.0.1:1/held"]


def test_every_kind_of_message_about_runs_becomes_a_stub(told):
    told.arrives(run(TUESDAY + DAY, 9))
    told.live(days=5)
    assert len(told.told("digest")) == 1
    strava_is_away(told, 9)
    subjects = {message.kind: message.subject for message in told.inbox}
    assert subjects == dict.fromkeys(("alert", "receipt", "digest", "welcome"), SUBJECT)
    assert not [slug for slug in slugs(told) if slug.startswith(("run:", "receipt:"))]


def test_an_alert_that_could_not_be_sent_in_time_is_not_sent_as_a_stub(home):
    home.recorder.failures = [RetryLater("not now")] * 30
    home.arrives(run(TUESDAY, 21))
    strava_is_away(home, 3)
    home.recorder.failures = [RetryLater("not now", at=home.clock() + 20 * DAY)] * 30
    strava_is_away(home, 8)
    home.recorder.failures = []
    told = [row for row in tables(home.service)["messages"] if row["kind"] == "alert"]
    (delivery,) = [row for row in tables(home.service)["deliveries"] if row["message_id"] == told[0]["id"]]
    assert (delivery["state"], delivery["answer"], delivery["due_at"]) == (
        "given-up",
        "the run is no longer held",
        None,
    )
    home.live(days=30)
    assert home.told() == []


def test_what_receivers_answered_goes_with_the_message(told):
    assert {row["answer"] for row in tables(told.service)["deliveries"]} == {"kept"}
    strava_is_away(told)
    assert {row["answer"] for row in tables(told.service)["deliveries"]} == {None}


def test_an_answer_about_pain_is_the_runners_own_and_outlives_the_runs(tmp_path: Path):
    with world(tmp_path, ordinary_weeks(NOON), poll_minutes=2880, rules=all_rules()) as home:
        home.connect()
        checking_in.tell(home.service, home.athlete, CheckIn(datetime(2026, 6, 1, 11), "knee", 6))
        home.work()
        (answer,) = (message for message in home.inbox if message.kind == "alert")
        strava_is_away(home)
        assert home.held == []
        assert answer in home.inbox
        (finding,) = (one for one in home.findings if one.rule == "pain")
        assert (finding.facts["pain_of_10"], finding.scrubbed_at) == (6, None)


def test_what_was_said_of_running_before_a_sore_back_goes_with_the_runs_and_is_not_said_again(tmp_path: Path):
    with world(tmp_path, ordinary_weeks(NOON), poll_minutes=2880, rules=all_rules()) as home:
        home.connect()
        home.arrives(run(TUESDAY, 21))
        checking_in.tell(home.service, home.athlete, CheckIn(datetime(2026, 6, 2, 12), "upper-back", 3))
        home.work()
        (found,) = (one for one in home.findings if one.rule == "back-context")
        assert found.facts["load_rule"] == "run-spike"
        strava_is_away(home)
        (gone,) = (one for one in home.findings if one.rule == "back-context")
        assert (gone.facts, gone.key) == ({}, found.key)
        strava_is_back(home)
        checking_in.tell(home.service, home.athlete, CheckIn(home.clock().replace(tzinfo=None), "upper-back", 3))
        home.work()
        said = [alert["rule"] for message in home.told() for alert in message.data["alerts"]]
        assert (said.count("back-context"), said.count("pain")) == (1, 2)


def test_the_log_of_it_says_how_much_went_and_nothing_of_a_run(told, caplog):
    caplog.set_level("DEBUG")
    number = max(told.held)
    subject, lead = told.told()[0].subject, told.told()[0].lead
    strava_is_away(told)
    assert "expired athlete=1 activities=36 findings=" in caplog.text
    assert not [word for word in (*TRACES, str(number), subject, lead) if word in caplog.text]


# Come back


def test_when_the_runs_come_back_nothing_is_told_again_and_the_numbers_are_there_again(told):
    number = max(told.held)
    sent = len(told.told("alert", "race", "receipt"))
    strava_is_away(told)
    strava_is_back(told)
    assert number in told.held
    found = told.finding("run-spike", number)
    assert (found.key, found.facts["distance_m"], found.outcome) == (str(number), 21_000, Outcome.TOLD)
    assert len(told.told("alert", "race", "receipt")) == sent
    strava_is_away(told)
    assert mentions(told.service, number, *TRACES) == set()


def test_a_run_that_nobody_saw_before_is_told_after_an_outage_too(home):
    strava_is_away(home, 9)
    (number,) = home.add(run(datetime(2026, 6, 10, 13), 21))
    home.live(hours=4)
    strava_is_back(home)
    assert [message.data["run"]["id"] for message in home.told()] == [number]


def test_a_message_about_a_run_that_is_gone_still_counts_towards_one_in_48_hours(home):
    (number,) = home.arrives(run(TUESDAY, 14))
    home.simulator.delete_activity(RUNNER, number)
    home.read_again()
    assert home.finding("run-spike", number).scrubbed_at is not None
    (next_one,) = home.arrives(run(TUESDAY + DAY, 30))
    assert home.finding("run-spike", next_one).reason is Reason.ONE_IN_48_HOURS


def test_the_receipt_of_a_run_that_was_hidden_for_a_while_is_not_written_again(home):
    (number,) = home.arrives(run(TUESDAY, 9))
    home.simulator.set_visibility(RUNNER, number, "only_me")
    home.connect(("read", "activity:read"))
    assert number not in home.held
    home.simulator.set_visibility(RUNNER, number, "everyone")
    home.read_again()
    assert number in home.held
    assert len(home.told("receipt")) == 1


# Deleted at Strava


def test_what_was_said_of_a_deleted_run_is_gone_with_the_next_reading(told):
    number = max(told.held)
    told.simulator.delete_activity(RUNNER, number)
    told.read_again()
    assert mentions(told.service, number, *TRACES) == set()
    assert len(told.held) == 35
    assert [message.subject for message in told.withdrawn] == [SUBJECT]


def test_a_deleted_run_takes_nothing_of_the_others_along(told):
    wednesday, *_ = told.arrives(run(TUESDAY + DAY, 9))
    told.simulator.delete_activity(RUNNER, wednesday)
    told.read_again()
    (alert,) = (message for message in told.inbox if message.kind == "alert")
    assert alert.subject != SUBJECT
    assert told.finding("run-spike", wednesday - 1).scrubbed_at is None


# Left the window


def test_a_period_is_remembered_while_any_run_of_it_is_held(tmp_path: Path):
    with world(tmp_path, ordinary_weeks(NOON), poll_minutes=2880, rules=all_rules()) as home:
        home.connect()
        home.arrives(*(run(TUESDAY + timedelta(days=day), 12) for day in range(20)))
        periods = [one for one in home.findings if not one.key.isdigit()]
        assert periods
        home.simulator.delete_activity(RUNNER, max(home.held))
        home.read_again()
        assert [one for one in home.findings if one.scrubbed_at is None and not one.key.isdigit()]
        strava_is_away(home)
        assert [one for one in home.findings if one.scrubbed_at is None] == []


# Ended without a word


def test_a_connection_that_strava_refuses_for_a_month_is_deleted_with_a_receipt(told):
    token_dies(told)
    for _ in range(29):
        a_day_passes(told)
    assert len(tables(told.service)["connections"]) == 1
    for _ in range(3):
        a_day_passes(told)
    left = tables(told.service)
    for name in ("connections", "activities", "findings", "seen_runs", "shoes"):
        assert left[name] == [], name
    receipt = told.inbox[-1]
    assert receipt.event == "connection.ended"
    assert "for 30 days now" in receipt.lead
    assert receipt in told.recorder.sent


def token_dies(home: World) -> None:
    home.simulator.revoke(RUNNER)
    home.clock.advance(timedelta(hours=7))
    home.read_again()
    assert home.connection.state == "sign-in-again"


# Nothing more and nothing less


def test_a_sore_back_beside_desk_days_is_the_runners_own_word_and_needs_no_run(tmp_path: Path):
    with world(tmp_path, [], poll_minutes=2880, rules=all_rules()) as home:
        home.connect()
        checking_in.prefer(home.service, home.athlete, desk_days=True)
        checking_in.tell(home.service, home.athlete, CheckIn(datetime(2026, 6, 1, 11), "upper-back", 3))
        before, inbox = home.findings, home.inbox
        assert {found.rule for found in before} == {"back-context", "pain"}
        for _ in range(3):
            a_day_passes(home)
        assert home.findings == before
        assert home.inbox == inbox


def test_a_digest_of_a_quiet_week_goes_with_the_runs_that_its_distances_were_made_from(told):
    told.live_until(datetime(2026, 6, 10, 12, tzinfo=UTC))
    strava_is_away(told, 5)
    quiet = told.told("digest")[-1]
    assert (quiet.data["runs"], bool(quiet.data["range"])) == (0, True)
    strava_is_away(told, 4)
    assert told.held == []
    assert told.clock() - quiet.created_at < timedelta(days=7)
    (left,) = (message for message in told.inbox if message.id == quiet.id)
    assert (left.subject, left.data.get("range")) == (SUBJECT, None)


def test_a_runner_without_runs_keeps_the_welcome_and_the_digests_for_they_hold_nothing_of_any(tmp_path: Path):
    with world(tmp_path, [], poll_minutes=2880) as home:
        home.connect()
        for _ in range(20):
            a_day_passes(home)
        assert [message.kind for message in home.inbox] == ["welcome", "digest", "digest"]
        assert SUBJECT not in {message.subject for message in home.inbox}


def test_a_gap_that_was_asked_about_is_not_asked_about_again_and_the_day_of_its_run_is_not_kept(tmp_path: Path):
    daily = [run(NOON.replace(tzinfo=None, hour=7) - DAY * ago, 8) for ago in range(1, 80)]
    with world(tmp_path, daily, poll_minutes=2880) as home:
        home.connect()
        home.live(days=20)
        assert asked(home) == ["2026-05-31"]
        strava_is_away(home)
        assert "2026-05-31" not in {message.data.get("absence") for message in home.inbox}
        strava_is_back(home)
        home.live(days=14)
        assert len(home.told("digest")) > 3
        assert asked(home) == ["2026-05-31"]


def asked(home: World) -> list[str]:
    """The gaps that digests asked about."""
    return [gap for message in home.told("digest") if (gap := message.data["absence"])]
