"""Chooses what to offer: one thing to do, and one stretch, strength or form prompt. Same input, same choice.

Which items can be offered at all:
- Items that a group of runners should leave out go only to runners who were asked and do not belong to it; items that a
  sore place rules out, or that need what the runner lacks, to nobody of those.
- Upper-back items and form cues go with findings about the upper back or about form that fades. Any other finding
  brings upper-back items only to a runner who named the upper back, as a focus or as a sore place, and no form cue.
- After a race only stretches are offered.

Which of them comes:
- Stretches and strength take turns (and form cues, where they can be offered): the kind that was not shown for longest.
- A strength item stays until the end of its block of four weeks. Blocks begin on the same Monday for everyone, so
  nothing but the days on which items were shown has to be known.
- No stretch comes again within 14 days while others fit. What answers the finding comes before what does not, then
  what goes with the run or with the upper back that was named, then what was not shown for longest. Equals go by the
  catalogue's number, upper-back items first for runners who named it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache, lru_cache

from rules.advice.loader import ANY, AT_HOME, EXPECTING, EXPECTING_EXCLUSION, catalogue, whole_catalogue
from rules.advice.runner import UPPER_BACK_RULES, Occasion, Runner
from rules.model import Advice, AdviceKind, Severity
from rules.signs import UPPER_BACK

#: A strength item stays this long.
BLOCK_DAYS = 28
#: A stretch waits this long before it comes again.
ROTATION = timedelta(days=14)
#: Rules that speak of pain or warning signs: screening comes first there, an exercise is never offered.
NO_EXERCISE = frozenset({"pain", "red-flag"})
#: Declared streak runners are never told the first of these, and get the second instead.
RUN_FREE_DAYS, EASY_DAY = "take-run-free-days", "swap-in-an-easy-day"


class Why(StrEnum):
    """Why this prompt and no other: the strongest reason there is."""

    THIS_BLOCK = "this-block"
    SORE_PLACE = "sore-place"
    YOUR_UPPER_BACK = "your-upper-back"
    FITS_THE_RUN = "fits-the-run"
    FITS_THE_FINDING = "fits-the-finding"
    LONGEST_NOT_SHOWN = "longest-not-shown"


@dataclass(frozen=True, slots=True)
class Prompt:
    """A stretch, strength item or form cue, and why it was chosen."""

    item: Advice
    why: Why


@dataclass(frozen=True, slots=True)
class Choice:
    """The one thing to do, and a prompt to go with it; no prompt where nothing suits (sore in many places)."""

    action: Advice
    prompt: Advice | None
    why: Why | None

    @property
    def prompted(self) -> Prompt | None:
        """The prompt with its reason."""
        return None if self.prompt is None or self.why is None else Prompt(self.prompt, self.why)


def pick(occasion: Occasion, runner: Runner, shown: Mapping[str, date], today: date) -> Choice:
    """What to offer with a finding about load. `shown` holds the last local day on which each item was shown, by code.

    Raises `ValueError` for pain, warning signs and `Severity.STOP`: those get `pick_action` and no exercise.
    """
    action = pick_action(occasion.rule, occasion.severity, race=occasion.race, streak_runner=runner.streak_runner)
    prompt = pick_prompt(runner, shown, today, occasion)
    return Choice(action, prompt.item if prompt else None, prompt.why if prompt else None)


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
    runner: Runner, shown: Mapping[str, date], today: date, occasion: Occasion | None = None
) -> Prompt | None:
    """One prompt, with a finding or without (receipt, welcome, digest); `None` where nothing suits this runner.

    Not for runners with a warning sign or an unscreened sore place: no item suits them. Raises `ValueError` for an
    occasion that gets no exercise, as `pick` does.
    """
    if occasion is not None and (occasion.severity is Severity.STOP or occasion.rule in NO_EXERCISE):
        raise ValueError(f"{occasion.rule} ({occasion.severity.word}) gets no exercise: use pick_action")
    items = _about_the_finding(runner, occasion) or _in_general(runner, occasion)
    kinds = _in_turn(items, shown, today)
    return _of_turn(kinds[0], items, runner, shown, today, occasion) if kinds else None


def suits(item: Advice, runner: Runner) -> bool:
    """Whether an item can be offered to this runner at all, whatever the occasion."""
    if runner.expecting and EXPECTING not in item.suits:
        # Our choice: in pregnancy and for half a year after it only what is marked for it. That is stretches and body
        # weight without lying on back or front; no bands, weights, planks or form cues.
        return False
    if runner.sore & item.not_when_sore or (item.not_when_sore and runner.unknown_places):
        return False
    return item.equipment <= AT_HOME | runner.equipment and _is_open_to(item, runner)


def _is_open_to(item: Advice, runner: Runner) -> bool:
    if runner.exclusions is None:
        return not item.exclusions
    expecting = frozenset({EXPECTING_EXCLUSION}) if runner.expecting else frozenset[str]()
    return not item.exclusions & (runner.exclusions | expecting)


# What can be offered


def _about_the_finding(runner: Runner, occasion: Occasion | None) -> list[Advice]:
    """For findings about the upper back or fading form: what answers them, but not what is the one thing to do."""
    if occasion is None or occasion.rule not in UPPER_BACK_RULES:
        return []
    action = pick_action(occasion.rule, occasion.severity, race=occasion.race)
    kinds: tuple[AdviceKind, ...] = ("mobility",) if occasion.race else ("mobility", "strength", "form")
    suiting = _suiting(runner, kinds)
    return [item for item in suiting if occasion.rule in item.answers and item.code != action.code]


def _in_general(runner: Runner, occasion: Occasion | None) -> list[Advice]:
    kinds: tuple[AdviceKind, ...] = ("mobility",) if occasion and occasion.race else ("mobility", "strength")
    suiting = _suiting(runner, kinds)
    return [item for item in suiting if runner.cares_for_the_upper_back or UPPER_BACK not in item.body]


@lru_cache(maxsize=64)
def _suiting(runner: Runner, kinds: tuple[AdviceKind, ...]) -> tuple[Advice, ...]:
    """What suits a runner does not change with the finding or the day."""
    return tuple(item for item in _of_kinds(kinds) if suits(item, runner))


@cache
def _of_kinds(kinds: tuple[AdviceKind, ...]) -> tuple[Advice, ...]:
    return tuple(item for item in catalogue().values() if item.kind in kinds)


# Which of them comes


def _in_turn(items: Sequence[Advice], shown: Mapping[str, date], today: date) -> list[AdviceKind]:
    """The kinds among the items, the one that was not shown for longest first. A new runner starts with a stretch.

    Where form cues can be offered, stretches that would all come again too soon wait for those.
    """
    order: tuple[AdviceKind, ...] = ("mobility", "strength", "form")
    kinds = [kind for kind in order if any(item.kind == kind for item in items)]

    def too_soon(kind: AdviceKind) -> bool:
        stretches = [item for item in items if item.kind == kind == "mobility"]
        return "form" in kinds and bool(stretches) and all(_is_recent(item, shown, today) for item in stretches)

    return sorted(kinds, key=lambda kind: (too_soon(kind), _last(_of_kinds((kind,)), shown)))


def _of_turn(
    kind: AdviceKind,
    items: Iterable[Advice],
    runner: Runner,
    shown: Mapping[str, date],
    today: date,
    occasion: Occasion | None,
) -> Prompt:
    fitting = [item for item in items if item.kind == kind]
    if kind == "strength":
        start = _block_start(today)
        current = [item for item in fitting if _shown(item, shown) >= start]
        if current:
            return Prompt(max(current, key=lambda item: _shown(item, shown)), Why.THIS_BLOCK)

    def rank(item: Advice) -> tuple[bool, bool, bool, date, bool]:
        why = _why(item, runner, occasion)
        return (
            _is_recent(item, shown, today),
            occasion is not None and why is Why.LONGEST_NOT_SHOWN,
            occasion is not None and bool(occasion.all_traits) and why is Why.FITS_THE_FINDING,
            _shown(item, shown),
            UPPER_BACK not in item.body,
        )

    first = min(fitting, key=rank)
    return Prompt(first, _why(first, runner, occasion))


def _why(item: Advice, runner: Runner, occasion: Occasion | None) -> Why:
    if UPPER_BACK in item.body and runner.cares_for_the_upper_back:
        return Why.SORE_PLACE if UPPER_BACK in runner.sore else Why.YOUR_UPPER_BACK
    if occasion is None:
        return Why.LONGEST_NOT_SHOWN
    if item.traits & occasion.all_traits:
        return Why.FITS_THE_RUN
    return Why.FITS_THE_FINDING if occasion.rule in item.answers else Why.LONGEST_NOT_SHOWN


def _last(items: Iterable[Advice], shown: Mapping[str, date]) -> date:
    return max(_shown(item, shown) for item in items)


def _shown(item: Advice, shown: Mapping[str, date]) -> date:
    return shown.get(item.code, date.min)


def _is_recent(item: Advice, shown: Mapping[str, date], today: date) -> bool:
    return item.code in shown and today - shown[item.code] <= ROTATION


def _block_start(today: date) -> date:
    # Day 1 of the calendar was a Monday, so blocks begin on Mondays.
    return date.fromordinal(today.toordinal() - (today.toordinal() - 1) % BLOCK_DAYS)
