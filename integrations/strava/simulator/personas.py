"""Made-up runners with different habits, for demonstrations and tests."""

from __future__ import annotations

from dataclasses import dataclass

from integrations.strava.simulator.activity import SimulatedActivity
from integrations.strava.simulator.athletes import Shoes, SimulatedAthlete


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """A runner's habits. Shares are chances from 0 to 1, per run.

    `week` says what each day from Monday on is for: E easy, H hard, L long, X another sport, - rest. `heart_rate`
    is the average of easy and of hard running, None without a sensor. `cadence` counts one leg.
    """

    code: str
    first_name: str
    last_name: str
    about: str
    city: str
    country: str
    sex: str
    time_zone: str
    place: tuple[float, float]
    week: str
    weekly_km: float
    long_share: float = 0.4
    pace_s_per_km: int = 345
    heart_rate: tuple[int, int] | None = (142, 165)
    cadence: float = 82.0
    climb_m_per_km: float = 6.0
    sport: str = "Run"
    weekday_hour: int = 18
    device_name: str = "Apple Watch SE"
    other_sports: tuple[str, ...] = ("Ride",)
    shoes: tuple[Shoes, ...] = ()
    race_km: tuple[float, ...] = (5.0, 10.0)
    races_per_year: float = 2.0
    breaks_per_year: float = 1.0
    trips_per_year: float = 0.0
    trip_zones: tuple[str, ...] = ()
    missed: float = 0.08
    treadmill: float = 0.03
    manual: float = 0.01
    no_heart_rate: float = 0.04
    hidden_start: float = 0.0
    duplicate: float = 0.0
    late_upload: float = 0.02

    def athlete(self, athlete_id: int, activities: tuple[SimulatedActivity, ...] = ()) -> SimulatedAthlete:
        """An account for this runner."""
        return SimulatedAthlete(
            id=athlete_id,
            first_name=self.first_name,
            last_name=self.last_name,
            city=self.city,
            country=self.country,
            sex=self.sex,
            about=self.about,
            shoes=self.shoes,
            activities=activities,
        )


ANNA = Persona(
    code="anna",
    first_name="Anna",
    last_name="Lindner",
    about="Four runs a week, around 32 km, in Berlin",
    city="Berlin",
    country="Germany",
    sex="F",
    time_zone="Europe/Berlin",
    place=(52.51, 13.36),
    week="E-H-E-L",
    weekly_km=32,
    shoes=(Shoes("g1001", "Everyday Trainer", 214_000),),
)
BEN = Persona(
    code="ben",
    first_name="Ben",
    last_name="Carter",
    about="Club runner in New York: five runs, around 52 km, races and travels",
    city="New York",
    country="United States",
    sex="M",
    time_zone="America/New_York",
    place=(40.78, -73.96),
    week="E-HE-EL",
    weekly_km=52,
    long_share=0.36,
    pace_s_per_km=300,
    heart_rate=(148, 172),
    cadence=86.5,
    weekday_hour=6,
    device_name="Garmin Forerunner 265",
    other_sports=("Ride", "Swim"),
    shoes=(Shoes("g2001", "Daily Cushion", 512_000), Shoes("g2002", "Race Day", 88_000)),
    race_km=(5.0, 10.0, 21.1),
    races_per_year=8,
    trips_per_year=4,
    trip_zones=("Europe/London", "America/Los_Angeles"),
    duplicate=0.03,
)
CHIARA = Persona(
    code="chiara",
    first_name="Chiara",
    last_name="Moretti",
    about="Marathon runner in Rome: six runs, around 76 km, two watches",
    city="Rome",
    country="Italy",
    sex="F",
    time_zone="Europe/Rome",
    place=(41.91, 12.48),
    week="EEHE-EL",
    weekly_km=76,
    long_share=0.34,
    pace_s_per_km=285,
    heart_rate=(145, 168),
    cadence=88.0,
    climb_m_per_km=9.0,
    weekday_hour=7,
    device_name="Garmin Forerunner 265",
    shoes=(
        Shoes("g3001", "Long Road", 430_000),
        Shoes("g3002", "Tempo", 120_000),
        Shoes("g3003", "Second Pair", 60_000),
    ),
    race_km=(10.0, 21.1, 42.2),
    races_per_year=5,
    duplicate=0.12,
)
DEV = Persona(
    code="dev",
    first_name="Dev",
    last_name="Menon",
    about="Three runs a week in Pune, often on the treadmill, no heart rate",
    city="Pune",
    country="India",
    sex="M",
    time_zone="Asia/Kolkata",
    place=(18.52, 73.86),
    week="E-X-EL-",
    weekly_km=21,
    pace_s_per_km=395,
    heart_rate=None,
    cadence=79.0,
    weekday_hour=20,
    device_name="Strava App",
    other_sports=("WeightTraining", "Yoga", "Walk"),
    treadmill=0.45,
    manual=0.06,
    breaks_per_year=2,
)
EMMA = Persona(
    code="emma",
    first_name="Emma",
    last_name="Walsh",
    about="Trail runner near Sydney: hills, hidden starts, longer breaks",
    city="Sydney",
    country="Australia",
    sex="F",
    time_zone="Australia/Sydney",
    place=(-33.79, 151.14),
    week="-EX-E-L",
    weekly_km=40,
    long_share=0.5,
    pace_s_per_km=400,
    climb_m_per_km=28.0,
    sport="TrailRun",
    other_sports=("Hike", "Swim"),
    shoes=(Shoes("g5001", "Mud and Rock", 610_000),),
    race_km=(15.0, 30.0),
    races_per_year=3,
    breaks_per_year=3,
    hidden_start=0.3,
)

PERSONAS = {persona.code: persona for persona in (ANNA, BEN, CHIARA, DEV, EMMA)}
