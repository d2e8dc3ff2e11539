"""A runner's time zone, as far as it is known."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from service.store.records import Athlete

UTC_ZONE = ZoneInfo("UTC")


def zone_of(athlete: Athlete) -> ZoneInfo:
    """The zone of the runner's last activities; UTC where Strava's name for it is unknown here."""
    try:
        return ZoneInfo(athlete.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC_ZONE
