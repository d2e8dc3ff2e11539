"""What would be nothing unusual next, and what would be said of planned runs. Nothing of a plan is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import Form, Request
from starlette.responses import Response

from rules.plan_check import FURTHEST, PlannedRun, PlannedVerdict, check_plan
from rules.policy import Decision, Outcome, Told
from service.bootstrap import Service
from service.language import _
from service.messages.days import short_day
from service.messages.emergency import country_of
from service.messages.reasons import reason_words
from service.messages.units import distance as distance_words
from service.messages.usual_range import day_words, range_section
from service.messages.verdicts import verdict_of
from service.remembering import said
from service.store.records import Athlete, Units
from service.web import entered
from service.web.access import Runner, ServiceHere, pages_for, runner, service_of
from service.web.emptied import why_empty
from service.web.entered import Mistyped
from service.web.outlook import Outlook, outlook
from service.web.rendering import page, redirect
from service.web.source import source_of
from service.web.stop import stop_of

router = pages_for(runner)

MOST_PLANNED = 7


@dataclass(frozen=True)
class Planned:
    """One row of the form, as it was entered."""

    day: str
    distance: str


@dataclass(frozen=True)
class Answer:
    """What would be said of one planned run: its usual range, then a line for each finding."""

    title: str
    usual: str
    lines: tuple[str, ...]


@router.get("/range")
def ranges(request: Request, service: ServiceHere, athlete: Runner) -> Response:
    return _page(request, athlete, _outlook(service, athlete)[0])


@router.post("/range")
def check(
    request: Request,
    service: ServiceHere,
    athlete: Runner,
    day: Annotated[list[str], Form()],
    distance: Annotated[list[str], Form()],
) -> Response:
    ahead, told = _outlook(service, athlete)
    if ahead.waits or _whence(request, athlete)["emptied"]:
        return redirect("/range")
    rows = [Planned(*row) for row in zip(day[:MOST_PLANNED], distance[:MOST_PLANNED], strict=False)]
    try:
        plan = list(_plan(rows, ahead.at.date(), athlete.units))
    except Mistyped as error:
        return _page(request, athlete, ahead, rows, problem=str(error))
    verdicts = check_plan(ahead.history, plan, ahead.at, ahead.rules, told=told)
    return _page(request, athlete, ahead, rows, [_answer(one, athlete.units) for one in verdicts])


def _outlook(service: Service, athlete: Athlete) -> tuple[Outlook, list[Told]]:
    with service.store.transaction() as tx:
        ahead, findings = outlook(service, tx, athlete), tx.findings.of(athlete.id)
    return ahead, said(findings, Outcome.TOLD)


def _page(
    request: Request,
    athlete: Athlete,
    ahead: Outlook,
    rows: Sequence[Planned] = (),
    answers: Sequence[Answer] = (),
    problem: str = "",
) -> Response:
    return page(
        request,
        "range.html",
        status=422 if problem else 200,
        section=range_section(ahead.ranges, athlete.units, athlete.language),
        waits=ahead.waits,
        **_whence(request, athlete),
        stop=stop_of(ahead.history.diary, ahead.at, country_of(athlete.time_zone)),
        rows=[*rows, *_empty(ahead.at.date())][:MOST_PLANNED],
        first_day=ahead.at.date(),
        last_day=ahead.at.date() + FURTHEST,
        answers=answers,
        problem=problem,
    )


def _whence(request: Request, athlete: Athlete) -> dict[str, Any]:
    """Where the numbers come from, or why there are none."""
    service = service_of(request)
    with service.store.transaction() as tx:
        return {"emptied": why_empty(tx, athlete, service.clock()), "source": source_of(tx, athlete)}


def _empty(today: date) -> list[Planned]:
    """A row for each of the coming days."""
    return [Planned((today + timedelta(days=ahead)).isoformat(), "") for ahead in range(1, MOST_PLANNED + 1)]


def _plan(rows: Sequence[Planned], today: date, units: Units) -> Iterator[PlannedRun]:
    """The rows that were filled in. Raises `Mistyped` for one that was filled in by half or cannot be."""
    filled = [row for row in rows if row.distance.strip()]
    if not filled:
        raise Mistyped(_("Enter the distance of at least one run."))
    for row in filled:
        day, metres = entered.day(row.day, today, today + FURTHEST), entered.metres(row.distance, units)
        if day is None or metres is None:
            raise Mistyped(_("A planned run needs a day and a distance."))
        yield PlannedRun(day, metres)


def _answer(verdict: PlannedVerdict, units: Units) -> Answer:
    planned = verdict.planned
    title = _("%(day)s: %(distance)s") % {
        "day": short_day(planned.day),
        "distance": distance_words(planned.distance_m, units),
    }
    lines = tuple(_line(decision, units) for decision in verdict.decisions)
    return Answer(title, day_words(verdict.usual, units), lines or (_("Nothing would be said about it."),))


def _line(decision: Decision, units: Units) -> str:
    words = verdict_of(decision.finding.rule).line(decision.finding, units)
    if decision.reason is None:
        return _("A message would come: %(finding)s") % {"finding": words}
    return _("No message at once: %(finding)s %(reason)s") % {
        "finding": words,
        "reason": reason_words(decision.reason),
    }
