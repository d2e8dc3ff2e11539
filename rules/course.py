"""The recorded course of a run: what its streams say of form late in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rules.history import CadenceFade
from rules.load import Samples, cadence_fade, thirds_are_comparable


@dataclass(frozen=True, slots=True)
class Course:
    """Samples of one run, all of the same length: seconds since the start, steps a minute, m/s, and grade in percent.

    A stream that was not recorded is empty; a sample without a value is `None`.
    """

    time_s: Sequence[float] = ()
    cadence_spm: Samples = ()
    speed_mps: Samples = ()
    grade_percent: Samples = ()


def fade_of(run_id: int, course: Course) -> CadenceFade:
    """How the cadence of that run changed from its first to its last third.

    Not comparable where a stream is missing or holds too little, or where the thirds differ in pace or grade.
    """
    change = cadence_fade(course.time_s, course.cadence_spm)
    if change is None:
        return CadenceFade(run_id, 0.0, comparable=False)
    alike = thirds_are_comparable(course.time_s, course.speed_mps, course.grade_percent)
    return CadenceFade(run_id, change, comparable=alike)
