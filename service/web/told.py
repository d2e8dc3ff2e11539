"""What a runner told, in words, for the list from which each entry can be deleted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from babel.lists import format_list

from rules.diary import Absence, AbsenceKind, CheckIn, Effort, SelfCheck, WarningSign, WeeklyAnswer
from service.language import _
from service.messages.days import full_date
from service.messages.places import place_words
from service.messages.signs import named_signs
from service.messages.units import present_locale
from service.store.diary import Entry


@dataclass(frozen=True)
class Told:
    """One entry of the list. `stands` is a warning sign that was not cleared; `lasts` an absence without an end."""

    id: int
    day: date
    kind: str
    words: str
    stands: bool = False
    lasts: bool = False


def told(entries: Iterable[tuple[int, Entry]]) -> list[Told]:
    """Check-ins, efforts, signs, weekly answers and absences, the newest first."""
    listed = [item for entry_id, entry in entries for item in _told(entry_id, entry)]
    return sorted(listed, key=lambda item: (item.day, item.id), reverse=True)


def _told(entry_id: int, entry: Entry) -> Iterator[Told]:
    if isinstance(entry, WarningSign):
        stands = entry.cleared_at is None
        yield Told(entry_id, entry.at.date(), _("Warning sign"), _sign(entry), stands=stands)
    elif isinstance(entry, CheckIn):
        yield Told(entry_id, entry.at.date(), _("Pain"), _pain(entry))
    elif isinstance(entry, Effort):
        yield Told(entry_id, entry.at.date(), _("Effort"), _("%(effort)d of 10") % {"effort": entry.rpe})
    elif isinstance(entry, SelfCheck):
        yield Told(entry_id, entry.at.date(), _("Self-check"), _("Your answers about the upper back"))
    elif isinstance(entry, WeeklyAnswer):
        yield Told(entry_id, entry.day, _("Week"), _week(entry))
    elif isinstance(entry, Absence):
        yield Told(entry_id, entry.first_day, _("Not running"), _absence(entry), lasts=entry.last_day is None)


def _sign(entry: WarningSign) -> str:
    (words,) = named_signs([entry.code])
    if entry.cleared_at is None:
        return words
    return _("%(sign)s; cleared on %(day)s") % {"sign": words, "day": full_date(entry.cleared_at.date())}


def _pain(entry: CheckIn) -> str:
    place = place_words(entry.place)
    parts = [_("%(place)s: %(pain)d of 10") % {"place": place, "pain": entry.pain}]
    parts += [_("the next morning")] if entry.next_morning else []
    parts += [_("changed how you ran")] if entry.altered_stride else []
    parts += [_("at night")] if entry.at_night else []
    return format_list(parts, locale=present_locale(), style="unit")


def _week(entry: WeeklyAnswer) -> str:
    questions = (
        (_("trained"), participation_words(), entry.participation),
        (_("changed"), changed_words(), entry.changed),
        (_("felt"), felt_words(), entry.felt),
    )
    parts = [f"{name}: {words[answer]}" for name, words, answer in questions]
    place = [place_words(entry.place)] if entry.place else []
    return format_list([*place, *parts], locale=present_locale(), style="unit")


def _absence(entry: Absence) -> str:
    kind = absence_words()[entry.kind]
    if entry.last_day is None:
        return _("%(kind)s, it lasts") % {"kind": kind}
    return _("%(kind)s, until %(day)s") % {"kind": kind, "day": full_date(entry.last_day)}


def absence_words() -> dict[AbsenceKind, str]:
    return {
        AbsenceKind.INJURED: _("Injured"),
        AbsenceKind.ILL: _("Ill"),
        AbsenceKind.HOLIDAY: _("Holiday"),
        AbsenceKind.OTHER_SPORT: _("Another sport"),
        AbsenceKind.BUSY: _("Just busy"),
    }


def participation_words() -> tuple[str, ...]:
    """How much of the running that was meant could be done, 0 to 3."""
    return _("all of it"), _("nearly all"), _("only some"), _("none")


def changed_words() -> tuple[str, ...]:
    """How much of it was changed for a sore place, 0 to 3."""
    return _("nothing"), _("a little"), _("clearly something"), _("a lot")


def felt_words() -> tuple[str, ...]:
    """How much a sore place was felt, 0 to 3."""
    return _("not at all"), _("a little"), _("clearly"), _("a lot")
