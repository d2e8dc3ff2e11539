"""Why a page has nothing to show although a runner is connected, and when it fills again."""

from __future__ import annotations

from datetime import datetime

from service.expiry import STRAVA_LIFE
from service.language import _
from service.messages.days import full_date, wall_clock
from service.store import Transaction
from service.store.records import Athlete, StravaConnection


def why_empty(tx: Transaction, athlete: Athlete, now: datetime) -> str:
    """Two sentences where nothing is held because it expired; empty where anything is held or nothing ever was."""
    connection = tx.connections.get(athlete.id)
    if connection is None or connection.synced_at is None or tx.activities.days(athlete.id):
        return ""
    if tx.own.count(athlete.id):  # the runner's own files fill the page
        return ""
    if now - connection.synced_at < STRAVA_LIFE:
        return ""  # it was read lately: this runner has no runs
    day = full_date(wall_clock(athlete, connection.synced_at).date())
    why = _(
        "Strava last confirmed your runs on %(day)s. Its data may be kept for %(days)d days after that and no longer, "
        "so they were deleted here."
    ) % {"day": day, "days": STRAVA_LIFE.days}
    return f"{why} {_when_it_fills(athlete, connection)}"


def _when_it_fills(athlete: Athlete, connection: StravaConnection) -> str:
    if connection.state != "connected":
        return _("They are back within minutes of your connecting again.")
    if connection.sync_due_at is None:
        return _("They are back with the next reading that Strava answers.")
    due = wall_clock(athlete, connection.sync_due_at)
    return _("They are back with the next reading that Strava answers; the next try is on %(day)s at %(time)s.") % {
        "day": full_date(due.date()),
        "time": f"{due:%H:%M}",
    }
