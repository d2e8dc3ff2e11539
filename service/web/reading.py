"""Pages that are the same for everybody: privacy, and the warning signs."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import Response

from service.web.access import anyone, pages_for
from service.web.rendering import page

router = pages_for(anyone)


@router.get("/privacy")
def privacy(request: Request) -> Response:
    return page(request, "privacy.html")


@router.get("/warning-signs")
def warning_signs(request: Request) -> Response:
    return page(request, "warning_signs.html")
