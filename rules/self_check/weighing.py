"""Holds the answers and the runner's own load against five patterns. It never says where pain comes from.

The five are those that a clinic's page for runners names (docs/article.md). The evidence carries none of them further
than an association, so the words are "goes together with" and no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

from rules.history import TrainingHistory
from rules.model import Finding, Severity
from rules.words import N_

#: Findings of so many days count, and so many days of runs are looked at for days without running.
LOOK_BACK_DAYS = 28
#: Points from which a pattern fits, and from which it could fit. One clear answer is enough for the first.
FITS_FROM, COULD_FIT_FROM = 2, 1
#: Fewer run-free days in 7 than this speak for more running than the body had rest for (evidence: rule no-rest-month).
FEW_RUN_FREE_DAYS = 1.0
LOAD_RULES = frozenset(
    {"run-spike", "fortnight-rise", "stair-climb", "streak", "no-rest-month", "return-from-break", "monotony"}
)
FORM_RULE = "late-cadence-fade"
REST_RULE = "no-rest-month"


class Pattern(StrEnum):
    """The five, in the order of the page."""

    POSTURE = "posture"
    TIGHT_MUSCLES = "tight-muscles"
    WEAK_MUSCLES = "weak-muscles"
    RUNNING_FORM = "running-form"
    OVERUSE = "overuse"


class Level(StrEnum):
    FITS = "fits"
    COULD_FIT = "could-fit"
    LITTLE = "little-speaks-for-it"


#: What stands for %(pattern)s in the sentences.
PATTERNS: Mapping[Pattern, str] = MappingProxyType(
    {
        Pattern.POSTURE: N_("long spells in one position"),
        Pattern.TIGHT_MUSCLES: N_("muscles of chest, neck and upper back that feel tight"),
        Pattern.WEAK_MUSCLES: N_("muscles of back and shoulders that tire early"),
        Pattern.RUNNING_FORM: N_("a running form that changes as you tire"),
        Pattern.OVERUSE: N_("more running, or less rest, than you are used to"),
    }
)
SENTENCES: Mapping[Level, str] = MappingProxyType(
    {
        Level.FITS: N_("What you describe goes together with %(pattern)s."),
        Level.COULD_FIT: N_("What you describe could go together with %(pattern)s."),
        Level.LITTLE: N_("Little of what you describe speaks for %(pattern)s."),
    }
)


@dataclass(frozen=True, slots=True)
class Reason:
    """Something that speaks for a pattern: an answer (`code` is the question), a finding, or what is known besides.

    Known besides are `desk-days` (told) and `few-run-free-days` (counted).
    """

    kind: Literal["answer", "finding", "known"]
    code: str
    answer: str = ""
    points: int = 1


@dataclass(frozen=True, slots=True)
class Weighed:
    """One pattern, how far it fits, and all that speaks for it: nothing where little does."""

    pattern: Pattern
    level: Level
    reasons: tuple[Reason, ...]


#: What each answer speaks for, in points. Ours, by plain sense: no study weighed them.
_ANSWERS: Mapping[tuple[str, str], Mapping[Pattern, int]] = MappingProxyType(
    {
        ("sitting-spells", "hours"): {Pattern.POSTURE: 1, Pattern.TIGHT_MUSCLES: 1},
        ("worse-after-sitting", "often"): {Pattern.POSTURE: 2, Pattern.TIGHT_MUSCLES: 1},
        ("worse-after-sitting", "sometimes"): {Pattern.POSTURE: 1},
        ("stiff-when-turning", "often"): {Pattern.TIGHT_MUSCLES: 2},
        ("stiff-when-turning", "sometimes"): {Pattern.TIGHT_MUSCLES: 1},
        ("tense-shoulders", "yes"): {Pattern.TIGHT_MUSCLES: 1},
        ("strength-training", "never"): {Pattern.WEAK_MUSCLES: 1},
        ("tires-when-upright", "yes"): {Pattern.WEAK_MUSCLES: 1},
        ("late-in-runs", "yes"): {Pattern.RUNNING_FORM: 1},
        ("shape-when-tired", "yes"): {Pattern.RUNNING_FORM: 2},
        ("running-lately", "yes"): {Pattern.OVERUSE: 1},
    }
)


def weigh(
    answers: Mapping[str, str], findings: Iterable[Finding], *, run_free_days: float | None, desk_days: bool
) -> tuple[Weighed, ...]:
    """All five patterns in their order. `run_free_days` are those in 7, `None` where the history is too short."""
    findings = tuple(findings)
    # The rule about months without rest counts the same days: they speak once.
    counted = None if any(finding.rule == REST_RULE for finding in findings) else run_free_days
    speaking = [*_from_answers(answers), *_from_findings(findings), *_from_days(counted, desk_days)]
    return tuple(_weighed(pattern, [reason for speaks, reason in speaking if speaks is pattern]) for pattern in Pattern)


def _weighed(pattern: Pattern, reasons: Sequence[Reason]) -> Weighed:
    points = sum(reason.points for reason in reasons)
    level = Level.FITS if points >= FITS_FROM else Level.COULD_FIT if points >= COULD_FIT_FROM else Level.LITTLE
    return Weighed(pattern, level, tuple(reasons))


def _from_answers(answers: Mapping[str, str]) -> Iterator[tuple[Pattern, Reason]]:
    for code, answer in answers.items():
        for pattern, points in _ANSWERS.get((code, answer), {}).items():
            yield pattern, Reason("answer", code, answer, points)


def _from_findings(findings: Iterable[Finding]) -> Iterator[tuple[Pattern, Reason]]:
    """One reason a rule, by its most unusual finding: a note alone could fit, a caution or high fits."""
    most: dict[str, Severity] = {}
    for finding in findings:
        most[finding.rule] = max(finding.severity, most.get(finding.rule, finding.severity))
    for rule, severity in sorted(most.items()):
        if rule in LOAD_RULES:
            yield Pattern.OVERUSE, Reason("finding", rule, points=2 if severity >= Severity.CAUTION else 1)
        elif rule == FORM_RULE:
            yield Pattern.RUNNING_FORM, Reason("finding", rule)


def _from_days(run_free_days: float | None, desk_days: bool) -> Iterator[tuple[Pattern, Reason]]:
    if desk_days:
        yield Pattern.POSTURE, Reason("known", "desk-days")
    if run_free_days is not None and run_free_days < FEW_RUN_FREE_DAYS:
        yield Pattern.OVERUSE, Reason("known", "few-run-free-days")


def recent(findings: Iterable[Finding], today: date) -> tuple[Finding, ...]:
    """The findings of the last 28 days, today included."""
    first = today - timedelta(days=LOOK_BACK_DAYS - 1)
    return tuple(finding for finding in findings if first <= finding.day <= today)


def run_free_days_in_7(history: TrainingHistory, today: date) -> float | None:
    """Days without a run in 7, over the last 28 days; `None` where the history does not reach back so far."""
    first = today - timedelta(days=LOOK_BACK_DAYS - 1)
    if not history.known or history.known[0].local_day > first:
        return None
    ran = {run.local_day for run in history.runs if first <= run.local_day <= today}
    return 7 * (LOOK_BACK_DAYS - len(ran)) / LOOK_BACK_DAYS
