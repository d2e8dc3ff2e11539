"""For who runs this installation: invitations, and how it does. No runner's data is shown here."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request
from starlette.responses import Response

from service import connect, lifecycle, push, quota, silence, subscription_record
from service.bootstrap import Service
from service.language import _
from service.lifecycle import PAUSE, TROUBLE, late_minutes
from service.messages.endings import operator_cure
from service.messages.subscription import by_schedule_alone, cures, state_words
from service.messages.units import duration
from service.store import Transaction
from service.store.records import StravaConnection
from service.subscription_record import State, SubscriptionStatus
from service.web.access import ServiceHere, operator, pages_for
from service.web.rendering import page

router = pages_for(operator)

IGNORED = (
    "nonsense",
    "unknown-subscription",
    "unknown-owner",
    "unlikely-time",
    "bad-signature",
    "too-many",
    "too-many-open",
)


@dataclass(frozen=True)
class Pushes:
    """How pushes stand as of the last look, and what came of those that arrived. Times alone, nothing of any runner."""

    words: str
    meaning: str
    cures: tuple[str, ...]
    is_well: bool
    unanswered: str
    since: datetime | None
    heard_at: datetime | None
    ignored: dict[str, int]
    unverifiable: int


@dataclass(frozen=True)
class Limits:
    """How Strava's limits stand, how many runners they carry, and how often each is read by schedule, in words."""

    forecast: quota.Forecast
    carried: int
    interval: str


@dataclass(frozen=True)
class Overview:
    """Counts alone. `trouble` is what Strava says against the installation, while it is paused for that."""

    runners: int
    states: Counter[str]
    pushes: Pushes
    limits: Limits
    trouble: str
    paused_until: datetime | None

    @property
    def cure(self) -> str:
        return operator_cure(self.trouble)


@router.get("/operator")
def overview(request: Request, service: ServiceHere) -> Response:
    return page(request, "operator.html", overview=_overview(service), invitation="")


@router.post("/operator/invitations")
def invite(request: Request, service: ServiceHere) -> Response:
    """The link is shown on this answer alone: nobody, not we either, can read it again."""
    link = connect.new_invitation(service)
    return page(request, "operator.html", overview=_overview(service), invitation=link)


def _overview(service: Service) -> Overview:
    limits = quota.forecast(service)
    with service.store.transaction() as tx:
        connections = list(tx.connections.athletes())
        runners = tx.accounts.count()
        paused = tx.instance.get(PAUSE)
        until = datetime.fromisoformat(paused) if paused else None
        is_paused = until is not None and until > service.clock()
        return Overview(
            runners=runners,
            states=_states(connections, runners),
            pushes=_pushes(service, tx),
            limits=_limits(service, tx, limits),
            trouble=(tx.instance.get(TROUBLE) or "") if is_paused else "",
            paused_until=until if is_paused else None,
        )


def _pushes(service: Service, tx: Transaction) -> Pushes:
    record = subscription_record.read(tx)
    status = record.status if service.settings.public_url else SubscriptionStatus(State.NOT_WANTED)
    ignored = tx.instance.beginning_with(push.IGNORED)
    is_well = status.state is State.ACTIVE
    return Pushes(
        words=state_words(status) if record.since or status.state is not State.UNKNOWN else _("Not looked at yet."),
        meaning="" if is_well else by_schedule_alone(late_minutes(service, tx)),
        cures=cures(status),
        is_well=is_well or status.state is State.NOT_WANTED,
        unanswered=record.unanswered,
        since=record.since,
        heard_at=silence.heard_at(tx),
        ignored={why: int(ignored.get(why, 0)) for why in IGNORED},
        unverifiable=int(tx.instance.get(f"{push.NOTED}unverifiable-signature") or 0),
    )


def _limits(service: Service, tx: Transaction, found: quota.Forecast) -> Limits:
    now = service.clock()
    _, carried = lifecycle.room_for_runners(tx, now)
    return Limits(found, carried, duration(lifecycle.load(tx, now).interval.total_seconds()))


def _states(connections: list[StravaConnection], runners: int) -> Counter[str]:
    states = Counter(_state(connection) for connection in connections)
    states["disconnected"] = runners - len(connections)
    return states


def _state(connection: StravaConnection) -> str:
    if connection.state != "connected":
        return "connect-again"
    if connection.trouble:
        return "trouble"
    return "read" if connection.imported_at is not None else "importing"
