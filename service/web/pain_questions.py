"""The questions about a sore place that are due: the morning after, and after the next run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rules.diary import Diary
from rules.pain import questions_due
from service.knowledge import held_of
from service.language import _
from service.messages.places import place_words
from service.store import Transaction
from service.store.records import Athlete


@dataclass(frozen=True)
class Due:
    """One question, in words. `morning` says that it is about the morning after."""

    place: str
    morning: bool
    words: str


def pain_questions(tx: Transaction, athlete: Athlete, diary: Diary, at: datetime) -> list[Due]:
    """What is asked at that local moment, until three answers for a place are green."""
    ended = (item.activity.finished_local for item in held_of(tx, athlete.id, at) if item.activity.is_run)
    last_run_ended = max((moment for moment in ended if moment <= at), default=None)
    return [
        Due(one.place, one.morning, _words(place_words(one.place), morning=one.morning))
        for one in questions_due(diary, at, last_run_ended)
    ]


def _words(place: str, *, morning: bool) -> str:
    asked = _("How is it the morning after: %(place)s?") if morning else _("How was it on your last run: %(place)s?")
    return asked % {"place": place}
