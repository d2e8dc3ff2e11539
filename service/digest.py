"""The weekly digest: Sunday 18:00 where the runner is, also in weeks without a run; after four of those, monthly."""

from __future__ import annotations

from collections.abc import Container, Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from integrations.channels.message import Message
from rules.absence import question_due, return_state
from rules.advice import Occasion, Runner, pick_prompt
from rules.advice.picker import NO_EXERCISE
from rules.advice.runner import UPPER_BACK_RULES
from rules.policy import Outcome
from rules.starting import is_starting
from rules.usefulness import offer_due
from rules.usual_range import usual_range
from service import catch_up, outbox
from service.bootstrap import Service
from service.judgement import POLICY
from service.knowledge import held_of, history_of, rules_of, run_spike_of
from service.messages.catch_up import away_section
from service.messages.days import wall_clock
from service.messages.digest import digest_message
from service.messages.period import last_7_days
from service.pages import pages_of
from service.remembering import AskedGaps
from service.states import rule_states
from service.store import Transaction
from service.store.records import Athlete, HeldActivity, StoredFinding

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
    # The week that was due; after a long outage that is old news, and the week until now counts.
    until = athlete.digest_due_at if now - athlete.digest_due_at < WEEK else now
    if _was_read(tx, athlete_id, until):
        _write_week(service, tx, athlete, until)
    next_at = first_digest_at(athlete, max(now, athlete.digest_due_at))
    tx.accounts.change(athlete_id, digest_due_at=next_at)


def first_digest_at(athlete: Athlete, after: datetime) -> datetime:
    """The next Sunday 18:00 in the athlete's zone after an instant."""
    zone = ZoneInfo(athlete.time_zone)
    local = after.astimezone(zone)
    days = (SUNDAY - local.weekday()) % 7
    candidate = _at(local, days, zone)
    return candidate if candidate > after else _at(local, days + 7, zone)


def moved_digest_at(athlete: Athlete, time_zone: str) -> datetime | None:
    """The digest that is due, on its same Sunday in another zone: who travels gets it once."""
    if athlete.digest_due_at is None:
        return None
    sunday = athlete.digest_due_at.astimezone(ZoneInfo(athlete.time_zone)).date()
    return datetime.combine(sunday, HOUR, tzinfo=ZoneInfo(time_zone)).astimezone(UTC)


def _at(local: datetime, days: int, zone: ZoneInfo) -> datetime:
    # Composed from the date, so that the hour stays 18 when summer time begins or ends in between.
    return datetime.combine((local + timedelta(days=days)).date(), HOUR, tzinfo=zone).astimezone(UTC)


def _was_read(tx: Transaction, athlete_id: int, until: datetime) -> bool:
    """Whether Strava answered within that week: of one that was not read, "no runs" would not be true.

    Who hands in files has them all here; a week without any is told as that.
    """
    connection = tx.connections.get(athlete_id)
    if connection is None:
        return tx.own.count(athlete_id) > 0
    return connection.synced_at is not None and until - connection.synced_at < WEEK


def _write_week(service: Service, tx: Transaction, athlete: Athlete, until: datetime) -> None:
    local = wall_clock(athlete, until)
    held = held_of(tx, athlete.id, local)
    activities = [item.activity for item in held]
    ran = last_7_days(activities, local, _read_at(athlete, held)).runs > 0
    weeks = 0 if ran else athlete.weeks_without_runs + 1
    if _speaks(weeks):
        _put(service, tx, athlete, held, weeks, until)
    tx.accounts.change(athlete.id, weeks_without_runs=weeks)


def _speaks(weeks_without_runs: int) -> bool:
    return weeks_without_runs <= PATIENCE_WEEKS or weeks_without_runs % PATIENCE_WEEKS == 0


def _read_at(athlete: Athlete, held: Sequence[HeldActivity]) -> dict[int, datetime]:
    """When runs that came in as news were read: so that one read after its week's digest stands in the next."""
    seen = {item.activity.id: wall_clock(athlete, item.first_seen_at) for item in held if not item.imported}
    starts = {item.activity.id: item.activity.start_local for item in held}
    return {id_: moment for id_, moment in seen.items() if moment - starts[id_] <= POLICY.late_after}


def _put(
    service: Service, tx: Transaction, athlete: Athlete, held: Sequence[HeldActivity], weeks: int, until: datetime
) -> None:
    local = wall_clock(athlete, until)
    activities = [item.activity for item in held]
    history = history_of(tx, athlete, local, held)
    # The week is the one that was due; what is offered goes by now: a sign may have been named since.
    now = history.diary.present(wall_clock(athlete, service.clock()))
    rules = rules_of(service, history.diary)
    connection = tx.connections.get(athlete.id)
    findings = _found_in(tx, athlete, until)
    shown = outbox.prompts_shown(tx, athlete.id)
    prompt = pick_prompt(Runner.of(history.diary, now), shown, now.date(), _occasion(findings))
    message = digest_message(
        service.new_id(),
        athlete,
        activities,
        findings,
        rule_states(rules, history, local, connection.days_to_learn(until) if connection else 0),
        prompt,
        starting=is_starting(history, local),
        weeks_without_runs=weeks,
        pages=pages_of(service),
        now=until,
        ranges=usual_range(history, now, rule=run_spike_of(rules)),
        absence=question_due(history, local, _asked(tx, athlete.id)),
        offers=offer_due(history.diary, local),
        limit=history.diary.limit,
        returning=return_state(history.diary, now),
        streak_runner=history.diary.streak_runner,
        read_at=_read_at(athlete, held),
        hands_in=connection is None,
    )
    outbox.put(tx, athlete.id, f"digest:{local.date()}", _with_outage(service, tx, athlete, message, until), until)


def _with_outage(service: Service, tx: Transaction, athlete: Athlete, message: Message, until: datetime) -> Message:
    """The digest, and first of all that nothing was read for a part of its week."""
    notes = [stored.message for stored in tx.inbox.of(athlete.id) if stored.slug.startswith(f"{catch_up.SLUG}:")]
    recent = [note for note in notes if until - WEEK < note.created_at <= until and "from" in note.data]
    away = tuple(away_section(note, pages_of(service)) for note in recent[:1])
    return message.model_copy(update={"sections": (*away, *message.sections)}) if away else message


def _found_in(tx: Transaction, athlete: Athlete, until: datetime) -> list[StoredFinding]:
    """What was decided on in that week; of a run that is gone by now there is nothing left to say."""
    found = tx.findings.since(athlete.id, until - WEEK)
    return [item for item in found if item.decided_at <= until and item.scrubbed_at is None]


def _occasion(findings: Sequence[StoredFinding]) -> Occasion | None:
    """What the prompt is to go with: of what waited for this digest the one that no other prompt would suit."""
    waiting = [
        one
        for one in findings
        if one.outcome is Outcome.DIGEST and one.withdrawn_at is None and one.rule not in NO_EXERCISE
    ]
    if not waiting:
        return None
    first = max(waiting, key=lambda one: (one.rule in UPPER_BACK_RULES, one.severity, one.decided_at))
    return Occasion(first.rule, first.severity)


def _asked(tx: Transaction, athlete_id: int) -> Container[str]:
    """The gaps that were asked about: each is asked about once."""
    keys = (stored.message.data.get("absence") for stored in tx.inbox.of(athlete_id))
    return AskedGaps(tx.seals, athlete_id, (key for key in keys if key))
