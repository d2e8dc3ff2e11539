"""What a runner declares and asks for: quiet, own thresholds, an own limit, and what we cannot see on Strava."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Literal

from fastapi import Form, Request
from starlette.responses import Response

from rules.diary import OwnLimit, Snooze
from rules.rule import Rule
from rules.thresholds import OutOfOrder, ThresholdRefused, with_overrides
from service import checking_in
from service.errors import NotFound
from service.knowledge import diary_of
from service.language import _
from service.messages.days import wall_clock
from service.web import entered
from service.web.access import Runner, ServiceHere, VisitHere, pages_for, runner
from service.web.entered import Mistyped
from service.web.own_settings import LONGEST_MINUTES, MOST_EXERCISES, MOST_RUNS, can_be_quiet, label_of
from service.web.preferences import show
from service.web.rendering import redirect

router = pages_for(runner)

#: An own limit ends within a year; who still needs it says so again.
LONGEST_LIMIT = timedelta(days=365)
LONGEST_EXERCISE = 120


@router.post("/settings/declared")
def declare(
    service: ServiceHere,
    visit: VisitHere,
    athlete: Runner,
    streak_runner: Annotated[bool, Form()] = False,
    desk_days: Annotated[bool, Form()] = False,
    reads_course: Annotated[bool, Form()] = False,
) -> Response:
    checking_in.prefer(
        service,
        athlete,
        streak_runner=streak_runner,
        desk_days=desk_days,
        reads_course=reads_course,
    )
    if not reads_course:
        with service.store.transaction() as tx:
            tx.activities.forget_fades(athlete.id)
    visit.note(_("Saved."))
    return redirect("/settings#declared")


@router.post("/settings/equipment")
def set_equipment(
    service: ServiceHere,
    visit: VisitHere,
    athlete: Runner,
    equipment: Annotated[list[Literal["band", "dumbbells", "foam-roller"]] | None, Form()] = None,
) -> Response:
    """What is at hand for exercises; chair, wall, step and mat are taken as at every home."""
    checking_in.prefer(service, athlete, equipment=tuple(dict.fromkeys(equipment or ())))
    visit.note(_("Saved."))
    return redirect("/settings#equipment")


@router.post("/settings/budget")
def set_budget(
    service: ServiceHere, visit: VisitHere, athlete: Runner, budget: Annotated[Literal["1", "2", "3"], Form()]
) -> Response:
    """How many messages may come in 14 days. What does not fit waits for nothing: it is silent, with its reason."""
    checking_in.prefer(service, athlete, budget=int(budget))
    visit.note(_("Saved."))
    return redirect("/settings#budget")


@router.post("/settings/quiet")
def be_quiet(
    service: ServiceHere,
    visit: VisitHere,
    athlete: Runner,
    days: Annotated[Literal["7", "14", "28"], Form()],
    rule: Annotated[str, Form()] = "",
) -> Response:
    if rule and rule not in {one.code for one in service.rules if can_be_quiet(one)}:
        raise NotFound
    now = wall_clock(athlete, service.clock())
    checking_in.keep(service, athlete, Snooze(rule or None, now, now + timedelta(days=int(days))))
    visit.note(_("Quiet. Pain and warning signs are answered all the same."))
    return redirect("/settings#quiet")


@router.post("/settings/quiet/{entry_id}/end")
def end_quiet(service: ServiceHere, visit: VisitHere, athlete: Runner, entry_id: int) -> Response:
    with service.store.transaction() as tx:
        is_snooze = isinstance(dict(tx.diary.entries(athlete.id)).get(entry_id), Snooze)
    if not is_snooze:
        raise NotFound
    checking_in.forget(service, athlete, entry_id)
    visit.note(_("The quiet is over."))
    return redirect("/settings#quiet")


@router.post("/settings/limit")
def limit(
    request: Request,
    service: ServiceHere,
    visit: VisitHere,
    athlete: Runner,
    run: Annotated[str, Form()] = "",
    minutes: Annotated[str, Form()] = "",
    runs_a_week: Annotated[str, Form()] = "",
    until: Annotated[str, Form()] = "",
    exercise: Annotated[list[str] | None, Form()] = None,
) -> Response:
    today = wall_clock(athlete, service.clock()).date()
    try:
        entry = OwnLimit(
            until=_until(until, today),
            run_m=entered.metres(run, athlete.units),
            run_minutes=entered.number(minutes, 1, LONGEST_MINUTES, _("Minutes a run")),
            runs_a_week=_whole(runs_a_week),
            exercises=_exercises(exercise or []),
        )
        if entry == OwnLimit(until=entry.until):
            raise Mistyped(_("Enter a distance, minutes, runs in 7 days or an exercise."))
    except Mistyped as error:
        return show(request, service, athlete, problems={"limit": str(error)})
    checking_in.put(service, athlete, entry)
    visit.note(_("Saved. While it stands, your own limit comes before our advice."))
    return redirect("/settings#limit")


@router.post("/settings/limit/remove")
def remove_limit(service: ServiceHere, visit: VisitHere, athlete: Runner) -> Response:
    checking_in.drop(service, athlete, OwnLimit)
    visit.note(_("Removed."))
    return redirect("/settings#limit")


@router.post("/settings/thresholds")
def set_thresholds(
    request: Request,
    service: ServiceHere,
    visit: VisitHere,
    athlete: Runner,
    rule: Annotated[str, Form()],
    name: Annotated[list[str], Form()],
    value: Annotated[list[str], Form()],
    reset: Annotated[bool, Form()] = False,
) -> Response:
    """The thresholds of one rule; one left empty, or as we have it, stays ours."""
    ours = next((one for one in service.rules if one.code == rule), None)
    if ours is None:
        raise NotFound
    try:
        own = {} if reset else _own_values(name, value)
        _check(ours, own)
    except Mistyped as error:
        return show(request, service, athlete, problems={rule: str(error)})
    moved = {field: number for field, number in own.items() if number != getattr(ours, field)}
    with service.store.transaction() as tx:
        diary = diary_of(tx, athlete)
    thresholds = {code: fields for code, fields in {**diary.thresholds, rule: moved}.items() if fields}
    checking_in.prefer(service, athlete, thresholds=thresholds)
    visit.note(_("Saved."))
    return redirect(f"/settings#threshold-{rule}")


def _own_values(names: list[str], values: list[str]) -> dict[str, float]:
    given = zip(names, values, strict=False)
    return {name: number for name, text in given if (number := entered.plain_number(text)) is not None}


def _check(rule: Rule, own: Mapping[str, float]) -> None:
    """Raises `Mistyped` with the bound, in the runner's language."""
    for name, value in own.items():
        low, high = rule.bounds.get(name, (value, value))
        if not low <= value <= high:
            given = {"name": label_of(name), "low": f"{low:g}", "high": f"{high:g}"}
            raise Mistyped(_("“%(name)s” has to be between %(low)s and %(high)s.") % given)
    try:
        with_overrides(rule, own)
    except OutOfOrder:
        raise Mistyped(_("What is more unusual has to begin above what is less unusual.")) from None
    except ThresholdRefused as error:
        raise Mistyped(str(error)) from None


def _until(text: str, today: date) -> date:
    until = entered.day(text, today, today + LONGEST_LIMIT)
    if until is None:
        raise Mistyped(_("Until when does the limit stand?"))
    return until


def _whole(text: str) -> int | None:
    value = entered.number(text, 1, MOST_RUNS, _("Runs in 7 days"))
    if value is not None and value != int(value):
        raise Mistyped(_("Runs in 7 days has to be a whole number."))
    return None if value is None else int(value)


def _exercises(lines: list[str]) -> tuple[str, ...]:
    named = [line.strip()[:LONGEST_EXERCISE] for line in lines if line.strip()]
    return tuple(named[:MOST_EXERCISES])
