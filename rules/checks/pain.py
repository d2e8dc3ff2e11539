"""pain: what the runner answers about pain asks for less running, or for none (R15)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import ClassVar

from rules.diary import Diary, WeeklyAnswer
from rules.history import TrainingHistory
from rules.model import Explanation, Fact, Finding, Grade, RuleState, Run, Severity, Source, Watch
from rules.pain import Levels, Light, Reading, readings, standing, substantial_week
from rules.rule import Rule
from rules.signs import standing_signs
from rules.words import N_


@dataclass(frozen=True)
class Pain(Rule):
    """Reads the traffic light of the runner's pain answers (`rules/pain.py`) and the weekly answers.

    `caution` and `high` are pain from 0 to 10; to be equal is enough. Both can only be set stricter. An amber light is
    a caution; a red one, or a week that held the runner back, is high, and so is amber while a warning sign stands.
    The levels come from programmes for the Achilles and the knee, made stricter (grade C).
    """

    code = "pain"
    title = N_("Your answers ask for easier days")
    version = 1
    grade = Grade.C
    about_period = False
    quiet_days = 0
    lookback_days = 0
    outranks = True
    needs_history = False
    bounds: ClassVar[Mapping[str, tuple[float, float]]] = MappingProxyType({"caution": (1, 3), "high": (4, 6)})

    caution: int = 3
    high: int = 6

    explanation = Explanation(
        what_it_sees=N_(
            "Your answers about pain, from 0 to 10, after runs and on the next morning, and your weekly answers. 3 to "
            "5, or pain that is still there the next morning, asks for shorter and easier running. 6 or more, two "
            "rises in a row, two such answers in 7 days, a changed stride, pain at night or a week that held you back "
            "asks for a stop."
        ),
        why_it_matters=N_(
            "How pain behaves during a run and until the next morning says more about how much running fits now than "
            "any distance does."
        ),
        evidence=N_(
            "Programmes for the Achilles and the knee use limits like these (strength C). For other places, the upper "
            "back among them, they are not tested; so ours are stricter."
        ),
        limits=N_(
            "It knows only what you answer. It cannot tell what hurts, or why. With a warning sign it is not enough: "
            "those come first."
        ),
        clears_when=N_("It clears with an answer of 0 to 2 that has settled by the next morning."),
        sources=(
            Source("Silbernagel et al., American Journal of Sports Medicine 2007;35:897"),
            Source("Clarsen et al., British Journal of Sports Medicine 2013;47:495"),
        ),
    )

    def check(self, history: TrainingHistory, run: Run) -> Finding | None:
        return None  # it works on answers: see `check_diary`

    def check_diary(self, history: TrainingHistory, at: datetime) -> Finding | None:
        told = history.diary
        hurting = self._hurting(told, at)
        week = substantial_week(told, at)
        if not hurting and week is None:
            return None
        worst = max(hurting, key=lambda one: (one.light.level, one.answer.pain, one.answer.at), default=None)
        newest = max(hurting, key=lambda one: one.answer.at, default=None)
        is_red = week is not None or (worst is not None and worst.light is Light.RED)
        return Finding(
            rule=self.code,
            version=self.version,
            key=_key(newest, week),
            day=max(_days(newest, week)),
            severity=Severity.HIGH if is_red or standing_signs(told, at) else Severity.CAUTION,
            facts=self._facts(worst, week),
        )

    def draws_on_runs(self, finding: Finding) -> bool:
        return False

    def state(self, history: TrainingHistory, at: datetime) -> RuleState:
        return RuleState(Watch.WATCHING)

    def _hurting(self, told: Diary, at: datetime) -> list[Reading]:
        """The newest reading of each place that is amber or red and still stands."""
        read = standing(readings(told, at, Levels(self.caution, self.high)), at)
        return [reading for reading in read if reading.light.level >= Light.AMBER.level]

    def _facts(self, worst: Reading | None, week: WeeklyAnswer | None) -> dict[str, Fact]:
        facts: dict[str, Fact] = {"caution_of_10": self.caution, "high_of_10": self.high}
        if worst is not None:
            facts |= {
                "light": worst.light.value,
                "pain_of_10": worst.answer.pain,
                "place": worst.answer.place,
                "answered_at": worst.answer.at.isoformat(timespec="minutes"),
                "next_morning": worst.answer.next_morning,
                "altered_stride": worst.answer.altered_stride,
                "at_night": worst.answer.at_night,
                "rising": worst.rising,
            }
        if week is not None:
            facts |= {
                "week_day": week.day.isoformat(),
                "week_place": week.place,
                "participation_of_3": week.participation,
                "changed_of_3": week.changed,
                "felt_of_3": week.felt,
            }
        return facts


def _key(newest: Reading | None, week: WeeklyAnswer | None) -> str:
    """The newest of what stands, so that every new answer that is not green is answered.

    A weekly answer has no time of day: on the day of a check-in both stand in the key.
    """
    answered = "" if newest is None else newest.answer.at.isoformat()
    if week is None:
        return answered
    weekly = f"week-{week.day.isoformat()}"
    if newest is None or newest.answer.at.date() < week.day:
        return weekly
    return answered if newest.answer.at.date() > week.day else f"{answered}+{weekly}"


def _days(newest: Reading | None, week: WeeklyAnswer | None) -> Iterator[date]:
    if newest is not None:
        yield newest.answer.at.date()
    if week is not None:
        yield week.day


RULE = Pain()
