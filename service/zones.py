"""Where a runner is: the time zone of their latest activity."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from service.digest import moved_digest_at
from service.store import Transaction
from service.store.records import HeldActivity


def follow(tx: Transaction, athlete_id: int, window: Sequence[HeldActivity]) -> None:
    """Take over the zone of the latest activity that names one this machine knows; the digest moves along."""
    athlete = tx.accounts.get(athlete_id)
    zones = (item.activity.time_zone for item in reversed(window))
    latest = next((zone for zone in zones if zone and is_known(zone)), None)
    if athlete is not None and latest is not None and latest != athlete.time_zone:
        tx.accounts.change(athlete_id, time_zone=latest, digest_due_at=moved_digest_at(athlete, latest))


def is_known(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
