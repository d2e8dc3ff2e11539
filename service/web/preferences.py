"""Settings: units, first weekday, language, and what the runner wants looked after."""

from __future__ import annotations

from typing import Annotated, Literal

from babel.dates import get_day_names
from fastapi import Form, Request
from starlette.responses import Response

from service.language import _
from service.messages.units import present_locale
from service.web.access import Runner, ServiceHere, VisitHere, pages_for, runner
from service.web.regions import languages
from service.web.rendering import page, redirect

router = pages_for(runner)


@router.get("/settings")
def settings_page(request: Request, athlete: Runner) -> Response:
    days = get_day_names("wide", context="stand-alone", locale=present_locale())
    return page(request, "settings.html", weekdays=[days[day] for day in range(7)], languages=sorted(languages()))


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
