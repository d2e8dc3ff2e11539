"""Two weeks of small things to do, from what fits: a stretch a day, some strength, desk breaks, a cue for runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rules.advice import Runner, catalogue, pick_action
from rules.advice.picker import EASY_DAY, RUN_FREE_DAYS, suits
from rules.model import Advice, AdviceKind, Finding
from rules.self_check.weighing import LOAD_RULES, Level, Pattern, Weighed

DAYS, WEEK = 14, 7
#: The rule whose answers are the items for the upper back.
ABOUT_THE_BACK = "back-context"
DESK_BREAKS = "take-desk-breaks"
#: Its dose is every day for two weeks, which is what the plan lasts.
DAILY_STRETCH = "doorway-chest-stretch"
#: A programme of its own: five days a week for ten weeks.
NOT_FOR_TWO_WEEKS = frozenset({"two-minute-lateral-raise"})
#: Days of a week with strength: three where weak muscles (could) fit, else two; never two in a row.
THREE_DAYS, TWO_DAYS = (2, 4, 6), (2, 5)
#: One cue each week: about form where that (could) fit, else about letting go.
FORM_CUES = ("lean-from-the-ankles", "look-to-the-horizon")
EASY_CUES = ("loosen-your-shoulders", "drive-your-elbows-back")


@dataclass(frozen=True, slots=True)
class PlanDay:
    """One day: what to do (advice codes), and the cue for a run, if there is one. Day 1 is the day of the self-check.

    From `step_up` on, strength goes on as its words say, if it was easy in two sessions.
    """

    number: int
    day: date
    prompts: tuple[str, ...]
    if_running: tuple[str, ...]
    step_up: bool


def two_weeks(
    runner: Runner, weighed: Sequence[Weighed], findings: Sequence[Finding], first: date, *, desk_days: bool
) -> tuple[PlanDay, ...]:
    """Fourteen days that hold nothing this runner should leave out, lacks or has a sore place for.

    `findings` are those of the last weeks. No day is empty.
    """
    levels = {one.pattern: one.level for one in weighed}
    build = _Plan(
        levels=levels,
        stretches=_items("mobility", runner),
        strength=tuple(code for code in _items("strength", runner) if code not in NOT_FOR_TWO_WEEKS),
        cues=tuple(code for code in _cues(levels) if suits(catalogue()[code], runner)),
        load=_load_item(findings, runner) if levels[Pattern.OVERUSE] is Level.FITS and not runner.expecting else None,
        desk_days=desk_days,
    )
    return tuple(build.day(number, first + timedelta(days=number - 1)) for number in range(1, DAYS + 1))


@dataclass(frozen=True, slots=True)
class _Plan:
    """What the days are filled from."""

    levels: Mapping[Pattern, Level]
    stretches: tuple[str, ...]
    strength: tuple[str, ...]
    cues: tuple[str, ...]
    load: str | None
    desk_days: bool

    def day(self, number: int, day: date) -> PlanDay:
        second_week = number > WEEK
        weekday = (number - 1) % WEEK + 1
        load = (self.load,) if self.load and weekday == 1 else ()
        todo = (*load, *self._stretching(number), *self._strength(weekday, second_week))
        breaks = (DESK_BREAKS,) if self._sits or not todo else ()
        return PlanDay(number, day, (*todo, *breaks), self.cues[second_week:][:1] or self.cues[:1], second_week)

    @property
    def _sits(self) -> bool:
        return self.desk_days or self._speaks(Pattern.POSTURE) or self._speaks(Pattern.TIGHT_MUSCLES)

    def _speaks(self, pattern: Pattern) -> bool:
        return self.levels[pattern] is not Level.LITTLE

    def _stretching(self, number: int) -> tuple[str, ...]:
        """One a day, each before any comes again; beside it the chest stretch, where tight muscles (could) fit."""
        daily = (DAILY_STRETCH,) if self._speaks(Pattern.TIGHT_MUSCLES) and DAILY_STRETCH in self.stretches else ()
        turns = [code for code in self.stretches if code not in daily]
        return (*daily, turns[(number - 1) % len(turns)]) if turns else daily

    def _strength(self, weekday: int, second_week: bool) -> tuple[str, ...]:
        """The same item on all its days; a second one in week two, where weak muscles fit."""
        days = THREE_DAYS if self._speaks(Pattern.WEAK_MUSCLES) else TWO_DAYS
        if weekday not in days:
            return ()
        both = second_week and self.levels[Pattern.WEAK_MUSCLES] is Level.FITS
        return self.strength[: 2 if both else 1]


def _items(kind: AdviceKind, runner: Runner) -> tuple[str, ...]:
    """What is for the upper back and suits the runner, the better evidence first."""
    fitting = [item for item in catalogue().values() if item.kind == kind and _is_for_the_back(item, runner)]
    return tuple(item.code for item in sorted(fitting, key=lambda item: item.grade))


def _is_for_the_back(item: Advice, runner: Runner) -> bool:
    return ABOUT_THE_BACK in item.answers and suits(item, runner)


def _cues(levels: Mapping[Pattern, Level]) -> tuple[str, ...]:
    return EASY_CUES if levels[Pattern.RUNNING_FORM] is Level.LITTLE else FORM_CUES


def _load_item(findings: Sequence[Finding], runner: Runner) -> str:
    """What answers the most unusual finding about load. Without one it is days off that are missing."""
    load = [finding for finding in findings if finding.rule in LOAD_RULES]
    if load:
        first = max(load, key=lambda finding: (finding.severity, finding.day, finding.rule))
        return pick_action(first.rule, first.severity, streak_runner=runner.streak_runner).code
    return EASY_DAY if runner.streak_runner else RUN_FREE_DAYS
