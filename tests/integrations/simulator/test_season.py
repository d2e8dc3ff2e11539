"""The season of the demonstration: a break, a return, a sustained rise and a week that hurts, and nothing else."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from integrations.strava.simulator.activity import SimulatedActivity, start_of
from integrations.strava.simulator.generator import tell_story
from integrations.strava.simulator.personas import ANNA
from integrations.strava.simulator.season import Season, tell_season

FIRST, IMPORT = date(2026, 2, 2), date(2026, 9, 7)
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


@pytest.fixture(scope="module", params=[1, 2, 3, 7])
def season(request) -> Season:
    return tell_season(ANNA, request.param, first_day=FIRST, import_day=IMPORT, days_after=120)


def day(activity: SimulatedActivity) -> date:
    return activity.start_local.date()


def between(season: Season, first: date, until: date) -> list[SimulatedActivity]:
    """The runs from the first day up to, but not on, the last."""
    return [one for one in season.activities if first <= day(one) < until]


def km(activity: SimulatedActivity) -> float:
    return activity.body["distance"] / 1000


def test_up_to_the_big_run_it_is_the_story_as_it_was(season: Season):
    seeds = (tell_story(ANNA, seed, first_day=FIRST, import_day=IMPORT) for seed in (1, 2, 3, 7))
    story = next(one for one in seeds if one.big_run == season.big_run)
    before = story.activities.index(story.big_run) + 1
    assert season.activities[:before] == story.activities[:before]


def test_runs_come_in_order_and_reach_strava_after_their_end(season: Season):
    starts = [start_of(one.body) for one in season.activities]
    assert starts == sorted(starts)
    for one in season.activities:
        assert one.uploaded_at > start_of(one.body) + timedelta(seconds=one.body["elapsed_time"])


def test_the_break_is_three_weeks_without_a_run(season: Season):
    assert between(season, season.off_from, day(season.return_run)) == []
    assert day(season.return_run) - season.off_from == 3 * WEEK
    assert between(season, season.off_from - DAY, season.off_from)


def test_the_first_run_back_is_far_too_long_and_the_next_ones_are_short(season: Season):
    before = between(season, season.off_from - 12 * WEEK, season.off_from)
    assert km(season.return_run) == pytest.approx(0.9 * max(map(km, before)), abs=0.01)
    after = between(season, day(season.return_run) + DAY, season.rise_from)
    assert all(km(one) < 0.6 * km(season.return_run) + 1 for one in after)


def test_the_weeks_of_the_rise_are_well_above_the_usual_but_no_run_stands_out(season: Season):
    for monday in (season.rise_from, season.rise_from + WEEK):
        week = between(season, monday, monday + WEEK)
        assert len(week) == 5
        assert 1.7 < sum(map(km, week)) * 1000 / season.usual_week_m < 2
        assert all(km(one) <= km(season.return_run) for one in week)
    days = [day(one) for one in between(season, season.rise_from, season.sore_from)]
    assert [later - earlier for earlier, later in pairwise(days)].count(DAY) <= 5


def test_the_week_that_hurts_holds_three_short_runs_and_the_weeks_after_it_are_ordinary(season: Season):
    sore = between(season, season.sore_from, season.until + DAY)
    assert [day(one).weekday() for one in sore] == [0, 2, 6]
    assert max(map(km, sore)) < 8
    later = between(season, season.until + DAY, season.until + DAY + 2 * WEEK)
    assert sum(map(km, later)) * 1000 / 2 == pytest.approx(season.usual_week_m, rel=0.1)


def test_a_longer_telling_changes_nothing_that_was_there():
    short, long = (
        tell_season(ANNA, 7, first_day=FIRST, import_day=IMPORT, days_after=days_after) for days_after in (0, 120)
    )
    assert long.activities[: len(short.activities)] == short.activities
    assert day(short.activities[-1]) >= short.until
