"""The course of a run: what its streams say of form late in it, and when they say nothing."""

from __future__ import annotations

import pytest

from rules.course import Course, fade_of

SECONDS = list(range(0, 3601, 10))


def course(*, late: float = 1.0, late_speed: float = 3.0, late_grade: float = 0.0) -> Course:
    """An hour whose last third differs from the rest by these."""
    is_late = [second > 2400 for second in SECONDS]
    return Course(
        time_s=SECONDS,
        cadence_spm=[170 * (late if last else 1) for last in is_late],
        speed_mps=[late_speed if last else 3.0 for last in is_late],
        grade_percent=[late_grade if last else 0.0 for last in is_late],
    )


@pytest.mark.parametrize("late", [0.9, 0.95, 1.0, 1.05])
def test_the_fade_is_the_last_third_against_the_first(late):
    fade = fade_of(7, course(late=late))
    assert (fade.run_id, fade.comparable) == (7, True)
    assert fade.change == pytest.approx(late - 1)


@pytest.mark.parametrize("given", [{"late_speed": 2.7}, {"late_speed": 3.2}, {"late_grade": 3.0}])
def test_a_slower_a_faster_or_a_steeper_end_cannot_be_compared(given):
    fade = fade_of(7, course(late=0.95, **given))
    assert not fade.comparable
    assert fade.change == pytest.approx(-0.05)


@pytest.mark.parametrize("missing", ["time_s", "cadence_spm", "speed_mps", "grade_percent"])
def test_without_one_of_its_streams_a_run_cannot_be_compared(missing):
    whole = course(late=0.95)
    parts = {name: getattr(whole, name) for name in ("time_s", "cadence_spm", "speed_mps", "grade_percent")}
    assert not fade_of(7, Course(**{**parts, missing: ()})).comparable


def test_a_run_that_was_not_recorded_cannot_be_compared():
    assert fade_of(7, Course()) == fade_of(7, Course(time_s=[0, 1]))
    assert not fade_of(7, Course()).comparable
