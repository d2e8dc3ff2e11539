"""What the runners do: months of made-up training, with a few runs edited, cropped or deleted afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import count
from random import Random
from typing import Any, Literal

from integrations.strava.simulator import SimulatedActivity
from integrations.strava.simulator.activity import consistent
from integrations.strava.simulator.generator import generate
from integrations.strava.simulator.personas import PERSONAS, Persona
from rules.model import RUN_FAMILY
from tests.world import NOON

FIRST_RUNNER = 5_000_000_001
FIRST_ID = 18_000_000_001
#: What is there at the connect: enough for every rule to have something to compare with.
BASE = timedelta(weeks=14)
#: Habits that make for many findings.
LIVELY: dict[str, Any] = {"races_per_year": 12, "breaks_per_year": 4, "missed": 0.1}
#: How many of the runs are touched later, by what is done to them.
TOUCHED = {"rename": 0.03, "crop": 0.02, "delete": 0.01}

Deed = Literal["upload", "rename", "crop", "delete"]


@dataclass(frozen=True)
class Event:
    """Something that a runner does at Strava at a moment. For an upload `activity` is what is uploaded."""

    at: datetime
    deed: Deed
    runner: int
    activity: SimulatedActivity

    @property
    def id(self) -> int:
        return int(self.activity.body["id"])


@dataclass(frozen=True)
class Story:
    """What is there before, and everything that is done after the connect, in order of time."""

    base: Mapping[int, tuple[SimulatedActivity, ...]]
    events: tuple[Event, ...]

    @property
    def end(self) -> datetime:
        return self.events[-1].at

    @property
    def runs(self) -> tuple[Event, ...]:
        """The uploads of runs."""
        return tuple(one for one in self.events if one.deed == "upload" and is_run(one.activity))

    @property
    def touched(self) -> frozenset[int]:
        """Ids of what is edited or deleted."""
        return frozenset(one.id for one in self.events if one.deed != "upload")

    def final(self, runner: int) -> list[SimulatedActivity]:
        """All activities of a runner as they are in the end."""
        standing = {int(one.body["id"]): one for one in self.base[runner]}
        for event in self.events:
            if event.runner != runner:
                continue
            if event.deed == "delete":
                standing.pop(event.id, None)
            else:
                standing[event.id] = replace(event.activity, body=consistent(dict(event.activity.body)))
        return list(standing.values())


def is_run(activity: SimulatedActivity) -> bool:
    return activity.body["sport_type"] in RUN_FAMILY


def tell(athletes: int, runs: int, seed: int, connect_at: datetime = NOON) -> Story:
    """So many runs of so many athletes after the connect, and whatever else they do until then."""
    base: dict[int, tuple[SimulatedActivity, ...]] = {}
    uploads: list[Event] = []
    for number, activities in enumerate(_training(athletes, runs, seed, connect_at)):
        runner = FIRST_RUNNER + number
        base[runner] = tuple(one for one in activities if one.uploaded_at <= connect_at)
        uploads += [Event(one.uploaded_at, "upload", runner, one) for one in activities if one.uploaded_at > connect_at]
    uploads.sort(key=lambda event: (event.at, event.id))
    wanted = _until(uploads, runs)
    return Story(base, tuple(sorted([*wanted, *_touched(wanted, Random(seed))], key=lambda event: event.at)))


def _training(athletes: int, runs: int, seed: int, connect_at: datetime) -> Iterator[list[SimulatedActivity]]:
    """Each athlete's activities over the base and long enough after it, with ids."""
    days = 14 + 4 * runs // athletes
    first, last = (connect_at - BASE).date(), (connect_at + timedelta(days=days)).date()
    ids, personas = count(FIRST_ID), list(PERSONAS.values())
    for number in range(athletes):
        persona = replace(personas[number % len(personas)], **LIVELY)
        yield [
            replace(one, body={**one.body, "id": next(ids)}) for one in _activities(persona, seed + number, first, last)
        ]


def _activities(persona: Persona, seed: int, first: date, last: date) -> list[SimulatedActivity]:
    return generate(persona, seed, first, last)


def _until(uploads: list[Event], runs: int) -> list[Event]:
    seen, wanted = 0, []
    for event in uploads:
        wanted.append(event)
        seen += is_run(event.activity)
        if seen == runs:
            return wanted
    raise ValueError(f"these athletes ran {seen} times only")


def _touched(uploads: list[Event], chance: Random) -> Iterator[Event]:
    """What becomes of some runs within two days of their upload."""
    end = uploads[-1].at
    for event in uploads:
        if not is_run(event.activity):
            continue
        deed = _draw(chance)
        at = event.at + timedelta(minutes=chance.randint(5, 2_880))
        if deed is not None and at < end:
            yield Event(at, deed, event.runner, _after(deed, event.activity, chance))


def _draw(chance: Random) -> Deed | None:
    drawn = chance.random()
    for deed, share in TOUCHED.items():
        if drawn < share:
            return deed  # type: ignore[return-value]
        drawn -= share
    return None


def _after(deed: Deed, activity: SimulatedActivity, chance: Random) -> SimulatedActivity:
    if deed == "rename":
        return replace(activity, body={**activity.body, "name": "With the dog"})
    if deed == "crop":
        share = chance.uniform(0.5, 0.95)
        names = ("distance", "moving_time", "elapsed_time")
        return replace(activity, body={**activity.body, **{n: round(activity.body[n] * share) for n in names}})
    return activity
