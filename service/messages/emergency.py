"""Whom to call: the emergency number and the line for urgent advice of the country where the runner is.

The numbers are public ones, written down from memory and not yet checked by a clinician or against each country's own
page (docs/decisions/0013-emergency-numbers.md). Where a country is not listed, no single number is claimed.
"""

from __future__ import annotations

from functools import cache

from babel.core import get_global

from service.language import _

#: Stands in the steps of advice where the number of the country belongs.
EMERGENCY = "{emergency}"
#: The number for an ambulance, and the countries that have it.
_COUNTRIES = {
    "112": "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IN IS IT LI LT LU LV MT NL PL PT RO RU SE SI SK TR",
    "911": "CA CR DO EC MX PA PH PR US UY",
    "999": "GB GG HK IM JE MY",
    "119": "JP KR TW",
    "000": "AU",
    "10177": "ZA",
    "101": "IL",
    "107": "AR",
    "111": "NZ",
    "113": "NO",
    "120": "CN",
    "123": "CO",
    "131": "CL",
    "144": "CH",
    "1669": "TH",
    "192": "BR",
    "995": "SG",
}
_AMBULANCE = {country: number for number, countries in _COUNTRIES.items() for country in countries.split()}
#: The line for urgent advice that is no emergency, where there is one for the whole country.
_URGENT = {"AT": "1450", "DE": "116117", "FI": "116117", "GB": "111", "NO": "116117", "SE": "1177"}


def country_of(time_zone: str) -> str:
    """The country (ISO 3166, two letters) in which a time zone lies; empty where it lies in none or is not known."""
    return _zone_countries().get(time_zone, "")


def emergency_number(country: str) -> str:
    """The number to call, or where it is not known the three that most phones take.

    The country may be that of yesterday's run: so 112, which mobile phones take nearly everywhere, stands by.
    """
    number = _AMBULANCE.get(country)
    if number is None:
        return _("112, in the UK 999, in North America 911")
    return number if number == "112" else _("%(number)s (elsewhere 112)") % {"number": number}


def urgent_line(country: str) -> str:
    """Where to ask for an urgent appointment, in brackets; empty where no line is known."""
    if country == "GB":
        return _("(your GP or 111)")
    if country in _URGENT:
        return _("(your doctor, or call %(number)s)") % {"number": _URGENT[country]}
    return "" if country else _("(in the UK your GP or 111)")


@cache
def _zone_countries() -> dict[str, str]:
    aliases, countries = get_global("zone_aliases"), get_global("zone_territories")
    known = {zone: country for zone, country in countries.items() if country.isalpha() and country != "ZZ"}
    return known | {alias: known[zone] for alias, zone in aliases.items() if zone in known}
