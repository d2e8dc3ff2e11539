"""Made-up runners: believable, repeatable, and never surprising but where a story wants it."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest

from integrations.strava.simulator.activity import SimulatedActivity, start_of
from integrations.strava.simulator.generator import Story, generate, tell_story
from integrations.strava.simulator.personas import ANNA, BEN, CHIARA, DEV, EMMA, PERSONAS, Persona

FIRST, LAST = date(2025, 6, 2), date(2026, 5, 31)
IMPORT = date(2026, 3, 11)


@pytest.fixture(scope="module")
def years() -> dict[str, list[SimulatedActivity]]:
    return {code: generate(persona, 1, FIRST, LAST) for code, persona in PERSONAS.items()}


def runs(activities: list[SimulatedActivity]) -> list[SimulatedActivity]:
    return [activity for activity in activities if activity.body["type"] == "Run"]


def km(activity: SimulatedActivity) -> float:
    return activity.body["distance"] / 1000


def share(activities: list[SimulatedActivity], key: str) -> float:
    return sum(bool(activity.body[key]) for activity in activities) / len(activities)


def test_the_same_persona_and_seed_give_the_same_months():
    assert generate(BEN, 5, FIRST, LAST) == generate(BEN, 5, FIRST, LAST)
    assert generate(BEN, 5, FIRST, LAST) != generate(BEN, 6, FIRST, LAST)


def test_a_later_last_day_changes_nothing_that_was_there(years):
    shorter = generate(CHIARA, 1, FIRST, date(2025, 12, 31))
    assert years["chiara"][: len(shorter)] == shorter


@pytest.mark.parametrize("persona", PERSONAS.values(), ids=PERSONAS.keys())
def test_everyone_s_year_looks_like_their_habits(persona: Persona, years):
    activities = years[persona.code]
    days = Counter(activity.start_local.date() for activity in runs(activities))
    weekly = sum(map(km, runs(activities))) / 52
    assert 0.6 * persona.weekly_km < weekly < 1.15 * persona.weekly_km
    assert all(FIRST <= day <= LAST for day in days)
    paces = [activity.body["moving_time"] / km(activity) for activity in runs(activities)]
    assert all(220 < pace < 520 for pace in paces)
    assert all(activity.body["elapsed_time"] >= activity.body["moving_time"] for activity in activities)
    assert all(activity.uploaded_at > start_of(activity.body) for activity in activities)


def test_the_runners_differ_where_runners_differ(years):
    assert share(years["dev"], "trainer") > 0.3
    assert share(years["dev"], "has_heartrate") == 0
    assert 0.9 < share(years["anna"], "has_heartrate") < 1
    assert {"Swim", "Hike", "TrailRun"} <= {activity.body["sport_type"] for activity in years["emma"]}
    assert any(activity.start_local.strftime("%H:%M:%S") == "00:00:01" for activity in years["emma"])
    assert any(activity.body["manual"] for activity in years["dev"])
    assert sum(activity.body.get("workout_type") == 1 for activity in years["ben"]) >= 3
    assert {activity.body["gear_id"] for activity in runs(years["chiara"])} == {"g3001", "g3002"}
    climbed = {code: sum(a.body["total_elevation_gain"] for a in runs(years[code])) for code in ("anna", "emma")}
    assert climbed["emma"] > 4 * climbed["anna"]


def test_cadence_counts_one_leg(years):
    counted = [a.body["average_cadence"] for a in runs(years["anna"]) if "average_cadence" in a.body]
    assert all(70 < cadence < 95 for cadence in counted)


def test_clocks_change_with_the_season_and_with_travel(years):
    assert {activity.body["utc_offset"] for activity in years["anna"]} == {3600.0, 7200.0}
    assert {activity.body["timezone"] for activity in years["anna"]} == {"(GMT+01:00) Europe/Berlin"}
    assert {activity.body["utc_offset"] for activity in years["dev"]} == {19_800.0}
    assert len({activity.body["timezone"] for activity in years["ben"]}) > 1


def test_two_watches_sometimes_tell_of_the_same_run(years):
    told = sorted(runs(years["chiara"]), key=lambda activity: activity.body["start_date"])
    doubles = [
        (one, other)
        for one, other in pairwise(told)
        if start_of(other.body) - start_of(one.body) < timedelta(minutes=2)
    ]
    assert len(doubles) > 10
    assert all(abs(km(one) - km(other)) < 0.03 * km(one) for one, other in doubles)


def test_runners_pause_for_weeks_now_and_then(years):
    days = sorted({activity.start_local.date() for activity in runs(years["emma"])})
    assert any(later - earlier > timedelta(days=10) for earlier, later in pairwise(days))


# The story of the demonstration


def before(told: list[SimulatedActivity], moment: datetime, days: int) -> list[SimulatedActivity]:
    """Runs that start in the `days` days before `moment`."""
    return [run for run in runs(told) if moment - timedelta(days=days) <= run.start_local < moment]


def total_km(told: list[SimulatedActivity], first: date, last: date) -> float:
    return sum(km(run) for run in runs(told) if first <= run.start_local.date() <= last)


def fortnight_ratios(told: list[SimulatedActivity], day: date) -> tuple[float, float]:
    """The last two 7-day totals up to and including `day`, over the mean week of the four weeks before them."""
    back = [day - timedelta(days=days) for days in (6, 7, 13, 14, 41)]
    base = total_km(told, back[4], back[3]) / 4
    return total_km(told, back[0], day) / base, total_km(told, back[2], back[1]) / base


@pytest.fixture(scope="module", params=[(persona, seed) for persona in (ANNA, BEN, EMMA, DEV) for seed in (1, 2, 3)])
def story(request) -> Story:
    persona, seed = request.param
    return tell_story(persona, seed, first_day=date(2025, 9, 1), import_day=IMPORT, days_after=42)


def test_the_big_run_is_far_above_the_longest_of_thirty_days_with_enough_runs(story: Story):
    recent = before(list(story.activities), story.big_run.start_local, 30)
    assert story.big_run in story.activities
    assert len(recent) >= 6
    assert km(story.big_run) / max(map(km, recent)) == pytest.approx(1.46, abs=0.001)
    assert km(story.big_run) > 5
    assert km(story.big_run) - max(map(km, recent)) > 1


def test_no_other_run_after_the_import_stands_out(story: Story):
    told = list(story.activities)
    later = [run for run in runs(told) if run.start_local.date() > IMPORT and run is not story.big_run]
    assert len([run for run in later if run.start_local < story.big_run.start_local]) >= 3
    assert all(km(run) <= 1.1 * max(map(km, before(told, run.start_local, 30))) for run in later)


def test_no_fortnight_after_the_import_rises(story: Story):
    told = list(story.activities)
    days = {run.start_local.date() for run in runs(told) if run.start_local.date() > IMPORT}
    assert len(days) > 10
    assert all(min(fortnight_ratios(told, day)) < 1.3 for day in days)


def test_nobody_in_a_story_pauses_around_the_import(story: Story):
    days = [
        run.start_local.date() for run in runs(list(story.activities)) if run.start_local.date() > date(2026, 1, 15)
    ]
    assert all(later - earlier < timedelta(days=7) for earlier, later in pairwise(days))


def test_a_story_is_told_the_same_way_twice():
    once, twice = (tell_story(ANNA, 3, first_day=date(2025, 9, 1), import_day=IMPORT) for _ in range(2))
    assert once == twice
    assert start_of(once.big_run.body).date() > IMPORT
