"""The digest on Sundays."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from rules.absence import ReturnState
from rules.diary import AbsenceKind, Diary
from rules.model import Severity
from rules.policy import Outcome, Reason
from service.messages.reasons import reason_words
from tests.rules.builders import TODAY, ordinary_weeks, run, run_at, runs
from tests.rules.diaries import pain
from tests.service.messages.findings import every_run_finding, streaked
from tests.service.messages.scenes import (
    DEVICE,
    NOW,
    PAGES,
    digest,
    question,
    ranges,
    risen,
    rows,
    section,
    spiked,
    stored,
    text,
)

USUAL = ordinary_weeks(12.5)


def headings(message):
    return [part.heading for part in message.sections]


def test_the_subject_is_the_point_of_the_last_7_days():
    assert digest(USUAL).subject == "2 runs, 25.0 km in the last 7 days"
    assert digest([run(1, 8)]).subject == "1 run, 8.0 km in the last 7 days"


def test_it_counts_runs_distance_time_free_days_and_the_longest():
    told = digest([run(1, 8), run(2, 10), run(5, 12.1), *runs(range(8, 60, 3), 10)])
    assert rows(told) | {"Runs": "3"} == rows(told)
    assert rows(told)["Distance"] == "30.1 km"
    assert rows(told)["Time"] == "3 hr 1 min"
    assert rows(told)["Days without a run in between"] == "2, 0"
    assert rows(told)["Longest run"] == "12.1 km on Friday"


def test_it_holds_them_against_the_mean_of_the_four_weeks_before():
    told = digest([run(1, 20), *runs((8, 15, 22, 29), 10), *runs((9, 16), 12), run(50, 90)])
    assert told.lead == (
        "1 run, 20.0 km in the last 7 days. In the four weeks before you averaged 1.5 runs, 16.0 km and 1 hr 36 min "
        "in 7 days."
    )


def test_four_weeks_that_are_not_known_in_full_are_not_compared():
    told = digest([run(1, 20), run(20, 10)])
    assert "Your four weeks before are not known in full yet" in told.lead


def test_no_run_falls_between_two_digests():
    sunday = datetime(2024, 6, 9, 16, 0, tzinfo=UTC)  # 18:00 in Berlin
    just_before, just_after = run_at(datetime(2024, 6, 9, 17, 40), 3), run_at(datetime(2024, 6, 9, 18, 1))
    both = [just_before, just_after]
    assert digest(both, now=sunday).data["runs"] == 1
    assert digest(both, now=sunday + timedelta(days=7)).data["runs"] == 1


def test_a_run_that_begins_as_the_digest_is_due_belongs_to_it_alone():
    sunday = datetime(2024, 6, 9, 16, 0, tzinfo=UTC)
    at_six = [run_at(datetime(2024, 6, 9, 18, 0))]
    assert [digest(at_six, now=sunday + timedelta(days=days)).data["runs"] for days in (0, 7)] == [1, 0]


def test_one_effort_recorded_twice_is_one_run():
    assert digest([run(1, 8), run(1.001, 8.2)]).subject == "1 run, 8.2 km in the last 7 days"


def test_a_treadmill_run_without_a_distance_counts_with_its_time():
    told = digest([run(1, 10), run(2, None, moving_time_s=1800)])
    assert told.subject == "2 runs, 10.0 km in the last 7 days"
    assert rows(told)["Time"] == "1 hr 30 min"
    assert "1 run came without a distance and counts with its time alone." in text(told)


def test_a_week_of_treadmill_runs_without_distance_is_told_in_minutes():
    told = digest([run(1, None, moving_time_s=1800)])
    assert told.subject == "1 run, 30 minutes in the last 7 days"
    assert "Distance" not in rows(told)


def test_other_sports_are_not_runs():
    assert digest([run(1, 10), replace(run(2, 40), sport="Ride")]).data["runs"] == 1


def test_a_note_is_told_with_its_day_and_its_base():
    told = digest(USUAL, [stored(spiked(14.5), Reason.NOTE, Outcome.DIGEST)])
    assert "Noted" in headings(told)
    assert "Wed, Jun 12: 14.5 km, 16 % beyond your longest of the 30 days before (12.5 km)." in text(told)
    assert "roughly 2 of 1,000 runs" in text(told)
    assert section(told, "action").lines[0] != ""


@pytest.mark.parametrize("reason", [reason for reason in Reason if reason is not Reason.NOTE])
def test_what_was_not_told_at_once_says_why(reason):
    told = digest(USUAL, [stored(spiked(), reason)])
    assert "Found, but not told at once" in headings(told)
    assert reason_words(reason) in text(told)


def test_what_was_told_is_not_said_again():
    told = digest(USUAL, [stored(spiked(), None, Outcome.TOLD)])
    assert not {"Noted", "Found, but not told at once"} & set(headings(told))
    assert all(part.role != "action" for part in told.sections)


def test_what_no_longer_holds_is_not_told():
    gone = replace(stored(spiked(14.5), Reason.NOTE), withdrawn_at=NOW)
    assert "14.5 km" not in text(digest(USUAL, [gone]))


def test_a_period_that_was_found_at_each_of_its_runs_is_told_once():
    again = [stored(risen(ago=ago), Reason.QUIET) for ago in (4, 2, 1)]
    assert text(digest(USUAL, again)).count("against a usual week") == 1
    assert "Tue, Jun 11" in text(digest(USUAL, again))


def test_a_race_in_the_digest_is_not_judged():
    race = run(0, 21.1, race=True)
    told = digest([*USUAL, race], [stored(spiked(21.1, race=True), Reason.ONE_IN_48_HOURS)])
    assert "Wed, Jun 12: a race of 21.1 km. Races are not judged." in text(told)
    assert "beyond" not in text(told).replace("A run far beyond your recent longest", "")
    assert section(told, "action").lines[0] == "Recover after the race"


def test_a_race_with_two_findings_is_told_once():
    both = [spiked(21.1, race=True), replace(risen(race=True), run=spiked(21.1, race=True).run)]
    told = digest([run(0, 21.1, race=True)], [stored(decision, Reason.QUIET) for decision in both])
    assert text(told).count("a race of 21.1 km") == 1


def test_the_action_answers_the_most_unusual_finding():
    told = digest(USUAL, [stored(spiked(14.5), Reason.NOTE), stored(risen(Severity.HIGH), Reason.QUIET)])
    assert section(told, "action").lines[0] == "Hold your weekly distance for two weeks"


def test_it_shows_one_prompt_and_what_the_rules_can_do():
    told = digest(USUAL)
    assert [part.role for part in told.sections].count("prompt") == 1
    assert rows(told)["A run far beyond your recent longest"] == "watching"


def test_a_week_without_a_run_is_told_too():
    told = digest(ordinary_weeks(12.5)[5:], weeks_without_runs=1)
    assert told.subject == "No runs in the last 7 days"
    assert "The last 7 days" not in headings(told)


def test_the_fourth_week_without_a_run_says_that_the_digest_becomes_monthly():
    told = digest(runs(range(30, 60, 3)), weeks_without_runs=4)
    assert told.subject == "No runs in the last 4 weeks"
    assert told.lead == (
        "After 4 weeks without a run this digest comes once a month. With your next run it comes every Sunday again."
    )


def test_the_third_does_not():
    assert "month" not in text(digest(runs(range(24, 60, 3)), weeks_without_runs=3))


def test_a_starting_runner_reads_counts_and_that_nothing_can_be_compared():
    told = digest([run(1, 4), run(4, 3)], [stored(spiked(14.5), Reason.STARTING)], starting=True)
    assert told.subject == "2 runs, 42 minutes in the last 7 days"
    assert "Nothing can be compared yet" in told.lead
    assert (rows(told)["Runs"], rows(told)["Minutes"], rows(told)["Days without a run in between"]) == ("2", "42", "2")
    assert "km" not in told.lead + told.subject + str(told.sections[0])
    assert "%" not in text(told)


def test_the_longest_run_is_linked_and_its_device_named():
    told = digest([run(1, 8, device_name=DEVICE), run(9, 12, device_name="Garmin Fenix 7")])
    assert told.sections[0].links[0].text == "View on Strava"
    assert told.footer[1:] == (DEVICE,)


def test_machines_read_the_numbers():
    told = digest(USUAL, [stored(spiked(14.5), Reason.NOTE)])
    assert (told.kind, told.event) == ("digest", "digest.created")
    assert told.data["distance_m"] == 25_000
    assert told.data["until"] == (TODAY + timedelta(hours=1)).isoformat()
    assert told.data["findings"][0]["silent_because"] == "note"
    assert set(told.data["advice"]) == {"action", "prompt"}


def test_the_usual_range_reaches_to_the_next_digest():
    told = digest(USUAL, ranges=ranges(USUAL))
    part = next(part for part in told.sections if part.heading == "What would be nothing unusual")
    assert part.rows[0] == ("Today, Wed, Jun 12", "nothing unusual up to 13.7 km; a message from 16.2 km")
    assert part.rows[-1][0] == "Fri, Jun 14 to Wed, Jun 19"
    assert len(told.data["range"]) == 8


def test_without_a_range_nothing_is_said_of_it():
    assert "What would be nothing unusual" not in headings(digest(USUAL))


def test_a_gap_is_asked_about_once_and_says_where_to_answer():
    told = digest(USUAL[4:], weeks_without_runs=1, absence=question())
    first = told.sections[0]
    assert first.heading == "What kept you from running?"
    assert first.lines[0] == "No run for 12 days. Was it: injured, ill, on holiday, another sport, or just busy?"
    assert [link.url for link in first.links] == [PAGES.check_in]
    assert told.data["absence"] == "2024-05-31"


def test_much_other_sport_in_the_gap_is_named():
    asked = question(other_sport=True, other_hours=4.5)
    assert "About 4.5 hours of other sport in 7 days were read" in text(digest(USUAL[4:], absence=asked))


@pytest.mark.parametrize("kind", [AbsenceKind.INJURED, AbsenceKind.ILL])
def test_who_was_injured_or_ill_is_asked_about_pain_not_about_a_distance(kind):
    told = digest(USUAL, returning=ReturnState(kind, TODAY.date(), None))
    assert told.sections[0].heading == "Does anything hurt?"
    assert [link.url for link in told.sections[0].links] == [PAGES.check_in]


def test_there_is_never_more_than_one_question():
    told = digest(USUAL, absence=question(), returning=ReturnState(AbsenceKind.ILL, TODAY.date(), None))
    assert sum("?" in part.heading for part in told.sections) == 1


def test_a_rule_that_was_twice_not_useful_can_be_muted_or_raised():
    told = digest(USUAL, offers=["run-spike", "streak"])
    part = next(part for part in told.sections if part.heading == "Hear less of it")
    assert "“A run far beyond your recent longest”" in part.lines[0]
    assert "mute it or raise its threshold" in part.lines[0]
    assert [link.url for link in part.links] == [PAGES.settings]
    assert told.data["offers"] == ["run-spike", "streak"]


def test_while_something_hurts_neither_exercise_nor_advice_about_load_is_offered():
    days = ranges(USUAL, diary=Diary(check_ins=(pain(7),)))
    told = digest(USUAL, [stored(spiked(), Reason.QUIET)], ranges=days)
    assert {part.role for part in told.sections} == {"text"}
    assert told.data["advice"] == {"action": None, "prompt": None}


def test_without_a_prompt_none_is_shown():
    assert all(part.role not in ("prompt", "card") for part in digest(USUAL, prompt=None).sections)


def test_a_declared_streak_runner_never_reads_of_run_free_days():
    resting = "Take one or two days off running"
    streak = [stored(streaked(), Reason.QUIET)]
    assert section(digest(USUAL, streak), "action").lines[0] == resting
    assert section(digest(USUAL, streak, streak_runner=True), "action").lines[0] != resting
    assert resting not in text(digest(USUAL, streak, streak_runner=True))


def test_a_note_of_every_rule_is_a_line_with_its_day():
    for decision in every_run_finding():
        told = digest(USUAL, [stored(decision, Reason.NOTE)])
        noted = next(part for part in told.sections if part.heading == "Noted")
        assert noted.lines[0].startswith("Wed, Jun 12: ")
