"""Words for every outcome: why a finding stayed silent, what a rule can do, how unusual, how strong the evidence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from integrations.channels.message import Section
from rules.model import Grade, RuleState, Severity, Watch
from rules.policy import Policy, Reason
from rules.rule import Rule
from service.language import _, ngettext

DEFAULTS = Policy()
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def reason_words(reason: Reason) -> str:
    """Why a finding was not told at once: one sentence."""
    return {
        Reason.NOTE: _("A note: notes wait for the digest."),
        Reason.IMPORTED: _("It was part of the history read when you connected, and history never sends a message."),
        Reason.LEARNING: _("Less than %(days)d days of your running were known then.")
        % {"days": DEFAULTS.least_history // DAY},
        Reason.STARTING: _("You were only starting out then, with too little to compare."),
        Reason.CARD: _("A number to look up: it never sends a message."),
        Reason.SNOOZED: _("You had asked for silence about this."),
        Reason.ILL: _("You had told us that you were ill, so nothing was said about your running."),
        Reason.INJURED: _("You had told us of an injury, so nothing was said about your running."),
        Reason.HOLIDAY: _("You had told us that you were on holiday, so it waits for the digest."),
        Reason.EXPECTING: _(
            "You told us that you are pregnant or gave birth lately: your own earlier weeks do not fit."
        ),
        Reason.SCOPE_CHANGED: _("Strava shows fewer of your runs than before, so your usual is being learned again."),
        Reason.LATE: _("It arrived more than %(hours)d hours after the run ended.")
        % {"hours": DEFAULTS.late_after // HOUR},
        Reason.TREADMILL: _("A treadmill run: its distance is often not exact, so it waits for the digest."),
        Reason.MANUAL: _("Entered by hand, so it waits for the digest."),
        Reason.SAME_RECORDING: _("You were told about this effort before, from another recording of it."),
        Reason.QUIET: _("You were told about the same thing only a short while before."),
        Reason.NOT_CLEARED: _("You were told before, and it had not gone back to your usual since."),
        Reason.ONE_IN_48_HOURS: _("Another message was close: at most one comes in %(hours)d hours.")
        % {"hours": DEFAULTS.between_messages // HOUR},
        Reason.THREE_IN_14_DAYS: _("As many messages as you want in %(days)d days had come already.")
        % {"days": DEFAULTS.budget_period // DAY},
    }[reason]


def state_words(rule: Rule, state: RuleState) -> str:
    """What a rule can do for this runner now, with the rule's title: one sentence."""
    title, words = state_row(rule, state)
    return _("“%(title)s”: %(state)s.") % {"title": title, "state": words}


def state_row(rule: Rule, state: RuleState) -> tuple[str, str]:
    """The rule's title and its state, for a table."""
    return _(rule.title), _state(rule, state)


def states_section(states: Iterable[tuple[Rule, RuleState]], *lines: str) -> Section:
    """Every rule with what it can do, below what there is to say about all of them.

    The rules about pain and warning signs share a row: they wait for nothing, and their titles are for the day.
    """
    states = list(states)
    rows = [state_row(rule, state) for rule, state in states if not rule.outranks]
    if len(rows) < len(states):
        rows.append((_("Your check-ins"), _("answered at once")))
    return Section(heading=_("What is watched for you"), lines=lines, rows=tuple(rows))


def _state(rule: Rule, state: RuleState) -> str:
    if state.watch is Watch.WATCHING:
        return _("watching") if rule.pushes else _("to look up, never sent")
    if state.watch is Watch.LEARNING:
        return _("learning, needs %(missing)s") % {"missing": missing_words(state)}
    return _("cannot watch, because %(why)s") % {"why": _why_not(state.why)}


def missing_words(state: RuleState) -> str:
    """What learning still waits for: `3 more runs and 12 more days`."""
    runs = ngettext("%(count)d more run", "%(count)d more runs", state.missing_runs) % {"count": state.missing_runs}
    days = ngettext("%(count)d more day", "%(count)d more days", state.missing_days) % {"count": state.missing_days}
    if state.missing_runs and state.missing_days:
        return _("%(runs)s and %(days)s") % {"runs": runs, "days": days}
    return runs if state.missing_runs else days


def _why_not(code: str) -> str:
    words = {
        "no-distance": _("your runs come without a distance"),
        "base-too-small": _("your usual weeks are too short to compare"),
        "one-long-streak": _("your present streak is longer than all that can be compared with it"),
        "no-streams": _("the recorded course of your runs is not read (you can ask for it in the settings)"),
        "no-shoes": _("no pair of shoes is known"),
    }
    return words.get(code) or _("your runs do not hold what it compares")


def severity_words(severity: Severity) -> str:
    """How unusual something was for this runner; never how risky."""
    return {
        Severity.NOTE: _("a little unusual for you"),
        Severity.CAUTION: _("unusual for you"),
        Severity.HIGH: _("very unusual for you"),
        Severity.STOP: _("a sign to stop and ask for help"),
    }[severity]


def grade_words(grade: Grade) -> str:
    """The strength of evidence, letter and meaning."""
    return {
        Grade.A: _("A (several good studies)"),
        Grade.B: _("B (one large study)"),
        Grade.C: _("C (small, indirect or mixed studies)"),
        Grade.D: _("D (experience, not studies)"),
        Grade.CONTRADICTED: _("contradicted by studies"),
    }[grade]
