"""Settings: units, first weekday, language, and what the runner wants looked after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from babel.dates import get_day_names
from fastapi import Form, Request
from starlette.responses import Response

from service.bootstrap import Service
from service.knowledge import diary_of, is_stopped, rules_of
from service.language import _
from service.messages.days import wall_clock
from service.messages.own_limit import limit_words
from service.messages.units import present_locale
from service.store.records import Athlete
from service.web.access import Runner, ServiceHere, VisitHere, pages_for, runner
from service.web.own_settings import BUDGETS, MOST_EXERCISES, QUIET_DAYS, equipment_words, own_settings
from service.web.regions import languages
from service.web.rendering import page, redirect

router = pages_for(runner)


@router.get("/settings")
def settings_page(request: Request, service: ServiceHere, athlete: Runner) -> Response:
    return show(request, service, athlete)


@router.post("/settings")
def change(
    service: ServiceHere,
    visit: VisitHere,
    athlete: Runner,
    units: Annotated[Literal["km", "mi"], Form()],
    first_weekday: Annotated[int, Form(ge=0, le=6)],
    upper_back: Annotated[bool, Form()] = False,
    language: Annotated[str, Form()] = "",
) -> Response:
    language = language if language in languages() else athlete.language
    with service.store.transaction() as tx:
        tx.accounts.change(
            athlete.id, units=units, first_weekday=first_weekday, upper_back=upper_back, language=language
        )
    visit.speak(language)
    visit.note(_("Saved."))
    return redirect("/settings")


def show(
    request: Request, service: Service, athlete: Athlete, *, problems: Mapping[str, str] | None = None
) -> Response:
    """The page as things stand. `problems` says by section (`limit`, or a rule's code) what could not be taken."""
    now = wall_clock(athlete, service.clock())
    with service.store.transaction() as tx:
        diary, entries = diary_of(tx, athlete), tx.diary.entries(athlete.id)
        declared = tx.diary.preferences(athlete.id)
    own = own_settings(diary, entries, declared, service.rules, rules_of(service, diary), now)
    days = get_day_names("wide", context="stand-alone", locale=present_locale())
    return page(
        request,
        "settings.html",
        status=422 if problems else 200,
        weekdays=[days[day] for day in range(7)],
        languages=sorted(languages()),
        own=own,
        limit_words=limit_words(own.limit, athlete.units) if own.limit else "",
        is_stopped=is_stopped(diary, now),
        today=now.date(),
        quiet_days=QUIET_DAYS,
        budgets=BUDGETS,
        equipment=equipment_words(),
        most_exercises=MOST_EXERCISES,
        problems=problems or {},
    )
