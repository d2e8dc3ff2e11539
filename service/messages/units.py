"""Numbers as the runner reads them: kilometres or miles, hours and minutes, whole per cents."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import cache

from babel import Locale
from babel.localedata import locale_identifiers
from babel.numbers import format_decimal
from babel.units import format_unit

from service.language import current_language
from service.store.records import Units

METRES: dict[Units, Decimal] = {"km": Decimal(1000), "mi": Decimal("1609.344")}
CLDR_NAMES: dict[Units, str] = {"km": "length-kilometer", "mi": "length-mile"}
TENTH = Decimal("0.1")


def distance(metres: float, units: Units, *, down: bool = False) -> str:
    """`18.2 km` or `11.3 mi`, halves away from zero; the upper end of a range is rounded `down` instead."""
    rounded = _in_units(metres, units).quantize(TENTH, ROUND_FLOOR if down else ROUND_HALF_UP)
    return format_unit(rounded, CLDR_NAMES[units], "short", format="#,##0.0", locale=present_locale())


def duration(seconds: float) -> str:
    """`45 min` or `3 h 12 min`."""
    hours, minutes = divmod(whole_minutes(seconds), 60)
    parts = [_unit(hours, "duration-hour")] if hours else []
    return " ".join([*parts, _unit(minutes, "duration-minute")])


def whole_minutes(seconds: float) -> int:
    return int((Decimal(str(seconds)) / 60).quantize(Decimal(1), ROUND_HALF_UP))


def percent(share: float, above: float | None = None) -> str:
    """`46` for 0.46. Where that would read as the limit it is `above`, one decimal more, rounded up."""
    exact = Decimal(str(share)) * 100
    whole = exact.quantize(Decimal(1), ROUND_HALF_UP)
    if above is not None and whole == Decimal(str(above)) * 100:
        whole = exact.quantize(TENTH, ROUND_CEILING)
    return format_decimal(whole, locale=present_locale())


def average(value: float) -> str:
    """One decimal, left out where it is zero: `3.5`, `4`."""
    rounded = Decimal(str(value)).quantize(TENTH, ROUND_HALF_UP)
    return format_decimal(rounded, format="#,##0.#", locale=present_locale())


def ratio(value: float) -> str:
    """Two decimals: `1.07`."""
    rounded = Decimal(str(value)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return format_decimal(rounded, format="#,##0.00", locale=present_locale())


def present_locale() -> Locale:
    """Babel's locale for the present language, English where it has none."""
    return _locale(current_language())


@cache
def _locale(language: str) -> Locale:
    return Locale.negotiate([language.replace("-", "_")], locale_identifiers()) or Locale("en")


def _in_units(metres: float, units: Units) -> Decimal:
    return Decimal(str(metres)) / METRES[units]


def _unit(count: int, name: str) -> str:
    return format_unit(count, name, "short", locale=present_locale())
