"""Every rule: what it can do for this runner now, from where on it speaks, and what speaks for it."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import Response

from rules.checks.acwr_card import AcwrCard
from service.knowledge import history_of
from service.messages.days import wall_clock
from service.messages.reasons import grade_words
from service.web.access import Runner, ServiceHere, pages_for, runner
from service.web.loads import load_rows
from service.web.rendering import page
from service.web.source import source_of
from service.web.watching import watching

router = pages_for(runner)


@router.get("/rules")
def rules(request: Request, service: ServiceHere, athlete: Runner) -> Response:
    now = wall_clock(athlete, service.clock())
    with service.store.transaction() as tx:
        states = watching(service, tx, athlete)
        history = history_of(tx, athlete, now)
        source = source_of(tx, athlete)
    return page(
        request,
        "rules.html",
        watching=states,
        source=source,
        grade_words=grade_words,
        card=AcwrCard().card(history, now),
        loads=load_rows(history, now.date(), athlete.units),
        ours={rule.code: rule for rule in service.rules},
    )
