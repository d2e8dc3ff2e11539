"""The sports of FIT, GPX and TCX in Strava's words. Pure: a sport nobody knows is a `Workout`, never a run."""

from __future__ import annotations

import re

from integrations.archive.languages import SPORT_TYPES

UNKNOWN = "Unknown"

#: FIT sub-sports that say more than the sport they stand under.
_FIT_SUB_SPORTS = {
    ("running", "trail"): "TrailRun",
    ("running", "ultra"): "TrailRun",
    ("running", "virtual_activity"): "VirtualRun",
    ("fitness_equipment", "treadmill"): "Run",
    ("fitness_equipment", "indoor_running"): "Run",
    ("fitness_equipment", "elliptical"): "Elliptical",
    ("fitness_equipment", "stair_climbing"): "StairStepper",
    ("fitness_equipment", "indoor_rowing"): "Rowing",
    ("fitness_equipment", "indoor_cycling"): "Ride",
    ("cycling", "mountain"): "MountainBikeRide",
    ("cycling", "gravel_cycling"): "GravelRide",
    ("cycling", "virtual_activity"): "VirtualRide",
    ("cycling", "e_bike_fitness"): "EBikeRide",
    ("cycling", "e_bike_mountain"): "EMountainBikeRide",
    ("rowing", "virtual_activity"): "VirtualRow",
    ("training", "strength_training"): "WeightTraining",
    ("training", "yoga"): "Yoga",
    ("training", "pilates"): "Pilates",
    ("alpine_skiing", "backcountry"): "BackcountrySki",
    ("cross_country_skiing", "backcountry"): "BackcountrySki",
}
_WORDS = {name.casefold(): name for name in SPORT_TYPES} | {
    "running": "Run",
    "streetrunning": "Run",
    "trackrunning": "Run",
    "treadmillrunning": "Run",
    "indoorrunning": "Run",
    "jogging": "Run",
    "trailrunning": "TrailRun",
    "ultrarun": "TrailRun",
    "virtualrunning": "VirtualRun",
    "biking": "Ride",
    "cycling": "Ride",
    "roadbiking": "Ride",
    "indoorcycling": "Ride",
    "mountainbiking": "MountainBikeRide",
    "gravelcycling": "GravelRide",
    "ebiking": "EBikeRide",
    "walking": "Walk",
    "hiking": "Hike",
    "mountaineering": "Hike",
    "swimming": "Swim",
    "lapswimming": "Swim",
    "openwaterswimming": "Swim",
    "crosscountryskiing": "NordicSki",
    "alpineskiing": "AlpineSki",
    "snowboarding": "Snowboard",
    "snowshoeing": "Snowshoe",
    "iceskating": "IceSkate",
    "inlineskating": "InlineSkate",
    "strengthtraining": "WeightTraining",
    "hiit": "HighIntensityIntervalTraining",
    # Strava wrote its own numbers into the GPX files of its older exports.
    "1": "Ride",
    "4": "Hike",
    "9": "Run",
    "10": "Walk",
}


def sport_of_word(word: str | None) -> str:
    """Strava's sport for what a GPX or TCX file calls it; `Unknown` where it says nothing."""
    if not word or not (folded := re.sub(r"[\W_]", "", word.casefold())):
        return UNKNOWN
    return _WORDS.get(folded, "Workout")


def sport_of_fit(sport: object, sub_sport: object) -> str:
    """Strava's sport for the two words of a FIT session."""
    if not isinstance(sport, str):
        return UNKNOWN
    return _FIT_SUB_SPORTS.get((sport, str(sub_sport))) or sport_of_word(sport)


def is_treadmill(word: object) -> bool:
    """Whether a FIT sub-sport, or the type of a GPX file, says that the run went nowhere."""
    return isinstance(word, str) and word.casefold().removesuffix("_running") in {"treadmill", "indoor"}
