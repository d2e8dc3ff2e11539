"""The catalogue of jobs. Each is idempotent and takes whatever is due from the tables: lost, it costs time only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from service import deliver, digest, expiry, intake, subscription, sync, watched_folder
from service.bootstrap import Service


@dataclass(frozen=True, slots=True)
class Job:
    """A named sweep, how often it looks (seconds of wall time), when first, and how many may run at once."""

    name: str
    run: Callable[[Service], object]
    every_s: float
    first_s: float = 0
    at_once: int = 1


#: Two at once for what a nudge wakes: one may be at work while the other takes what came in since.
SYNC = Job("sync", sync.sweep, 15, at_once=2)
DELIVER = Job("deliver", deliver.sweep, 15, at_once=2)
DIGEST = Job("digest", digest.sweep, 60)
INTAKE = Job("intake", intake.sweep, 15)
#: A file is taken once two looks saw it unchanged.
WATCHED = Job("watched-folder", watched_folder.sweep, 60, first_s=10)
EXPIRY = Job("expiry", expiry.sweep, 3600)
#: Not at once: while it is made, Strava asks our callback address, which has to be served by then.
SUBSCRIPTION = Job("subscription", subscription.ensure, 6 * 3600, first_s=5)
#: Out of turn, where something was amiss or no push comes any more.
RECHECK = Job("recheck", subscription.recheck, 60, first_s=60)

JOBS = (SYNC, DELIVER, DIGEST, INTAKE, WATCHED, EXPIRY, SUBSCRIPTION, RECHECK)
