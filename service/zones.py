"""Where a runner is: the time zone of their latest activity."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from service.digest import moved_digest_at
from service.store import Transaction
from service.store.records import Athlete, HeldActivity

#: What stands in an account until a zone is known.
UNKNOWN = "UTC"


def follow(tx: Transaction, athlete_id: int, window: Sequence[HeldActivity]) -> None:
    """Take over the zone of the latest activity that names one this machine knows; the digest moves along.

    Where none was known before, what own files gave in UTC alone goes onto its clock; a journey moves nothing.
    """
    athlete = tx.accounts.get(athlete_id)
    zones = (item.activity.time_zone for item in reversed(window))
    latest = next((zone for zone in zones if zone and is_known(zone)), None)
    if athlete is not None and latest is not None and latest != athlete.time_zone:
        live_in(tx, athlete, latest)


def live_in(tx: Transaction, athlete: Athlete, zone: str) -> None:
    """Take over this zone, for what own files gave in UTC alone, too, where none was known before."""
    if athlete.time_zone == UNKNOWN:
        tx.own.move_to(athlete.id, ZoneInfo(zone))
    tx.accounts.change(athlete.id, time_zone=zone, digest_due_at=moved_digest_at(athlete, zone))


def settle_in(tx: Transaction, athlete: Athlete, zone: str) -> None:
    """The runner named this zone: what own files gave in UTC alone is on its clock, whatever it was on before."""
    tx.own.move_to(athlete.id, ZoneInfo(zone))
    tx.accounts.change(athlete.id, time_zone=zone, digest_due_at=moved_digest_at(athlete, zone))


def is_known(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
