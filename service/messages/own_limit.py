"""The runner's own limit in words: while it stands, it takes the place of our advice and prompts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from babel.lists import format_list

from integrations.channels.message import Section
from rules.diary import OwnLimit
from service.language import _, ngettext
from service.messages.days import day_of_month
from service.messages.units import distance, duration, present_locale
from service.store.records import Units


def standing_limit(limit: OwnLimit | None, day: date) -> OwnLimit | None:
    """The limit, if there is one that reaches that day."""
    return limit if limit is not None and day <= limit.until else None


def limit_sections(limit: OwnLimit, units: Units) -> tuple[Section, ...]:
    """In place of the one thing to do and of the prompt: the limit, and the runner's own exercises."""
    own = Section(role="action", heading=_("Your own limit"), lines=(limit_words(limit, units),), offers=True)
    if not limit.exercises:
        return (own,)
    return own, Section(role="prompt", heading=_("Your own exercises"), lines=limit.exercises, offers=True)


def limit_words(limit: OwnLimit, units: Units) -> str:
    """`Until July 12: up to 5.0 km a run, 3 runs in 7 days. While it stands, it comes before our advice.`"""
    parts = list(_parts(limit, units)) or [_("your own plan")]
    return _("Until %(day)s: %(limit)s. While it stands, it comes before our advice.") % {
        "day": day_of_month(limit.until),
        "limit": format_list(parts, locale=present_locale(), style="unit"),
    }


def _parts(limit: OwnLimit, units: Units) -> Iterator[str]:
    if limit.run_m is not None:
        yield _("up to %(extent)s a run") % {"extent": distance(limit.run_m, units, down=True)}
    if limit.run_minutes is not None:
        yield _("up to %(extent)s a run") % {"extent": duration(int(limit.run_minutes) * 60)}
    if limit.runs_a_week is not None:
        runs = ngettext("%(count)d run in 7 days", "%(count)d runs in 7 days", limit.runs_a_week)
        yield runs % {"count": limit.runs_a_week}


def limit_data(limit: OwnLimit) -> dict[str, Any]:
    """The same for machines."""
    return {
        "until": limit.until.isoformat(),
        "run_m": limit.run_m,
        "run_minutes": limit.run_minutes,
        "runs_a_week": limit.runs_a_week,
        "exercises": list(limit.exercises),
    }
