"""What has an end: Strava's data after 7 days unless confirmed anew, old pushes, old sessions."""

from __future__ import annotations

import logging
from datetime import timedelta

from service import quota
from service.bootstrap import Service

log = logging.getLogger(__name__)

#: Strava's API policy: data may be kept 7 days; every sync confirms the whole window anew.
STRAVA_LIFE = timedelta(days=7)
PUSH_LIFE = timedelta(days=7)


def sweep(service: Service) -> None:
    """Delete what has ended."""
    now = service.clock()
    with service.store.transaction() as tx:
        forgotten = tx.activities.delete_unconfirmed(now - STRAVA_LIFE)
        tx.shoes.delete_unconfirmed(now - STRAVA_LIFE)
        tx.push_events.delete_done(now - PUSH_LIFE)
        tx.sessions.delete_expired(service.wall())
        quota.forget_old(tx, now)
    for athlete_id, count in forgotten.items():
        log.info("expired athlete=%s activities=%s", athlete_id, count)
