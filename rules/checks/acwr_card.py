"""acwr-card: the acute:chronic workload ratio, shown to who looks for it and never sent (R14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import isinf

from rules.breaks import SIGHT
from rules.days import missing_days, runs_of_days
from rules.history import TrainingHistory
from rules.load import ACUTE_DAYS, CHRONIC_DAYS, acute_load, acwr_uncoupled, daily_distance_m, uncoupled_chronic_load
from rules.model import Explanation, Fact, Finding, Grade, RuleState, Run, Source, Watch
from rules.rule import Rule
from rules.words import N_


@dataclass(frozen=True)
class AcwrCard(Rule):
    """Shows the mean day of the last 7 days divided by that of the 21 days before them (uncoupled).

    It finds nothing and has no thresholds: in runners the ratio pointed the other way (grade X).
    """

    code = "acwr-card"
    title = N_("Acute to chronic ratio")
    version = 1
    grade = Grade.CONTRADICTED
    about_period = True
    quiet_days = 0
    lookback_days = CHRONIC_DAYS
    pushes = False

    explanation = Explanation(
        what_it_sees=N_(
            "Your average day of the last 7 days divided by that of the 21 days before them: the acute to chronic "
            "workload ratio, uncoupled, by distance."
        ),
        why_it_matters=N_(
            "Many apps warn by this number. It does not predict injury in runners, so it is here to be looked up and "
            "never sends a message."
        ),
        evidence=N_(
            "Contradicted in runners (strength X). Among 5,205 runners higher ratios went with fewer injuries, and so "
            "they did among 435 others; a smaller study of 735 marathon runners found a weak link the other way. The "
            "zones that are often quoted come from team sports."
        ),
        limits=N_(
            "A quiet three weeks make any normal week look big, and a niggle that cut your running makes the number "
            "small. After three weeks without running there is no number."
        ),
        clears_when=N_("There is nothing to clear: it is a number, not a finding."),
        sources=(
            Source(
                "Frandsen et al., British Journal of Sports Medicine 2025;59:1203",
                "https://doi.org/10.1136/bjsports-2024-109380",
            ),
            Source("Nakaoka et al., Sports Medicine 2021", "https://doi.org/10.1007/s40279-021-01483-0"),
            Source("Impellizzeri et al., Sports Medicine 2021", "https://doi.org/10.1007/s40279-020-01378-6"),
        ),
    )

    def check(self, history: TrainingHistory, run: Run) -> Finding | None:
        return None  # a card is not a finding: see `card`

    def card(self, history: TrainingHistory, at: datetime) -> dict[str, Fact] | None:
        """What the card shows at that local moment, in metres; `None` with fewer than 28 days of history.

        `acwr_uncoupled` is `None` after three weeks without running, when there is nothing to divide by.
        """
        if self._missing_days(history, at):
            return None
        runs = runs_of_days(history, at.date(), CHRONIC_DAYS)
        daily = daily_distance_m(runs, at.date(), CHRONIC_DAYS)
        ratio = acwr_uncoupled(daily)
        return {
            "acwr_uncoupled": None if ratio is None or isinf(ratio) else round(ratio, 2),
            "last_7_days_m": round((acute_load(daily) or 0.0) * ACUTE_DAYS, 1),
            "week_before_m": round((uncoupled_chronic_load(daily) or 0.0) * ACUTE_DAYS, 1),
        }

    def state(self, history: TrainingHistory, at: datetime) -> RuleState:
        if not history.runs and history.without_distance:
            return RuleState(Watch.CANNOT_WATCH, why="no-distance")
        missing = self._missing_days(history, at)
        return RuleState(Watch.LEARNING, missing_days=missing) if missing else RuleState(Watch.WATCHING)

    def _missing_days(self, history: TrainingHistory, at: datetime) -> int:
        return missing_days(history, at.date(), needed=CHRONIC_DAYS, sight=SIGHT.days)


RULE = AcwrCard()
