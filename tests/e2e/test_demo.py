"""`afterrun demo`: a season told against the built-in Strava, and its own check that nothing is missing or too many."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from io import StringIO

import pytest
from rich.console import Console

from integrations.strava.simulator.personas import ANNA
from integrations.strava.simulator.season import Season, tell_season
from service.demo.chapters import Expected, answers_of, chapters_of, expected_of
from service.demo.once import Came, differences, tell
from service.demo.stage import FIRST_DAY, IMPORT_DAY, SEED, evening


@pytest.fixture(scope="module")
def season() -> Season:
    return tell_season(ANNA, SEED, first_day=FIRST_DAY, import_day=IMPORT_DAY)


@pytest.fixture(scope="module")
def expected(season: Season) -> Expected:
    return expected_of(season, range(len(season.activities)), evening(IMPORT_DAY).replace(tzinfo=None))


def test_the_season_is_told_chapter_by_chapter_and_all_is_said_that_should_be_and_nothing_else():
    said = StringIO()
    assert tell(Console(file=said, width=100)) == 0
    told = " ".join(said.getvalue().split())
    titles = ("1. Ordinary runs", "2. A break", "3. The return", "4. A sustained rise", "5. A week of pain")
    places = [told.index(title) for title in titles]
    assert places == sorted(places)
    first, pause, back, rise, pain = (told[start:end] for start, end in zip(places, [*places[1:], None], strict=True))
    assert "46 % beyond your longest in 30 days" in first
    assert "email to" not in pause
    assert pause.count("email: No runs in the last 7 days") == 3
    assert "after 21 days off" in back
    assert "above your usual" in rise
    assert pain.count("webhook: alert.created") == 2
    assert "asks for shorter and easier running" in pain
    assert "asks for a stop" in pain
    assert told.endswith("Everything that should have been said was said, and nothing else.")


def test_what_must_be_said_follows_from_the_story(season: Season, expected: Expected):
    alerts = [rule for rule, _what in expected.alerts]
    assert alerts == ["run-spike", "return-from-break", "fortnight-rise", "pain", "pain"]
    assert expected.kinds["alert"] == len(alerts)
    # The Sunday of the big run, and one at the end of each of the other weeks.
    assert expected.kinds["digest"] == (season.until - IMPORT_DAY).days // 7 + 1
    assert (expected.kinds["welcome"], expected.kinds["receipt"]) == (1, 3)
    risen = date.fromisoformat(expected.alerts[2][1])
    assert season.rise_from + timedelta(days=7) < risen < season.sore_from


def test_every_chapter_ends_where_the_next_begins(season: Season):
    ends = [chapter.until for chapter in chapters_of(season)]
    assert ends == sorted(set(ends))
    assert ends[-1].date() == season.until
    assert all(season.sore_from <= answer.at.date() <= season.until for answer in answers_of(season))
    assert max(answer.at for answer in answers_of(season)) < datetime.combine(season.until, ends[-1].time())


def as_it_should(expected: Expected) -> Came:
    return Came(Counter(expected.kinds), Counter(expected.kinds), expected.alerts)


def test_nothing_differs_when_all_came(expected: Expected):
    assert differences(expected, as_it_should(expected)) == []


def test_a_missing_alert_is_named(expected: Expected):
    came = replace(as_it_should(expected), alerts=expected.alerts[:-1])
    assert differences(expected, came) == [f"missing: pain on {expected.alerts[-1][1]}"]


def test_one_alert_too_many_is_named(expected: Expected):
    came = replace(as_it_should(expected), alerts=(*expected.alerts, ("streak", "2026-11-01")))
    assert differences(expected, came) == ["too many: streak on 2026-11-01"]


def test_a_message_that_came_by_one_way_only_is_noticed(expected: Expected):
    came = replace(as_it_should(expected), by_email=expected.kinds - Counter(digest=1))
    (problem,) = differences(expected, came)
    digests = expected.kinds["digest"]
    assert problem.startswith("by email: expected ")
    assert f"{digests} digest" in problem
    assert f"{digests - 1} digest" in problem
