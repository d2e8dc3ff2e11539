"""Stories of one long run: when the runner hears of it, when not, and in which words."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from rules.model import Severity
from rules.policy import Outcome, Reason
from tests.world import NOON, ordinary_weeks, run, world

TUESDAY = datetime(2026, 6, 2, 7)
RACE = 1


def test_a_run_half_as_long_again_is_told_half_an_hour_after_it_was_seen(settling):
    (long_run,) = settling.arrives(run(TUESDAY, 15))
    assert settling.told() == []
    settling.live(minutes=29)
    assert settling.told() == []
    settling.live(minutes=1)
    (message,) = settling.told()
    assert message.data["run"]["id"] == long_run
    assert settling.finding("run-spike", long_run).severity is Severity.CAUTION


def test_before_it_is_told_the_window_is_read_once_more(settling):
    settling.arrives(run(TUESDAY, 15))
    before = len(settling.simulator.calls_to("list"))
    settling.live(minutes=30)
    assert len(settling.simulator.calls_to("list")) == before + 1


def test_a_run_that_is_cropped_within_the_half_hour_is_never_told(settling):
    (long_run,) = settling.arrives(run(TUESDAY, 42))
    settling.live(minutes=10)
    settling.edit(long_run, distance=10_000.0, moving_time=3600, elapsed_time=3600)
    settling.live(hours=3)
    assert settling.told() == []
    assert settling.findings == []


def test_a_run_that_is_deleted_within_the_half_hour_is_never_told(settling):
    (long_run,) = settling.arrives(run(TUESDAY, 42))
    settling.simulator.delete_activity(5_000_000_001, long_run)
    settling.live(hours=3)
    assert settling.told() == []


def test_a_distance_that_is_corrected_upwards_within_the_half_hour_is_told_as_what_it_became(settling):
    (noted,) = settling.arrives(run(TUESDAY, 12))
    settling.edit(noted, distance=15_000.0)
    settling.live(minutes=30)
    assert [alert["facts"]["distance_m"] for message in settling.told() for alert in message.data["alerts"]] == [15_000]


def test_a_race_that_is_tagged_within_the_half_hour_is_told_as_a_race(settling):
    (race,) = settling.arrives(run(TUESDAY, 21.1))
    settling.live(minutes=20)
    settling.edit(race, workout_type=RACE)
    settling.live(minutes=10)
    assert [message.kind for message in settling.told()] == ["race"]


def test_a_marathon_race_is_told_without_a_warning_word(home):
    (race,) = home.arrives(run(TUESDAY, 42.2, workout_type=RACE))
    (message,) = home.told()
    assert (message.kind, message.data["run"]["id"]) == ("race", race)
    assert "42.2 km race" in message.subject
    words = " ".join([message.lead, *(line for section in message.sections for line in section.lines)]).lower()
    assert "not judged" in words
    assert not any(word in words for word in ("caution", "high", "injur", "warning", "unusual", "beyond"))
    assert home.finding("run-spike", race).outcome is Outcome.TOLD


def test_a_marathon_that_is_no_race_is_told_as_very_unusual(home):
    (marathon,) = home.arrives(run(TUESDAY, 42.2))
    (message,) = home.told()
    assert message.kind == "alert"
    assert home.finding("run-spike", marathon).severity is Severity.HIGH


def test_a_race_of_fifty_hours_is_told_although_it_began_more_than_two_days_ago(home):
    hours = {"moving_time_s": 38 * 3600, "elapsed_time_s": 50 * 3600, "upload_delay": timedelta(hours=47)}
    (race,) = home.arrives(run(TUESDAY, 160, workout_type=RACE, **hours))
    assert [message.data["run"]["id"] for message in home.told()] == [race]


@pytest.mark.parametrize(
    ("recorded", "reason"), [({"treadmill": True}, Reason.TREADMILL), ({"manual": True}, Reason.MANUAL)]
)
def test_a_treadmill_run_or_one_entered_by_hand_waits_for_sunday_and_says_why(home, recorded, reason):
    (indoors,) = home.arrives(run(TUESDAY, 20, **recorded))
    assert home.told() == []
    found = home.finding("run-spike", indoors)
    assert (found.outcome, found.reason) == (Outcome.DIGEST, reason)
    home.live(days=6)
    (sunday,) = home.told("digest")
    (finding,) = sunday.data["findings"]
    assert (finding["key"], finding["silent_because"]) == (str(indoors), reason)


def test_a_run_a_little_longer_than_usual_is_noted_on_sunday(home):
    (noted,) = home.arrives(run(TUESDAY, 12))
    assert home.told() == []
    assert home.finding("run-spike", noted).reason is Reason.NOTE
    home.live(days=6)
    (sunday,) = home.told("digest")
    assert [finding["key"] for finding in sunday.data["findings"]] == [str(noted)]


def test_ordinary_runs_bring_no_message_but_the_first_receipts(home):
    home.arrives(*(run(TUESDAY + timedelta(days=2 * n), 10) for n in range(6)))
    assert home.told() == []
    assert home.findings == []


def test_history_that_is_imported_at_connect_never_alerts(tmp_path):
    history = [*ordinary_weeks(NOON), run(datetime(2026, 6, 1, 8), 30)]
    with world(tmp_path, history, poll_minutes=2880) as fresh:
        fresh.connect()
        fresh.live(days=8)
        assert fresh.told() == []
        assert fresh.findings == []
        assert "30.0 km" in str(fresh.told("welcome")[0].model_dump())


def test_a_run_that_comes_more_than_two_days_after_its_end_never_alerts_and_keeps_the_reason(home):
    late = run(TUESDAY, 21, upload_delay=timedelta(hours=48, seconds=1))
    (uploaded,) = home.arrives(late)
    assert home.told() == []
    found = home.finding("run-spike", uploaded)
    assert (found.outcome, found.reason) == (Outcome.SILENT, Reason.LATE)
    home.live(days=5)
    assert any("48 hours" in line for section in home.told("digest")[0].sections for line in section.lines)


def test_a_run_that_comes_just_within_two_days_is_told(home):
    (uploaded,) = home.arrives(run(TUESDAY, 21, upload_delay=timedelta(hours=48)))
    assert [message.data["run"]["id"] for message in home.told()] == [uploaded]


def test_a_run_with_a_hidden_start_time_counts_from_the_end_of_its_day(home):
    hidden = run(TUESDAY, 21, hidden_start=True, upload_delay=timedelta(hours=50))
    (uploaded,) = home.arrives(hidden)
    assert [message.data["run"]["id"] for message in home.told()] == [uploaded]


def test_a_run_with_a_hidden_start_time_is_late_two_days_after_its_day(home):
    (uploaded,) = home.arrives(run(TUESDAY, 21, hidden_start=True, upload_delay=timedelta(hours=63)))
    assert home.told() == []
    assert home.finding("run-spike", uploaded).reason is Reason.LATE


def test_before_28_days_of_history_nothing_is_told(tmp_path):
    with world(tmp_path, ordinary_weeks(NOON, weeks=3), poll_minutes=2880) as fresh:
        fresh.connect()
        fresh.arrives(run(TUESDAY, 21))
        assert fresh.told() == []
        assert fresh.findings == []


def test_a_long_ride_is_no_run(home):
    home.arrives(run(TUESDAY, 120, sport="Ride", moving_time_s=5 * 3600))
    assert home.told() == []
    assert home.told("receipt") == []
