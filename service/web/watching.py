"""What every rule can do for a runner now: shown wherever the absence of an alert could be read as good news."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from rules.history import TrainingHistory
from rules.model import RuleState, Watch
from rules.rule import Rule
from rules.starting import is_starting
from service.bootstrap import Service
from service.knowledge import held_of, history_of, rules_of
from service.language import _
from service.lifecycle import TROUBLE
from service.messages.days import full_date, wall_clock
from service.messages.endings import paused_words, state_words
from service.messages.reasons import state_row
from service.states import rule_states
from service.store import Transaction
from service.store.records import Athlete, HeldActivity, StravaConnection
from service.web.emptied import why_empty


@dataclass(frozen=True)
class Watched:
    """One rule and its state, with the words for it. `reads` is whether what it looks at comes in at present."""

    rule: Rule
    state: RuleState
    reads: bool

    @property
    def title(self) -> str:
        return state_row(self.rule, self.state)[0]

    @property
    def words(self) -> str:
        return state_row(self.rule, self.state)[1] if self.reads else _("not read at present")

    @property
    def dot(self) -> str:
        """The class of the dot that stands before it."""
        return self.state.watch.value if self.reads else Watch.CANNOT_WATCH.value

    @property
    def thresholds(self) -> tuple[tuple[str, Any], ...]:
        """The rule's own settings, by the names they have in the code."""
        return tuple((field.name, getattr(self.rule, field.name)) for field in fields(self.rule))


@dataclass(frozen=True)
class Watching:
    """The rules' states, and what holds for all of them: `limits` says why less is told than they could."""

    rules: tuple[Watched, ...]
    limits: tuple[str, ...]


def watching(service: Service, tx: Transaction, athlete: Athlete) -> Watching:
    """As things stand now, from what is held."""
    connection = tx.connections.get(athlete.id)
    local_now = wall_clock(athlete, service.clock())
    held = held_of(tx, athlete.id, local_now)
    history = history_of(tx, athlete, local_now, held)
    hands_in = connection is None and tx.own.count(athlete.id) > 0
    days_to_learn = connection.days_to_learn(service.clock()) if connection else 0
    states = rule_states(rules_of(service, history.diary), history, local_now, days_to_learn)
    has_expired = bool(why_empty(tx, athlete, service.clock()))
    is_read = hands_in or (connection is not None and connection.state == "connected" and not has_expired)
    # Pain and warning signs come from the runner, not from Strava: they are answered without a connection, too.
    rules = tuple(Watched(rule, state, reads=is_read or rule.outranks) for rule, state in states)
    is_paused = tx.instance.get(TROUBLE) is not None
    limits = _limits(athlete, connection, held, history, service.clock(), is_paused=is_paused, hands_in=hands_in)
    return Watching(rules, tuple(limits))


def _limits(
    athlete: Athlete,
    connection: StravaConnection | None,
    held: Sequence[HeldActivity],
    history: TrainingHistory,
    now: datetime,
    *,
    is_paused: bool,
    hands_in: bool,
) -> list[str]:
    if hands_in:
        return [
            _("Strava is not connected: only the runs that you hand in are read."),
            *_starting(athlete, history, now),
        ]
    if connection is None:
        return [_("Strava is not connected: no run is read, so only your check-ins are answered.")]
    if connection.state != "connected":
        return [state_words(connection.state)]
    said = [paused_words()] if is_paused else []
    if connection.trouble and connection.synced_at is not None and not is_paused:
        day = full_date(wall_clock(athlete, connection.synced_at).date())
        said.append(_("Strava could not be read since %(day)s: newer runs are not seen yet.") % {"day": day})
    if connection.learning_until is not None and connection.learning_until > now:
        day = full_date(wall_clock(athlete, connection.learning_until).date())
        said.append(_("Strava shows fewer of your runs than before: nothing is told until %(day)s.") % {"day": day})
    if held:
        said += _starting(athlete, history, now)
    if not connection.sees_hidden_runs:
        said.append(_("Runs that only you can see on Strava are not read, so they do not count."))
    return said


def _starting(athlete: Athlete, history: TrainingHistory, now: datetime) -> list[str]:
    if not is_starting(history, wall_clock(athlete, now)):
        return []
    return [_("You are starting: there is nothing to compare with yet, so the digest counts runs and days.")]
