"""Where the numbers of a page come from, as Strava's and Garmin's guidelines ask it to be said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from integrations.channels.message import Link
from rules.model import Activity
from service.messages.strava import attribution, view_training_log
from service.store import Transaction
from service.store.records import Athlete


@dataclass(frozen=True)
class Source:
    """The link to the runner's own list at Strava, and the Garmin devices that recorded any of it."""

    link: Link
    devices: tuple[str, ...]


def source_of(tx: Transaction, athlete: Athlete) -> Source | None:
    """For a page that shows what was made of all that is held; `None` where nothing is."""
    return source_for(item.activity for item in tx.activities.held(athlete.id))


def source_for(activities: Iterable[Activity]) -> Source | None:
    from_strava = [activity for activity in activities if activity.id > 0]
    return Source(view_training_log(), attribution(from_strava)) if from_strava else None
