"""The first message, when the import is done."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from rules.model import RuleState, Watch
from rules.policy import Outcome
from tests.rules.builders import TODAY, ordinary_weeks, run
from tests.service.messages.scenes import choice, risen, rows, spiked, states_of, text, welcome

USUAL = ordinary_weeks(12.5)


def examples(message):
    return [part for part in message.sections if part.role == "example"]


def test_it_says_what_was_read():
    ride = replace(run(40, 30), id=5, sport="Ride")
    told = welcome([*USUAL, ride])
    assert told.subject == "Connected: 20 runs read"
    assert told.lead == "Read: 21 activities, 20 runs among them, from April 14, 2024 to June 10, 2024."


def test_one_run_is_one_run():
    assert welcome([run(3, 6)]).subject == "Connected: 1 run read"
    assert welcome([run(3, 6)]).lead.startswith("Read: 1 activity, 1 run among them, from")


def test_treadmill_runs_without_a_distance_count_as_read():
    assert welcome([*USUAL, run(0.5, None)]).subject == "Connected: 21 runs read"


def test_an_empty_account_is_told_that_its_next_run_is_the_first():
    told = welcome([])
    assert "Your next run is the first to be read." in told.lead
    assert "You have no run in the last 30 days." in text(told)


def test_it_names_the_longest_run_of_the_last_30_days():
    told = welcome([*USUAL, run(31, 30), run(5, 16.4)])
    assert "Your longest run of the last 30 days: 16.4 km, on June 7." in text(told)
    assert told.sections[0].links[0].text == "View on Strava"


def test_it_says_which_rules_can_watch():
    told = rows(welcome(USUAL))
    assert told["Two weeks well above your usual"] == "watching"
    assert told["A run far beyond your recent longest"] == "watching"
    assert told["Slower steps late in your long runs"] == (
        "cannot watch, because the recorded course of your runs is not read (you can ask for it in the settings)"
    )
    assert told["Acute to chronic ratio"] == "to look up, never sent"


def test_rules_about_pain_and_signs_share_a_row_without_their_titles():
    told = welcome(USUAL)
    assert rows(told)["Your check-ins"] == "answered at once"
    assert "Please stop and read this first" not in text(told)


def test_it_says_what_a_learning_rule_still_needs():
    told = welcome(USUAL, rule_states=states_of(RuleState(Watch.LEARNING, missing_runs=3, missing_days=1)))
    assert rows(told)["A run far beyond your recent longest"] == "learning, needs 3 more runs and 1 more day"


def test_it_says_why_a_rule_cannot_watch():
    blind = welcome(USUAL, rule_states=states_of(RuleState(Watch.CANNOT_WATCH, why="no-distance")))
    assert (
        rows(blind)["A run far beyond your recent longest"] == "cannot watch, because your runs come without a distance"
    )
    little = welcome(USUAL, rule_states=states_of(RuleState(Watch.CANNOT_WATCH, why="base-too-small")))
    assert "your usual weeks are too short to compare" in rows(little)["Two weeks well above your usual"]


def test_it_lists_the_days_on_which_it_would_have_written():
    told = welcome(USUAL, [spiked(ago=20), risen(ago=4)])
    assert "Messages on 2 days of the last 8 weeks: May 23 and June 8. They are past, so nothing was sent." in text(
        told
    )


def test_it_says_so_when_it_would_not_have_written():
    assert "Nothing in the last 8 weeks." in text(welcome(USUAL))


def test_days_more_than_8_weeks_ago_are_not_listed():
    assert "Nothing in the last 8 weeks." in text(welcome(USUAL, [spiked(ago=56), spiked(ago=60)]))
    assert "A message on 1 day of the last 8 weeks: April 18." in text(welcome(USUAL, [spiked(ago=55)]))


def test_what_stayed_silent_is_not_listed():
    silent = replace(spiked(ago=20), outcome=Outcome.SILENT)
    assert "Nothing in the last 8 weeks." in text(welcome(USUAL, [silent]))


def test_at_most_two_examples_are_shown_the_latest_ones_and_marked():
    told = welcome(USUAL, [spiked(ago=20), spiked(ago=11), spiked(ago=4)])
    assert [part.heading for part in examples(told)] == [
        "Example, as it would have read on June 8",
        "Example, as it would have read on June 1",
    ]


def test_an_example_reads_as_the_message_would_have_read_that_day():
    decision = spiked(ago=4)
    (example,) = examples(welcome(USUAL, [decision]))
    assert example.lines[0] == "18.2 km today, 46 % beyond your longest in 30 days"
    assert example.lines[1] == "You ran 18.2 km; your longest in 30 days was 12.5 km, on May 30."
    assert choice([decision]).action.texts["en"].name in example.lines
    assert [link.text for link in example.links] == ["View on Strava"]


def test_two_findings_of_one_run_are_one_day_and_one_example():
    spike, rise = spiked(ago=4), risen(ago=4)
    told = welcome(USUAL, [spike, replace(rise, run=spike.run)])
    assert "A message on 1 day" in text(told)
    assert len(examples(told)) == 1


def test_a_race_is_an_example_of_a_race():
    (example,) = examples(welcome(USUAL, [spiked(21.1, ago=4, race=True)]))
    assert example.lines[0] == "21.1 km race today: time to recover"


def test_it_says_what_to_expect():
    words = text(welcome(USUAL))
    assert "A line after each of your next three runs" in words
    assert "a digest every Sunday, and a message at once when a run is far from your usual." in words


def test_it_says_when_hidden_runs_are_not_seen():
    hidden = "Runs that only you can see on Strava are not seen here"
    assert hidden in text(welcome(USUAL, sees_hidden_runs=False))
    assert hidden not in text(welcome(USUAL, sees_hidden_runs=True))


def test_a_starting_runner_reads_no_ratio():
    told = welcome([run(3, 4.0)], [spiked(ago=20)], starting=True)
    assert "nothing can be compared yet" in text(told)
    assert "%" not in text(told)
    assert "times" not in text(told)


def test_the_examples_follow_the_runners_calendar():
    told = welcome([replace(run(0), start_local=TODAY - timedelta(days=1))], [spiked(ago=1)])
    assert "June 11" in text(told)
