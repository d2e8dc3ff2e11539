"""What Strava's and Garmin's guidelines ask wherever their data is shown."""

from __future__ import annotations

from collections.abc import Iterable

from integrations.channels.message import Link
from rules.model import Activity

#: Asked for word by word, so it is not translated.
VIEW_ON_STRAVA = "View on Strava"
TRAINING_LOG = "https://www.strava.com/athlete/training"


def view_on_strava(*activity_ids: int) -> tuple[Link, ...]:
    """A link for each of these, once; none for a run that did not come from Strava (a number of 0 or less)."""
    from_strava = dict.fromkeys(number for number in activity_ids if number > 0)
    return tuple(_link(f"https://www.strava.com/activities/{number}") for number in from_strava)


def view_training_log() -> Link:
    """Where several runs are shown as one: the runner's own list of them."""
    return _link(TRAINING_LOG)


def _link(url: str) -> Link:
    return Link(text=VIEW_ON_STRAVA, url=url, role="strava")


def attribution(activities: Iterable[Activity | None]) -> tuple[str, ...]:
    """The Garmin devices that recorded these, each once, such as `Garmin Forerunner 255`."""
    names = (activity.device_name.strip() for activity in activities if activity and activity.device_name)
    return tuple(dict.fromkeys(name for name in names if name.lower().startswith("garmin")))
