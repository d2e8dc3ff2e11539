"""Turning a template and its values into a page in the common frame."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date, format_datetime, format_skeleton
from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import RedirectResponse

from integrations.channels.email import is_steps, web_url
from service.language import _, current_language, ngettext
from service.messages.days import full_date, wall_clock
from service.messages.review import review_note
from service.messages.units import distance, present_locale
from service.store.records import Athlete
from service.web.access import athlete_of, service_of
from service.web.drawings import drawing_version
from service.web.visit import visit_of

STATIC = Path(__file__).parent / "static"


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page in the common frame. `values` are what the template names."""
    body = TEMPLATES.get_template(template).render(**_frame(request), **values)
    return HTMLResponse(body, status_code=status)


def redirect(path: str) -> RedirectResponse:
    """Go there with GET, whatever came in."""
    return RedirectResponse(path, status_code=303)


def day_of(athlete: Athlete, instant: datetime) -> str:
    """The date of an instant on the runner's calendar, in words."""
    return full_date(wall_clock(athlete, instant).date())


def moment_of(athlete: Athlete, instant: datetime) -> str:
    """Date and time of an instant by the runner's clock."""
    return format_datetime(wall_clock(athlete, instant), "medium", locale=present_locale())


def short_date(day: date) -> str:
    """`May 3, 2024` with a short month, for lists and tables."""
    return format_date(day, "medium", locale=present_locale())


def month_day(day: date) -> str:
    """`May 3`, where the year is clear."""
    return format_skeleton("MMMd", day, locale=present_locale())


@cache
def version_of(name: str) -> str:
    """A mark that changes with a static file, so that browsers may keep it until then."""
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


def _frame(request: Request) -> dict[str, Any]:
    """What the frame shows on every page: who is signed in, what to say once, who runs this."""
    service, visit, athlete = service_of(request), visit_of(request), athlete_of(request)
    connection, unread = None, 0
    if athlete is not None:
        with service.store.transaction() as tx:
            connection, unread = tx.connections.get(athlete.id), tx.inbox.unread(athlete.id)
    return {
        "athlete": athlete,
        "connection": connection,
        "unread": unread,
        "csrf": visit.csrf,
        "notes": visit.take_notes(),
        "path": request.url.path,
        "language": current_language(),
        "settings": service.settings,
        "is_plain": not service.settings.base_url.startswith("https://"),
        "is_demo": service.is_demo,
        "review_note": review_note(),
        "has_caught_mail": request.app.state.demo_mail is not None,
    }


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("service.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(_, ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.filters.update(distance=distance, day_of=lambda instant, athlete: day_of(athlete, instant))
    environment.filters["moment_of"] = lambda instant, athlete: moment_of(athlete, instant)
    environment.filters.update(full_date=full_date, short_date=short_date, month_day=month_day)
    environment.filters["web_url"] = web_url
    environment.filters["short_day_of"] = lambda instant, athlete: short_date(wall_clock(athlete, instant).date())
    environment.filters["spoken"] = _  # for words from elsewhere: `_()` in a template takes every % for a variable
    environment.filters["own_name"] = lambda code: Locale.parse(code).get_display_name()
    environment.globals.update(version_of=version_of, drawing_version=drawing_version)
    environment.tests["steps"] = is_steps
    return environment


TEMPLATES = _environment()
