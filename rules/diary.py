"""What the runner told: pain, warning signs, weekly answers, absences, limits and settings. All frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

#: So long after birth our comparisons with earlier weeks do not fit (evidence, section 7: C1).
HALF_A_YEAR = timedelta(days=183)


class AbsenceKind(StrEnum):
    INJURED = "injured"
    ILL = "ill"
    HOLIDAY = "holiday"
    OTHER_SPORT = "other-sport"
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class CheckIn:
    """A pain entry: where (`upper-back`, `knee` ...), 0 to 10, and when, by the runner's wall clock.

    `next_morning` marks the answer of the morning after; `altered_stride` and `at_night` are asked with it. `run_id`
    is the run it belongs to, where there is one.
    """

    at: datetime
    place: str
    pain: int
    next_morning: bool = False
    altered_stride: bool = False
    at_night: bool = False
    run_id: int | None = None


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard a run was, from 0 (nothing) to 10 (the hardest): session RPE. `at` is when it was told."""

    run_id: int
    rpe: int
    at: datetime


@dataclass(frozen=True, slots=True)
class WarningSign:
    """A warning sign the runner named (`chest-pain`, `night-pain` ...). It stands until `cleared_at`."""

    code: str
    at: datetime
    cleared_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class WeeklyAnswer:
    """Our own three weekly questions: how fully the runner trained (0 full to 3 not at all), what was changed for a
    complaint (0 nothing to 3 a lot), and how much it was felt (0 not to 3 a lot). `place` is where, if anywhere."""

    day: date
    participation: int
    changed: int
    felt: int
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Absence:
    """Days without running and why; `last_day` is `None` while it lasts."""

    kind: AbsenceKind
    first_day: date
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class OwnLimit:
    """A limit from a physiotherapist: metres or minutes a run, runs a week, until a day, up to five own exercises."""

    until: date
    run_m: float | None = None
    run_minutes: float | None = None
    runs_a_week: int | None = None
    exercises: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exclusions:
    """What the runner should leave out: sets of the catalogue (`C1` to `C5`), all that is kept of the answers.

    `expecting` is being pregnant or having given birth in the last 6 months: rules about more running fall silent.
    That passes, so half a year after `since` it is asked whether it still fits.
    """

    sets: tuple[str, ...] = ()
    expecting: bool = False
    since: date | None = None

    def asks_again(self, today: date) -> bool:
        return self.expecting and self.since is not None and today - self.since >= HALF_A_YEAR


@dataclass(frozen=True, slots=True)
class Snooze:
    """Silence for one rule (or, with `None`, for all) that the runner asked for. Pain and signs ignore it."""

    rule: str | None
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Usefulness:
    """The runner's word on one told finding."""

    rule: str
    at: datetime
    useful: bool


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """The answers of one upper-back self-check, by question (`rules/self_check`), as they were given at that moment."""

    at: datetime
    answers: Mapping[str, str] = field(hash=False)


@dataclass(frozen=True)
class Diary:
    """All that a runner told, in order of time. `thresholds` are overrides by rule and field name."""

    check_ins: tuple[CheckIn, ...] = ()
    efforts: tuple[Effort, ...] = ()
    signs: tuple[WarningSign, ...] = ()
    weekly: tuple[WeeklyAnswer, ...] = ()
    absences: tuple[Absence, ...] = ()
    limit: OwnLimit | None = None
    exclusions: Exclusions | None = None  # None: nobody asked
    snoozes: tuple[Snooze, ...] = ()
    usefulness: tuple[Usefulness, ...] = ()
    self_checks: tuple[SelfCheck, ...] = ()
    streak_runner: bool = False
    desk_days: bool = False  # long desk days, for the upper back
    upper_back: bool = False
    equipment: frozenset[str] = frozenset()  # what is at hand of a band, dumbbells and a foam-roller
    reads_course: bool = False  # whether the course of long runs is read, and looked at
    budget: int | None = None  # how many messages may come in 14 days, where the runner wants fewer than we send
    thresholds: Mapping[str, Mapping[str, float]] = field(default_factory=dict, hash=False)

    def until(self, at: datetime) -> Diary:
        """What was told by that local moment; settings count from the start."""
        return replace(
            self,
            check_ins=tuple(item for item in self.check_ins if item.at <= at),
            efforts=tuple(item for item in self.efforts if item.at <= at),
            signs=tuple(item for item in self.signs if item.at <= at),
            weekly=tuple(item for item in self.weekly if item.day <= at.date()),
            absences=tuple(item for item in self.absences if item.first_day <= at.date()),
            snoozes=tuple(item for item in self.snoozes if item.since <= at),
            usefulness=tuple(item for item in self.usefulness if item.at <= at),
            self_checks=tuple(item for item in self.self_checks if item.at <= at),
        )

    def present(self, at: datetime) -> datetime:
        """The local moment of now for what was told: never before the newest entry.

        A journey west or the end of summer time sets the wall clock back, and nothing told may be forgotten by that.
        """
        answered = (one.at for one in self.check_ins)
        named = (moment for sign in self.signs for moment in (sign.at, sign.cleared_at) if moment is not None)
        return max((at, *answered, *named, *(one.at for one in self.self_checks)))

    @property
    def expecting(self) -> bool:
        """Pregnant, or gave birth in the last 6 months, by what the runner told."""
        return self.exclusions is not None and self.exclusions.expecting

    def open_signs(self, at: datetime) -> tuple[WarningSign, ...]:
        """The warning signs that stand at that local moment."""
        return tuple(sign for sign in self.signs if sign.at <= at and (sign.cleared_at is None or sign.cleared_at > at))


NOTHING_TOLD = Diary()
