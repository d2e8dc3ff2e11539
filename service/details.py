"""What the list of activities does not hold: how far shoes have gone, and the course of long runs. Read sparingly."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from integrations.errors import AdapterError, GiveUp
from integrations.strava.client import Tokens
from integrations.strava.mapping import Gear
from rules.checks.late_cadence_fade import LateCadenceFade
from rules.checks.shoe import Shoe
from rules.course import Course, fade_of
from rules.history import CadenceFade, TrainingHistory, clean
from rules.model import Activity
from rules.thresholds import as_set
from service.bootstrap import Service
from service.messages.days import wall_clock

log = logging.getLogger(__name__)

#: What a pair has run is asked this often; in between, the runs themselves are added up. Well within 7 days.
ASK_AGAIN = timedelta(days=5)
#: So many pairs at most in one sync, the newest worn first.
MOST_PAIRS = 4


@dataclass(frozen=True, slots=True)
class Details:
    """What was read this time: fades by the run's id, and pairs of shoes by theirs, `None` for one not known."""

    fades: Mapping[int, CadenceFade] = field(default_factory=dict)
    gear: Mapping[str, Gear | None] = field(default_factory=dict)


NO_DETAILS = Details()


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Ids of the runs whose course is asked for, and of the pairs."""

    runs: tuple[int, ...]
    pairs: tuple[str, ...]


def read_details(service: Service, athlete_id: int, tokens: Tokens, listed: Sequence[Activity]) -> Details:
    """Whatever of it is wanted and the limits allow: the ledger keeps room for runs. A failure never costs the sync."""
    wanted = _wanted(service, athlete_id, listed)
    fades: dict[int, CadenceFade] = {}
    gear: dict[str, Gear | None] = {}
    try:
        for run_id in wanted.runs:
            fades[run_id] = _fade(service, tokens, run_id)
        for gear_id in wanted.pairs:
            gear[gear_id] = _pair(service, tokens, gear_id)
    except AdapterError as error:
        log.info("details athlete=%s left: %s", athlete_id, error)
    return Details(fades, gear)


def _wanted(service: Service, athlete_id: int, listed: Sequence[Activity]) -> _Wanted:
    with service.store.transaction() as tx:
        athlete, asked = tx.accounts.existing(athlete_id), tx.shoes.asked_at(athlete_id)
        preferences = tx.diary.preferences(athlete_id)
        held = tx.activities.held(athlete_id) if preferences.reads_course else []
    late = next((rule for rule in service.rules if isinstance(rule, LateCadenceFade)), None)
    runs: tuple[int, ...] = ()
    if late is not None and preferences.reads_course:
        read = {item.activity.id: item.activity for item in held if item.fade is not None}
        own = as_set(late, preferences.thresholds or {})
        runs = _long_runs(listed, read, own, wall_clock(athlete, service.clock()))
    watches_shoes = any(isinstance(rule, Shoe) for rule in service.rules)
    return _Wanted(runs, _due_pairs(listed, asked, service.clock()) if watches_shoes else ())


def _long_runs(
    listed: Sequence[Activity], read: Mapping[int, Activity], rule: LateCadenceFade, at: datetime
) -> tuple[int, ...]:
    """The long runs that the rule compares and whose course was not read as they now are."""
    known = {one.id for one in listed if one.id in read and is_same_course(one, read[one.id])}
    compared = rule.last_long_runs(TrainingHistory(runs=clean(listed)), at)
    return tuple(run.id for run in reversed(compared) if run.id not in known)


def is_same_course(one: Activity, other: Activity) -> bool:
    """Whether nothing was cropped or corrected in between."""
    return (one.id, one.distance_m, one.moving_time_s) == (other.id, other.distance_m, other.moving_time_s)


def _due_pairs(listed: Iterable[Activity], asked: Mapping[str, datetime], now: datetime) -> tuple[str, ...]:
    newest_first = sorted(listed, key=lambda activity: activity.start_local, reverse=True)
    worn = dict.fromkeys(activity.gear_id for activity in newest_first if activity.is_run and activity.gear_id)
    return tuple(pair for pair in worn if pair not in asked or now - asked[pair] >= ASK_AGAIN)[:MOST_PAIRS]


def _fade(service: Service, tokens: Tokens, run_id: int) -> CadenceFade:
    try:
        return fade_of(run_id, service.strava.course(tokens.access_token, run_id))
    except GiveUp:  # typed in, or without a recording: it is not asked for again
        return fade_of(run_id, Course())


def _pair(service: Service, tokens: Tokens, gear_id: str) -> Gear | None:
    try:
        return service.strava.gear(tokens.access_token, gear_id)
    except GiveUp:  # kept as not known, or every sync would ask again
        return None
