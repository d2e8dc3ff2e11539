"""The chart: the distance of each of the last twelve weeks, and where a message was written."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import Response

from rules.history import TrainingHistory
from rules.policy import Outcome
from service.knowledge import held_of
from service.messages.days import wall_clock
from service.web.access import Runner, ServiceHere, pages_for, runner
from service.web.bars import bars, weeks
from service.web.emptied import why_empty
from service.web.rendering import page
from service.web.source import source_for
from service.web.watching import watching

router = pages_for(runner)


@router.get("/chart")
def chart(request: Request, service: ServiceHere, athlete: Runner) -> Response:
    now = wall_clock(athlete, service.clock())
    with service.store.transaction() as tx:
        activities = [item.activity for item in held_of(tx, athlete.id, now)]
        findings = tx.findings.of(athlete.id)
        states = watching(service, tx, athlete)
        emptied = why_empty(tx, athlete, service.clock())
    told = [item for item in findings if item.outcome is Outcome.TOLD and item.withdrawn_at is None]
    shown = weeks(TrainingHistory.of(activities).runs, told, now.date(), athlete.first_weekday)
    return page(
        request,
        "chart.html",
        weeks=shown,
        bars=bars(shown, athlete.units),
        source=source_for(activities),
        watching=states,
        emptied=emptied,
    )
