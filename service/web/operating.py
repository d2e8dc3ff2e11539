"""For who runs this installation: invitations, and how it does. No runner's data is shown here."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request
from starlette.responses import Response

from service import connect
from service.bootstrap import Service
from service.push import SUBSCRIPTION
from service.store.records import StravaConnection
from service.sync import PAUSE
from service.web.access import ServiceHere, operator, pages_for
from service.web.rendering import page

router = pages_for(operator)

IGNORED = ("nonsense", "unknown-subscription", "unknown-owner")


@dataclass(frozen=True)
class Overview:
    """Counts alone. `trouble` is what Strava says against the installation, while it is paused for that."""

    runners: int
    states: Counter[str]
    ignored: dict[str, int]
    has_pushes: bool
    trouble: str
    paused_until: datetime | None


@router.get("/operator")
def overview(request: Request, service: ServiceHere) -> Response:
    return page(request, "operator.html", overview=_overview(service), invitation="")


@router.post("/operator/invitations")
def invite(request: Request, service: ServiceHere) -> Response:
    """The link is shown on this answer alone: nobody, not we either, can read it again."""
    link = connect.new_invitation(service)
    return page(request, "operator.html", overview=_overview(service), invitation=link)


def _overview(service: Service) -> Overview:
    with service.store.transaction() as tx:
        connections = list(tx.connections.athletes())
        runners = tx.accounts.count()
        paused = tx.instance.get(PAUSE)
        until = datetime.fromisoformat(paused) if paused else None
        is_paused = until is not None and until > service.clock()
        return Overview(
            runners=runners,
            states=_states(connections, runners),
            ignored={why: int(tx.instance.get(f"push-ignored:{why}") or 0) for why in IGNORED},
            has_pushes=tx.instance.get(SUBSCRIPTION) is not None,
            trouble=(tx.instance.get("operator-trouble") or "") if is_paused else "",
            paused_until=until if is_paused else None,
        )


def _states(connections: list[StravaConnection], runners: int) -> Counter[str]:
    states = Counter(_state(connection) for connection in connections)
    states["disconnected"] = runners - len(connections)
    return states


def _state(connection: StravaConnection) -> str:
    if connection.state != "connected":
        return "sign-in-again"
    if connection.trouble:
        return "trouble"
    return "read" if connection.imported_at is not None else "importing"
