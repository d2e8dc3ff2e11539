"""The drawings of movements: the same for everybody, so browsers may keep them."""

from __future__ import annotations

import hashlib
from functools import cache

from starlette.responses import Response

from rules.advice import catalogue
from service.drawings import drawn, svg
from service.errors import NotFound
from service.web.access import anyone, pages_for

router = pages_for(anyone)

KEPT = "public, max-age=31536000, immutable"


@router.get("/drawings/{code}.svg")
def drawing(code: str, v: str = "") -> Response:
    if code not in drawn():
        raise NotFound
    headers = {"Cache-Control": KEPT} if v == drawing_version(code) else {}
    return Response(_file(code), media_type="image/svg+xml", headers=headers)


@cache
def drawing_version(code: str) -> str:
    """A mark that changes with the drawing, so that browsers may keep it until then."""
    return hashlib.sha256(_file(code).encode()).hexdigest()[:12]


@cache
def _file(code: str) -> str:
    """In English: a page names the drawing in the runner's language beside it."""
    words = catalogue()[code].text("en")
    return svg(code, name=words.name, alt=words.alt)
