"""Stories of runs that change after they were read: recorded twice, edited, deleted, hidden, or simply old."""

from __future__ import annotations

from datetime import datetime, timedelta

from integrations.errors import RetryLater
from integrations.strava.simulator import Fault
from rules.policy import Outcome, Reason
from tests.world import NOON, RUNNER, ordinary_weeks, run, world

TUESDAY = datetime(2026, 6, 2, 7)
ONLY_ME, EVERYONE = "only_me", "everyone"
WITHOUT_HIDDEN = ("read", "activity:read")


def after(**span: float) -> datetime:
    return TUESDAY + timedelta(**span)


# Recorded twice


def test_a_run_on_two_devices_is_told_once_and_the_longer_recording_corrects_it(home):
    short, long = run(TUESDAY, 15), run(after(minutes=1), 15.6, upload_delay=timedelta(hours=2))
    first, second = home.arrives(short, long)
    assert [message.data["run"]["id"] for message in home.told()] == [first]
    told = home.finding("run-spike", first)
    assert (told.outcome, told.run.id, told.facts["distance_m"]) == (Outcome.TOLD, second, 15_600)
    assert home.finding("run-spike", second).reason is Reason.SAME_RECORDING
    assert home.withdrawn == []


def test_a_run_on_two_devices_is_told_once_if_the_longer_recording_came_first(home):
    long, short = run(TUESDAY, 15.6), run(after(minutes=1), 15, upload_delay=timedelta(hours=2))
    first, _ = home.arrives(long, short)
    assert [found.key for found in home.findings] == [str(first)]
    assert len(home.told()) == 1


def test_a_run_on_two_devices_is_noted_once(home):
    short, long = run(TUESDAY, 12), run(after(minutes=1), 12.5, upload_delay=timedelta(hours=2))
    _, second = home.arrives(short, long)
    home.live(days=6)
    (sunday,) = home.told("digest")
    assert [finding["key"] for finding in sunday.data["findings"]] == [str(second)]


def test_a_run_on_two_devices_has_one_receipt(home):
    home.arrives(run(TUESDAY, 9), run(after(minutes=1), 9.3, upload_delay=timedelta(hours=2)))
    assert len(home.told("receipt")) == 1


def test_if_the_longer_recording_is_deleted_again_the_alert_stands_with_the_shorter_one(home):
    first, second = home.arrives(run(TUESDAY, 15), run(after(minutes=1), 15.6, upload_delay=timedelta(hours=2)))
    home.simulator.delete_activity(RUNNER, second)
    home.read_again()
    told = home.finding("run-spike", first)
    assert (told.run.id, told.facts["distance_m"], told.withdrawn_at) == (first, 15_000, None)
    assert home.withdrawn == []


def test_a_run_that_is_deleted_and_uploaded_again_is_not_told_again(home):
    (first,) = home.arrives(run(TUESDAY, 15))
    home.simulator.delete_activity(RUNNER, first)
    home.read_again()
    (again,) = home.arrives(run(TUESDAY, 15.1))
    assert len(home.told()) == 1
    assert home.finding("run-spike", again).reason is Reason.SAME_RECORDING


# Edited and deleted


def test_an_edit_from_42_to_4_km_withdraws_the_alert_and_sends_nothing(home):
    (typo,) = home.arrives(run(TUESDAY, 42))
    (message,) = home.told()
    sent = len(home.recorder.sent)
    home.edit(typo, distance=4_200.0, moving_time=1500, elapsed_time=1500)
    home.read_again()
    assert home.withdrawn == [message]
    assert home.finding("run-spike", typo).withdrawn_at == home.clock()
    assert len(home.recorder.sent) == sent


def test_an_alert_that_could_not_be_sent_until_its_run_was_corrected_is_not_sent_at_all(home):
    home.recorder.failures.append(RetryLater("the mail server is away"))
    (typo,) = home.arrives(run(TUESDAY, 42))
    assert home.told() == []
    home.edit(typo, distance=4_200.0, moving_time=1500, elapsed_time=1500)
    home.read_again()
    home.live(hours=3)
    assert home.told() == []
    assert [message.kind for message in home.withdrawn] == ["alert"]


def test_an_edit_that_leaves_the_run_unusual_corrects_the_numbers_and_sends_nothing(home):
    (corrected,) = home.arrives(run(TUESDAY, 15))
    home.edit(corrected, distance=14_000.0)
    home.read_again()
    found = home.finding("run-spike", corrected)
    assert (found.facts["distance_m"], found.withdrawn_at, found.outcome) == (14_000, None, Outcome.TOLD)
    assert len(home.told()) == 1


def test_an_alert_that_was_withdrawn_by_mistake_stands_again_when_the_edit_is_undone(home):
    (edited,) = home.arrives(run(TUESDAY, 42, moving_time_s=4 * 3600))
    home.edit(edited, distance=14_200.0)
    home.read_again()
    home.edit(edited, distance=4_200.0)
    home.read_again()
    assert len(home.withdrawn) == 1
    home.edit(edited, distance=42_000.0)
    home.read_again()
    assert home.withdrawn == []
    assert len(home.told()) == 1


def test_a_note_that_an_edit_makes_unusual_is_told_while_it_is_news(home):
    (noted,) = home.arrives(run(TUESDAY, 12))
    home.edit(noted, distance=15_000.0)
    home.read_again()
    assert [message.data["run"]["id"] for message in home.told()] == [noted]


def test_a_note_that_an_edit_makes_unusual_days_later_is_not_told(home):
    (noted,) = home.arrives(run(TUESDAY, 12))
    home.live(days=3)
    home.edit(noted, distance=15_000.0)
    home.read_again()
    assert home.told() == []
    assert home.finding("run-spike", noted).reason is Reason.LATE


def test_a_deleted_run_withdraws_its_alert_and_sends_nothing(home):
    (deleted,) = home.arrives(run(TUESDAY, 21))
    (message,) = home.told()
    sent = len(home.recorder.sent)
    home.simulator.delete_activity(RUNNER, deleted)
    home.read_again()
    assert [one.id for one in home.withdrawn] == [message.id]
    assert deleted not in home.held
    assert len(home.recorder.sent) == sent


def test_a_run_that_is_deleted_months_later_withdraws_its_alert_too(home):
    (old,) = home.arrives(run(TUESDAY, 21))
    (told,) = home.told()
    home.pass_weeks(17)
    home.simulator.delete_activity(RUNNER, old)
    home.read_again()
    assert [message.id for message in home.withdrawn] == [told.id]


def test_a_message_about_two_findings_stands_while_one_of_them_holds(home):
    rising = [run(TUESDAY + timedelta(days=day), 8.6) for day in range(13)]
    *before, last = home.arrives(*rising, run(after(days=13), 24))
    (message,) = home.told()
    home.edit(last, distance=9_000.0, moving_time=3240)
    home.read_again()
    assert home.finding("run-spike", last).withdrawn_at is not None
    assert home.withdrawn == []
    for gone in before[-5:]:
        home.simulator.delete_activity(RUNNER, gone)
    home.read_again()
    assert home.withdrawn == [message]


# Leaving the window


def test_a_run_that_left_the_window_is_forgotten_and_its_alert_stands(home):
    (old,) = home.arrives(run(TUESDAY, 21))
    home.add(*(run(after(days=3 * n), 10) for n in range(1, 70)))
    home.pass_weeks(27)
    assert old not in home.held
    assert home.finding("run-spike", old).withdrawn_at is None
    assert home.withdrawn == []


def test_what_was_said_of_a_run_does_not_change_while_the_runs_before_it_leave_the_window(home):
    (old,) = home.arrives(run(TUESDAY, 21))
    told = home.finding("run-spike", old)
    home.add(*(run(after(days=3 * n), 10) for n in range(1, 70)))
    weeks = 0
    while old in home.held:
        assert home.finding("run-spike", old) == told
        home.pass_weeks(1)
        weeks += 1
    assert weeks == 27


# A failure in the middle


def test_if_the_second_page_fails_nothing_is_replaced(tmp_path):
    morning = datetime(2026, 5, 31, 6)
    twice_a_day = [run(morning - timedelta(hours=12 * n), 5) for n in range(260)]
    with world(tmp_path, twice_a_day, poll_minutes=2880) as home:
        home.connect()
        before = home.held
        assert len(before) == 260
        for gone in before[-5:]:
            home.simulator.delete_activity(RUNNER, gone)
        home.simulator.faults.fail_next("list", Fault.SERVER_ERROR, after=1)
        home.add(run(datetime(2026, 6, 1, 15), 20))
        home.live(hours=4)
        home.read_again()
        assert home.held == before
        assert home.told() == []
        assert home.connection.trouble is not None
        home.live(minutes=5)
        assert len(home.held) == 256
        assert len(home.told()) == 1
        assert home.connection.trouble is None


# Seeing less


def test_connecting_again_with_less_permission_learns_for_28_days_and_withdraws_nothing(home):
    hidden, _ = home.arrives(run(TUESDAY, 21, visibility=ONLY_ME), run(after(days=8), 30))
    assert len(home.told()) == 2
    home.connect(WITHOUT_HIDDEN)
    assert hidden not in home.held
    home.arrives(run(after(days=17), 44), run(after(days=35), 10))
    assert len(home.told()) == 2
    assert [found.reason for found in home.findings if found.outcome is not Outcome.TOLD] == [Reason.SCOPE_CHANGED]
    assert home.withdrawn == []


def test_after_those_28_days_messages_come_again_and_still_nothing_is_withdrawn(home):
    home.arrives(run(TUESDAY, 21, visibility=ONLY_ME))
    home.connect(WITHOUT_HIDDEN)
    home.add(*(run(after(days=2 * n), 10) for n in range(1, 15)))
    home.live(days=28)
    (unusual,) = home.arrives(run(after(days=33), 20))
    assert [message.data["run"]["id"] for message in home.told()][1:] == [unusual]
    home.live(days=8)
    assert home.withdrawn == []


def test_while_learning_again_the_digest_says_so(home):
    home.connect(WITHOUT_HIDDEN)
    home.live(days=7)
    (sunday,) = home.told("digest")
    titles = {rule.title for rule in home.service.rules}
    states = [state for section in sunday.sections for label, state in section.rows if label in titles]
    assert states == ["learning, needs 22 more days"] * len(titles)


def test_hidden_runs_count_with_full_permission(home):
    (hidden,) = home.arrives(run(TUESDAY, 21, visibility=ONLY_ME))
    assert [message.data["run"]["id"] for message in home.told()] == [hidden]


def test_without_that_permission_hidden_runs_are_not_read_and_the_welcome_says_so(tmp_path):
    with world(tmp_path, ordinary_weeks(NOON), poll_minutes=2880) as home:
        home.connect(WITHOUT_HIDDEN)
        home.arrives(run(TUESDAY, 21, visibility=ONLY_ME))
        assert home.told() == []
        (welcome,) = home.told("welcome")
        assert "only you can see" in str(welcome.model_dump())


def test_hiding_a_run_without_that_permission_withdraws_its_alert(tmp_path):
    with world(tmp_path, ordinary_weeks(NOON), poll_minutes=2880) as home:
        home.connect(WITHOUT_HIDDEN)
        (shown,) = home.arrives(run(TUESDAY, 21))
        home.simulator.set_visibility(RUNNER, shown, ONLY_ME)
        home.read_again()
        assert len(home.withdrawn) == 1
        home.simulator.set_visibility(RUNNER, shown, EVERYONE)
        home.read_again()
        assert home.withdrawn == []
        assert len(home.told()) == 1


# Odd values


def test_an_odd_value_costs_that_field_and_an_unreadable_activity_only_itself(home, caplog):
    (odd,) = home.arrives(run(TUESDAY, 21))
    other = home.held[0]
    home.edit(odd, average_heartrate="fast")
    home.edit(other, start_date_local="some day", utc_offset="far away")
    caplog.set_level("WARNING")
    home.read_again()
    assert odd in home.held
    assert home.withdrawn == []
    assert any(f"activity={odd}" in record.getMessage() for record in caplog.records)
    assert any(f"activity={other}" in record.getMessage() for record in caplog.records)
