"""Every rule: what it can do for this runner now, from where on it speaks, and what speaks for it."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import Response

from service.messages.reasons import grade_words
from service.web.access import Runner, ServiceHere, pages_for, runner
from service.web.rendering import page
from service.web.watching import watching

router = pages_for(runner)


@router.get("/rules")
def rules(request: Request, service: ServiceHere, athlete: Runner) -> Response:
    with service.store.transaction() as tx:
        states = watching(service, tx, athlete)
    return page(request, "rules.html", watching=states, grade_words=grade_words)
