"""Adding and changing activities, whoever does it: the athlete on Strava's own pages or an application by the API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from integrations.strava.simulator import events
from integrations.strava.simulator.activity import SimulatedActivity, consistent, numbered
from integrations.strava.simulator.shelf import HeldActivity
from integrations.strava.simulator.state import State

#: Which changes cause an event, and what they are called there.
_TOLD = {"name": "title", "type": "type"}


def hold(state: State, athlete_id: int, activity: SimulatedActivity) -> int:
    """Keep an activity until it arrives, and return its id.

    Raises `ValueError` where the athlete is unknown or the id is taken.
    """
    if athlete_id not in state.athletes:
        raise ValueError(f"there is no athlete {athlete_id}")
    activity_id = int(activity.body.get("id") or state.activities.free_id())
    if activity_id in state.activities:
        raise ValueError(f"activity {activity_id} exists already")
    if activity.corrupt:
        state.faults.broken_activities.add(activity_id)
    body = numbered(activity.body, activity_id, athlete_id)
    state.activities.add(HeldActivity(athlete_id, body, activity.uploaded_at, cadence_change=activity.cadence_change))
    return activity_id


def edit(state: State, held: HeldActivity, changes: Mapping[str, Any]) -> None:
    """Change fields of Strava's JSON. Only a new name or sport causes an event."""
    before = held.body
    held.body = consistent(before | dict(changes))
    updates = {word: held.body[key] for key, word in _TOLD.items() if held.body.get(key) != before.get(key)}
    if updates and held.released:
        events.tell_activity(state, held, "update", updates)
