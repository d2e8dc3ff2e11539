"""The sums that Strava keeps of an athlete: recent, this year's and all, by sport, of what everyone may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from integrations.strava.simulator.activity import EVERYONE, start_of

Json = dict[str, Any]

_RECENT = timedelta(weeks=4)
#: Strava's word in the answer, and the `type` that counts there.
_SPORTS = {"ride": "Ride", "run": "Run", "swim": "Swim"}
_SUMMED = ("distance", "moving_time", "elapsed_time")


def totals(bodies: Iterable[Mapping[str, Any]], now: datetime) -> Json:
    """All nine sums; `recent` is four weeks, the year is that of UTC. Private ones never count, whatever the scopes."""
    public = [body for body in bodies if body.get("visibility") == EVERYONE]
    spans = {
        "recent": [body for body in public if start_of(body) >= now - _RECENT],
        "ytd": [body for body in public if start_of(body).year == now.year],
        "all": public,
    }
    return {
        f"{span}_{word}_totals": _sum(span, [body for body in found if body["type"] == sport])
        for span, found in spans.items()
        for word, sport in _SPORTS.items()
    }


def _sum(span: str, bodies: list[Mapping[str, Any]]) -> Json:
    summed: Json = {"count": len(bodies)}
    summed |= {key: sum(body.get(key) or 0 for body in bodies) for key in _SUMMED}
    summed["elevation_gain"] = sum(body.get("total_elevation_gain") or 0 for body in bodies)
    if span == "recent":
        summed["achievement_count"] = sum(body.get("achievement_count") or 0 for body in bodies)
    return summed
