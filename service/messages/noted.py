"""What was found but not told at once: notes, and the rest with its reason, for the digest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from integrations.channels.message import Section
from rules.advice import pick_action
from rules.model import Activity, Advice, Finding
from rules.policy import Outcome, Reason
from service.language import _
from service.messages.days import short_day
from service.messages.reasons import reason_words
from service.messages.strava import view_on_strava
from service.messages.units import distance
from service.messages.verdicts import verdict_of
from service.store.records import StoredFinding, Units


def not_told(findings: Sequence[StoredFinding], activities: Iterable[Activity], starting: bool) -> list[StoredFinding]:
    """What was found but not told at once, with its races known as such; a starting runner is told no ratio."""
    if starting:
        return []
    races = {activity.id for activity in activities if activity.race}
    untold = [one for one in findings if one.outcome is not Outcome.TOLD and one.withdrawn_at is None]
    shown = [one for one in untold if one is _last_alike(one, untold)]
    return [replace(one, run=replace(one.run, race=one.run.id in races)) for one in shown]


def _last_alike(finding: StoredFinding, untold: Sequence[StoredFinding]) -> StoredFinding:
    """A period is found again at each of its runs: only the last stands for it."""
    if not verdict_of(finding.rule).rule.about_period:
        return finding
    return max((one for one in untold if one.rule == finding.rule), key=lambda one: one.run.finished_local)


def action_for(untold: Sequence[StoredFinding], *, streak_runner: bool = False) -> Advice | None:
    """The one thing to do for the most unusual of these; none about run-free days for a declared streak runner."""
    if not untold:
        return None
    first = max(untold, key=lambda one: one.severity)
    return pick_action(first.rule, first.severity, race=first.run.race, streak_runner=streak_runner)


def noted_sections(untold: Sequence[StoredFinding], units: Units) -> tuple[Section, ...]:
    """Notes, and what was found but not told at once with its reason."""
    noted = [one for one in untold if one.reason is Reason.NOTE]
    others = [one for one in untold if one.reason is not Reason.NOTE]
    sections = [
        _section(_("Noted"), noted, [_note(one, units) for one in noted]),
        _section(_("Found, but not told at once"), others, [_with_reason(one, units) for one in others]),
    ]
    shown = [section for section in sections if section.lines]
    base_rate = _base_rate([one for one in untold if not one.run.race])
    return (*shown, Section(lines=base_rate)) if base_rate else tuple(shown)


def finding_lines(found: Sequence[StoredFinding], units: Units) -> tuple[str, ...]:
    """Day and verdict of each, without a reason."""
    return _each_once(_note(one, units) for one in found)


def _section(heading: str, shown: Sequence[StoredFinding], lines: Iterable[str]) -> Section:
    """The lines, and below them the runs in the same order."""
    return Section(heading=heading, lines=_each_once(lines), links=view_on_strava(*(one.run.id for one in shown)))


def _each_once(lines: Iterable[str]) -> tuple[str, ...]:
    """A race with two findings is still one race."""
    return tuple(dict.fromkeys(lines))


def _note(finding: StoredFinding, units: Units) -> str:
    return _("%(day)s: %(finding)s") % {
        "day": short_day(finding.run.local_day),
        "finding": _line(finding, units),
    }


def _with_reason(finding: StoredFinding, units: Units) -> str:
    why = f" {reason_words(finding.reason)}" if finding.reason else ""
    return _note(finding, units) + why


def _line(stored: StoredFinding, units: Units) -> str:
    if stored.run.race:
        return _("a race of %(distance)s. Races are not judged.") % {"distance": distance(stored.run.distance_m, units)}
    return verdict_of(stored.rule).line(_as_finding(stored), units)


def _base_rate(findings: Sequence[StoredFinding]) -> tuple[str, ...]:
    """How often an injury follows at all, said once under ratios; that of the most unusual finding."""
    most_unusual = sorted(findings, key=lambda one: one.severity, reverse=True)
    rates = (verdict_of(one.rule).base_rate(_as_finding(one)) for one in most_unusual)
    return tuple(filter(None, rates))[:1]


def _as_finding(stored: StoredFinding) -> Finding:
    """The verdict as the rule gave it."""
    return Finding(stored.rule, stored.version, stored.key, stored.day, stored.severity, stored.facts)
