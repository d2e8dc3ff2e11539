"""Which recordings count as runs, and which of two recordings of one effort is kept."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.diary import CheckIn, Diary
from rules.history import CadenceFade, ShoeDistance, TrainingHistory, clean
from rules.model import Activity
from tests.rules.builders import TODAY, history, run, run_at
from tests.rules.drawn import seeded

HOUR = timedelta(hours=1)


def ids(*activities: Activity) -> list[int]:
    return [kept.id for kept in clean(activities)]


@pytest.mark.parametrize("sport", ["Run", "TrailRun", "VirtualRun"])
def test_road_trail_and_virtual_runs_are_runs(sport):
    assert len(clean([run(sport=sport)])) == 1


@pytest.mark.parametrize("sport", ["Ride", "Walk", "Hike", "Swim", "run", "Wheelchair", ""])
def test_other_sports_are_not_runs(sport):
    assert clean([run(sport=sport)]) == ()


@pytest.mark.parametrize("distance_m", [None, 0.0, -5.0])
def test_a_run_that_went_nowhere_is_left_out(distance_m):
    assert clean([run(distance_m=distance_m)]) == ()


def test_a_run_of_exactly_500_metres_counts_and_a_shorter_one_does_not():
    assert clean([run(distance_m=500.0, moving_time_s=180)])
    assert not clean([run(distance_m=499.9, moving_time_s=180)])


@pytest.mark.parametrize(
    ("distance_m", "moving_time_s", "kept"),
    [
        (800.0, 1000, True),
        (799.9, 1000, False),
        (6700.0, 1000, True),
        (6700.1, 1000, False),
    ],
)
def test_speeds_from_exactly_0_8_to_exactly_6_7_metres_a_second_are_believed(distance_m, moving_time_s, kept):
    assert bool(clean([run(distance_m=distance_m, moving_time_s=moving_time_s)])) is kept


def test_speed_is_judged_by_moving_time_where_it_is_given():
    ten_km_with_a_long_lunch = run(km=10, moving_time_s=3600, elapsed_time_s=6 * 3600)
    assert clean([ten_km_with_a_long_lunch])


def test_a_moving_time_of_one_second_was_measured_and_makes_a_run_impossible():
    assert clean([run(km=10, moving_time_s=1)]) == ()
    assert len(clean([run(km=10, moving_time_s=0)])) == 1


@pytest.mark.parametrize("moving_time_s", [None, 0])
def test_without_a_moving_time_the_elapsed_time_counts(moving_time_s):
    (kept,) = clean([run(km=10, moving_time_s=moving_time_s, elapsed_time_s=3600)])
    assert kept.duration_s == 3600
    assert kept.end_local == TODAY + HOUR
    assert clean([run(km=10, moving_time_s=moving_time_s, elapsed_time_s=600)]) == ()


@pytest.mark.parametrize(("moving_time_s", "elapsed_time_s"), [(None, None), (0, 0), (0, None), (None, 0)])
def test_with_no_time_at_all_there_is_no_speed_check_and_the_end_is_the_start(moving_time_s, elapsed_time_s):
    (kept,) = clean([run(km=10, moving_time_s=moving_time_s, elapsed_time_s=elapsed_time_s)])
    assert kept.duration_s is None
    assert kept.end_local == kept.start_local


def test_watch_and_phone_of_one_effort_are_one_run_the_longer():
    watch = run_at(TODAY, 10.2)
    phone = run_at(TODAY + timedelta(minutes=2), 10.4)
    (kept,) = clean([watch, phone])
    assert (kept.id, kept.start_local, kept.distance_m) == (phone.id, phone.start_local, 10_400)
    assert kept.end_local == phone.start_local + timedelta(seconds=phone.moving_time_s)


def test_of_two_equal_recordings_the_earlier_is_kept():
    first, second = run_at(TODAY, 10), run_at(TODAY + timedelta(minutes=2), 10)
    assert ids(second, first) == [first.id]


def test_at_the_same_start_the_smaller_id_comes_first_and_ids_compare_as_numbers():
    assert ids(run(id=10), run(id=9)) == [9]
    assert ids(run(id=100_000_000_000), run(id=99_999_999_999)) == [99_999_999_999]


def test_a_run_that_starts_exactly_when_the_last_one_ended_is_another_run():
    first = run_at(TODAY, 10)
    second = run_at(TODAY + HOUR, 5)
    almost = run_at(TODAY + HOUR - timedelta(seconds=1), 5)
    assert ids(first, second) == [first.id, second.id]
    assert ids(first, almost) == [first.id]


def test_two_runs_on_one_day_are_two_runs():
    assert len(clean([run_at(TODAY, 8), run_at(TODAY + 10 * HOUR, 6)])) == 2


def test_overlap_is_measured_from_the_recording_that_was_kept():
    long = run_at(TODAY, 20)  # two hours
    warm_up_inside_it = run_at(TODAY + timedelta(minutes=10), 2)
    near_its_end = run_at(TODAY + timedelta(minutes=110), 3)
    assert ids(long, warm_up_inside_it, near_its_end) == [long.id]


def test_a_longer_recording_that_replaces_a_shorter_one_brings_its_own_end():
    short = run_at(TODAY, 5)
    longer = run_at(TODAY + timedelta(minutes=20), 10)
    after_the_short_but_within_the_longer = run_at(TODAY + timedelta(minutes=60), 6)
    after_both = run_at(TODAY + timedelta(minutes=80), 4)
    kept = ids(short, longer, after_the_short_but_within_the_longer, after_both)
    assert kept == [longer.id, after_both.id]


def test_a_stop_within_a_run_does_not_swallow_the_next_run():
    morning = run_at(TODAY, 10, elapsed_time_s=12 * 3600)  # watch stopped in the evening
    evening = run_at(TODAY + 10 * HOUR, 6)
    assert ids(morning, evening) == [morning.id, evening.id]


def test_a_run_without_times_swallows_nothing():
    timeless = run_at(TODAY, 10, moving_time_s=None, elapsed_time_s=None)
    assert len(clean([timeless, run_at(TODAY + timedelta(minutes=1), 5)])) == 2


def test_a_gps_fault_is_gone_before_recordings_are_compared():
    fault = run_at(TODAY, 90, moving_time_s=3600)
    real = run_at(TODAY + timedelta(minutes=1), 10)
    assert ids(fault, real) == [real.id]


def test_a_ride_at_the_same_time_does_not_hide_a_run():
    real = run_at(TODAY + timedelta(minutes=1), 10)
    assert ids(run_at(TODAY, 30, sport="Ride"), real) == [real.id]


def test_a_marathon_corrected_to_a_tenth_is_a_short_run():
    (kept,) = clean([run(km=4.2, moving_time_s=25 * 60)])
    assert kept.distance_m == 4200


def test_a_run_across_midnight_belongs_to_the_day_it_started():
    (kept,) = clean([run_at(datetime(2024, 6, 12, 23, 30), 10)])
    assert kept.local_day == date(2024, 6, 12)
    assert kept.end_local == datetime(2024, 6, 13, 0, 30)


def test_in_the_night_the_clocks_go_back_times_are_read_off_the_wall():
    # Amsterdam, 27 October 2024: 02:40 comes twice. By the wall clock the second run starts within the first.
    first = run_at(datetime(2024, 10, 27, 2, 0), 10)
    second = run_at(datetime(2024, 10, 27, 2, 40), 6)
    assert ids(first, second) == [first.id]


def test_in_the_night_the_clocks_go_forward_a_run_keeps_its_length():
    (kept,) = clean([run_at(datetime(2024, 3, 31, 1, 30), 10)])
    assert kept.duration_s == 3600
    assert kept.local_day == date(2024, 3, 31)


def test_the_end_for_budgets_counts_the_stops():
    fifty_hours = run(km=160, moving_time_s=38 * 3600, elapsed_time_s=50 * 3600)
    (kept,) = clean([fifty_hours])
    assert kept.finished_local == TODAY + timedelta(hours=50)
    assert kept.end_local == TODAY + timedelta(hours=38)


def test_a_watch_left_running_for_23_days_does_not_move_the_end():
    (kept,) = clean([run(km=10, moving_time_s=3600, elapsed_time_s=23 * 86_400)])
    assert kept.finished_local == TODAY + HOUR


def test_races_treadmills_and_manual_entries_stay_marked():
    (race,) = clean([run(race=True)])
    (treadmill,) = clean([run(treadmill=True)])
    (virtual,) = clean([run(sport="VirtualRun")])
    (manual,) = clean([run(manual=True)])
    assert (race.race, treadmill.treadmill, virtual.treadmill, manual.manual) == (True, True, True, True)
    (plain,) = clean([run()])
    assert (plain.race, plain.treadmill, plain.manual) == (False, False, False)


def test_no_history_is_a_history():
    assert history().runs == ()
    assert history().as_seen_at(TODAY).runs == ()


def test_a_rule_sees_182_days_up_to_and_including_the_run_and_nothing_later():
    oldest, now, tomorrow = run(182), run(0), run(-1)
    too_old = run_at(TODAY - timedelta(days=182, seconds=1), 10, moving_time_s=None, elapsed_time_s=None)
    seen = history(too_old, oldest, now, tomorrow).as_seen_at(TODAY)
    assert [kept.id for kept in seen.runs] == [oldest.id, now.id]


def test_the_days_before_a_moment_include_their_first_instant_and_not_the_moment():
    edge, now = run(30), run(0)
    outside = run_at(TODAY - timedelta(days=30, hours=2), 5)
    assert [kept.id for kept in history(outside, edge, now).before(TODAY, 30)] == [edge.id]


def test_runs_that_came_without_distance_are_remembered():
    seen = history(run(3, None), run(2, distance_m=0.0), run(1), run(4, None, sport="Ride"))
    assert len(seen.runs) == 1
    assert len(seen.without_distance) == 2


def test_a_run_without_distance_long_ago_is_out_of_sight():
    blind = [run(ago, None) for ago in (700, 183, 182, 90, 0, -1)]
    in_sight = history(blind).as_seen_at(TODAY).without_distance
    assert in_sight == tuple(one.start_local for one in blind[2:5])


def test_at_every_moment_the_streams_and_shoes_in_hand_are_seen_and_only_the_answers_given_by_then():
    fade, pair = CadenceFade(1, -0.05, True), ShoeDistance("g1", 10_000, 1)
    before, after = (CheckIn(TODAY + timedelta(days=days), "knee", 4) for days in (-1, 1))
    diary = Diary(check_ins=(before, after))
    seen = TrainingHistory.of([run()], fades=[fade], shoes=[pair], diary=diary).as_seen_at(TODAY)
    assert (seen.fades, seen.shoes, seen.diary.check_ins) == ((fade,), (pair,), (before,))


def test_twenty_years_of_daily_runs_are_all_kept_in_order():
    days = 20 * 365
    seen = history(run(ago, 10) for ago in range(days))
    assert len(seen.runs) == days
    assert seen.runs[0].start_local == TODAY - timedelta(days=days - 1)
    assert len(seen.as_seen_at(TODAY).runs) == 183


def _recordings(random: Random) -> list[Activity]:
    """Anything a watch might upload within a few days, overlaps and nonsense included."""
    return [_recording(number, random) for number in random.sample(range(1, 41), random.randrange(16))]


def _recording(number: int, random: Random) -> Activity:
    moving, elapsed = (
        random.choice([None, 0, random.randrange(4 * 3600), random.randrange(4 * 3600)]) for _ in range(2)
    )
    return Activity(
        id=number,
        sport=random.choice(["Run", "Run", "TrailRun", "VirtualRun", "Ride"]),
        start_local=TODAY + timedelta(minutes=random.choice([0, 0, 90, *random.sample(range(3 * 24 * 60), 9)])),
        distance_m=random.choice([None, 0.0, 500.0, *map(float, random.sample(range(30_000), 9))]),
        moving_time_s=moving,
        elapsed_time_s=elapsed,
    )


# Hypothesis chooses the seed alone: each recording drawn by itself took most of the time of these tests.
recording_lists = seeded.map(_recordings)


@given(recording_lists)
def test_kept_runs_are_in_order_and_never_overlap(activities):
    kept = clean(activities)
    for earlier, later in itertools.pairwise(kept):
        assert earlier.end_local <= later.start_local


@given(recording_lists, st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(activities, random):
    shuffled = list(activities)
    random.shuffle(shuffled)
    assert clean(shuffled) == clean(activities)


@given(recording_lists)
def test_cleaning_what_is_clean_changes_nothing(activities):
    kept_ids = set(ids(*activities))
    again = clean(activity for activity in activities if activity.id in kept_ids)
    assert again == clean(activities)


@given(recording_lists)
def test_every_kept_run_is_one_of_the_recordings_unchanged(activities):
    by_id = {activity.id: activity for activity in activities}
    for kept in clean(activities):
        source = by_id[kept.id]
        assert (kept.start_local, kept.distance_m) == (source.start_local, source.distance_m)


@given(recording_lists, st.integers(0, 3 * 24 * 60))
def test_what_is_seen_at_a_moment_is_what_had_started_by_then(activities, minutes):
    moment = TODAY + timedelta(minutes=minutes)
    seen = TrainingHistory.of(activities).as_seen_at(moment)
    assert list(seen.runs) == [kept for kept in clean(activities) if kept.start_local <= moment]
