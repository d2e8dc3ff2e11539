"""What is known of a runner: the history that the rules read, and the rules as this runner set them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from rules.breaks import wanted_before_break
from rules.checks.run_spike import RunSpike
from rules.diary import Diary
from rules.history import ShoeDistance, TrainingHistory, clean
from rules.model import Activity
from rules.pain import Light, traffic_light
from rules.rule import Rule
from rules.signs import standing_signs
from rules.thresholds import as_set
from service.bootstrap import Service
from service.merging import once_each, unseen
from service.reading import WINDOW
from service.store import Transaction
from service.store.records import Athlete, HeldActivity
from service.store.shoes import HeldPair


def diary_of(tx: Transaction, athlete: Athlete) -> Diary:
    return tx.diary.diary(athlete.id, upper_back=athlete.upper_back)


def held_of(
    tx: Transaction, athlete_id: int, at: datetime, strava: Sequence[HeldActivity] | None = None
) -> list[HeldActivity]:
    """A runner's training of the last 26 weeks, whatever source it came from, each effort once, in order of start.

    `at` is now by the runner's clock; a few hours more or less do not matter. `strava` stands in place of what is held
    from there, where that is about to be replaced.
    """
    if strava is None:
        strava = tx.activities.held(athlete_id)
    return once_each(strava, tx.own.held(athlete_id, at - WINDOW))


def history_of(
    tx: Transaction, athlete: Athlete, at: datetime, held: Sequence[HeldActivity] | None = None
) -> TrainingHistory:
    """All that is held at that local moment (or this in place of the window) and all that the runner told."""
    if held is None:
        held = held_of(tx, athlete.id, at)
    diary = diary_of(tx, athlete)
    return TrainingHistory.of(
        (item.activity for item in held),
        before_break=_before_break(tx, athlete.id, at, held),
        fades=(item.fade for item in held if item.fade is not None and diary.reads_course),
        shoes=_shoes(tx.shoes.of(athlete.id), held),
        diary=diary,
    )


def _before_break(tx: Transaction, athlete_id: int, at: datetime, held: Sequence[HeldActivity]) -> list[Activity]:
    """The weeks before a long break: what was read of them at Strava, and what own files hold."""
    strava = tx.activities.before_break(athlete_id)
    span = wanted_before_break(clean(item.activity for item in held), at)
    own = tx.own.held(athlete_id, *span) if span else []
    older = [item for item in own if item.activity.start_local < at - WINDOW]
    return [*strava, *(item.activity for item in unseen(older, strava))]


def _shoes(pairs: Iterable[HeldPair], held: Sequence[HeldActivity]) -> Iterator[ShoeDistance]:
    """Each pair with what it has run by now: what Strava told, and the runs that came in since."""
    for pair in pairs:
        worn = [item for item in held if item.activity.gear_id == pair.gear.id and item.activity.is_run]
        if not worn:
            continue
        since = sum(item.activity.distance_m or 0.0 for item in worn if item.first_seen_at > pair.confirmed_at)
        last = max(worn, key=lambda item: item.activity.start_local)
        yield ShoeDistance(pair.gear.id, pair.gear.distance_m + since, last.activity.id, pair.gear.name)


def rules_of(service: Service, diary: Diary) -> tuple[Rule, ...]:
    """Every rule, with the thresholds that this runner moved."""
    return tuple(as_set(rule, diary.thresholds) for rule in service.rules)


def is_stopped(diary: Diary, at: datetime) -> bool:
    """Whether a warning sign stands or pain is red: then nothing offers a distance or an exercise."""
    now = diary.present(at)
    return bool(standing_signs(diary, now)) or traffic_light(diary, now) is Light.RED


def is_about_it(service: Service, tx: Transaction, message_id: str) -> bool:
    """Whether a message answered a sign or pain itself: then it stays whole, whatever stands."""
    told = {item.rule for item in tx.findings.of_message(message_id)}
    return any(rule.outranks for rule in service.rules if rule.code in told)


def run_spike_of(rules: Sequence[Rule]) -> RunSpike:
    """The rule that the usual range turns around, as this runner set it."""
    return next(rule for rule in rules if isinstance(rule, RunSpike))
