"""The runner's own runs: files to hand in, how far each is, what was left out and why, and all of it to delete."""

from __future__ import annotations

from functools import cache
from typing import Annotated
from zoneinfo import available_timezones

from fastapi import APIRouter, Depends, Form, Query, Request
from starlette.responses import Response

from service import intake, zones
from service.bootstrap import Service
from service.errors import NotFound
from service.language import _, ngettext
from service.store.records import Athlete
from service.web.access import ForeignForm, Runner, ServiceHere, VisitHere, pages_for, runner
from service.web.rendering import page, redirect
from service.web.uploading import UNBOUNDED, Spooled, spool_form
from service.web.visit import visit_of

router = pages_for(runner)
#: The one form whose token is checked while it comes in: reading all of it first is what must not happen.
uploads = APIRouter(dependencies=[Depends(runner)])

A_PAGE = 50
#: How often the page looks again while a file is read.
LOOK_AGAIN = "2"


@router.get("/runs")
def own_runs(
    request: Request, service: ServiceHere, athlete: Runner, skip: Annotated[int, Query(ge=0, le=10**6)] = 0
) -> Response:
    return _page(request, service, athlete, skip=skip)


async def _files(request: Request, athlete: Runner, service: ServiceHere) -> list[Spooled]:
    """The files of the form, once its token was seen. Asynchronous, because it is the server's edge."""
    try:
        return await spool_form(request, service, visit_of(request).knows_csrf)
    except PermissionError:
        raise ForeignForm from None


@uploads.post("/runs", max_body_size=UNBOUNDED)
def upload(
    service: ServiceHere, visit: VisitHere, athlete: Runner, files: Annotated[list[Spooled], Depends(_files)]
) -> Response:
    for file in files:
        intake.begin(service, athlete.id, file.name, file.size, file.spool)
    service.nudges.intake()
    if not files:
        visit.note(_("No file was chosen."))
    return redirect("/runs")


@router.get("/runs/intakes/{intake_id}")
def report(request: Request, service: ServiceHere, athlete: Runner, intake_id: int) -> Response:
    with service.store.transaction() as tx:
        found = tx.intakes.get(athlete.id, intake_id)
        if found is None:
            raise NotFound
        problems = tx.intakes.problems(intake_id)
    return page(request, "own_runs_report.html", item=found, problems=problems)


@router.post("/runs/delete")
def delete_one(service: ServiceHere, visit: VisitHere, athlete: Runner, run: Annotated[int, Form()]) -> Response:
    intake.delete(service, athlete, run)
    service.nudges.deliver()
    visit.note(_("Deleted. It no longer counts."))
    return redirect("/runs#runs")


@router.post("/runs/delete-all")
def delete_all(service: ServiceHere, visit: VisitHere, athlete: Runner) -> Response:
    count = intake.delete_all(service, athlete)
    visit.note(ngettext("%(count)d run deleted.", "%(count)d runs deleted.", count) % {"count": count})
    return redirect("/runs")


@router.post("/runs/zone")
def set_zone(service: ServiceHere, visit: VisitHere, athlete: Runner, zone: Annotated[str, Form()] = "") -> Response:
    if zone not in _zones():
        raise NotFound
    with service.store.transaction() as tx:
        zones.settle_in(tx, athlete, zone)
    visit.note(_("Saved. Runs whose files give no local time are on this clock now."))
    return redirect("/runs")


@router.post("/runs/keys")
def new_key(request: Request, service: ServiceHere, athlete: Runner) -> Response:
    with service.store.transaction() as tx:
        key = tx.api_tokens.new(athlete.id, service.clock())
    return _page(request, service, athlete, key=key)


@router.post("/runs/keys/{key_id}/revoke")
def revoke_key(service: ServiceHere, visit: VisitHere, athlete: Runner, key_id: int) -> Response:
    with service.store.transaction() as tx:
        if not tx.api_tokens.revoke(athlete.id, key_id):
            raise NotFound
    visit.note(_("Revoked. Nothing can be handed in with it any more."))
    return redirect("/runs#keys")


def _page(request: Request, service: Service, athlete: Athlete, *, skip: int = 0, key: str = "") -> Response:
    with service.store.transaction() as tx:
        intakes = tx.intakes.of(athlete.id)
        runs, total = tx.own.newest(athlete.id, A_PAGE, skip), tx.own.count(athlete.id)
        keys = tx.api_tokens.of(athlete.id)
    is_reading = any(item.state == "reading" for item in intakes)
    return page(
        request,
        "own_runs.html",
        intakes=intakes,
        runs=[item.activity for item in runs],
        total=total,
        earlier=skip + A_PAGE if skip + A_PAGE < total else None,
        keys=keys,
        key=key,
        zones=_zones(),
        limit_mb=service.settings.upload_mb,
        # Not while a key is shown that comes only once.
        refresh=LOOK_AGAIN if is_reading and not key else "",
    )


@cache
def _zones() -> list[str]:
    return sorted(
        name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix", "right"))
    )
