"""The few words of a replay. The messages themselves are worded elsewhere, with much that a start need not load."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rules.checks import all_rules
from rules.model import Finding, Severity
from rules.policy import Decision, Reason
from service.language import _
from service.replay.lived import STARTING


def why(message: Sequence[Decision]) -> str:
    """Why it would have spoken. A race is told as a race, without a judgement."""
    run = message[0].run
    if run.race:
        return _("%(distance)s race; races are not judged") % {"distance": km(run.distance_m)}
    return "; ".join(finding_words(decision.finding) for decision in message)


def how(message: Sequence[Decision]) -> str:
    """How unusual the run was, in a word."""
    if message[0].run.race:
        return _("race")
    return severity_word(max(decision.finding.severity for decision in message))


def finding_words(finding: Finding) -> str:
    words = _WORDS.get(finding.rule)
    return words(finding) if words else rule_title(finding.rule)


def rule_title(code: str) -> str:
    return next((_(rule.title) for rule in all_rules() if rule.code == code), code)


def _run_spike(finding: Finding) -> str:
    return _("%(distance)s, %(percent)s %% beyond your longest of %(days)s days (%(longest)s)") % {
        "distance": km(_number(finding, "distance_m")),
        "percent": f"{_number(finding, 'excess_percent'):.0f}",
        "days": finding.facts["compared_days"],
        "longest": km(_number(finding, "longest_m")),
    }


def _fortnight_rise(finding: Finding) -> str:
    return _("%(previous)s and %(last)s in two weeks, %(percent)s %% above your usual week (%(base)s)") % {
        "previous": km(_number(finding, "previous_7_days_m")),
        "last": km(_number(finding, "last_7_days_m")),
        "percent": f"{_number(finding, 'rise_percent'):.0f}",
        "base": km(_number(finding, "base_week_m")),
    }


def _return_from_break(finding: Finding) -> str:
    first_run = finding.facts["basis"] == "first-run"
    words = (
        _("%(first)s first after %(days)s days off, %(percent)s %% of the longest before (%(longest)s)")
        if first_run
        else _("%(first)s in the first 7 days after %(days)s days off, %(percent)s %% of a week before (%(week)s)")
    )
    return words % {
        "first": km(_number(finding, "distance_m" if first_run else "first_7_days_m")),
        "days": finding.facts["break_days"],
        "percent": f"{_number(finding, 'percent'):.0f}",
        "longest": km(_number(finding, "longest_m")),
        "week": km(_number(finding, "base_week_m")),
    }


def _streak(finding: Finding) -> str:
    return _("%(days)s days of running in a row; nearly all streaks before had %(usual)s or fewer") % {
        "days": finding.facts["streak_days"],
        "usual": f"{_number(finding, 'usual_streak_days'):g}",
    }


#: A rule without words here is named by its title.
_WORDS: dict[str, Callable[[Finding], str]] = {
    "fortnight-rise": _fortnight_rise,
    "return-from-break": _return_from_break,
    "run-spike": _run_spike,
    "streak": _streak,
}


def _number(finding: Finding, name: str) -> float:
    return float(finding.facts[name] or 0)


def km(metres: float) -> str:
    return _("%(number)s km") % {"number": f"{metres / 1000:,.1f}"}


def severity_word(severity: Severity) -> str:
    return {
        Severity.NOTE: _("note"),
        Severity.CAUTION: _("caution"),
        Severity.HIGH: _("high"),
        Severity.STOP: _("stop"),
    }[severity]


def state_word(state: str) -> str:
    return {
        "watching": _("watching"),
        "learning": _("learning"),
        "cannot-watch": _("cannot watch"),
        STARTING: _("only starting"),
    }.get(state, state)


def reason_word(reason: Reason) -> str:
    """Why a finding was not told at once; a reason without words here shows its code."""
    return {
        Reason.NOTE: _("a note, for the weekly digest"),
        Reason.TREADMILL: _("on a treadmill, for the weekly digest"),
        Reason.MANUAL: _("entered by hand, for the weekly digest"),
        Reason.IMPORTED: _("in the first 28 days"),
        Reason.LEARNING: _("less than 28 days of history"),
        Reason.STARTING: _("only starting: nothing to compare with"),
        Reason.CARD: _("a card, shown and never sent"),
        Reason.SNOOZED: _("snoozed"),
        Reason.ILL: _("while ill"),
        Reason.INJURED: _("while injured"),
        Reason.HOLIDAY: _("on holiday, for the weekly digest"),
        Reason.EXPECTING: _("while pregnant or soon after a birth"),
        Reason.SAME_RECORDING: _("the same effort recorded twice"),
        Reason.QUIET: _("the same was told shortly before"),
        Reason.NOT_CLEARED: _("told before and not cleared since"),
        Reason.ONE_IN_48_HOURS: _("another message within 48 hours"),
        Reason.THREE_IN_14_DAYS: _("as many messages within 14 days already as may come"),
    }.get(reason, reason.value)
