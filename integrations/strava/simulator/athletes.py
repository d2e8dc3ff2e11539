"""Who has an account with the simulated Strava, and how Strava shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from integrations.strava.simulator.activity import SimulatedActivity

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shoes:
    """A pair of shoes. `distance_m` is what they had run before they came into the simulation."""

    id: str
    name: str
    distance_m: int = 0


@dataclass(frozen=True, slots=True)
class SimulatedAthlete:
    """An account, with the activities it has or will have."""

    id: int
    first_name: str = "Robin"
    last_name: str = "Example"
    city: str | None = None
    country: str | None = None
    sex: str | None = None
    about: str = ""
    shoes: tuple[Shoes, ...] = ()
    activities: tuple[SimulatedActivity, ...] = ()
    #: Where the first four heart rate zones end.
    heart_rate_ends: tuple[int, int, int, int] = (115, 145, 162, 178)

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def initials(self) -> str:
        return (self.first_name[:1] + self.last_name[:1]).upper()


#: What the call for a single pair adds.
MORE_OF_SHOES: Json = {"resource_state": 3, "brand_name": None, "model_name": None, "description": ""}


def summary_athlete(athlete: SimulatedAthlete) -> Json:
    """The athlete as token answers and `GET /athlete` show them."""
    return {
        "id": athlete.id,
        "username": None,
        "resource_state": 2,
        "firstname": athlete.first_name,
        "lastname": athlete.last_name,
        "bio": None,
        "city": athlete.city,
        "state": None,
        "country": athlete.country,
        "sex": athlete.sex,
        "premium": False,
        "summit": False,
        "created_at": "2016-01-01T00:00:00Z",
        "updated_at": "2016-01-01T00:00:00Z",
        "badge_type_id": 0,
        "weight": None,
        "profile_medium": "avatar/athlete/medium.png",
        "profile": "avatar/athlete/large.png",
        "friend": None,
        "follower": None,
    }


def detailed_athlete(athlete: SimulatedAthlete, worn: Mapping[str, float]) -> Json:
    """The athlete for who holds `profile:read_all`; `worn` are the metres run in each pair of shoes."""
    return summary_athlete(athlete) | {
        "resource_state": 3,
        "blocked": False,
        "can_follow": False,
        "follower_count": 0,
        "friend_count": 0,
        "mutual_friend_count": 0,
        "athlete_type": 1,
        "date_preference": "%d/%m/%Y",
        "measurement_preference": "meters",
        "clubs": [],
        "ftp": None,
        "bikes": [],
        "shoes": [pair_of_shoes(pair, worn) | {"primary": index == 0} for index, pair in enumerate(athlete.shoes)],
    }


def pair_of_shoes(pair: Shoes, worn: Mapping[str, float]) -> Json:
    """A pair of shoes with all the metres run in it."""
    distance_m = round(pair.distance_m + worn.get(pair.id, 0.0))
    return {
        "id": pair.id,
        "primary": False,
        "name": pair.name,
        "nickname": "",
        "resource_state": 2,
        "retired": False,
        "distance": distance_m,
        "converted_distance": round(distance_m / 1000, 1),
    }
