"""Months of believable training from a persona and a seed: same persona and seed, same months."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from random import Random

from integrations.strava.simulator.activity import RACE, Session, SimulatedActivity
from integrations.strava.simulator.personas import Persona

EASY, HARD, LONG, OTHER, REST, RACING = "E", "H", "L", "X", "-", "R"

#: How much of the usual week the weeks of a training cycle hold: three rising, one to recover.
_CYCLE = (0.96, 1.03, 1.09, 0.82)
#: The same for the first weeks after a break.
_COMEBACK = (0.5, 0.7, 0.85)
_PACE_FACTOR = {EASY: 1.0, LONG: 1.03, HARD: 0.92, RACING: 0.84}
#: Other sports: metres per second and minutes; 0 m/s covers no distance.
_OTHER_SPORTS = {
    "Ride": (6.4, 75),
    "Swim": (0.75, 40),
    "Walk": (1.4, 45),
    "Hike": (1.1, 150),
    "WeightTraining": (0.0, 45),
    "Yoga": (0.0, 40),
}


def generate(persona: Persona, seed: int, first_day: date, last_day: date) -> list[SimulatedActivity]:
    """The persona's activities from `first_day` to `last_day` (local, inclusive), in order of start.

    A later `last_day` adds activities and changes none.
    """
    return list(_Diary.of(persona, seed).write(first_day, last_day))


@dataclass(frozen=True, slots=True)
class Story:
    """Months of training in which one run stands out: `big_run` is the only one far above what came before."""

    activities: tuple[SimulatedActivity, ...]
    big_run: SimulatedActivity


#: Long enough that everything a rule compares with, on the day after the import, lies in even weeks.
STEADY_DAYS = 70


def tell_story(
    persona: Persona,
    seed: int,
    *,
    first_day: date,
    import_day: date,
    ordinary_runs: int = 3,
    ratio: float = 1.46,
    days_after: int = 14,
) -> Story:
    """The persona's months up to `import_day`, at least so many ordinary runs, then one run far too long.

    The big run falls on a day for long runs and is `ratio` times the longest of the 30 days before it. In the weeks
    before the import and after it all weeks are alike, so that no other run and no fortnight stands out.
    """
    diary = _Diary.of(persona, seed, steady_from=import_day - timedelta(days=STEADY_DAYS))
    told = list(diary.write(first_day, import_day))
    big_run, day, ordinary = None, import_day, 0
    while big_run is None:
        day += timedelta(days=1)
        for session in diary.sessions(day):
            if ordinary >= ordinary_runs and diary.kind(day) == LONG:
                big_run = _lengthened(session, ratio * _longest(told, session.start_local)).recorded()
            ordinary += session.sport == persona.sport
            told.append(big_run or session.recorded())
    after = diary.write(day + timedelta(days=1), day + timedelta(days=days_after))
    return Story((*told, *after), big_run)


def _longest(activities: list[SimulatedActivity], moment: datetime) -> float:
    """The longest distance (m) that started in the 30 days before."""
    recent = (a for a in activities if moment - timedelta(days=30) <= a.start_local < moment)
    return max(float(activity.body["distance"]) for activity in recent if activity.body["type"] == "Run")


def _lengthened(session: Session, distance_m: float) -> Session:
    stretch = distance_m / session.distance_m
    return replace(
        session,
        distance_m=distance_m,
        moving_time_s=round(session.moving_s * stretch * 1.02),
        elapsed_time_s=round(session.elapsed_s * stretch * 1.03),
        elevation_gain_m=session.elevation_gain_m * stretch,
    )


@dataclass
class _Diary:
    """A persona's life, day by day and in order: what is drawn depends on all that was drawn before."""

    persona: Persona
    chance: Random
    steady_from: date = date.max
    volume: float = 1.0
    week_number: int = 0
    away_until: date = date.min
    comeback: list[float] = field(default_factory=list)
    trip_until: date = date.min
    trip_zone: str = ""
    race_day: date = date.min

    @classmethod
    def of(cls, persona: Persona, seed: int, steady_from: date = date.max) -> _Diary:
        # Seeded by both, so that two personas with one seed do not rest on the same days.
        return cls(persona, Random(f"{persona.code}/{seed}"), steady_from)  # noqa: S311 - a simulation

    def write(self, first_day: date, last_day: date) -> Iterator[SimulatedActivity]:
        day = first_day
        while day <= last_day:
            for session in self.sessions(day):
                yield from self.uploads(day, session)
            day += timedelta(days=1)

    def sessions(self, day: date) -> list[Session]:
        """What is done on that day: usually one session or none. Days are asked for in order."""
        if day.weekday() == 0:
            self._plan_week(day)
        kind = self.kind(day)
        if kind == REST or self._drops_out(day):
            return []
        return [self._other_sport(day) if kind == OTHER else self._run(day, kind)]

    def kind(self, day: date) -> str:
        if day == self.race_day:
            return RACING
        next_to_a_race = abs((day - self.race_day).days) == 1
        return REST if next_to_a_race else self.persona.week[day.weekday()]

    def uploads(self, day: date, session: Session) -> Iterator[SimulatedActivity]:
        """What reaches Strava of a session: now and then two devices tell of it."""
        recorded = session.recorded()
        yield recorded
        if self._happens(day, self.persona.duplicate) and session.sport == self.persona.sport:
            yield self._second_device(session).recorded()

    def _is_steady(self, day: date) -> bool:
        return day >= self.steady_from

    def _happens(self, day: date, share: float) -> bool:
        """Whether something out of the ordinary happens; the chance is drawn in steady weeks too, and ignored."""
        return self.chance.random() < share and not self._is_steady(day)

    def _plan_week(self, monday: date) -> None:
        self.week_number += 1
        if self._happens(monday, self.persona.breaks_per_year / 52):
            self.away_until = monday + timedelta(days=self.chance.randint(10, 26))
            self.comeback = list(_COMEBACK)
        if self._happens(monday, self.persona.trips_per_year / 52) and self.persona.trip_zones:
            self.trip_until = monday + timedelta(days=self.chance.randint(4, 9))
            self.trip_zone = self.chance.choice(self.persona.trip_zones)
        if self._happens(monday, self.persona.races_per_year / 52) and not self._is_steady(monday + timedelta(days=6)):
            self.race_day = monday + timedelta(days=6)
        self.volume = self._volume(monday)

    def _volume(self, monday: date) -> float:
        """This week's share of the usual distance."""
        if self._is_steady(monday):
            return 1.0
        if self.comeback and monday > self.away_until:
            return self.comeback.pop(0)
        season = 1 + 0.1 * math.sin(self.week_number / 26 * 2 * math.pi)
        return _CYCLE[self.week_number % 4] * season

    def _drops_out(self, day: date) -> bool:
        missed = self._happens(day, self.persona.missed) and day != self.race_day
        return missed or (day <= self.away_until and not self._is_steady(day))

    def _run(self, day: date, kind: str) -> Session:
        distance_m = self._distance_m(kind)
        moving_s = round(distance_m / 1000 * self.persona.pace_s_per_km * _PACE_FACTOR[kind] * self._about(1.0, 0.03))
        session = Session(
            start_local=self._start(day),
            distance_m=distance_m,
            moving_time_s=moving_s,
            elapsed_time_s=moving_s + self.chance.randint(0, 40 if kind == RACING else 240),
            time_zone=self._zone(day),
            sport=self.persona.sport,
            workout_type=RACE if kind == RACING else 0,
            elevation_gain_m=distance_m / 1000 * self.persona.climb_m_per_km * self._about(1.0, 0.4),
            cadence=self.persona.cadence * self._about(1.03 if kind in {HARD, RACING} else 1.0, 0.015),
            device_name=self.persona.device_name,
            place=self.persona.place if self._zone(day) == self.persona.time_zone else None,
            kudos=self.chance.randint(0, 14),
            upload_delay=timedelta(seconds=self.chance.randint(70, 720)),
        )
        return self._with_oddities(day, self._with_gear(self._with_heart_rate(self._named(session, kind), kind), kind))

    def _distance_m(self, kind: str) -> float:
        if kind == RACING:
            return round(self.chance.choice(self.persona.race_km) * 1000 * self._about(1.006, 0.005), 1)
        usual_m = self.persona.weekly_km * 1000 * self.volume
        if kind == LONG:
            return round(usual_m * self.persona.long_share * self._about(1.0, 0.03), 1)
        others = sum(self.persona.week.count(letter) for letter in (EASY, HARD))
        return round(usual_m * (1 - self.persona.long_share) / others * self._about(1.0, 0.08), 1)

    def _about(self, value: float, spread: float) -> float:
        return value * self.chance.uniform(1 - spread, 1 + spread)

    def _start(self, day: date) -> datetime:
        hour = 9 if day.weekday() >= 5 else self.persona.weekday_hour
        return datetime.combine(day, time_of_day(hour)) + timedelta(seconds=self.chance.randint(-1500, 2400))

    def _zone(self, day: date) -> str:
        return self.trip_zone if day <= self.trip_until and not self._is_steady(day) else self.persona.time_zone

    def _named(self, session: Session, kind: str) -> Session:
        names = {RACING: f"{round(session.distance_m / 1000)} km race", HARD: "Intervals", LONG: "Long run"}
        return replace(session, name=names.get(kind) or _default_name(session.start_local, "Run"))

    def _with_heart_rate(self, session: Session, kind: str) -> Session:
        unworn = self.chance.random() < self.persona.no_heart_rate
        if self.persona.heart_rate is None or unworn:
            return session
        easy, hard = self.persona.heart_rate
        average = self._about(hard if kind in {HARD, RACING} else easy, 0.03)
        return replace(session, average_hr=average, max_hr=average + self.chance.randint(9, 24))

    def _with_gear(self, session: Session, kind: str) -> Session:
        shoes = self.persona.shoes
        if not shoes:
            return session
        fast = kind in {HARD, RACING} and len(shoes) > 1
        return replace(session, gear_id=shoes[1].id if fast else shoes[0].id)

    def _with_oddities(self, day: date, session: Session) -> Session:
        if self._happens(day, self.persona.late_upload):
            session = replace(session, upload_delay=timedelta(hours=self.chance.randint(9, 40)))
        if self._happens(day, self.persona.hidden_start):
            session = replace(session, hidden_start=True)
        if session.workout_type == RACE:
            return session
        if self._happens(day, self.persona.treadmill):
            return _on_treadmill(session)
        return _typed_in(session) if self._happens(day, self.persona.manual) else session

    def _second_device(self, session: Session) -> Session:
        return replace(
            session,
            start_local=session.start_local + timedelta(seconds=self.chance.randint(15, 75)),
            distance_m=round(session.distance_m * self._about(0.995, 0.012), 1),
            average_hr=None,
            max_hr=None,
            name=_default_name(session.start_local, "Run"),
            device_name="Strava App",
            upload_delay=session.upload_delay + timedelta(seconds=self.chance.randint(30, 400)),
        )

    def _other_sport(self, day: date) -> Session:
        sport = self.chance.choice(self.persona.other_sports)
        speed, minutes = _OTHER_SPORTS[sport]
        moving_s = round(minutes * 60 * self._about(1.0, 0.2))
        start = self._start(day)
        session = Session(
            start_local=start,
            distance_m=round(moving_s * speed * self._about(1.0, 0.1), 1),
            moving_time_s=moving_s,
            elapsed_time_s=moving_s + self.chance.randint(0, 900),
            time_zone=self._zone(day),
            sport=sport,
            name=_default_name(start, sport),
            device_name=self.persona.device_name,
            place=self.persona.place if speed > 1 else None,
            upload_delay=timedelta(seconds=self.chance.randint(70, 720)),
        )
        return self._with_heart_rate(session, EASY)


def _on_treadmill(session: Session) -> Session:
    """A belt knows no hills, and what the watch makes of the distance is off."""
    return replace(
        session, treadmill=True, sport="Run", elevation_gain_m=0.0, distance_m=round(session.distance_m * 0.93)
    )


def _typed_in(session: Session) -> Session:
    """Entered by hand: round numbers, no sensors."""
    start = session.start_local.replace(minute=session.start_local.minute // 15 * 15, second=0)
    round_m = max(500.0, round(session.distance_m / 500) * 500.0)
    bare = replace(session, manual=True, start_local=start, distance_m=round_m, elapsed_time_s=None)
    return replace(bare, average_hr=None, max_hr=None, cadence=None, device_name=None, elevation_gain_m=0.0)


def _default_name(start: datetime, sport: str) -> str:
    """Strava's own name for what was not named: the part of the day and the sport."""
    parts = ((4, "Night"), (11, "Morning"), (14, "Lunch"), (17, "Afternoon"), (21, "Evening"), (24, "Night"))
    return f"{next(word for until, word in parts if start.hour < until)} {sport}"
