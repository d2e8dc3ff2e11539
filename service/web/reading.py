"""Pages that are the same for everybody: privacy, and the warning signs."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import Response

from service.messages.emergency import country_of, emergency_number, urgent_line
from service.web.access import anyone, athlete_of, pages_for
from service.web.rendering import page

router = pages_for(anyone)


@router.get("/privacy")
def privacy(request: Request) -> Response:
    return page(request, "privacy.html")


@router.get("/warning-signs")
def warning_signs(request: Request) -> Response:
    athlete = athlete_of(request)
    country = country_of(athlete.time_zone) if athlete is not None else ""
    return page(
        request,
        "warning_signs.html",
        number=emergency_number(country),
        line=urgent_line(country),
    )
