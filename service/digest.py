"""The weekly digest: Sunday 18:00 where the runner is, also in weeks without a run; after four of those, monthly."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rules.advice import pick_prompt
from rules.history import TrainingHistory
from rules.starting import is_starting
from service import outbox
from service.bootstrap import Service
from service.messages.digest import digest_message
from service.pages import pages_of
from service.store import Transaction
from service.store.records import Athlete
from service.zones import zone_of

SUNDAY = 6
HOUR = time(18)
WEEK = timedelta(days=7)
#: After this many weeks without a run the digest comes only every fourth week.
PATIENCE_WEEKS = 4


def sweep(service: Service) -> int:
    """Write every digest that is due. Returns how many were due."""
    now = service.clock()
    with service.store.transaction() as tx:
        due = tx.accounts.digest_due(now)
    for athlete_id in due:
        with service.store.transaction() as tx:
            write(service, tx, athlete_id, now)
    if due:
        service.nudges.deliver()
    return len(due)


def write(service: Service, tx: Transaction, athlete_id: int, now: datetime) -> None:
    """One athlete's digest, if it is still due, and the time of the next."""
    athlete = tx.accounts.get(athlete_id)
    if athlete is None or athlete.digest_due_at is None or athlete.digest_due_at > now:
        return
    history = TrainingHistory.of(item.activity for item in tx.activities.held(athlete_id))
    local_now = now.astimezone(zone_of(athlete)).replace(tzinfo=None)
    weeks = 0 if history.before(local_now, 7) else athlete.weeks_without_runs + 1
    if _speaks(weeks):
        _put(service, tx, athlete, history, weeks, now)
    next_at = first_digest_at(athlete, max(now, athlete.digest_due_at))
    tx.accounts.change(athlete_id, weeks_without_runs=weeks, digest_due_at=next_at)


def first_digest_at(athlete: Athlete, after: datetime) -> datetime:
    """The next Sunday 18:00 in the athlete's zone after an instant."""
    zone = zone_of(athlete)
    local = after.astimezone(zone)
    days = (SUNDAY - local.weekday()) % 7
    candidate = _at(local, days, zone)
    return candidate if candidate > after else _at(local, days + 7, zone)


def _at(local: datetime, days: int, zone: ZoneInfo) -> datetime:
    # Composed from the date, so that the hour stays 18 when summer time begins or ends in between.
    return datetime.combine((local + timedelta(days=days)).date(), HOUR, tzinfo=zone).astimezone(UTC)


def _speaks(weeks_without_runs: int) -> bool:
    return weeks_without_runs <= PATIENCE_WEEKS or weeks_without_runs % PATIENCE_WEEKS == 0


def _put(
    service: Service, tx: Transaction, athlete: Athlete, history: TrainingHistory, weeks: int, now: datetime
) -> None:
    local_now = now.astimezone(zone_of(athlete)).replace(tzinfo=None)
    first_day = (local_now - WEEK).date() + timedelta(days=1)
    prompt = pick_prompt(
        upper_back=athlete.upper_back,
        shown=outbox.prompts_shown(tx, athlete.id),
        today=local_now.date(),
        asked_exclusions=None,
    )
    message = digest_message(
        service.new_id(),
        athlete,
        history,
        tx.findings.since(athlete.id, first_day),
        service.rules,
        starting=is_starting(history, local_now),
        weeks_without_runs=weeks,
        prompt=prompt,
        pages=pages_of(service),
        now=now,
    )
    outbox.put(tx, athlete.id, f"digest:{local_now.date()}", message, now)
