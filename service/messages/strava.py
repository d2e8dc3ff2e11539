"""What Strava's and Garmin's guidelines ask wherever their data is shown."""

from __future__ import annotations

from collections.abc import Iterable

from integrations.channels.message import Link
from rules.model import Activity

#: Asked for word by word, so it is not translated.
VIEW_ON_STRAVA = "View on Strava"


def view_on_strava(activity_id: int) -> Link:
    return Link(text=VIEW_ON_STRAVA, url=f"https://www.strava.com/activities/{activity_id}", role="strava")


def strava_links(activity_id: int) -> tuple[Link, ...]:
    """The link to an activity that Strava named; none for a recording of the runner's own."""
    return (view_on_strava(activity_id),) if activity_id > 0 else ()


def attribution(activities: Iterable[Activity | None]) -> tuple[str, ...]:
    """The Garmin devices that recorded these, each once, such as `Garmin Forerunner 255`."""
    names = (activity.device_name.strip() for activity in activities if activity and activity.device_name)
    return tuple(dict.fromkeys(name for name in names if name.lower().startswith("garmin")))
