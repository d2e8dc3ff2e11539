"""What a browser says of its person: language, and by region the units and the first day of the week."""

from __future__ import annotations

import re
from dataclasses import dataclass

from babel import Locale, UnknownLocaleError
from babel.core import get_global

from service.language import LOCALES
from service.store.records import Units

#: Where runners count in miles (CLDR: measurement system US, and UK for distances).
MILES = frozenset({"US", "GB", "LR"})
MONDAY = 0
SOURCE_LANGUAGE = "en"
_RANGE = re.compile(r"^\s*([a-z]{2,3})(?:-[a-z]{4})?(?:-([a-z]{2}))?\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?))?\s*$", re.I)


@dataclass(frozen=True, slots=True)
class Preferences:
    """What to start with; every one can be changed in the settings. `first_weekday` is 0 for Monday."""

    language: str
    units: Units
    first_weekday: int


def preferences(accept_language: str) -> Preferences:
    """From an Accept-Language header: the first language we speak, and the first region that it names."""
    wanted = _ranges(accept_language)
    spoken = languages()
    language = next((language for language, _region in wanted if language in spoken), SOURCE_LANGUAGE)
    speaks, region = next(((language, region) for language, region in wanted if region), ("", ""))
    return Preferences(language, "mi" if region in MILES else "km", _first_weekday(speaks, region))


def languages() -> frozenset[str]:
    """The languages that have a catalogue, and English."""
    return frozenset({SOURCE_LANGUAGE, *(path.name for path in LOCALES.glob("*") if path.is_dir())})


def _ranges(header: str) -> list[tuple[str, str]]:
    """(language, region) in order of preference; the region is empty where none is said."""
    found = [match for part in header[:1000].split(",") if (match := _RANGE.match(part))]
    found.sort(key=lambda match: -float(match[3] or 1))
    return [(match[1].lower(), (match[2] or "").upper()) for match in found]


def _first_weekday(language: str, region: str) -> int:
    """By the region. CLDR knows it together with some languages only, so its main one and English are tried, too."""
    main = get_global("likely_subtags").get(f"und_{region}", "")
    for name in (f"{language}_{region}", main, f"{SOURCE_LANGUAGE}_{region}"):
        try:
            if region and name:
                return Locale.parse(name).first_week_day
        except (UnknownLocaleError, ValueError):
            continue
    return MONDAY
