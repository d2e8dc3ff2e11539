"""The values that everything speaks in. All are frozen; distances are metres, times are seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Literal

RUN_FAMILY = frozenset({"Run", "TrailRun", "VirtualRun"})

#: An elapsed time beyond this is a watch left running, not a race (Strava exports hold up to 23 days).
LONGEST_BELIEVABLE_ELAPSED_S = 7 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Activity:
    """One recorded session of any sport, as its source gave it: nothing corrected, odd values left out.

    `start_local` is the runner's wall clock and therefore naive. `utc_offset_s` is what to subtract to reach
    UTC, `None` where the source does not say. Times and distance are `None` where not given.
    """

    id: int
    sport: str
    start_local: datetime
    distance_m: float | None = None
    moving_time_s: int | None = None
    elapsed_time_s: int | None = None
    utc_offset_s: int | None = None
    start_time_known: bool = True
    race: bool = False
    treadmill: bool = False
    manual: bool = False
    elevation_gain_m: float | None = None
    average_hr_bpm: float | None = None
    max_hr_bpm: float | None = None
    cadence_spm: float | None = None
    time_zone: str | None = None
    device_name: str | None = None
    gear_id: str | None = None

    @property
    def is_run(self) -> bool:
        """Whether this belongs to the run family and went anywhere at all."""
        return self.sport in RUN_FAMILY and self.distance_m is not None and self.distance_m > 0

    @property
    def local_day(self) -> date:
        return self.start_local.date()

    @property
    def finished_local(self) -> datetime:
        """Wall-clock end, by elapsed time where it is believable: budgets and quiet periods count from here."""
        seconds = self.elapsed_time_s or 0
        if seconds <= 0 or seconds > LONGEST_BELIEVABLE_ELAPSED_S:
            seconds = self.moving_time_s or 0
        return self.start_local + timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True)
class Run:
    """A run that cleaning kept: its distance and span can be believed.

    `end_local` is start plus moving time (else elapsed time, else nothing); `finished_local` counts the stops.
    """

    id: int
    start_local: datetime
    end_local: datetime
    finished_local: datetime
    distance_m: float
    duration_s: int | None
    race: bool = False
    treadmill: bool = False
    manual: bool = False

    @property
    def local_day(self) -> date:
        return self.start_local.date()


#: The id of a "run" that is a moment only: what a finding about a check-in is about.
NO_RUN = 0


class Severity(IntEnum):
    """How unusual something was for this runner, never how risky. `STOP` is for warning signs alone."""

    NOTE = 1
    CAUTION = 2
    HIGH = 3
    STOP = 4

    @property
    def word(self) -> str:
        return self.name.lower()


class Grade(StrEnum):
    """Strength of evidence, from A (several good studies in runners) to D (expert opinion or mechanism)."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    CONTRADICTED = "X"


Fact = float | int | str | bool | None


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule's verdict on one run, or on the period that ends with it, with the numbers behind it.

    `key` is the activity id for rules about a run and the last day (ISO) for rules about a period: with the
    athlete and the rule it names this finding for ever. `facts` carry their unit in their name.
    """

    rule: str
    version: int
    key: str
    day: date
    severity: Severity
    facts: Mapping[str, Fact] = field(hash=False)


class Watch(StrEnum):
    WATCHING = "watching"
    LEARNING = "learning"
    CANNOT_WATCH = "cannot-watch"


@dataclass(frozen=True, slots=True)
class RuleState:
    """What a rule can do for this runner now.

    `missing_runs` and `missing_days` say what learning still waits for; `why` is a code such as
    `no-history` that the shell turns into words.
    """

    watch: Watch
    missing_runs: int = 0
    missing_days: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a number comes from: a short citation and a DOI or address."""

    citation: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """The fixed sections in which every rule explains itself to the runner who asks."""

    what_it_sees: str
    why_it_matters: str
    evidence: str
    limits: str
    clears_when: str
    sources: tuple[Source, ...]


AdviceKind = Literal["mobility", "strength", "form", "load", "care"]


@dataclass(frozen=True, slots=True)
class AdviceText:
    """The words of one advice item in one language.

    `step_up` says when and how a strength item grows, `alt` what the drawing of a movement shows; else they are empty.
    """

    name: str
    steps: tuple[str, ...]
    dose: str
    avoid: str
    why: str
    step_up: str = ""
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Advice:
    """One item of the catalogue. `code` names the action, `item` is its number there (M1, S3, L2, P1 ...).

    `exclusions` are the sets C1 to C5 that rule it out; an item that has one is offered only to runners who
    were asked. `body` names body regions (`legs`, `hips`, `trunk`, `upper-back`), `answers` the rules, `traits` the
    runs and days it goes with (`hills`, `race`, `desk` ...). `not_when_sore` are sore places (as in `rules/signs.py`)
    that rule it out while they are unsettled. `suits` names runners who are offered only what names them.
    """

    code: str
    item: str
    kind: AdviceKind
    body: frozenset[str]
    answers: frozenset[str]
    exclusions: frozenset[str]
    equipment: frozenset[str]
    muscles: tuple[str, ...]
    grade: Grade
    source: str
    texts: Mapping[str, AdviceText] = field(hash=False)
    traits: frozenset[str] = frozenset()
    not_when_sore: frozenset[str] = frozenset()
    suits: frozenset[str] = frozenset()

    def text(self, language: str) -> AdviceText:
        """The words in that language, else in English."""
        return self.texts.get(language) or self.texts["en"]
