"""The load metrics at their published values, and what must hold of them whatever is run."""

from __future__ import annotations

from datetime import date
from math import inf, sqrt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rules.load import (
    TrainingBalance,
    acute_load,
    acwr_coupled,
    acwr_ewma,
    acwr_uncoupled,
    cadence_fade,
    chronic_load,
    daily_load,
    daily_session_rpe,
    ewma_loads,
    longest_rest,
    monotony,
    rolling_weeks,
    session_rpe_load,
    strain,
    thirds_are_comparable,
    training_balances,
    uncoupled_chronic_load,
    usual_week,
    weekly_totals,
)
from tests.rules.builders import TODAY, history, run
from tests.rules.drawn import numbers

DOUBLED = [50.0] * 28 + [100.0] * 7
VARIED = [10.0, 0, 8, 5, 12, 0, 20]

# Published values


def test_after_a_week_of_twice_the_load_the_three_ratios_differ_as_published():
    assert acwr_coupled(DOUBLED) == pytest.approx(1.6)
    assert acwr_uncoupled(DOUBLED) == pytest.approx(2.0)
    assert acwr_ewma(DOUBLED) == pytest.approx(1.3394, abs=5e-5)


def test_monotony_and_strain_of_a_varied_week_by_both_standard_deviations():
    assert monotony(VARIED) == pytest.approx(1.1985, abs=5e-5)
    assert monotony(VARIED, sample=True) == pytest.approx(1.1096, abs=5e-5)
    assert strain(VARIED, sample=True) == pytest.approx(61.03, abs=5e-3)
    assert strain(VARIED) == pytest.approx(55 * 1.1985, abs=5e-3)


def test_equal_days_are_as_monotonous_as_can_be_and_never_zero():
    assert monotony([8.0] * 7) == inf
    assert strain([8.0] * 7) == inf


@pytest.mark.parametrize("load", [0.1, 1 / 3, 7_123.4])
def test_equal_days_are_seen_as_equal_whatever_their_binary_fractions(load):
    assert monotony([load] * 7) == inf


def test_a_week_off_has_no_monotony():
    assert monotony([0.0] * 7) is None
    assert strain([0.0] * 7) is None


def test_one_day_has_no_monotony():
    assert monotony([8.0]) is None


def test_loads_too_small_to_scatter_are_taken_as_equal():
    assert monotony([0.0, 1e-300]) == inf


def test_monotony_is_the_same_in_kilometres_as_in_metres():
    metres = [500.0, 600, 0, 500, 400, 0, 500]
    assert monotony([load / 1000 for load in metres]) == pytest.approx(monotony(metres))
    assert monotony(metres) < 2


def test_with_a_week_of_history_no_ratio_is_defined():
    week = [10.0] * 7
    assert (acwr_coupled(week), acwr_uncoupled(week), acwr_ewma(week)) == (None, None, None)


@pytest.mark.parametrize("ratio", [acwr_coupled, acwr_uncoupled, acwr_ewma])
def test_ratios_begin_with_28_days(ratio):
    assert ratio([10.0] * 27) is None
    assert ratio([10.0] * 28) == pytest.approx(1.0)


def test_after_42_days_at_100_fitness_stands_at_the_value_of_its_stated_gain():
    last = training_balances([100.0] * 42)[-1]
    assert last.ctl == pytest.approx(63.7, abs=0.05)  # 63.2 and 86.5 belong to the other two gains
    assert last.atl == pytest.approx(100 * (1 - (6 / 7) ** 42))
    assert last.tsb == last.ctl - last.atl


def test_fitness_and_fatigue_start_from_nothing():
    assert training_balances([]) == []
    assert training_balances([42.0, 0.0])[0] == TrainingBalance(ctl=1.0, atl=6.0)


def test_exponential_weights_are_two_over_n_plus_one_from_the_first_day_on():
    assert ewma_loads([8.0, 0.0, 4.0], 7) == pytest.approx([8, 6, 5.5])
    assert ewma_loads([29.0, 0.0], 28) == pytest.approx([29, 27])
    assert ewma_loads([], 7) == []


# What each says in words


def test_acute_load_is_the_mean_day_of_the_last_seven():
    assert acute_load([100.0, 7, 7, 7, 7, 7, 7, 14]) == 8
    assert acute_load([7.0] * 6) is None


def test_chronic_load_holds_the_last_week_and_its_uncoupled_kind_does_not():
    assert chronic_load(DOUBLED) == 62.5
    assert uncoupled_chronic_load(DOUBLED) == 50
    assert chronic_load([1.0] * 27) is None
    assert uncoupled_chronic_load([1.0] * 27) is None


def test_after_three_weeks_off_the_uncoupled_ratio_is_infinite_and_the_coupled_at_its_ceiling():
    back = [0.0] * 21 + [5.0] * 7
    assert acwr_uncoupled(back) == inf
    assert acwr_coupled(back) == 4


def test_without_any_load_there_is_no_ratio():
    nothing = [0.0] * 40
    assert (acwr_coupled(nothing), acwr_uncoupled(nothing), acwr_ewma(nothing)) == (None, None, None)


def test_ratios_of_small_loads_are_ratios_too():
    little = [0.02] * 21 + [0.04] * 7
    assert acwr_coupled(little) == pytest.approx(1.6)
    assert acwr_uncoupled(little) == pytest.approx(2)
    assert acwr_uncoupled([0.0] * 21 + [0.04] * 7) == inf


def test_any_load_ends_a_rest():
    assert longest_rest([0.0, 0, 0.5, 0, 0, 0]) == 3
    assert longest_rest([0.0, 0, 0, 0, 0, 0]) == 6


def test_rolling_weeks_end_on_every_day_from_the_seventh_on():
    assert rolling_weeks([1.0, 2, 3, 4, 5, 6, 7, 8]) == [28, 35]
    assert rolling_weeks([1.0] * 6) == []


def test_the_usual_week_is_the_median_from_the_first_run_on():
    assert usual_week([0.0, 0, 30, 0, 40]) == 30
    assert usual_week([30.0, 40]) == 35
    assert usual_week([0.0, 0]) == 0
    assert usual_week([]) == 0


def test_loads_of_the_same_day_add_up_whatever_their_order():
    first, last = date(2024, 3, 30), date(2024, 4, 1)
    assert daily_load([(last, 3.0), (first, 1.0), (last, 2.0)], last, 3) == [1, 0, 5]


def test_session_rpe_load_is_exertion_times_minutes():
    assert session_rpe_load(6, 3600) == 360
    assert session_rpe_load(8, 2700) == 360
    assert session_rpe_load(0, 3600) == 0
    assert session_rpe_load(10, 60) == 10


def test_session_rpe_is_summed_by_day_and_says_how_many_runs_lack_it():
    runs = history(run(0, 10), run(1, 5), run(1.2, 5), run(6, 10), run(7, 5)).runs
    by_km = {one.id: 5.0 for one in runs if one.distance_m == 10_000}
    daily, missing = daily_session_rpe(runs, by_km, TODAY.date(), 7)
    assert (daily, missing) == ([300, 0, 0, 0, 0, 0, 300], 2)


def test_even_a_second_is_a_session():
    assert session_rpe_load(6, 1) == pytest.approx(0.1)


@pytest.mark.parametrize(("rpe", "seconds"), [(None, 3600), (5, None), (-1, 3600), (11, 3600), (5, 0), (5, -60)])
def test_without_a_rating_on_its_scale_or_without_time_there_is_no_session_load(rpe, seconds):
    assert session_rpe_load(rpe, seconds) is None


# Within one run


def stream(first: float | None, middle: float | None, last: float | None) -> list[float | None]:
    """Three thirds of ten minutes each, a sample every ten seconds."""
    return [first] * 60 + [middle] * 61 + [last] * 60


TIME_S = [10.0 * sample for sample in range(181)]


def test_cadence_that_falls_from_175_to_168_has_faded_by_four_percent():
    assert cadence_fade(TIME_S, stream(175, 100, 168)) == pytest.approx(-0.04)


def test_cadence_that_holds_has_not_faded():
    assert cadence_fade(TIME_S, stream(175, 100, 175)) == 0


def test_thirds_are_thirds_of_the_time_not_of_the_samples():
    time_s = [0, 100, 200, 300, 310, 320, 330, 340, 350, 360, 600, 800, 900]
    cadence = [180, 180, 180, *[100] * 8, 171, 171]
    assert cadence_fade(time_s, cadence) == pytest.approx(-0.05)


def test_three_samples_are_enough_and_two_are_not():
    assert cadence_fade([0, 600, 1200], [180, 100, 171]) == pytest.approx(-0.05)
    assert cadence_fade([0, 1200], [180, 171]) is None


def test_the_thirds_reach_from_the_first_sample_to_the_last():
    faded = cadence_fade([0, 300, 600, 900, 1200], [180, 160, 100, 168, 155])
    assert faded == pytest.approx(161.5 / 170 - 1)


def test_a_stream_may_begin_at_any_second():
    later = [3_600 + second for second in TIME_S]
    assert cadence_fade(later, stream(175, 100, 168)) == pytest.approx(-0.04)


def test_standing_at_a_crossing_is_no_low_cadence():
    standing = stream(175, 175, 168)
    standing[100:110] = standing[-20:-10] = [0] * 10
    assert cadence_fade(TIME_S, standing) == pytest.approx(-0.04)


def test_half_of_the_samples_must_hold_a_cadence():
    half = stream(175, 175, 168)
    half[-30:] = [None] * 30
    assert cadence_fade(TIME_S, half) == pytest.approx(-0.04)
    half[-31] = None
    assert cadence_fade(TIME_S, half) is None


@pytest.mark.parametrize(
    ("time_s", "cadence"),
    [([], []), ([0, 1], [170, 170]), (TIME_S, [170] * 180), ([0, 0, 0], [170] * 3), (TIME_S, stream(None, 170, 170))],
)
def test_streams_that_cannot_be_compared_give_no_fade(time_s, cadence):
    assert cadence_fade(time_s, cadence) is None


@pytest.mark.parametrize(
    ("speed", "grade", "expected"),
    [
        ((3.0, 3.0), (0, 0), True),
        ((3.0, 2.92), (0, 0), True),
        ((3.0, 2.9), (0, 0), False),
        ((3.0, 3.1), (0, 0), False),
        ((3.0, 3.0), (-1, 1), True),
        ((3.0, 3.0), (-1, 1.1), False),
        ((None, 3.0), (0, 0), False),
        ((3.0, 3.0), (None, 0), False),
    ],
)
def test_the_ends_of_a_run_are_comparable_at_like_pace_and_grade(speed, grade, expected):
    speeds, grades = stream(speed[0], 5, speed[1]), stream(grade[0], 9, grade[1])
    assert thirds_are_comparable(TIME_S, speeds, grades) is expected


def test_exactly_as_much_quicker_as_allowed_is_alike():
    speeds, flat = stream(4, 5, 5), stream(0, 0, 0)
    assert thirds_are_comparable(TIME_S, speeds, flat, pace=0.25)
    assert not thirds_are_comparable(TIME_S, speeds, flat, pace=0.24)


# What must always hold

months = numbers(60_000, 28, 120).map(lambda loads: [float(load) for load in loads])
weeks = numbers(60_000, 7, 7).map(lambda loads: [float(load) for load in loads])


@given(months, st.sampled_from([2, 4, 0.5, 1 / 1024]))
def test_scaling_all_distances_leaves_every_ratio_as_it_was(daily, factor):
    scaled = [load * factor for load in daily]
    for ratio in (acwr_coupled, acwr_uncoupled, acwr_ewma, monotony):
        assert ratio(scaled) == ratio(daily)


@given(months, st.sampled_from([2, 4, 0.5]))
def test_scaling_all_distances_scales_loads_and_strain(daily, factor):
    scaled = [load * factor for load in daily]
    assert strain(scaled) == (None if strain(daily) is None else factor * strain(daily))
    assert training_balances(scaled)[-1].tsb == pytest.approx(factor * training_balances(daily)[-1].tsb)


@given(months)
def test_a_rest_day_never_raises_a_load(daily):
    rested = [*daily, 0.0]
    assert acute_load(rested) <= acute_load(daily)
    assert ewma_loads(rested, 7)[-1] <= ewma_loads(daily, 7)[-1]
    assert training_balances(rested)[-1].atl <= training_balances(daily)[-1].atl


@given(months)
def test_a_rest_day_never_lowers_form(daily):
    before, after = training_balances(daily)[-1], training_balances([*daily, 0.0])[-1]
    assume(before.tsb <= 0)
    assert after.tsb >= before.tsb


@given(months)
def test_the_coupled_ratio_stays_between_nothing_and_four(daily):
    ratio = acwr_coupled(daily)
    assert ratio is None or 0 <= ratio <= 4 + 1e-12


@given(months)
def test_coupling_pulls_the_ratio_towards_one(daily):
    coupled, uncoupled = acwr_coupled(daily), acwr_uncoupled(daily)
    assume(coupled is not None and uncoupled is not None and uncoupled < inf)
    assert uncoupled == pytest.approx(3 * coupled / (4 - coupled))


@given(weeks)
def test_the_sample_deviation_gives_seven_percent_less_monotony(week):
    assume(len(set(week)) > 1)
    assert monotony(week, sample=True) == pytest.approx(monotony(week) * sqrt(6 / 7))


@given(weeks)
def test_the_order_of_the_days_does_not_matter_to_monotony(week):
    assert monotony(sorted(week)) == pytest.approx(monotony(week))


@given(months)
def test_rolling_weeks_hold_the_weekly_totals(daily):
    assert rolling_weeks(daily)[::-7][::-1] == weekly_totals(daily)


@given(months)
def test_nothing_that_is_run_makes_a_metric_fail(daily):
    for metric in (acwr_coupled, acwr_uncoupled, acwr_ewma, monotony, strain):
        value = metric(daily)
        assert value is None or value >= 0
