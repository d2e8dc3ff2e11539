"""From a window to verdicts with their reasons: what is kept of each, and what follows when runs change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rules.model import Activity
from rules.policy import Outcome, Reason
from service.judgement import finished_at
from tests.service.tables import tables
from tests.world import NOON, RUNNER, World, ordinary_weeks, run, world

TUESDAY = datetime(2026, 6, 2, 7)
HOUR = 3600


@pytest.fixture
def home(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path, ordinary_weeks(NOON), poll_minutes=2880) as built:
        built.connect()
        yield built


def activity(**given: object) -> Activity:
    return replace(
        Activity(id=1, sport="Run", start_local=TUESDAY, moving_time_s=HOUR, elapsed_time_s=2 * HOUR), **given
    )


@pytest.mark.parametrize(
    ("given", "finished"),
    [
        ({}, datetime(2026, 6, 2, 9)),
        ({"utc_offset_s": 2 * HOUR}, datetime(2026, 6, 2, 7)),
        ({"utc_offset_s": -5 * HOUR}, datetime(2026, 6, 2, 14)),
        ({"elapsed_time_s": None}, datetime(2026, 6, 2, 8)),
        ({"elapsed_time_s": 23 * 24 * HOUR}, datetime(2026, 6, 2, 8)),
        ({"elapsed_time_s": None, "moving_time_s": None}, datetime(2026, 6, 2, 7)),
    ],
)
def test_a_run_ends_at_its_start_plus_elapsed_time_where_that_can_be_believed(given, finished):
    assert finished_at(activity(**given)) == finished.replace(tzinfo=UTC)


def test_a_run_with_a_hidden_start_time_ends_with_its_day_at_the_latest():
    hidden = activity(start_local=datetime(2026, 6, 2, 0, 0, 1), start_time_known=False, utc_offset_s=2 * HOUR)
    assert finished_at(hidden).replace(microsecond=0) == datetime(2026, 6, 2, 21, 59, 59, tzinfo=UTC)
    two_days = replace(hidden, elapsed_time_s=48 * HOUR)
    assert finished_at(two_days) == datetime(2026, 6, 3, 22, 0, 1, tzinfo=UTC)


def test_what_is_told_has_one_alert_id_and_names_its_message(home):
    (told,) = home.arrives(run(TUESDAY, 21))
    found = home.finding("run-spike", told)
    (message,) = home.told()
    assert found.message_id == message.id
    assert [alert["id"] for alert in message.data["alerts"]] == [found.alert_id]


def test_an_alert_keeps_its_id_through_edits_withdrawal_and_return(home):
    (told,) = home.arrives(run(TUESDAY, 21))
    before = home.finding("run-spike", told)
    for metres in (20_000.0, 5_000.0, 22_000.0):
        home.edit(told, distance=metres)
        home.read_again()
    after = home.finding("run-spike", told)
    assert (after.alert_id, after.message_id, after.decided_at) == (
        before.alert_id,
        before.message_id,
        before.decided_at,
    )
    assert len(tables(home.service)["findings"]) == 1


def test_what_is_not_told_has_no_alert_and_no_message(home):
    (noted,) = home.arrives(run(TUESDAY, 12))
    found = home.finding("run-spike", noted)
    assert (found.alert_id, found.message_id, found.reason) == (None, None, Reason.NOTE)


def test_of_imported_runs_no_verdict_is_kept(tmp_path):
    with world(tmp_path, [*ordinary_weeks(NOON), run(datetime(2026, 6, 1, 8), 30)], poll_minutes=2880) as home:
        home.connect()
        home.arrives(run(TUESDAY, 10))
        assert home.findings == []


def test_an_edit_of_an_imported_run_never_alerts_either(home):
    imported = home.held[-1]
    home.edit(imported, distance=30_000.0, moving_time=3 * HOUR)
    home.read_again()
    assert home.findings == []


def test_a_deleted_long_run_in_the_past_makes_no_old_run_news(tmp_path):
    longest = run(datetime(2026, 5, 20, 16), 30)
    with world(tmp_path, [*ordinary_weeks(NOON), longest], poll_minutes=2880) as home:
        home.connect()
        (ordinary_then,) = home.arrives(run(TUESDAY, 14))
        home.live(days=3)
        home.simulator.delete_activity(RUNNER, home.held[-8])
        home.read_again()
        assert 30_000 not in [row["distance_m"] for row in tables(home.service)["activities"]]
        assert home.told() == []
        assert home.finding("run-spike", ordinary_then).reason is Reason.LATE


def test_the_findings_of_a_rule_that_is_no_more_stand(home):
    (told,) = home.arrives(run(TUESDAY, 21))
    home.service = replace(home.service, rules=())
    home.arrives(run(TUESDAY + timedelta(days=2), 9))
    assert home.finding("run-spike", told).withdrawn_at is None
    home.simulator.delete_activity(RUNNER, told)
    home.read_again()
    assert home.finding("run-spike", told).withdrawn_at is not None


def test_a_rule_that_came_later_says_nothing_of_old_runs(home):
    both = home.service.rules
    home.service = replace(home.service, rules=tuple(rule for rule in both if rule.code != "run-spike"))
    (old,) = home.arrives(run(TUESDAY, 21))
    home.service = replace(home.service, rules=both)
    home.arrives(run(TUESDAY + timedelta(days=4), 9))
    found = home.finding("run-spike", old)
    assert (found.outcome, found.reason) == (Outcome.SILENT, Reason.LATE)


def test_three_runs_of_one_day_have_one_verdict_on_the_fortnight_which_follows_the_last_of_them(home):
    daily = [run(TUESDAY + timedelta(days=day), 9) for day in range(14)]
    later = [run(TUESDAY + timedelta(days=13, hours=hours), 5) for hours in (5, 10)]
    *_, last = home.arrives(*daily, *later)
    (found,) = (found for found in home.findings if found.rule == "fortnight-rise")
    assert (found.run.id, found.facts["last_7_days_m"]) == (last, 73_000)
    (message,) = home.told()
    assert message.data["alerts"][0]["facts"]["last_7_days_m"] == 63_000


def test_after_an_import_is_done_a_run_of_that_morning_is_no_news(tmp_path):
    with world(tmp_path, [*ordinary_weeks(NOON), run(datetime(2026, 6, 1, 10), 9)], poll_minutes=2880) as home:
        home.connect()
        home.read_again()
        assert home.told("receipt") == []
