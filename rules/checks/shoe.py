"""shoe: a pair has run far enough to have a look at it (R13)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import ClassVar

from rules.history import TrainingHistory
from rules.model import Explanation, Finding, Grade, RuleState, Run, Severity, Source, Watch
from rules.rule import Rule
from rules.words import N_


@dataclass(frozen=True)
class Shoe(Rule):
    """Compares the distance of each known pair with `note_km`, in kilometres; to be equal is enough.

    700 km is a convention of the trade, not taken from a study: when a pair no longer feels good matters more. Each
    pair is named once in its life.
    """

    code = "shoe"
    title = N_("A pair of shoes that has run far")
    version = 1
    grade = Grade.C
    about_period = False
    quiet_days = 7
    lookback_days = 0
    disproves = False
    bounds: ClassVar[Mapping[str, tuple[float, float]]] = MappingProxyType({"note_km": (200, 2000)})

    note_km: int = 700

    explanation = Explanation(
        what_it_sees=N_(
            "How far each pair of shoes has run, as Strava counts it. From 700 km on it is a note for the weekly "
            "digest, once for each pair."
        ),
        why_it_matters=N_(
            "Cushioning changes so slowly that it is hard to feel. In one study, runners who took turns between two or "
            "more pairs had fewer injuries."
        ),
        evidence=N_(
            "One study of 264 runners about taking turns between pairs (strength C). No study sets a distance: 500 to "
            "800 km is a convention, and studies of old shoes do not agree."
        ),
        limits=N_(
            "It counts only the runs that were given a pair. It knows nothing of the shoe, the ground or the runner: a "
            "pair that still feels good needs no change."
        ),
        clears_when=N_("It is said once for each pair and then left alone."),
        sources=(
            Source(
                "Malisoux et al., Scandinavian Journal of Medicine & Science in Sports 2015",
                "https://doi.org/10.1111/sms.12154",
            ),
        ),
    )

    def check(self, history: TrainingHistory, run: Run) -> Finding | None:
        # The distance is as of the newest run in the pair: of earlier runs it says nothing. A pair that was named once
        # is not named again, because the finding has its key.
        pair = next((pair for pair in history.shoes if pair.last_run_id == run.id), None)
        least_m = self.note_km * 1000.0
        if pair is None or pair.distance_m < least_m:
            return None
        return Finding(
            rule=self.code,
            version=self.version,
            key=pair.gear_id,
            day=run.local_day,
            severity=Severity.NOTE,
            facts={
                "gear_id": pair.gear_id,
                "shoe": pair.name,
                "distance_m": round(pair.distance_m, 1),
                "threshold_m": least_m,
            },
        )

    def state(self, history: TrainingHistory, at: datetime) -> RuleState:
        return RuleState(Watch.WATCHING) if history.shoes else RuleState(Watch.CANNOT_WATCH, why="no-shoes")


RULE = Shoe()
