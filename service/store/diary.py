"""What a runner told: pain, warning signs, answers, absences, limits, snoozes. Health data, so encrypted row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, select, update

from rules.diary import (
    Absence,
    CheckIn,
    Diary,
    Effort,
    Exclusions,
    OwnLimit,
    SelfCheck,
    Snooze,
    Usefulness,
    WarningSign,
    WeeklyAnswer,
)
from service.store.schema import diary_entries
from service.vault import Vault


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a runner declared once; the newest entry counts. `thresholds` are overrides by rule and field.

    `budget` is how many messages may come in 14 days, `reads_course` whether the course of long runs is read,
    `equipment` what is at hand for exercises (`band`, `dumbbells`, `foam-roller`). `expecting` stands in older entries
    alone: it is asked with the exclusions now.
    """

    streak_runner: bool = False
    desk_days: bool = False
    expecting: bool = False
    budget: int | None = None
    reads_course: bool = False
    equipment: tuple[str, ...] = ()
    thresholds: Mapping[str, Mapping[str, float]] | None = None


Answer = CheckIn | Effort | WarningSign | WeeklyAnswer | Absence | SelfCheck | Usefulness
Entry = Answer | OwnLimit | Exclusions | Snooze | Preferences

_KINDS: dict[str, type[Any]] = {
    "check-in": CheckIn,
    "effort": Effort,
    "sign": WarningSign,
    "weekly": WeeklyAnswer,
    "absence": Absence,
    "limit": OwnLimit,
    "exclusions": Exclusions,
    "snooze": Snooze,
    "self-check": SelfCheck,
    "usefulness": Usefulness,
    "preferences": Preferences,
}
_ADAPTERS: dict[str, TypeAdapter[Any]] = {kind: TypeAdapter(model) for kind, model in _KINDS.items()}


class DiaryEntries:
    """SQL about what runners told."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def add(self, athlete_id: int, entry: Entry, now: datetime) -> int:
        """Keep an entry and return its id."""
        kind = _kind_of(entry)
        row = diary_entries.insert().values(athlete_id=athlete_id, kind=kind, at=now, body=self._sealed(kind, entry))
        entry_id: int = self._connection.execute(row.returning(diary_entries.c.id)).scalar_one()
        return entry_id

    def change(self, athlete_id: int, entry_id: int, entry: Entry) -> bool:
        """Put a corrected entry in place of an earlier one (a sign cleared, an absence ended)."""
        kind = _kind_of(entry)
        mine = (diary_entries.c.athlete_id == athlete_id) & (diary_entries.c.id == entry_id)
        changed = update(diary_entries).where(mine, diary_entries.c.kind == kind)
        return self._connection.execute(changed.values(body=self._sealed(kind, entry))).rowcount == 1

    def remove(self, athlete_id: int, entry_id: int) -> bool:
        mine = (diary_entries.c.athlete_id == athlete_id) & (diary_entries.c.id == entry_id)
        return self._connection.execute(diary_entries.delete().where(mine)).rowcount == 1

    def entries(self, athlete_id: int) -> list[tuple[int, Entry]]:
        """All entries with their ids, in the order in which they were told."""
        columns = (diary_entries.c.id, diary_entries.c.kind, diary_entries.c.body)
        mine = select(*columns).where(diary_entries.c.athlete_id == athlete_id).order_by(diary_entries.c.id)
        return [(row.id, self._opened(row.kind, row.body)) for row in self._connection.execute(mine)]

    def diary(self, athlete_id: int, *, upper_back: bool = False) -> Diary:
        """Everything as the rules read it. Of limits and preferences the newest counts."""
        told = [entry for _id, entry in self.entries(athlete_id)]
        preferences = _newest_preferences(told)
        return Diary(
            check_ins=tuple(sorted((e for e in told if isinstance(e, CheckIn)), key=lambda e: e.at)),
            efforts=tuple(e for e in told if isinstance(e, Effort)),
            signs=tuple(sorted((e for e in told if isinstance(e, WarningSign)), key=lambda e: e.at)),
            weekly=tuple(sorted((e for e in told if isinstance(e, WeeklyAnswer)), key=lambda e: e.day)),
            absences=tuple(sorted((e for e in told if isinstance(e, Absence)), key=lambda e: e.first_day)),
            limit=next((e for e in reversed(told) if isinstance(e, OwnLimit)), None),
            exclusions=next((e for e in reversed(told) if isinstance(e, Exclusions)), _as_declared(preferences)),
            snoozes=tuple(e for e in told if isinstance(e, Snooze)),
            usefulness=tuple(e for e in told if isinstance(e, Usefulness)),
            self_checks=tuple(sorted((e for e in told if isinstance(e, SelfCheck)), key=lambda e: e.at)),
            streak_runner=preferences.streak_runner,
            desk_days=preferences.desk_days,
            budget=preferences.budget,
            equipment=frozenset(preferences.equipment),
            reads_course=preferences.reads_course,
            upper_back=upper_back,
            thresholds=preferences.thresholds or {},
        )

    def preferences(self, athlete_id: int) -> Preferences:
        """What the runner declared last."""
        return _newest_preferences([entry for _id, entry in self.entries(athlete_id)])

    def delete_all(self, athlete_id: int) -> int:
        return self._connection.execute(diary_entries.delete().where(diary_entries.c.athlete_id == athlete_id)).rowcount

    def _sealed(self, kind: str, entry: Entry) -> str:
        return self._vault.encrypt(_ADAPTERS[kind].dump_json(entry).decode())

    def _opened(self, kind: str, body: str) -> Entry:
        entry: Entry = _ADAPTERS[kind].validate_json(self._vault.decrypt(body))
        return entry


def _as_declared(preferences: Preferences) -> Exclusions | None:
    """What an older entry said of it: nobody who is pregnant may be taken for not asked."""
    return Exclusions(("C1",), expecting=True) if preferences.expecting else None


def _newest_preferences(told: Sequence[Entry]) -> Preferences:
    return next((one for one in reversed(told) if isinstance(one, Preferences)), Preferences())


def _kind_of(entry: Entry) -> str:
    return next(kind for kind, model in _KINDS.items() if isinstance(entry, model))
