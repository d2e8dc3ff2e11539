"""What only an activity's own calls show: the detail with splits, laps and best efforts, and the time in zones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from integrations.strava.simulator.activity import DETAIL_ONLY, EVERYONE, summary

Json = dict[str, Any]

_MILE_M = 1609.34
_STATS = ("heart_rate", "pace", "power", "speed", "calories")
_BEST_EFFORTS = {"400m": 400, "1/2 mile": 805, "1K": 1000, "1 mile": 1609, "2 mile": 3219, "5K": 5000, "10K": 10_000}
#: Upper ends of the pace zones (m/s).
_PACE_ENDS = (2.5, 3.0, 3.4, 3.8)


def detail(body: Mapping[str, Any]) -> Json:
    """What the activity's own page shows: the summary and everything that only the detail has."""
    polyline = body["map"].get("summary_polyline")
    return (
        summary(body)
        | {"resource_state": 3, "map": dict(body["map"]) | {"polyline": polyline, "resource_state": 3}}
        | _defaults(body)
        | ({} if body.get("manual") else _recorded(body))
        | {key: body[key] for key in sorted(DETAIL_ONLY & body.keys())}
    )


def laps(body: Mapping[str, Any]) -> list[Json]:
    """The laps: one over the whole distance, and none for an activity that was typed in."""
    return [] if body.get("manual") else [_only_lap(body)]


def time_in_zones(body: Mapping[str, Any], heart_rate_ends: Sequence[int]) -> list[Json]:
    """How long it lasted in each zone of heart rate and of pace. It is even, so all of it lies in one."""
    if body.get("manual"):
        return []
    seconds = body["moving_time"]
    pace = _zone("pace", _PACE_ENDS, body["average_speed"], seconds)
    if body.get("average_heartrate") is None:
        return [pace]
    heart_rate = _zone("heartrate", heart_rate_ends, body["average_heartrate"], seconds)
    return [heart_rate | {"points": 0, "custom_zones": False}, pace]


def bounds(ends: Sequence[float]) -> list[Json]:
    """Zones as Strava gives them: each begins where the one before ends, and the last has no end (-1)."""
    return [{"min": low, "max": high} for low, high in zip((0, *ends), (*ends, -1), strict=True)]


def _zone(kind: str, ends: Sequence[float], average: float, seconds: int) -> Json:
    lies_in = sum(average >= end for end in ends)
    buckets = [zone | {"time": seconds if n == lies_in else 0} for n, zone in enumerate(bounds(ends))]
    return {
        "score": 0,
        "distribution_buckets": buckets,
        "type": kind,
        "resource_state": 3,
        "sensor_based": True,
    }


def _defaults(body: Mapping[str, Any]) -> Json:
    return {
        "description": None,
        "calories": round(body["distance"] * 0.07, 1),
        "perceived_exertion": None,
        "prefer_perceived_exertion": None,
        "private_note": "",
        "segment_efforts": [],
        "best_efforts": [],
        "photos": {"primary": None, "count": 0},
        "stats_visibility": [{"type": kind, "visibility": EVERYONE} for kind in _STATS],
        "hide_from_home": False,
        "embed_token": f"{body['id']:040x}",
        "similar_activities": _similar(body),
        "available_zones": ["heartrate", "pace"] if body.get("has_heartrate") else ["pace"],
    }


def _recorded(body: Mapping[str, Any]) -> Json:
    """What an activity lacks that was typed in."""
    return {
        "splits_metric": _splits(body, 1000.0),
        "splits_standard": _splits(body, _MILE_M),
        "laps": [_only_lap(body)],
        "best_efforts": _best_efforts(body),
    }


def _similar(body: Mapping[str, Any]) -> Json:
    """Like no other one."""
    speed = body["average_speed"]
    speeds = {f"{name}_speed": speed for name in ("min", "mid", "max")}
    return {
        "effort_count": 1,
        "average_speed": speed,
        **{f"{name}_average_speed": speed for name in ("min", "mid", "max")},
        "pr_rank": None,
        "frequency_milestone": None,
        "trend": {"speeds": [speed], "current_activity_index": 0, **speeds, "direction": 0},
        "resource_state": 2,
    }


def _splits(body: Mapping[str, Any], length_m: float) -> list[Json]:
    """Even splits of that length; the last one is what remains."""
    distance, moving = body["distance"], body["moving_time"]
    lengths = [length_m] * int(distance // length_m)
    if distance % length_m:
        lengths.append(distance % length_m)
    return [_split(number, metres, metres / distance * moving) for number, metres in enumerate(lengths, start=1)]


def _split(number: int, metres: float, seconds: float) -> Json:
    speed = round(metres / seconds, 2) if seconds else 0.0
    return {
        "distance": round(metres, 1),
        "elapsed_time": round(seconds),
        "elevation_difference": 0.0,
        "moving_time": round(seconds),
        "split": number,
        "average_speed": speed,
        "average_grade_adjusted_speed": speed,
        "pace_zone": 0,
    }


def _part(body: Mapping[str, Any]) -> Json:
    """What laps and best efforts say alike of the activity that they are a part of."""
    taken = ("athlete", "start_date", "start_date_local")
    return {key: body[key] for key in taken} | {
        "resource_state": 2,
        "activity": {"id": body["id"], "visibility": body.get("visibility"), "resource_state": 1},
        "start_index": 0,
    }


def _only_lap(body: Mapping[str, Any]) -> Json:
    taken = ("elapsed_time", "moving_time", "distance", "average_speed")
    measured = ("average_cadence", "average_heartrate", "max_heartrate")
    return (
        _part(body)
        | {key: body[key] for key in taken}
        | {key: body[key] for key in measured if key in body}
        | {
            "id": body["id"] + 2_000_000_000,
            "name": "Lap 1",
            "max_speed": body.get("max_speed"),
            "lap_index": 1,
            "split": 1,
            "end_index": max(body["elapsed_time"] - 1, 0),
            "total_elevation_gain": body.get("total_elevation_gain"),
            "device_watts": False,
            "pace_zone": 0,
        }
    )


def _best_efforts(body: Mapping[str, Any]) -> list[Json]:
    """The first part of a run over each length that it has: at even pace no other part is faster."""
    if body["type"] != "Run" or not body["distance"]:
        return []
    pace_s_per_m = body["moving_time"] / body["distance"]
    return [
        _part(body)
        | {
            "id": body["id"] + 3_000_000_000 + metres,
            "name": name,
            "elapsed_time": round(metres * pace_s_per_m),
            "moving_time": round(metres * pace_s_per_m),
            "distance": metres,
            "pr_rank": None,
            "achievements": [],
            "end_index": round(metres * pace_s_per_m),
        }
        for name, metres in _BEST_EFFORTS.items()
        if metres <= body["distance"]
    ]
