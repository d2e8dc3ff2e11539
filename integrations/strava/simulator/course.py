"""The streams of an activity, made from its summary: even pace and grade, steps that change evenly towards the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Json = dict[str, Any]

#: Strava gives at most about this many samples.
_MOST_SAMPLES = 1000
_EVERY_S = 5


def course(body: Mapping[str, Any], cadence_change: float) -> Json:
    """The streams that were recorded, by type.

    `cadence_change` is by how much the steps of the last third differ from those of the first.
    """
    seconds = list(range(0, body["elapsed_time"] + 1, max(_EVERY_S, body["elapsed_time"] // _MOST_SAMPLES)))
    share = [second / max(body["elapsed_time"], 1) for second in seconds]
    streams: dict[str, list[Any]] = {
        "time": seconds,
        "distance": [round(body["distance"] * part, 1) for part in share],
        "velocity_smooth": [body["average_speed"] for _ in seconds],
        "grade_smooth": [0.0 for _ in seconds],
    }
    if body.get("average_cadence"):
        streams["cadence"] = list(_cadence(body["average_cadence"], share, cadence_change))
    if body.get("average_heartrate"):
        streams["heartrate"] = [round(body["average_heartrate"]) for _ in seconds]
    return {
        name: {"data": data, "series_type": "distance", "original_size": len(data), "resolution": "high"}
        for name, data in streams.items()
    }


def _cadence(average: float, share: list[float], change: float) -> Iterator[float]:
    """Steps of one leg: even in the first and in the last third, and from one to the other by `change`."""
    for part in share:
        yield round(average * (1 + change * min(max(part * 3 - 1, 0.0), 1.0)), 2)
