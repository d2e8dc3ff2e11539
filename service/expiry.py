"""What has an end: Strava's data after 7 days unless confirmed anew, what came from it, old pushes and sessions."""

from __future__ import annotations

import logging
from datetime import timedelta

from service import leaving, quota
from service.bootstrap import Service
from service.pages import pages_of
from service.scrubbing import scrub

log = logging.getLogger(__name__)

#: Strava's API policy: data may be kept 7 days; every sync confirms the whole window anew.
STRAVA_LIFE = timedelta(days=7)
PUSH_LIFE = timedelta(days=7)
#: Strava's API policy: all is deleted within 30 days of the end of the access, whoever ended it.
UNREADABLE_LIFE = timedelta(days=30)
#: The day on which every runner was gone over last.
SCRUBBED_ON = "scrubbed-on"


def sweep(service: Service) -> None:
    """Delete what has ended. Each runner in a transaction of their own: numbers go with the run they are from."""
    now = service.clock()
    with service.store.transaction() as tx:
        tx.shoes.delete_unconfirmed(now - STRAVA_LIFE)
        tx.push_events.delete_done(now - PUSH_LIFE)
        tx.sessions.delete_expired(service.wall())
        quota.forget_old(tx, now)
        expired = tx.activities.with_unconfirmed(now - STRAVA_LIFE)
    for athlete_id in expired:
        _expire(service, athlete_id)
    _go_over_all(service)
    _end_unreadable(service)


def _expire(service: Service, athlete_id: int) -> None:
    now = service.clock()
    with service.store.transaction() as tx:
        count = tx.activities.delete_unconfirmed(athlete_id, now - STRAVA_LIFE)
        gone = scrub(tx, tx.accounts.existing(athlete_id), pages_of(service), now)
    log.info(
        "expired athlete=%s activities=%s findings=%s messages=%s", athlete_id, count, gone.findings, gone.messages
    )


def _go_over_all(service: Service) -> None:
    """Once a day, also over those of whom nothing expired: a digest of a quiet week has an end, too."""
    today = service.clock().date().isoformat()
    with service.store.transaction() as tx:
        if tx.instance.get(SCRUBBED_ON) == today:
            return
        everybody = tx.accounts.ids()
    for athlete_id in everybody:
        with service.store.transaction() as tx:
            athlete = tx.accounts.get(athlete_id)
            if athlete is not None:
                scrub(tx, athlete, pages_of(service), service.clock())
    with service.store.transaction() as tx:
        tx.instance.put(SCRUBBED_ON, today)


def _end_unreadable(service: Service) -> None:
    """A connection that Strava has not accepted for a month has ended, though nobody said so."""
    with service.store.transaction() as tx:
        lost = [item for item in tx.connections.athletes() if item.state != "connected"]
    for connection in lost:
        last_read = connection.synced_at or connection.expires_at
        if service.clock() - last_read >= UNREADABLE_LIFE:
            leaving.unreadable(service, connection.athlete_id, last_read)
            log.info("connection athlete=%s was not readable for a month: deleted", connection.athlete_id)
