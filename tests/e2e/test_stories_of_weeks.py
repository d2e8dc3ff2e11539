"""Stories of what a runner reads over the weeks: the welcome, three receipts, and a digest every Sunday."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from integrations.channels.message import Message
from integrations.strava.simulator import Fault
from tests.world import NOON, World, ordinary_weeks, run, world

TUESDAY = datetime(2026, 6, 2, 7)
BERLIN, NEW_YORK, AUCKLAND = "Europe/Berlin", "America/New_York", "Pacific/Auckland"


def after(**span: float) -> datetime:
    return TUESDAY + timedelta(**span)


def words(message: Message) -> str:
    """All that a message says, rows included."""
    said = [message.subject, message.lead]
    for one in message.sections:
        said += [one.heading, *one.lines, *(f"{label}: {value}" for label, value in one.rows)]
    return " ".join(said)


def states(home: World, message: Message) -> list[str]:
    """What a message says that each rule can do."""
    titles = {rule.title for rule in home.service.rules}
    return [state for one in message.sections for label, state in one.rows if label in titles]


def sundays(home: World, zone: str = BERLIN) -> list[str]:
    """When each digest was written, on the runner's wall clock."""
    local = [message.created_at.astimezone(ZoneInfo(zone)) for message in home.told("digest")]
    return [f"{moment:%a %H:%M %m-%d}" for moment in local]


# The welcome


def test_the_welcome_says_what_was_read_and_the_longest_run_of_the_last_30_days(home):
    (welcome,) = home.told("welcome")
    assert welcome.data == {"activities": 35, "runs": 35}
    assert all(said in words(welcome) for said in ("March 24, 2026", "May 31, 2026", "30 days: 10.0 km"))


def test_the_welcome_says_which_rules_cannot_watch_yet_and_what_they_wait_for(tmp_path):
    with world(tmp_path, ordinary_weeks(NOON, weeks=3), poll_minutes=2880) as fresh:
        fresh.connect()
        learning = states(fresh, fresh.told("welcome")[0])
        assert [state.startswith("learning, needs ") for state in learning] == [True] * len(fresh.service.rules)


def test_the_welcome_of_a_runner_with_months_of_runs_says_that_all_rules_watch(home):
    assert states(home, home.told("welcome")[0]) == ["watching"] * len(home.service.rules)


def test_the_welcome_names_the_days_on_which_it_would_have_written_and_shows_two_as_examples(tmp_path):
    long_runs = [run(datetime(2026, month, day, 6), km) for month, day, km in ((4, 20, 18), (5, 4, 24), (5, 18, 32))]
    too_old = run(datetime(2026, 4, 2, 6), 13.5)
    with world(tmp_path, [*ordinary_weeks(NOON, weeks=20), too_old, *long_runs], poll_minutes=2880) as fresh:
        fresh.connect()
        (welcome,) = fresh.told("welcome")
    assert "April 20, May 4, and May 18" in words(welcome)
    assert "April 2," not in words(welcome)
    newest, earlier = (one for one in welcome.sections if one.role == "example")
    assert "xample" in newest.heading
    assert ("May 18" in newest.heading, "32.0 km" in str(newest)) == (True, True)
    assert ("May 4" in earlier.heading, "24.0 km" in str(earlier)) == (True, True)


def test_the_welcome_says_what_to_expect(home):
    assert all(said in words(home.told("welcome")[0]) for said in ("next three runs", "every Sunday", "at once"))


def test_a_runner_with_nothing_on_strava_is_welcomed_and_gets_the_receipt_of_the_very_first_run(tmp_path):
    with world(tmp_path, [], poll_minutes=2880) as fresh:
        fresh.connect()
        assert [message.kind for message in fresh.recorder.sent] == ["welcome"]
        fresh.arrives(run(TUESDAY, 3), run(after(days=2), 3))
        assert [message.kind for message in fresh.recorder.sent] == ["welcome", "receipt", "receipt"]


def test_connecting_again_brings_no_second_welcome(home):
    home.connect()
    home.live(days=1)
    assert len(home.told("welcome")) == 1


# The receipts


def test_the_next_three_runs_bring_a_line_each_and_no_more(home):
    ids = home.arrives(*(run(after(days=day), 9) for day in range(5)))
    receipts = home.told("receipt")
    assert [message.data["run"]["id"] for message in receipts] == ids[:3]
    assert all("9.0 km" in message.lead for message in receipts)


def test_an_alert_stands_for_the_line_of_its_run(home):
    home.arrives(run(TUESDAY, 9), run(after(days=1), 21), run(after(days=2), 9), run(after(days=3), 9))
    assert [message.kind for message in home.recorder.sent] == ["welcome", "receipt", "alert", "receipt"]


def test_a_line_is_written_of_runs_alone(home):
    home.arrives(run(TUESDAY, 30, sport="Ride"), run(after(days=1), 2, sport="Swim"), run(after(days=2), 9))
    assert len(home.told("receipt")) == 1


def test_a_run_that_was_read_days_later_brings_no_line(home):
    home.arrives(run(TUESDAY, 9, upload_delay=timedelta(days=4)))
    assert home.told("receipt") == []


# Every message


def test_no_message_asks_what_cannot_be_answered_yet(home):
    home.arrives(
        run(TUESDAY, 9), run(after(days=1), 15), run(after(days=2), 12), run(after(days=4), 20, treadmill=True)
    )
    home.live(days=10)
    assert {message.kind for message in home.recorder.sent} == {"welcome", "receipt", "alert", "digest"}
    assert not any("?" in words(message) for message in home.recorder.sent)


def test_an_alert_and_a_digest_carry_one_fitting_stretch_or_strength_prompt_and_one_thing_to_do(home):
    home.arrives(run(TUESDAY, 15), run(after(days=2), 17))
    home.live(days=6)
    for message in (*home.told(), *home.told("digest")):
        roles = [one.role for one in message.sections]
        assert (roles.count("action"), roles.count("prompt")) == (1, 1)
        assert message.data["advice"]["prompt"]


def test_messages_speak_in_the_runners_own_units(home):
    with home.service.store.transaction() as tx:
        tx.accounts.change(1, units="mi")
    home.arrives(run(TUESDAY, 16.1))
    assert "10.0 mi" in home.told()[0].subject


# Every Sunday


def test_a_digest_comes_every_sunday_at_six_in_the_evening_where_the_runner_is(home):
    home.add(*(run(after(days=2 * day), 10) for day in range(14)))
    home.live(days=28)
    assert sundays(home) == ["Sun 18:00 06-07", "Sun 18:00 06-14", "Sun 18:00 06-21", "Sun 18:00 06-28"]


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (datetime(2026, 3, 16, 12, tzinfo=UTC), ["Sun 18:00 03-22", "Sun 18:00 03-29", "Sun 18:00 04-05"]),
        (datetime(2026, 10, 12, 12, tzinfo=UTC), ["Sun 18:00 10-18", "Sun 18:00 10-25", "Sun 18:00 11-01"]),
    ],
)
def test_it_stays_six_in_the_evening_when_summer_time_begins_or_ends(tmp_path, start, expected):
    with world(tmp_path, ordinary_weeks(start), start=start, poll_minutes=2880) as home:
        home.connect()
        home.live(days=21)
        assert sundays(home) == expected


def test_the_digest_counts_the_week_until_then_and_compares_with_the_four_before(home):
    home.arrives(run(TUESDAY, 9), run(after(days=2), 9), run(after(days=4), 11))
    home.live(days=2)
    (sunday,) = home.told("digest")
    assert (sunday.data["runs"], sunday.data["distance_m"]) == (3, 29_000)
    assert "3.5 runs, 35.0 km" in words(sunday)


def test_no_run_falls_between_two_digests(home):
    ids = home.arrives(*(run(after(days=day, hours=hour), 8) for day, hour in ((4, 0), (5, 9), (5, 12), (7, 0))))
    home.live(days=10)
    assert sum(message.data["runs"] for message in home.told("digest")) == len(ids)


def test_weeks_without_a_run_have_their_digest_too_and_after_four_of_them_it_comes_monthly(home):
    home.live(days=7 * 13 + 1)
    quiet = ["Sun 18:00 06-07", "Sun 18:00 06-14", "Sun 18:00 06-21", "Sun 18:00 06-28"]
    assert sundays(home) == [*quiet, "Sun 18:00 07-26", "Sun 18:00 08-23"]
    assert ["once a month" in words(message) for message in home.told("digest")] == [False] * 3 + [True] * 3


def test_with_the_next_run_it_comes_every_sunday_again(home):
    home.live(days=50)
    home.arrives(run(after(days=52), 5))
    home.live(days=14)
    assert sundays(home)[-2:] == ["Sun 18:00 07-26", "Sun 18:00 08-02"]


def test_a_finding_stands_in_one_digest_alone_even_if_the_first_of_them_came_late(home):
    home.add(run(after(days=5, hours=13), 12))  # Sunday evening at eight, while this installation is down
    home.clock.advance_to(datetime(2026, 6, 8, 6, tzinfo=UTC))
    home.read_again()
    assert sundays(home) == ["Sun 18:00 06-07"]
    home.live(days=7)
    assert [len(message.data["findings"]) for message in home.told("digest")] == [0, 1]


def test_a_week_in_which_strava_could_not_be_read_is_not_called_a_week_without_runs(home):
    home.add(*(run(after(days=2 * day), 10) for day in range(14)))
    home.simulator.faults.fail_next("list", Fault.BAD_GATEWAY, times=16)
    for _ in range(16):
        home.clock.advance(timedelta(days=1))
        home.work()
    assert sundays(home) == ["Sun 18:00 06-07"]
    home.live(days=7)
    assert sundays(home)[1:] == ["Sun 18:00 06-21"]
    assert home.told("digest")[-1].data["runs"] > 0


# Starting


def test_a_starting_runner_gets_no_ratios_but_runs_minutes_and_days_between(tmp_path):
    starting = [run(datetime(2026, 5, 1, 7) + timedelta(days=3 * n), 2 + 0.1 * n) for n in range(10)]
    with world(tmp_path, starting, poll_minutes=2880) as fresh:
        fresh.connect()
        fresh.arrives(run(TUESDAY, 4.9), run(after(days=3), 3))
        fresh.live(days=3)
        (sunday,) = fresh.told("digest")
    rows = [row for one in sunday.sections for row in one.rows]
    assert rows[:3] == [("Runs", "2"), ("Minutes", "47"), ("Days without a run in between", "2")]
    assert "othing can be compared yet" in words(sunday)
    assert fresh.told() == []
    assert not any(mark in words(message) for message in fresh.recorder.sent for mark in ("%", "usual week was"))


def test_a_starting_runner_who_suddenly_runs_far_is_told_nothing_at_once(tmp_path):
    few = [run(datetime(2026, 4, 20, 7) + timedelta(days=9 * n), 3) for n in range(4)]
    with world(tmp_path, few, poll_minutes=2880) as fresh:
        fresh.connect()
        fresh.arrives(run(TUESDAY, 15))
        assert fresh.told() == []


# Travelling


def test_who_flies_west_gets_the_digest_at_six_in_the_evening_there(home):
    home.arrives(run(after(days=2), 10, time_zone=NEW_YORK))
    home.live(days=4)
    assert home.athlete.time_zone == NEW_YORK
    assert sundays(home, NEW_YORK) == ["Sun 18:00 06-07"]


def test_who_flies_east_gets_the_digest_at_six_in_the_evening_there(home):
    home.arrives(run(after(days=2), 10, time_zone=AUCKLAND))
    home.live(days=4)
    assert sundays(home, AUCKLAND) == ["Sun 18:00 06-07"]


def test_who_is_found_to_be_in_the_west_after_the_digest_gets_no_second_one_that_sunday(home):
    home.arrives(run(after(days=5, hours=6), 10, time_zone=NEW_YORK))  # read when it is past six in Berlin
    home.live(days=8)
    assert sundays(home) == ["Sun 18:00 06-07", "Mon 00:00 06-15"]


def test_who_is_found_to_be_in_the_east_after_six_there_still_gets_that_sundays_digest(home):
    home.arrives(run(after(days=5, hours=5), 10, time_zone=AUCKLAND))
    home.arrives(run(after(days=5, hours=13), 10, time_zone=AUCKLAND))
    home.live(days=8)
    assert sundays(home, AUCKLAND) == ["Sun 18:00 06-07", "Sun 18:00 06-14"]


def test_a_run_in_another_zone_is_compared_by_the_clock_on_the_wall(home):
    (far,) = home.arrives(run(after(days=1), 15, time_zone=AUCKLAND))
    found = home.finding("run-spike", far)
    assert (found.day.isoformat(), found.facts["longest_m"]) == ("2026-06-03", 10_000)


def test_a_hidden_start_time_keeps_its_day_and_counts_in_the_digest(home):
    (hidden,) = home.arrives(run(after(days=2), 15, hidden_start=True))
    assert home.finding("run-spike", hidden).day.isoformat() == "2026-06-04"
    home.live(days=4)
    assert home.told("digest")[0].data["runs"] == 1
