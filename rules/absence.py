"""Absence: one question when a regular runner stops running, and what an answer opens."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from rules.diary import AbsenceKind, Diary
from rules.history import TrainingHistory
from rules.model import Activity

WEEK = 7
#: Who ran at least once in each of these weeks is a regular runner ...
REGULAR_WEEKS = 8
#: ... and is asked after this many days without a run, or after twice the own longest gap of these weeks.
LEAST_DAYS, LONGEST_GAPS = 10, 2
#: So much other sport in a week of the gap changes the words of the question, not when it comes.
OTHER_SPORT_HOURS = 3.0
#: A longer session is a watch left running.
LONGEST_SESSION_S = 24 * 3600
#: The way back after an injury or illness is followed this long: the three weeks of the shorter ladder.
RETURN_DAYS = 21


@dataclass(frozen=True, slots=True)
class AbsenceQuestion:
    """The one question about a gap. `key` names the gap (its last day with a run, ISO), `kinds` are the answers.

    `days` is how long it is by now. `other_sport` says that the gap holds so much other sport that the question
    should speak of it; `other_hours` is how much in a week.
    """

    key: str
    last_day: date
    days: int
    other_sport: bool
    other_hours: float
    kinds: tuple[AbsenceKind, ...] = tuple(AbsenceKind)


@dataclass(frozen=True, slots=True)
class ReturnState:
    """The runner is or was injured or ill: the next message asks about pain, not about a distance.

    `last_day` is `None` while it lasts.
    """

    kind: AbsenceKind
    first_day: date
    last_day: date | None


def question_due(history: TrainingHistory, at: datetime, asked: Container[str]) -> AbsenceQuestion | None:
    """The question about the present gap at that local moment, if it is time for it.

    `asked` holds the keys of the gaps that were asked about. A gap that the runner has explained is not asked about,
    and days of an absence that is over do not count towards the next one.
    """
    run_days = sorted(set(_run_days(history, at)))
    if not run_days or run_days[-1].isoformat() in asked or not _is_regular(run_days):
        return None
    last, today = run_days[-1], at.date()
    explained_until = _explained_until(history.diary, last, today)
    if (today - explained_until).days < max(LEAST_DAYS, LONGEST_GAPS * _longest_gap(run_days)):
        return None
    hours = _other_hours_a_week(history, last, at)
    return AbsenceQuestion(last.isoformat(), last, (today - last).days, hours >= OTHER_SPORT_HOURS, round(hours, 1))


def return_state(diary: Diary, at: datetime) -> ReturnState | None:
    """The newest injury or illness that still shapes what is said at that local moment."""
    today = at.date()
    open_ones = [
        ReturnState(one.kind, one.first_day, one.last_day)
        for one in diary.absences
        if one.kind in (AbsenceKind.INJURED, AbsenceKind.ILL)
        and one.first_day <= today
        and (one.last_day is None or (today - one.last_day).days <= RETURN_DAYS)
    ]
    return max(open_ones, key=lambda one: (one.first_day, one.kind is AbsenceKind.INJURED), default=None)


def _run_days(history: TrainingHistory, at: datetime) -> Iterator[date]:
    """Every local day with a run up to that moment, be it one without a distance."""
    yield from (run.local_day for run in history.runs if run.start_local <= at)
    yield from (start.date() for start in history.without_distance if start <= at)


def _regular(run_days: Sequence[date]) -> list[date]:
    """The run days of the eight weeks that end with the last one."""
    first = run_days[-1] - timedelta(days=WEEK * REGULAR_WEEKS - 1)
    return [day for day in run_days if day >= first]


def _is_regular(run_days: Sequence[date]) -> bool:
    weeks = {(run_days[-1] - day).days // WEEK for day in _regular(run_days)}
    return len(weeks) == REGULAR_WEEKS


def _longest_gap(run_days: Sequence[date]) -> int:
    """The most days from one run day to the next in these weeks."""
    return max((later - earlier).days for earlier, later in pairwise(_regular(run_days)))


def _explained_until(diary: Diary, last: date, today: date) -> date:
    """Up to which day the gap is explained: the last run day, or the end of a later absence. Today while one lasts."""
    ends = [
        min(today, one.last_day or today)
        for one in diary.absences
        if one.first_day <= today and (one.last_day is None or one.last_day > last)
    ]
    return max([last, *ends])


def _other_hours_a_week(history: TrainingHistory, last: date, at: datetime) -> float:
    """Hours of other sport in a week of the gap; two recordings of one session count once."""
    hours, busy_until = 0.0, datetime.combine(last, time.min)
    for session in sorted(history.others, key=lambda one: one.start_local):
        if session.local_day <= last or session.start_local > at or session.start_local < busy_until:
            continue
        seconds = _seconds(session)
        hours += seconds / 3600
        busy_until = session.start_local + timedelta(seconds=seconds)
    return hours / ((at.date() - last).days / WEEK)


def _seconds(session: Activity) -> float:
    seconds = session.moving_time_s or session.elapsed_time_s or 0
    return seconds if 0 < seconds <= LONGEST_SESSION_S else 0
