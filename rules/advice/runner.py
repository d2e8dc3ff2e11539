"""For whom advice is chosen, and on what occasion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from rules.advice.loader import ASKED_EQUIPMENT, EXCLUSIONS, PLACES, TRAITS
from rules.diary import Diary
from rules.model import Activity, Severity
from rules.pain import places_asked_about
from rules.signs import UPPER_BACK

#: The rules that are about the upper back, or about form that fades: the only ones that bring upper-back items and form
#: cues to a runner who did not name the upper back.
UPPER_BACK_RULES = frozenset({"late-cadence-fade", "back-context"})
#: What the run or the days behind a finding were like, by the rule that found it.
_TRAITS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "run-spike": frozenset({"long", "spike"}),
        "late-cadence-fade": frozenset({"long"}),
        "back-context": frozenset({"desk"}),
        "shoe": frozenset({"new-shoe"}),
    }
)
#: From this climb on (metres for each metre run) a run counts as hilly: a convention, no study stands behind it.
HILLY = 0.015
#: A run of so long (seconds) is a long one, as late-cadence-fade has it.
LONG_S = 60 * 60


@dataclass(frozen=True, slots=True)
class Runner:
    """All that is known of a runner when advice is chosen.

    `upper_back` says that they named it. `sore` are places (as in `rules/signs.py`) that hurt and have not settled, and
    for which no warning sign stands. `exclusions` are the sets C1 to C5 that apply, `None` if nobody asked.
    `equipment` is what they have of a band, dumbbells and a foam-roller. `expecting` is pregnant, or gave birth in the
    last 6 months. Raises `ValueError` for a name that is not known, rather than to overlook it.
    """

    upper_back: bool = False
    sore: frozenset[str] = frozenset()
    exclusions: frozenset[str] | None = None
    equipment: frozenset[str] = frozenset()
    streak_runner: bool = False
    expecting: bool = False

    def __post_init__(self) -> None:
        _refuse_unknown("exclusions", self.exclusions or frozenset(), EXCLUSIONS)
        _refuse_unknown("equipment", self.equipment, ASKED_EQUIPMENT)

    @classmethod
    def of(cls, diary: Diary, at: datetime) -> Runner:
        """The runner by what they told up to that local moment."""
        return cls(
            upper_back=diary.upper_back,
            sore=frozenset(places_asked_about(diary, at)),
            exclusions=None if diary.exclusions is None else frozenset(diary.exclusions.sets),
            equipment=diary.equipment,
            streak_runner=diary.streak_runner,
            expecting=diary.expecting,
        )

    @property
    def cares_for_the_upper_back(self) -> bool:
        return self.upper_back or UPPER_BACK in self.sore

    @property
    def unknown_places(self) -> frozenset[str]:
        """Sore places in words of their own: nobody can tell what suits them."""
        return self.sore - PLACES


@dataclass(frozen=True, slots=True)
class Occasion:
    """The finding that advice goes with. `traits` say what the run was like, beside what the rule says of it."""

    rule: str
    severity: Severity
    race: bool = False
    traits: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        _refuse_unknown("traits", self.traits, TRAITS)

    @property
    def all_traits(self) -> frozenset[str]:
        race = frozenset({"race"}) if self.race else frozenset()
        return self.traits | race | _TRAITS.get(self.rule, frozenset())


def traits_of(activity: Activity) -> frozenset[str]:
    """What can be seen of a run from its summary: whether it was long, hilly, a race."""
    seen = {
        "long": (activity.moving_time_s or 0) >= LONG_S,
        "hills": bool(activity.distance_m) and (activity.elevation_gain_m or 0) >= HILLY * (activity.distance_m or 0),
        "race": activity.race,
    }
    return frozenset(trait for trait, is_so in seen.items() if is_so)


def _refuse_unknown(what: str, given: frozenset[str], known: frozenset[str]) -> None:
    if not given <= known:
        raise ValueError(f"unknown {what} {sorted(given - known)}: use {sorted(known)}")
