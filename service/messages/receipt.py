"""One line after each of the first three runs: read, and how it compares, honestly where it cannot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from integrations.channels.message import Message, Section
from rules.checks.run_spike import RULE as RUN_SPIKE
from rules.history import SHORTEST_RUN_M, TrainingHistory, clean
from rules.model import Activity, RuleState, Run, Watch
from rules.policy import Decision, Outcome, Reason
from rules.rule import Rule
from service.language import _, ngettext, speaking
from service.messages.days import wall_clock, when
from service.messages.footer import standing_links
from service.messages.pages import Pages
from service.messages.reasons import reason_words, severity_words, state_words
from service.messages.strava import attribution, strava_links
from service.messages.units import distance, duration
from service.store.records import Athlete, Units


def receipt_message(
    message_id: str,
    athlete: Athlete,
    activity: Activity,
    history: TrainingHistory,
    decisions: Sequence[Decision],
    states: Sequence[tuple[Rule, RuleState]],
    *,
    starting: bool,
    left: int,
    pages: Pages,
    now: datetime,
    stopped: bool = False,
) -> Message:
    """The line for one run. `decisions` are those taken at it, `states` the rules' at its start, `left` the number
    of such lines still to come. While the runner is `stopped` (a warning sign, red pain) nothing is compared."""
    with speaking(athlete.language):
        sentences = (
            _read(activity, athlete.units),
            *(() if stopped else _compared(activity, history, decisions, states, athlete.units, starting)),
            _still_to_come(left),
        )
        return Message(
            id=message_id,
            kind="receipt",
            event="receipt.created",
            created_at=now,
            language=athlete.language,
            subject=_subject(activity, athlete, now),
            lead=" ".join(sentences),
            sections=tuple(Section(links=(link,)) for link in strava_links(activity.id)),
            footer=attribution([activity]),
            footer_links=standing_links(message_id, pages),
            data={"run": {"id": activity.id, "day": activity.local_day.isoformat(), "distance_m": activity.distance_m}},
        )


def _subject(activity: Activity, athlete: Athlete, now: datetime) -> str:
    day = when(activity.local_day, wall_clock(athlete, now).date())
    extent = _extent(activity, athlete.units)
    if not extent:
        return _("Your run %(when)s") % {"when": day}
    return _("Your run %(when)s: %(extent)s") % {"when": day, "extent": extent}


def _extent(activity: Activity, units: Units) -> str:
    """The distance, or the time of a run without one; empty where neither is known."""
    if activity.distance_m:
        return distance(activity.distance_m, units)
    seconds = activity.moving_time_s or activity.elapsed_time_s
    return duration(seconds) if seconds else ""


def _read(activity: Activity, units: Units) -> str:
    given = {"extent": _extent(activity, units)}
    if not activity.distance_m:
        return (
            _("%(extent)s without a distance read.") % given if given["extent"] else _("A run without a distance read.")
        )
    if activity.race:
        return _("Race of %(extent)s read.") % given
    if activity.treadmill or activity.sport == "VirtualRun":
        return _("%(extent)s on a treadmill read; such distances are often not exact.") % given
    if activity.manual:
        return _("%(extent)s, entered by hand, read.") % given
    return _("%(extent)s read.") % given


def _compared(
    activity: Activity,
    history: TrainingHistory,
    decisions: Sequence[Decision],
    states: Sequence[tuple[Rule, RuleState]],
    units: Units,
    starting: bool,
) -> tuple[str, ...]:
    run = next((run for run in history.runs if run.id == activity.id), None)
    if run is None:
        return (_why_left_out(activity, units),)
    if run.race:
        return (_("Races are not judged."),)
    if starting:
        return (_("Nothing can be compared yet: for now runs, minutes and the days between runs are counted."),)
    if decisions:
        return (*_found(decisions), *_waiting(states))
    if any(rule.code == RUN_SPIKE.code and state.watch is not Watch.WATCHING for rule, state in states):
        return (_("Not compared yet."), *_waiting(states))
    return (_beside_longest(run, history, units), *_waiting(states))


def _waiting(states: Sequence[tuple[Rule, RuleState]]) -> Iterator[str]:
    """What run-spike still waits for, and how many others are learning: the digest names each."""
    yield from (
        state_words(rule, state)
        for rule, state in states
        if rule.code == RUN_SPIKE.code and state.watch is not Watch.WATCHING
    )
    others = sum(rule.code != RUN_SPIKE.code and state.watch is Watch.LEARNING for rule, state in states)
    if others:
        words = ngettext("%(count)d more rule is learning.", "%(count)d more rules are learning.", others)
        yield words % {"count": others}


def _why_left_out(activity: Activity, units: Units) -> str:
    if not activity.distance_m:
        return _("There is nothing to compare it with; its time counts in the digest.")
    if clean([activity]):
        return _("It is a second recording of an effort that is counted already.")
    if activity.distance_m < SHORTEST_RUN_M:
        return _("Runs under %(shortest)s are left out.") % {"shortest": distance(SHORTEST_RUN_M, units)}
    return _("It is left out, because its speed cannot be that of a run.")


def _found(decisions: Sequence[Decision]) -> tuple[str, ...]:
    if any(decision.outcome is Outcome.TOLD for decision in decisions):
        return (_("Far from your usual: a message of its own says more."),)
    first = max(decisions, key=lambda decision: decision.finding.severity)
    noted = _("Noted for the digest as %(unusual)s.") % {"unusual": severity_words(first.finding.severity)}
    if first.reason is None or first.reason is Reason.NOTE:
        return (noted,)
    return noted, reason_words(first.reason)


def _beside_longest(run: Run, history: TrainingHistory, units: Units) -> str:
    earlier = history.before(run.start_local, RUN_SPIKE.compared_days)
    longest_m = max((other.distance_m for other in earlier), default=0.0)
    given = {"days": RUN_SPIKE.compared_days, "longest": distance(longest_m, units)}
    if run.distance_m <= longest_m:
        return _("Within your usual: your longest of %(days)d days is %(longest)s.") % given
    if run.distance_m < RUN_SPIKE.least_distance_m:
        return _("Runs under %(least)s are not compared.") % {"least": distance(RUN_SPIKE.least_distance_m, units)}
    return _("Close to your longest of %(days)d days, %(longest)s.") % given


def _still_to_come(left: int) -> str:
    if left <= 0:
        return _("That was the last of these lines: from now on only Sundays and when something is far from usual.")
    if left == 1:
        return _("One more of these lines, then only Sundays and when something is far from usual.")
    return _("Two more of these lines, then only Sundays and when something is far from usual.")
