"""What runners type into forms: distances in their own unit, days, whole numbers. Raises `Mistyped` with the bound."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

from service.errors import ServiceError
from service.language import _
from service.messages.days import full_date
from service.messages.units import METRES, distance
from service.store.records import Units

SHORTEST_M, LONGEST_M = 500.0, 300_000.0


class Mistyped(ServiceError):
    """Something in a form is not what was asked for; the text says what would be."""


def metres(text: str, units: Units) -> float | None:
    """A distance in the runner's unit, `12.5` or `12,5`; `None` where nothing was entered."""
    if not text.strip():
        return None
    value = float(_decimal(text) * METRES[units])
    if not SHORTEST_M <= value <= LONGEST_M:
        bounds = {"least": distance(SHORTEST_M, units), "most": distance(LONGEST_M, units)}
        raise Mistyped(_("A distance has to be between %(least)s and %(most)s.") % bounds)
    return value


def number(text: str, least: float, most: float, name: str) -> float | None:
    """A number between two bounds, both allowed; `None` where nothing was entered."""
    if not text.strip():
        return None
    value = float(_decimal(text))
    if not least <= value <= most:
        given = {"name": name, "least": f"{least:g}", "most": f"{most:g}"}
        raise Mistyped(_("%(name)s has to be between %(least)s and %(most)s.") % given)
    return value


def plain_number(text: str) -> float | None:
    """Any number; `None` where nothing was entered."""
    return float(_decimal(text)) if text.strip() else None


def day(text: str, first: date, last: date) -> date | None:
    """A day, as browsers send it (2026-05-03), between two days; `None` where nothing was entered."""
    if not text.strip():
        return None
    try:
        value = date.fromisoformat(text.strip())
    except ValueError:
        raise Mistyped(_("A day has to be written like %(day)s.") % {"day": first.isoformat()}) from None
    if not first <= value <= last:
        bounds = {"first": full_date(first), "last": full_date(last)}
        raise Mistyped(_("The day has to be between %(first)s and %(last)s.") % bounds)
    return value


def _decimal(text: str) -> Decimal:
    """A decimal point or a decimal comma, whatever the keyboard has."""
    try:
        value = Decimal(text.strip().replace(",", ".")[:20])
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise Mistyped(_("“%(text)s” is not a number.") % {"text": text.strip()[:20]})
    return value
