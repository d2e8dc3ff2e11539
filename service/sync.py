"""From a due athlete to a replaced window with everything that follows from it, in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from integrations.errors import AdapterError, OperatorNeeded, RetryLater, SignInAgain
from integrations.strava.limits import DAY, QUARTER, NoRoom, Purpose, room_at
from rules.history import clean
from service import catch_up, judgement, lifecycle, remembering, schedule, silence, welcome, zones
from service.bootstrap import Service
from service.details import is_same_course
from service.knowledge import held_of
from service.lifecycle import PAUSE
from service.messages.days import wall_clock
from service.reading import Window, read_window
from service.store import Transaction
from service.store.push_events import LOOK_AGAIN
from service.store.records import Claim, HeldActivity, StravaConnection
from service.tokens import Renewing

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)
#: Waits between tries while Strava does not answer; the last one repeats.
BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60))
#: How much of a wait is left to chance, so that many do not come back at once.
JITTER = 0.2
A_MOMENT = timedelta(seconds=30)


def sweep(service: Service) -> int:
    """Sync every athlete who is due. Returns how many were tried."""
    tried = 0
    while (claim := _claim(service)) is not None:
        sync(service, claim)
        tried += 1
    lifecycle.end_withdrawn(service)
    return tried


def sync(service: Service, claim: Claim) -> None:
    """Read a claimed athlete's window and take it in. Whatever goes wrong is written down, never raised."""
    try:
        window = read_window(service, claim)
        take_in(service, claim, window)
    except AdapterError as error:
        _note_failure(service, claim, error)
    except Exception:
        log.exception("sync athlete=%s broke", claim.athlete_id)
        _note_failure(service, claim, RetryLater("an error on our side"))
    service.nudges.deliver()


def take_in(service: Service, claim: Claim, window: Window) -> None:
    """One transaction: the window replaced, judged, told, the pushes done, the next sync set."""
    now = service.clock()
    with service.store.transaction() as tx:
        tx.accounts.lock(claim.athlete_id)
        connection = tx.connections.get(claim.athlete_id)
        if connection is None or not tx.connections.holds(claim):
            return  # disconnected meanwhile, or somebody else's by now
        held = {item.activity.id: item for item in tx.activities.held(claim.athlete_id)}
        unknown = [activity for activity in window.listing.activities if activity.id not in held]
        seen = remembering.seen(tx, claim.athlete_id, unknown)
        merged = _merge(window, held, connection, seen, now)
        settles_at = None
        if window.before_break is not None:
            tx.activities.replace_before_break(claim.athlete_id, window.before_break.activities, now)
            tx.connections.note_before_break(claim, now if window.before_break.asked else None)
        tx.shoes.put(claim.athlete_id, window.details.gear, now)
        if _is_unchanged(merged, held):
            tx.activities.confirm(claim.athlete_id, now)
        else:
            tx.activities.replace(claim.athlete_id, merged, now)
            settles_at = _judge(service, tx, connection, merged, window, now)
        catch_up.write(service, tx, connection, merged, now)
        if connection.imported_at is None:
            welcome.greet(service, tx, claim.athlete_id, _all_of(tx, claim.athlete_id, merged, now), now)
        if connection.imported_at is not None and held:
            silence.note_unpushed(tx, claim.athlete_id, {item.activity.id for item in merged} - held.keys(), now)
        _settle_events(tx, claim, {item.activity.id for item in merged}, now)
        lifecycle.strava_answered(tx)
        _finish(service, tx, claim, merged, settles_at, window.listing.pages)
    _log_outcome(claim, window)


def _claim(service: Service) -> Claim | None:
    now = service.clock()
    with service.store.transaction() as tx:
        paused_until = tx.instance.get(PAUSE)
        if paused_until and datetime.fromisoformat(paused_until) > now:
            return None
        windows = [tx.quota.latest(now, span) for span in (QUARTER, DAY)]
        has_room = room_at(windows, Purpose.RECONCILE, now) is None
        return tx.connections.claim_due(now, service.wall(), LEASE, urgent_only=not has_room)


def _merge(
    window: Window, held: dict[int, HeldActivity], connection: StravaConnection, seen: set[int], now: datetime
) -> list[HeldActivity]:
    """The new window: what is known keeps how it came in, what is new came in now.

    What was held once and comes back, as all does after an outage of more than seven days, is no news (`seen`).
    """
    merged = []
    for activity in sorted(window.listing.activities, key=lambda item: (item.start_local, item.id)):
        known = held.get(activity.id)
        if known is None:
            imported = connection.imported_at is None or activity.id in seen
            known = HeldActivity(activity, imported, now, now if imported else None)
        fade = known.fade if is_same_course(known.activity, activity) else None
        merged.append(replace(known, activity=activity, fade=window.details.fades.get(activity.id, fade)))
    return merged


def _judge(
    service: Service,
    tx: Transaction,
    connection: StravaConnection,
    merged: Sequence[HeldActivity],
    window: Window,
    now: datetime,
) -> datetime | None:
    """Judge the window together with what the runner's own files hold besides."""
    zones.follow(tx, connection.athlete_id, merged)
    return judgement.judge_window(
        service,
        tx,
        connection.athlete_id,
        _all_of(tx, connection.athlete_id, merged, now),
        after=window.after,
        learning_until=connection.learning_until,
        now=now,
    )


def _all_of(tx: Transaction, athlete_id: int, merged: Sequence[HeldActivity], now: datetime) -> list[HeldActivity]:
    return held_of(tx, athlete_id, wall_clock(tx.accounts.existing(athlete_id), now), merged)


def _is_unchanged(merged: Sequence[HeldActivity], held: Mapping[int, HeldActivity]) -> bool:
    """Whether Strava only confirmed what is held and judged already, as at most polls: then nothing can follow."""
    return len(merged) == len(held) and all(held.get(item.activity.id) == item and item.judged_at for item in merged)


def _settle_events(tx: Transaction, claim: Claim, listed: set[int], now: datetime) -> None:
    """A push is done once its run was read; a new run that is not listed yet is looked for a few times more."""
    done, again = [], {}
    due_later = tx.push_events.due_later(claim.athlete_id, now)
    for event in tx.push_events.pending(claim.athlete_id, claim.newest_event):
        if event.aspect != "create" or event.object_id in listed:
            done.append(event.id)
        elif event.id in due_later:  # this sync came for another reason, and uses no look up
            continue
        elif event.attempts < len(LOOK_AGAIN):
            again[event.id] = now + LOOK_AGAIN[event.attempts]
        else:
            done.append(event.id)
    tx.push_events.done(done, now)
    tx.push_events.look_again(again)


def _finish(
    service: Service,
    tx: Transaction,
    claim: Claim,
    merged: Sequence[HeldActivity],
    settles_at: datetime | None,
    pages: int,
) -> None:
    """Set the next sync: urgent for a run that settles or is announced, not listed yet; else as the quota carries."""
    now = service.clock()
    waited_for = [at for at in (settles_at, tx.push_events.next_due(claim.athlete_id)) if at is not None]
    scheduled = _next_reading(service, tx, claim.athlete_id, merged, now)
    urgent = bool(waited_for) and min(waited_for) <= scheduled
    tx.connections.finish(claim, now, min([*waited_for, scheduled]), urgent=urgent, pages=pages)


def _next_reading(
    service: Service, tx: Transaction, athlete_id: int, merged: Sequence[HeldActivity], now: datetime
) -> datetime:
    if service.settings.poll_minutes is not None:
        return now + timedelta(minutes=service.settings.poll_minutes)
    athlete = tx.accounts.existing(athlete_id)
    runs = clean(item.activity for item in merged)
    usual = schedule.usual_finish(runs, wall_clock(athlete, now))
    interval = lifecycle.load(tx, now).interval
    return schedule.next_reading(now, interval, usual, ZoneInfo(athlete.time_zone), service.randomness)


def _note_failure(service: Service, claim: Claim, error: AdapterError) -> None:
    now = service.clock()
    with service.store.transaction() as tx:
        if not tx.connections.holds(claim):
            return
        if isinstance(error, (NoRoom, Renewing)) and error.at is not None:
            tx.connections.wait(claim, error.at + _chance(service, A_MOMENT))
            return
        log.warning("sync athlete=%s failed: %s", claim.athlete_id, error)
        if isinstance(error, SignInAgain):
            is_withdrawn = lifecycle.is_withdrawn(tx, claim.athlete_id, error)
            lifecycle.lose(service, tx, claim, error, now, silently=is_withdrawn)
        else:
            tx.connections.postpone(claim, _retry_at(service, tx, claim, error, now), str(error))


def _retry_at(service: Service, tx: Transaction, claim: Claim, error: AdapterError, now: datetime) -> datetime:
    if isinstance(error, OperatorNeeded):
        return lifecycle.pause_for_operator(service, tx, error, now)
    connection = tx.connections.get(claim.athlete_id)
    attempts = connection.attempts if connection else 0
    wait = BACKOFF[min(attempts, len(BACKOFF) - 1)]
    backoff = now + wait + _chance(service, wait * JITTER)
    lifecycle.strava_failed(service, tx, now)
    if isinstance(error, RetryLater) and error.at:
        return max(backoff, error.at + _chance(service, A_MOMENT))
    return backoff


def _chance(service: Service, most: timedelta) -> timedelta:
    return most * service.randomness.random()


def _log_outcome(claim: Claim, window: Window) -> None:
    listing = window.listing
    log.info("sync athlete=%s activities=%s pages=%s", claim.athlete_id, len(listing.activities), listing.pages)
    for problem in listing.problems:
        log.warning("odd value athlete=%s activity=%s: %s", claim.athlete_id, problem.activity_id, problem)
