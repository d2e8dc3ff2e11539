"""Chooses what to offer: one thing to do, and one stretch or strength prompt. Same input, same choice.

How prompts are chosen:
- Stretches and strength take turns: a strength item follows when the last prompt was a stretch.
- A strength item stays until the end of its block of four weeks. Blocks begin on the same Monday for everyone, so
  nothing but the days on which items were shown has to be known.
- Otherwise the item that was not shown for longest comes next, so none repeats within 14 days while others fit.
  Equals go by the catalogue's number, and upper-back items first for runners who named their upper back.
- After a race only stretches are offered.
- Items that a group of runners should leave out go only to runners who were asked and do not belong to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from rules.advice.loader import ANY, EXCLUSIONS, catalogue, whole_catalogue
from rules.model import Advice, AdviceKind, Severity

#: A strength item stays this long.
BLOCK_DAYS = 28
#: Rules that speak of pain or warning signs: screening comes first there, an exercise is never offered.
NO_EXERCISE = frozenset({"pain", "red-flag"})
#: Declared streak runners are never told the first of these, and get the second instead.
RUN_FREE_DAYS, EASY_DAY = "take-run-free-days", "swap-in-an-easy-day"


@dataclass(frozen=True, slots=True)
class Choice:
    """The one thing to do, and a stretch or strength item to go with it."""

    action: Advice
    prompt: Advice


def pick(
    finding_rule: str,
    severity: Severity,
    *,
    race: bool,
    upper_back: bool,
    shown: Mapping[str, date],
    today: date,
    asked_exclusions: frozenset[str] | None,
    streak_runner: bool = False,
) -> Choice:
    """What to offer with a finding about load.

    `upper_back` says that the runner named it. `shown` holds the last local day on which each item was shown, by
    code. `asked_exclusions` are the sets C1 to C5 that apply to this runner, `None` if nobody asked.
    Raises `ValueError` for pain, warning signs and `Severity.STOP`: those get `pick_action` and no exercise.
    """
    if severity is Severity.STOP or finding_rule in NO_EXERCISE:
        raise ValueError(f"{finding_rule} ({severity.word}) gets no exercise: use pick_action")
    action = pick_action(finding_rule, severity, race=race, streak_runner=streak_runner)
    prompt = pick_prompt(race=race, upper_back=upper_back, shown=shown, today=today, asked_exclusions=asked_exclusions)
    return Choice(action, prompt)


def pick_action(finding_rule: str, severity: Severity, *, race: bool = False, streak_runner: bool = False) -> Advice:
    """The one thing to do. After a race that is recovery, unless something hurts; `STOP` always means to get help."""
    leads = whole_catalogue().leads
    rule = finding_rule
    if severity is Severity.STOP:
        rule = "red-flag"
    elif race and finding_rule not in NO_EXERCISE:
        rule = "race"
    code = leads.get((rule, severity)) or leads.get((rule, None)) or leads[(ANY, None)]
    if streak_runner and code == RUN_FREE_DAYS:
        code = EASY_DAY
    return catalogue()[code]


def pick_prompt(
    *,
    upper_back: bool,
    shown: Mapping[str, date],
    today: date,
    asked_exclusions: frozenset[str] | None,
    race: bool = False,
) -> Advice:
    """One stretch or strength item, with a finding or without (receipt, welcome, digest). Arguments as in `pick`.

    Not for runners with a warning sign or an unscreened sore place: no item suits them.
    """
    if asked_exclusions is not None and not asked_exclusions <= EXCLUSIONS:
        raise ValueError(f"unknown exclusions {sorted(asked_exclusions - EXCLUSIONS)}: use {sorted(EXCLUSIONS)}")
    if not race and _strength_is_next(shown):
        return _strength(_fitting("strength", upper_back, asked_exclusions), shown, today)
    return _least_recent(_fitting("mobility", upper_back, asked_exclusions), shown)


def _strength_is_next(shown: Mapping[str, date]) -> bool:
    """Whether the last prompt was a stretch. A runner who saw none yet starts with a stretch."""
    return _last(_of_kind("mobility"), shown) > _last(_of_kind("strength"), shown)


def _last(items: Iterable[Advice], shown: Mapping[str, date]) -> date:
    return max(_shown(item, shown) for item in items)


def _shown(item: Advice, shown: Mapping[str, date]) -> date:
    return shown.get(item.code, date.min)


def _strength(items: list[Advice], shown: Mapping[str, date], today: date) -> Advice:
    """The item of the current block, if one was shown in it and still fits, else the next one."""
    start = _block_start(today)
    current = [item for item in items if _shown(item, shown) >= start]
    return max(current, key=lambda item: _shown(item, shown)) if current else _least_recent(items, shown)


def _block_start(today: date) -> date:
    # Day 1 of the calendar was a Monday, so blocks begin on Mondays.
    return date.fromordinal(today.toordinal() - (today.toordinal() - 1) % BLOCK_DAYS)


def _least_recent(items: list[Advice], shown: Mapping[str, date]) -> Advice:
    return min(items, key=lambda item: (_shown(item, shown), "upper-back" not in item.body))


def _fitting(kind: AdviceKind, upper_back: bool, asked: frozenset[str] | None) -> list[Advice]:
    """The items of a kind that this runner can be offered, by number. Never empty: the loader sees to that."""
    return [
        item for item in _of_kind(kind) if (upper_back or "upper-back" not in item.body) and _is_open_to(item, asked)
    ]


def _is_open_to(item: Advice, asked: frozenset[str] | None) -> bool:
    return not item.exclusions if asked is None else not item.exclusions & asked


@cache
def _of_kind(kind: AdviceKind) -> tuple[Advice, ...]:
    return tuple(item for item in catalogue().values() if item.kind == kind)
