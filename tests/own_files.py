"""Files as runners have them: an invented runner's export, and a recording as GPX or TCX."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from tests.integrations.archive.exports import (
    DATE,
    ELAPSED,
    FILE,
    HEADERS,
    ID,
    METRES,
    MOVING,
    SHOWN_KM,
    SHOWN_TIME,
    row,
    table,
)

#: Seconds a kilometre takes in these files.
PACE_S = 360


def export_zip(path: Path, runs: Iterable[tuple[datetime, float]], first_id: int = 71) -> Path:
    """A Strava export of runs, each a start in UTC and its kilometres."""
    rows = [_row(number, start, km) for number, (start, km) in enumerate(runs, start=first_id)]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("activities.csv", table(HEADERS["en"], *rows))
    return path


def season(until: datetime, weeks: int, *, km: float = 10.0, seed: int = 5) -> list[tuple[datetime, float]]:
    """A run every other day, some metres more or less each; the last one the day before `until`, a moment in UTC."""
    chance = random.Random(seed)
    morning = until.replace(hour=6, minute=0, second=0, microsecond=0, tzinfo=None)
    days = reversed(range(1, weeks * 7, 2))
    return [(morning - timedelta(days=ago), round(km - chance.random() / 2, 3)) for ago in days]


def gpx(path: Path, start: datetime, km: float, *, minutes: float | None = None) -> Path:
    """A recording on the equator: a point a minute from a start in UTC, `km` in all."""
    steps = round(minutes or km * PACE_S / 60)
    degrees = km * 1000 / 111_194.93 / steps
    points = "".join(
        f'<trkpt lat="0.0" lon="{number * degrees:.7f}"><time>{start + timedelta(minutes=number):%Y-%m-%dT%H:%M:%SZ}'
        "</time></trkpt>"
        for number in range(steps + 1)
    )
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?><gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">'
        f"<trk><type>running</type><trkseg>{points}</trkseg></trk></gpx>"
    )
    return path


def tcx(path: Path, start: datetime, km: float) -> Path:
    """The same, as a watch writes TCX: with the distance along it."""
    steps = round(km * PACE_S / 60)
    points = "".join(
        f"<Trackpoint><Time>{start + timedelta(minutes=number):%Y-%m-%dT%H:%M:%SZ}</Time>"
        f"<DistanceMeters>{km * 1000 * number / steps:.1f}</DistanceMeters></Trackpoint>"
        for number in range(steps + 1)
    )
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?><TrainingCenterDatabase '
        'xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"><Activities><Activity Sport="Running">'
        f"<Id>{start:%Y-%m-%dT%H:%M:%SZ}</Id><Lap StartTime='{start:%Y-%m-%dT%H:%M:%SZ}'>"
        f"<TotalTimeSeconds>{steps * 60}</TotalTimeSeconds><DistanceMeters>{km * 1000:.1f}</DistanceMeters>"
        f"<Track>{points}</Track></Lap></Activity></Activities></TrainingCenterDatabase>"
    )
    return path


def _row(number: int, start: datetime, km: float) -> list[str]:
    seconds = round(km * PACE_S)
    shown = f"{start:%b} {start.day}, {start.year}, {start.hour % 12 or 12}:{start:%M:%S %p}"
    return row(
        {
            ID: str(number),
            DATE: shown,
            FILE: f"activities/{number}.gpx",
            SHOWN_TIME: str(seconds),
            ELAPSED: f"{seconds}.0",
            MOVING: f"{seconds}.0",
            SHOWN_KM: f"{km:.2f}",
            METRES: f"{km * 1000:.1f}",
        }
    )
