"""What to leave out: from what a runner ticks to the exclusions, which are all that is kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from types import MappingProxyType

from rules.diary import Exclusions
from rules.words import N_

#: Each answer by its code: its words, and the sets of the catalogue that it rules out (evidence, section 7).
ANSWERS: Mapping[str, tuple[str, frozenset[str]]] = MappingProxyType(
    {
        "pregnant": (N_("I am pregnant"), frozenset({"C1"})),
        "gave-birth": (N_("I gave birth in the last 6 months"), frozenset({"C1"})),
        "bones": (N_("Osteoporosis, or I take steroids"), frozenset({"C1"})),
        "shoulder": (N_("An unstable shoulder, or one that was dislocated or operated on"), frozenset({"C2"})),
        "spine-or-ribs": (
            N_("Something at the spine or ribs: an injury, an operation, inflammation, or very mobile joints"),
            frozenset({"C1", "C3", "C4"}),
        ),
        "dizziness": (N_("Dizziness, or trouble with the arteries of the neck"), frozenset({"C5"})),
    }
)
#: With these our comparisons with earlier weeks do not fit.
EXPECTING = frozenset({"pregnant", "gave-birth"})


class UnknownAnswer(ValueError):
    """An answer is not one of those that can be ticked."""


def exclusions_of(ticked: Collection[str], today: date | None = None) -> Exclusions:
    """What follows from the answers given `today`, without them. Raises `UnknownAnswer`."""
    unknown = sorted(set(ticked) - ANSWERS.keys())
    if unknown:
        raise UnknownAnswer(f"{unknown[0]!r} is none of {', '.join(ANSWERS)}")
    sets = {name for code in ticked for name in ANSWERS[code][1]}
    expecting = not EXPECTING.isdisjoint(ticked)
    return Exclusions(tuple(sorted(sets)), expecting, today if expecting else None)
