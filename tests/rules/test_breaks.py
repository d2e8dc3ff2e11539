"""Breaks: how long they are, what lies before them, and that live and replay look at the same."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from rules.breaks import SIGHT, Break, days_off, latest_break, out_of_sight, wanted_before_break
from rules.checks.return_from_break import RULE
from rules.history import TrainingHistory, clean
from rules.model import Activity, Run
from rules.policy import evaluate
from rules.return_ladder import step
from rules.usual_range import usual_range
from tests.rules.builders import TODAY, history, run, run_at, runs
from tests.rules.drawn import seeded

#: What the service holds of a runner: 182 days, and four more for runs judged late.
WINDOW = timedelta(days=186)


def break_at(*parts, at: datetime = TODAY, **given) -> Break | None:
    return latest_break(history(*parts).runs, at, **given)


def days_before(break_: Break | None) -> list[int]:
    assert break_ is not None
    return [(TODAY.date() - one.local_day).days for one in break_.before]


# How long


def test_from_mondays_run_to_wednesdays_there_is_one_day_off():
    assert days_off(datetime(2024, 6, 10, 23), datetime(2024, 6, 12, 1)) == 1
    assert days_off(datetime(2024, 6, 10, 1), datetime(2024, 6, 11, 23)) == 0


def test_fourteen_whole_days_off_are_a_break_and_thirteen_are_not():
    assert break_at(run(15), run(0)).days == 14
    assert break_at(run(14), run(0)) is None


def test_days_count_and_not_hours():
    late_evening, early_morning = datetime(2024, 5, 1, 23, 30), datetime(2024, 5, 16, 5, 0)
    assert break_at(run_at(late_evening), run_at(early_morning), at=early_morning).days == 14


def test_a_break_lasts_until_the_next_run():
    lasting = break_at(run(20), at=TODAY)
    assert (lasting.days, lasting.returned, lasting.next_day) == (19, None, TODAY.date())
    over = break_at(run(20), run(3), at=TODAY)
    assert (over.days, over.returned.local_day) == (16, run(3).local_day)
    assert over.next_day == run(3).local_day


def test_a_run_still_to_come_does_not_end_a_break():
    assert break_at(run(20), run(-1), at=TODAY).returned is None


def test_the_latest_of_two_breaks_counts():
    assert break_at(run(80), run(40), run(20), run(0)).last_day == run(20).local_day


def test_a_break_that_ended_twelve_weeks_ago_no_longer_matters():
    regular = runs(range(0, 85, 3))
    assert break_at(run(150), regular).days == 65
    assert break_at(run(150), regular, run(85)) is None


def test_without_an_earlier_run_there_is_no_break():
    assert break_at() is None
    assert break_at(runs(range(0, 20, 2))) is None


def test_runs_that_came_without_a_distance_are_no_days_off():
    blind = tuple(TODAY - timedelta(days=ago) for ago in (25, 10))
    assert break_at(run(30), run(0), unmeasured=blind) is None
    early = break_at(run(30), run(0), unmeasured=blind[:1])
    assert (early.days, early.last_day) == (24, (TODAY - timedelta(days=25)).date())


# What lies before


def test_the_84_days_that_end_with_the_last_run_lie_before_a_break():
    assert days_before(break_at(run(104), run(103), run(60), run(20), run(0))) == [103, 60, 20]


def test_the_mean_week_is_that_of_the_weeks_which_the_runs_span():
    assert break_at(runs(range(20, 76, 2), 5), run(0)).week_m == 28 * 5_000 / 8
    assert break_at(runs(range(20, 104, 7), 12), run(0)).week_m == 12_000
    assert break_at(runs(range(20, 300), 5), run(0)).week_m == 35_000


def test_less_than_four_weeks_of_running_count_as_four():
    assert break_at(run(22), run(20), run(0)).week_m == 5_000


def test_a_marathon_before_the_rest_is_not_what_the_runner_used_to_run():
    after_a_marathon = break_at(runs(range(24, 80, 3), 14), run(20, 42.2), run(0))
    assert (after_a_marathon.longest_m, after_a_marathon.usual_longest_m) == (42_200, 14_000)
    assert break_at(runs(range(24, 80, 3), 14), run(20, 16), run(0)).usual_longest_m == 16_000
    assert break_at(run(20, 42.2), run(0)).usual_longest_m == 42_200
    assert break_at(run(22, 10), run(20, 13), run(0)).usual_longest_m == 13_000
    assert break_at(run(22, 10), run(20, 13.1), run(0)).usual_longest_m == 10_000


# What is out of sight


def ages(seen: tuple[Run, ...]) -> list[int]:
    return [(TODAY.date() - one.local_day).days for one in seen]


def test_where_28_days_of_earlier_running_are_in_sight_nothing_older_is_used():
    assert out_of_sight(history(run(190), run(178), run(150), run(0)).runs, TODAY) == ()


def test_where_fewer_are_in_sight_those_of_the_84_days_before_the_break_are_used():
    seen = out_of_sight(history(run(236), run(235), run(190), run(177), run(152), run(0)).runs, TODAY)
    assert ages(seen) == [235, 190]


def test_where_the_last_run_itself_is_out_of_sight_its_84_days_are_used():
    seen = out_of_sight(history(run(384), run(383), run(350), run(300), run(0)).runs, TODAY)
    assert ages(seen) == [383, 350, 300]


def test_nothing_older_than_24_months_is_used():
    assert ages(out_of_sight(history(run(760), run(731), run(730), run(700), run(0)).runs, TODAY)) == [730, 700]
    assert out_of_sight(history(run(800), run(0)).runs, TODAY) == ()


def test_a_replay_hands_them_to_the_rule():
    seen = history(run(300), run(0)).as_seen_at(TODAY)
    assert (ages(seen.runs), ages(seen.before_break)) == ([0], [300])
    assert seen.as_seen_at(TODAY) == seen
    assert history(run(300), runs(range(0, 100, 3))).as_seen_at(TODAY).before_break == ()


# What live asks for


def midnight(days_ago: int) -> datetime:
    return datetime.combine(TODAY.date() - timedelta(days=days_ago), datetime.min.time())


def test_a_regular_runner_costs_no_second_list():
    assert wanted_before_break(history(runs(range(0, 186, 3))).runs, TODAY) is None


def test_a_short_break_costs_no_second_list():
    assert wanted_before_break(history(runs(range(30, 186, 3)), run(0)).runs, TODAY) is None


def test_a_break_that_leaves_little_in_sight_asks_for_the_84_days_before_it():
    in_hand = history(run(180), run(170), run(165), run(0)).runs
    assert wanted_before_break(in_hand, TODAY) == (midnight(165 + 83), run(180).start_local)


def test_a_break_that_began_before_the_window_asks_for_24_months():
    after, before = wanted_before_break(history(run(0)).runs, TODAY)
    assert before == TODAY
    assert timedelta(days=730) <= TODAY - after <= timedelta(days=750)
    assert wanted_before_break((), TODAY) == (after, TODAY)


def test_it_is_asked_for_early_enough_for_a_look_two_weeks_ahead():
    assert wanted_before_break(history(runs([180, 140, 0])).runs, TODAY) == (midnight(140 + 83), run(180).start_local)
    assert wanted_before_break(history(runs([180, 150, 138, 0])).runs, TODAY) is not None
    assert wanted_before_break(history(runs([180, 165, 137, 0])).runs, TODAY) is None


def test_where_the_84_days_are_in_hand_already_nothing_is_asked_for():
    assert wanted_before_break(history(runs([180, 90, 0])).runs, TODAY) is None


def test_a_runner_long_back_is_not_asked_about():
    assert wanted_before_break(history(runs(range(0, 120, 3))).runs, TODAY) is None
    for days_back, is_asked in ((100, True), (101, False)):
        back = runs(range(days_back, 0, -5))
        assert (wanted_before_break(history(back).runs, TODAY) is not None) is is_asked
        assert (wanted_before_break(history(run(175), back).runs, TODAY) is not None) is is_asked


def test_a_run_still_to_come_is_not_what_a_runner_came_back_with():
    assert wanted_before_break(history(run(-3)).runs, TODAY) == wanted_before_break((), TODAY)


# Live and replay


def _a_life_with_breaks(random: Random) -> list[Activity]:
    """Two or three years of running with long breaks; the last run is today."""
    activities, ago = [], 0
    while ago < 900:
        activities.append(run(ago, random.choice([3, 5, 8, 10, 10, 12, 20])))
        ago += random.choice([1, 2, 2, 3, 3, 4] * 6 + [10, 16, 25, 60, 110, 160, 230, 290])
    return activities


def _as_live(activities: list[Activity], now: datetime) -> TrainingHistory:
    """What the service holds then: the window, and the span that it lists once more."""
    held = [one for one in activities if now - WINDOW <= one.start_local <= now]
    wanted = wanted_before_break(clean(held), now)
    listed = [] if wanted is None else [one for one in activities if wanted[0] <= one.start_local < wanted[1]]
    return TrainingHistory.of(held, before_break=listed)


@given(seeded.map(_a_life_with_breaks), st.integers(0, 60))
def test_live_sees_before_a_break_what_a_replay_sees(activities, days_later):
    now = TODAY + timedelta(days=days_later)
    live, replayed = _as_live(activities, now), TrainingHistory.of(activities)
    assert live.as_seen_at(now) == replayed.as_seen_at(now)
    assert step(live, now) == step(replayed, now)
    assert usual_range(live, now) == usual_range(replayed, now)


@given(seeded.map(_a_life_with_breaks))
def test_live_says_of_each_of_the_last_days_runs_what_a_replay_says(activities):
    live, replayed = _as_live(activities, TODAY), TrainingHistory.of(activities)
    for one in live.between(TODAY - timedelta(days=3), TODAY):
        assert evaluate(live, one, [RULE]).findings == evaluate(replayed, one, [RULE]).findings


def test_a_second_list_that_brings_what_is_held_already_changes_nothing():
    activities = [run(300), run(170), run(0)]
    live = TrainingHistory.of(activities[1:], before_break=activities)
    assert live.as_seen_at(TODAY) == history(activities).as_seen_at(TODAY)


def test_a_rule_sees_182_days():
    assert timedelta(days=182) == SIGHT
