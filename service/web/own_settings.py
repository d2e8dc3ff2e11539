"""How a runner's own settings stand, for the settings page: quiet, thresholds, limit and what was declared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rules.diary import Diary, OwnLimit, Snooze
from rules.policy import Policy
from rules.rule import Rule
from service.language import _
from service.messages.days import full_date
from service.store.diary import Entry, Preferences

QUIET_DAYS = (7, 14, 28)
BUDGETS = (1, 2, 3)
MOST_EXERCISES, MOST_RUNS, LONGEST_MINUTES = 5, 14, 600


@dataclass(frozen=True)
class Quiet:
    """A silence that was asked for and still lasts."""

    id: int
    title: str
    until: str


@dataclass(frozen=True)
class Threshold:
    """One threshold as this runner has it, beside ours and the bounds."""

    name: str
    label: str
    value: str
    ours: str
    low: str
    high: str

    @property
    def is_own(self) -> bool:
        return self.value != self.ours


@dataclass(frozen=True)
class OwnRule:
    """A rule whose thresholds may be moved."""

    code: str
    title: str
    thresholds: tuple[Threshold, ...]

    @property
    def is_own(self) -> bool:
        return any(one.is_own for one in self.thresholds)


@dataclass(frozen=True)
class OwnSettings:
    """All of it. `limit` is the one that stands."""

    diary: Diary
    limit: OwnLimit | None
    quiet: list[Quiet]
    can_be_quiet: list[tuple[str, str]]
    rules: list[OwnRule]
    budget: int
    reads_course: bool
    equipment: tuple[str, ...]


def own_settings(
    diary: Diary,
    entries: Sequence[tuple[int, Entry]],
    declared: Preferences,
    ours: Sequence[Rule],
    own: Sequence[Rule],
    now: datetime,
) -> OwnSettings:
    """`ours` are the rules as they come, `own` as this runner has set them."""
    return OwnSettings(
        diary=diary,
        limit=_standing(diary.limit, now.date()),
        quiet=[_quiet(entry_id, one, ours) for entry_id, one in entries if isinstance(one, Snooze) and one.until > now],
        can_be_quiet=[(rule.code, _(rule.title)) for rule in ours if can_be_quiet(rule)],
        rules=[_own_rule(rule, mine) for rule, mine in zip(ours, own, strict=True) if rule.bounds],
        budget=Policy.of(diary).budget,
        reads_course=declared.reads_course,
        equipment=declared.equipment,
    )


def can_be_quiet(rule: Rule) -> bool:
    """Pain and warning signs are never silenced, and a card says nothing anyway."""
    return rule.pushes and not rule.outranks


def equipment_words() -> tuple[tuple[str, str], ...]:
    """What an exercise may need beyond what every home has."""
    return ("band", _("an elastic band")), ("dumbbells", _("dumbbells")), ("foam-roller", _("a foam roller"))


def label_of(name: str) -> str:
    """A threshold's name for people; ours in the code where it has none."""
    words = {
        "note": _("Noted in the digest from"),
        "caution": _("Message from"),
        "high": _("Very unusual from"),
        "least_distance_m": _("Only runs of at least (metres)"),
        "least_excess_m": _("Only if at least so much beyond (metres)"),
        "least_rise_m": _("Only if the rise is at least (metres)"),
        "least_base_m": _("Only if the usual is at least (metres)"),
        "least_week_m": _("Only weeks of at least (metres)"),
        "least_run_m": _("A day counts from (metres)"),
        "note_m": _("Noted from (metres)"),
        "least_run_days": _("Only with run days in 7 of at least"),
        "least_rest_days": _("Noted with fewer free days in 28 than"),
        "least_minutes": _("Only runs of at least (minutes)"),
        "least_pain": _("Pain counts from (0 to 10)"),
    }
    return words.get(name) or name.replace("_", " ")


def _standing(limit: OwnLimit | None, today: date) -> OwnLimit | None:
    return limit if limit is not None and limit.until >= today else None


def _quiet(entry_id: int, snooze: Snooze, rules: Sequence[Rule]) -> Quiet:
    title = next((_(rule.title) for rule in rules if rule.code == snooze.rule), _("All rules"))
    return Quiet(entry_id, title, full_date(snooze.until.date()))


def _own_rule(ours: Rule, own: Rule) -> OwnRule:
    return OwnRule(ours.code, _(ours.title), tuple(_threshold(name, ours, own) for name in ours.bounds))


def _threshold(name: str, ours: Rule, own: Rule) -> Threshold:
    low, high = ours.bounds[name]
    values = (getattr(own, name), getattr(ours, name), low, high)
    return Threshold(name, label_of(name), *(f"{value:g}" for value in values))
