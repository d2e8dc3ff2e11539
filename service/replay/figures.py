"""Figures over replayed histories: how often each rule spoke, what became of the rest, and how near logged pain was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rules.checks import all_rules
from rules.pain import AMBER_FROM
from rules.policy import Decision, Outcome, Reason
from service.replay.lived import WEEKS_A_YEAR, Lived, middle_and_ninth_tenth

#: Reasons that leave a finding untold only because others were told: the runner's budget of messages.
HELD_BACK = frozenset({Reason.ONE_IN_48_HOURS, Reason.THREE_IN_14_DAYS})
#: Pain counts as near a message on its day and the 13 days after.
NEAR_DAYS = 14


@dataclass(frozen=True, slots=True)
class RuleFigures:
    """What became of a rule's findings, over all histories.

    `told` counts those told at once, `folded` how many of them shared their message with another rule. `a_year` is how
    many were told at once in 52 weeks with runs: the median and the 90th percentile over the histories.
    """

    rule: str
    told: int
    folded: int
    digest: int
    held_back: int
    silenced: int
    a_year: tuple[float, float]

    @property
    def untold(self) -> int:
        """Neither told at once nor in a digest."""
        return self.held_back + self.silenced


def by_rule(lives: Sequence[Lived]) -> dict[str, RuleFigures]:
    """The figures of every rule that found something, by its code. `lives` must hold runs."""
    found = {decision.finding.rule for lived in lives for decision in lived.decisions}
    return {rule.code: _figures(rule.code, lives) for rule in all_rules() if rule.code in found}


def _figures(rule: str, lives: Sequence[Lived]) -> RuleFigures:
    decisions = [one for lived in lives for one in lived.decisions if one.finding.rule == rule]
    outcomes = Counter(one.outcome for one in decisions)
    held_back = sum(_is_held_back(one) for one in decisions)
    return RuleFigures(
        rule=rule,
        told=outcomes[Outcome.TOLD],
        folded=sum(len(message) > 1 and _speaks_of(message, rule) for lived in lives for message in lived.messages),
        digest=outcomes[Outcome.DIGEST],
        held_back=held_back,
        silenced=outcomes[Outcome.SILENT] - held_back,
        a_year=middle_and_ninth_tenth([_told_a_year(lived, rule) for lived in lives]),
    )


def _is_held_back(decision: Decision) -> bool:
    return decision.reason in HELD_BACK


def _speaks_of(message: Iterable[Decision], rule: str) -> bool:
    return any(decision.finding.rule == rule for decision in message)


def _told_a_year(lived: Lived, rule: str) -> float:
    return WEEKS_A_YEAR * sum(one.finding.rule == rule for one in lived.told) / len(lived.weeks)


def messages_a_year(lives: Sequence[Lived]) -> tuple[float, float]:
    """Messages in 52 weeks with runs: the median and the 90th percentile over the histories."""
    return middle_and_ninth_tenth([lived.messages_a_year for lived in lives])


def reasons_by_rule(lives: Iterable[Lived]) -> dict[str, Counter[Reason]]:
    """Why findings were not told at once, counted for each rule that has such findings."""
    counted: dict[str, Counter[Reason]] = {rule.code: Counter() for rule in all_rules()}
    for lived in lives:
        for decision in lived.decisions:
            if decision.reason:
                counted[decision.finding.rule][decision.reason] += 1
    return {rule: reasons for rule, reasons in counted.items() if reasons}


@dataclass(frozen=True, slots=True)
class PainOverlap:
    """Days with pain of 3 of 10 or more, how many of them lay near a message, and how many of all days did."""

    pain_days: int
    near: int
    days: int
    days_near: int


def pain_overlap(lives: Iterable[Lived]) -> PainOverlap | None:
    """How near logged pain lay to messages, over the histories that hold any; `None` where none does.

    That pain is near a message means little where messages are near most days: so all days are counted beside it.
    """
    pain_days = near = days = days_near = 0
    for lived in lives:
        hurting, all_days, close = set(_pain_days(lived)), set(_days(lived)), set(_days_near_messages(lived))
        if not hurting:
            continue
        pain_days, near = pain_days + len(hurting), near + len(hurting & close)
        days, days_near = days + len(all_days), days_near + len(all_days & close)
    return PainOverlap(pain_days, near, days, days_near) if pain_days else None


def _pain_days(lived: Lived) -> Iterator[date]:
    return (one.at.date() for one in lived.history.diary.check_ins if one.pain >= AMBER_FROM)


def _days(lived: Lived) -> Iterator[date]:
    """Every day from the first run to the last."""
    runs = lived.history.runs
    first, last = runs[0].local_day, runs[-1].local_day
    return (first + timedelta(days=days) for days in range((last - first).days + 1))


def _days_near_messages(lived: Lived) -> Iterator[date]:
    told = (message[0].run.local_day for message in lived.messages)
    return (day + timedelta(days=days) for day in told for days in range(NEAR_DAYS))
