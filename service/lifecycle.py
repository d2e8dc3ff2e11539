"""What can happen to a connection for good or for a while, and who is told what: one place for every ending.

A runner is told what a runner can mend, the operator what the operator can; nobody reads of a state that mends itself.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from integrations.errors import OperatorNeeded, SignInAgain
from integrations.strava.refusals import ConnectionRefused
from service import leaving, outbox, quota, subscription_record
from service.bootstrap import Service
from service.messages.endings import Ending, connection_ended_message, operator_trouble_message
from service.pages import pages_of
from service.schedule import Load, capacity
from service.store import Transaction
from service.store.records import Claim, ConnectionState, StravaConnection

#: Until when nobody is read, and what Strava says against the installation.
PAUSE = "strava-paused"
TROUBLE = "operator-trouble"
TROUBLE_SINCE = "operator-trouble-since"
#: How many calls in a row failed, whosoever they were.
FAILURES = "strava-failures"
APPLICATION = "strava-application"

OPERATOR_WAIT = timedelta(hours=1)
#: So many failures in a row are an outage, and then one try tells as much as a thousand.
OUTAGE = 5
LONGEST_PAUSE = timedelta(minutes=30)
#: A token that dies within this of its last use, twice within `AGAIN`, is used by somebody else as well.
EARLY = timedelta(hours=24)
AGAIN = timedelta(days=30)

STATES: dict[str, ConnectionState] = {"missing-scope": "scope-missing"}


def load(tx: Transaction, now: datetime) -> Load:
    """What reading everybody takes, and what Strava allows."""
    _, calls = tx.connections.load()
    pushed = subscription_record.read(tx).status.state is subscription_record.State.ACTIVE
    return Load(calls, quota.reads_a_day(tx, now), pushed)


def late_minutes(service: Service, tx: Transaction) -> int:
    """How late a run is read at most where no push tells of it."""
    if service.settings.poll_minutes is not None:
        return round(service.settings.poll_minutes)
    _, calls = tx.connections.load()
    return round(Load(calls, quota.reads_a_day(tx, service.clock()), pushed=False).interval / timedelta(minutes=1))


def room_for_runners(tx: Transaction, now: datetime) -> tuple[int, int]:
    """How many athletes are read, and how many Strava's limits carry."""
    athletes, calls = tx.connections.load()
    return athletes, capacity(quota.reads_a_day(tx, now), calls / athletes if athletes else 1.0)


def strava_answered(tx: Transaction) -> None:
    """A window was read: whatever was wrong with Strava or with this installation is over."""
    for name in (PAUSE, TROUBLE, TROUBLE_SINCE, FAILURES):
        tx.instance.remove(name)


def strava_failed(service: Service, tx: Transaction, now: datetime) -> None:
    """One more call without a usable answer; enough of them in a row pause everybody, longer each time."""
    failures = tx.instance.count(FAILURES)
    if failures < OUTAGE:
        return
    pause = min(timedelta(minutes=1) * 2 ** min(failures - OUTAGE, 10), LONGEST_PAUSE)
    tx.instance.put(PAUSE, (now + pause * (1 + 0.2 * service.randomness.random())).isoformat())


def pause_for_operator(service: Service, tx: Transaction, error: OperatorNeeded, now: datetime) -> datetime:
    """Every athlete would meet the same refusal, and refused calls count: nobody asks until the instant returned."""
    if tx.instance.get(TROUBLE_SINCE) is None:
        tx.instance.put(TROUBLE_SINCE, now.isoformat())
        tell_operators(service, tx, str(error), now)
    tx.instance.put(PAUSE, (now + OPERATOR_WAIT).isoformat())
    tx.instance.put(TROUBLE, str(error))
    return now + OPERATOR_WAIT


def tell_operators(service: Service, tx: Transaction, trouble: str, now: datetime, slug: str = "") -> None:
    """One message for each trouble (by its slug), however long it lasts."""
    for operator in tx.accounts.operators():
        message = operator_trouble_message(service.new_id(), operator, trouble, pages_of(service), now)
        outbox.put(tx, operator.id, slug or f"operator-trouble:{now.isoformat()}", message, now)


def lose(
    service: Service, tx: Transaction, claim: Claim, error: SignInAgain, now: datetime, *, silently: bool = False
) -> None:
    """Strava no longer accepts this runner's connection: what that is, and what the runner is told.

    `silently` where something else will be told: the receipt of what was deleted.
    """
    reason = error.reason if isinstance(error, ConnectionRefused) else "dead-refresh-token"
    connection = tx.connections.get(claim.athlete_id)
    if connection is None:
        return
    ending: Ending = "scope-missing" if reason == "missing-scope" else "sign-in-again"
    if ending == "sign-in-again" and _died_early_again(tx, claim, connection, now):
        ending = "other-program"
    tx.connections.lose(claim, STATES.get(reason, "sign-in-again"), str(error))
    if not silently:
        _tell(service, tx, claim.athlete_id, ending, now)


def is_withdrawn(tx: Transaction, athlete_id: int, error: SignInAgain) -> bool:
    """Whether the runner ended access at Strava: told by a push, and confirmed by a refusal of the tokens."""
    is_refused = isinstance(error, ConnectionRefused) and error.reason != "missing-scope"
    return is_refused and tx.push_events.deauthorisation_pending(athlete_id)


def end_withdrawn(service: Service) -> None:
    """Delete what came from Strava for each runner who ended access there: a push said so, and tokens are refused.

    The push may come before or after the refusal; either way the connection is lost by then.
    """
    with service.store.transaction() as tx:
        said = tx.push_events.deauthorisations()
        lost = [one.athlete_id for one in tx.connections.athletes() if one.state == "sign-in-again"] if said else []
    for athlete_id in said.intersection(lost):
        leaving.deauthorised(service, athlete_id, service.clock())


def adopt_application(service: Service) -> int:
    """At the start: after a change of the Strava application, each runner is asked once to connect again.

    Tokens belong to an application; accounts are found again by who the runner is. Returns how many were asked.
    """
    mine = service.vault.fingerprint(APPLICATION, service.settings.strava_client_id)
    now = service.clock()
    with service.store.transaction() as tx:
        before = tx.instance.get(APPLICATION)
        tx.instance.put(APPLICATION, mine)
        if before is None or before == mine:
            return 0
        strava_answered(tx)  # what was wrong with the old one
        lost = tx.connections.lose_all("new-application", "the Strava application of this installation changed")
        for athlete_id in lost:
            _tell(service, tx, athlete_id, "new-application", now)
    return len(lost)


def resume(service: Service, each: timedelta = timedelta(seconds=3)) -> int:
    """At the start: whoever is overdue by schedule is read one after another, not all at once."""
    now = service.clock()
    with service.store.transaction() as tx:
        due = tx.connections.overdue(now)
        tx.connections.spread({athlete_id: now + number * each for number, athlete_id in enumerate(due)})
    return len(due)


def _died_early_again(tx: Transaction, claim: Claim, connection: StravaConnection, now: datetime) -> bool:
    """Whether tokens died within a day of their last use, and did so lately before."""
    if connection.renewed_at is None or now - connection.renewed_at > EARLY:
        return False
    lately = connection.died_early_at is not None and now - connection.died_early_at <= AGAIN
    deaths = connection.early_deaths + 1 if lately else 1
    tx.connections.note_early_death(claim, deaths, now)
    return deaths >= 2


def _tell(service: Service, tx: Transaction, athlete_id: int, ending: Ending, now: datetime) -> None:
    athlete = tx.accounts.get(athlete_id)
    if athlete is not None:
        message = connection_ended_message(service.new_id(), athlete, ending, pages_of(service), now)
        outbox.put(tx, athlete.id, f"{ending}:{now.date()}", message, now)
