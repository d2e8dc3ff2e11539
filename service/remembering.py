"""Knowing again what is no longer held: by keyed hashes, so that nothing is told twice and nothing old is news."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from rules.model import Activity
from rules.policy import Outcome, Told
from service.store import Transaction
from service.store.records import StoredFinding
from service.store.seals import MARK, Seals, is_sealed

#: Stands for a rule's code where the key is that of a gap without runs.
GAP = "absence"
#: Numbers that stand for runs that are no longer held lie far below those of any file or recording.
_FIRST_FORGOTTEN = -(2**62)


def seen(tx: Transaction, athlete_id: int, activities: Iterable[Activity]) -> set[int]:
    """Ids of those activities that were held once and no longer are: what comes back is not news.

    A sync treats them as imported. An activity that is held, or was never seen, is not among them.
    """
    return tx.activities.seen(athlete_id, [activity.id for activity in activities])


class Decided:
    """The (rule, key) pairs that were decided, be their keys kept in clear or as a hash."""

    def __init__(self, seals: Seals, athlete_id: int, stored: Iterable[StoredFinding]) -> None:
        self._seals = seals
        self._athlete_id = athlete_id
        self._names = {(item.rule, item.key) for item in stored}

    def __contains__(self, name: object) -> bool:
        if not isinstance(name, tuple):
            return False
        rule, key = name
        return name in self._names or (rule, self._seals.key(self._athlete_id, rule, key)) in self._names


class AskedGaps:
    """The gaps without runs that were asked about, be their days kept in clear or as hashes."""

    def __init__(self, seals: Seals, athlete_id: int, keys: Iterable[str]) -> None:
        self._seals = seals
        self._athlete_id = athlete_id
        self._marks = {seals.key(athlete_id, GAP, key) for key in keys}

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self._seals.key(self._athlete_id, GAP, key) in self._marks


def said(stored: Iterable[StoredFinding], outcome: Outcome) -> list[Told]:
    """What became told, or a note, as the policy asks for it.

    Of a run that is no longer held only the day is known: it counts as all of that day, so that neither another
    recording of it is told, nor more is told in a while than was promised.
    """
    return [_told(item) for item in stored if item.outcome is outcome]


def _told(stored: StoredFinding) -> Told:
    if not is_sealed(stored.key):
        return Told(stored.rule, stored.severity, stored.run)
    run = stored.run
    if stored.scrubbed_at is not None:
        day_ends = run.start_local + timedelta(days=1)
        run = replace(run, id=_stand_in(stored), end_local=day_ends, finished_local=day_ends)
    return Told(stored.rule, stored.severity, run)


def _stand_in(stored: StoredFinding) -> int:
    """A number for a run whose own is gone: the same for all that one message told of it."""
    name = stored.message_id or stored.key.removeprefix(MARK)
    return _FIRST_FORGOTTEN + int.from_bytes(name.encode()[:7])
