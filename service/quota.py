"""How Strava's limits stand, and when the day's calls will be used up at the present pace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from integrations.strava.limits import DAY, QUARTER, Purpose, Window, ends_at_this_pace, start_of
from service.bootstrap import Service
from service.store import Transaction

#: The pace of a forecast is that of this long.
PACE_OVER = timedelta(hours=2)
KEPT = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Forecast:
    """How the limits stand: the present windows, what today's calls went to, and when the day's reads will end."""

    quarter: Window
    day: Window
    purposes: dict[Purpose, int]
    ends_at: datetime | None


def forecast(service: Service) -> Forecast:
    """At the pace of the last two hours: when the day's reads end, if before midnight UTC."""
    now = service.clock()
    with service.store.transaction() as tx:
        quarter, day = tx.quota.latest(now, QUARTER), tx.quota.latest(now, DAY)
        # Not across midnight: what was read yesterday, for another day's runs, says little of today.
        since = max(start_of(now, QUARTER) - PACE_OVER + QUARTER, day.starts_at)
        recent = sum(window.read_used for window, _ in tx.quota.since(since, QUARTER))
        today = tx.quota.since(day.starts_at, DAY)
    purposes = today[0][1] if today else dict.fromkeys(Purpose, 0)
    return Forecast(quarter, day, purposes, ends_at_this_pace(day, recent, max(now - since, QUARTER), now))


def reads_a_day(tx: Transaction, now: datetime) -> int:
    """How many reads a day this application has, as Strava told last."""
    return tx.quota.latest(now, DAY).allowed


def forget_old(tx: Transaction, now: datetime) -> None:
    tx.quota.forget(now - KEPT)
