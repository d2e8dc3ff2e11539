"""The digest: plain numbers of the last 7 days, what was noted, and what the rules can do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from integrations.channels.message import Link, Message, Section
from rules.advice import pick_action
from rules.model import Activity, Advice, Finding, RuleState
from rules.policy import Outcome, Reason
from rules.rule import Rule
from service.language import _, ngettext, speaking
from service.messages.advice import action_section, prompt_card, prompt_section
from service.messages.days import short_day, wall_clock, weekday
from service.messages.footer import standing_links, warning_signs, what_this_is_not
from service.messages.pages import Pages
from service.messages.period import WEEK, WEEKS_BEFORE, Period, four_weeks_before, last_7_days
from service.messages.reasons import reason_words, state_row
from service.messages.strava import attribution, view_on_strava
from service.messages.units import average, distance, duration, whole_minutes
from service.messages.verdict import Row
from service.messages.verdicts import verdict_of
from service.store.records import Athlete, StoredFinding, Units

#: After so many weeks in a row without a run the digest comes once a month.
MONTHLY_AFTER_WEEKS = 4


def digest_message(
    message_id: str,
    athlete: Athlete,
    activities: Sequence[Activity],
    findings: Sequence[StoredFinding],
    states: Sequence[tuple[Rule, RuleState]],
    prompt: Advice,
    *,
    starting: bool,
    weeks_without_runs: int,
    pages: Pages,
    now: datetime,
) -> Message:
    """The digest of the 7 times 24 hours until `now`, the moment it was due: so no run falls between two digests.

    `findings` are those decided on since the last digest, `weeks_without_runs` counts the week that ends now.
    Where something was found, the digest offers one thing to do beside the prompt.
    """
    until = wall_clock(athlete, now)
    week, before = last_7_days(activities, until), four_weeks_before(activities, until)
    recorded = [one for one in activities if one.is_run and until - WEEK < one.start_local <= until]
    untold = _untold(findings, starting)
    races = {activity.id for activity in activities if activity.race}
    action = _action(untold, races)
    with speaking(athlete.language):
        return Message(
            id=message_id,
            kind="digest",
            event="digest.created",
            created_at=now,
            language=athlete.language,
            subject=_subject(week, athlete.units, starting, weeks_without_runs),
            lead=_lead(week, before, athlete.units, starting, weeks_without_runs),
            sections=(
                *_numbers(week, athlete.units, starting),
                *_noted(untold, races, athlete.units),
                *_advice(prompt, action, pages),
                Section(heading=_("What is watched for you"), rows=tuple(state_row(*state) for state in states)),
            ),
            footer=(what_this_is_not(), *attribution(recorded)),
            footer_links=(warning_signs(pages), *standing_links(message_id, pages)),
            data=_data(week, until, untold, prompt, action),
        )


def _subject(week: Period, units: Units, starting: bool, weeks_without_runs: int) -> str:
    if not week.runs and weeks_without_runs >= MONTHLY_AFTER_WEEKS:
        return _("No runs in the last %(weeks)d weeks") % {"weeks": weeks_without_runs}
    if not week.runs:
        return _("No runs in the last 7 days")
    runs = ngettext("%(count)d run", "%(count)d runs", week.runs) % {"count": week.runs}
    extent = _minutes(week) if starting or not week.distance_m else distance(week.distance_m, units)
    return _("%(runs)s, %(extent)s in the last 7 days") % {"runs": runs, "extent": extent}


def _minutes(week: Period) -> str:
    minutes = whole_minutes(week.time_s)
    return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}


def _lead(week: Period, before: Period | None, units: Units, starting: bool, weeks_without_runs: int) -> str:
    if not week.runs and weeks_without_runs >= MONTHLY_AFTER_WEEKS:
        return _(
            "After %(weeks)d weeks without a run this digest comes once a month. With your next run it comes every "
            "Sunday again."
        ) % {"weeks": MONTHLY_AFTER_WEEKS}
    if not week.runs:
        return _("A quiet week. Your next run is read as soon as you upload it.")
    point = _subject(week, units, starting, weeks_without_runs)
    return _("%(point)s. %(comparison)s") % {"point": point, "comparison": _comparison(before, units, starting)}


def _comparison(before: Period | None, units: Units, starting: bool) -> str:
    if starting:
        return _("Nothing can be compared yet: for now runs, minutes and the days between runs are counted.")
    if before is None:
        return _("Your four weeks before are not known in full yet, so there is nothing to compare with.")
    return _("In the four weeks before you averaged %(runs)s runs, %(distance)s and %(time)s in 7 days.") % {
        "runs": average(before.runs / WEEKS_BEFORE),
        "distance": distance(before.distance_m / WEEKS_BEFORE, units),
        "time": duration(before.time_s / WEEKS_BEFORE),
    }


def _numbers(week: Period, units: Units, starting: bool) -> tuple[Section, ...]:
    if not week.runs:
        return ()
    rows: list[Row] = [(_("Runs"), str(week.runs))]
    links: tuple[Link, ...] = ()
    if starting:
        rows.append((_("Minutes"), str(whole_minutes(week.time_s))))
    else:
        rows += [(_("Distance"), distance(week.distance_m, units))] if week.distance_m else []
        rows.append((_("Time"), duration(week.time_s)))
    if week.free_days_between:
        rows.append((_("Days without a run in between"), ", ".join(str(days) for days in week.free_days_between)))
    if week.longest and not starting:
        given = {"distance": distance(week.longest.distance_m, units), "day": weekday(week.longest.local_day)}
        rows.append((_("Longest run"), _("%(distance)s on %(day)s") % given))
        links = (view_on_strava(week.longest.id),)
    return (Section(heading=_("The last 7 days"), lines=_bare(week), rows=tuple(rows), links=links),)


def _bare(week: Period) -> tuple[str, ...]:
    """What was counted with its time alone."""
    if not week.without_distance:
        return ()
    return (
        ngettext(
            "%(count)d run came without a distance and counts with its time alone.",
            "%(count)d runs came without a distance and count with their time alone.",
            week.without_distance,
        )
        % {"count": week.without_distance},
    )


def _untold(findings: Sequence[StoredFinding], starting: bool) -> list[StoredFinding]:
    """What was found but not told at once; a starting runner is told no ratio."""
    if starting:
        return []
    untold = [one for one in findings if one.outcome is not Outcome.TOLD and one.withdrawn_at is None]
    return [one for one in untold if one is _last_alike(one, untold)]


def _last_alike(finding: StoredFinding, untold: Sequence[StoredFinding]) -> StoredFinding:
    """A period is found again at each of its runs: only the last stands for it."""
    if not verdict_of(finding.rule).rule.about_period:
        return finding
    return max((one for one in untold if one.rule == finding.rule), key=lambda one: one.run.finished_local)


def _action(untold: Sequence[StoredFinding], races: set[int]) -> Advice | None:
    """The one thing to do for the most unusual of these."""
    if not untold:
        return None
    first = max(untold, key=lambda one: one.severity)
    return pick_action(first.rule, first.severity, race=first.run.id in races)


def _noted(untold: Sequence[StoredFinding], races: set[int], units: Units) -> tuple[Section, ...]:
    """Notes, and what was found but not told at once with its reason."""
    notes = tuple(_note(one, races, units) for one in untold if one.reason is Reason.NOTE)
    others = tuple(_with_reason(one, races, units) for one in untold if one.reason is not Reason.NOTE)
    sections = [
        Section(heading=_("Noted"), lines=notes),
        Section(heading=_("Found, but not told at once"), lines=others),
    ]
    shown = [section for section in sections if section.lines]
    base_rate = _base_rate([one for one in untold if one.run.id not in races])
    return (*shown, Section(lines=base_rate)) if base_rate else tuple(shown)


def _note(finding: StoredFinding, races: set[int], units: Units) -> str:
    return _("%(day)s: %(finding)s") % {
        "day": short_day(finding.run.local_day),
        "finding": _line(finding, races, units),
    }


def _with_reason(finding: StoredFinding, races: set[int], units: Units) -> str:
    why = f" {reason_words(finding.reason)}" if finding.reason else ""
    return _note(finding, races, units) + why


def _line(stored: StoredFinding, races: set[int], units: Units) -> str:
    if stored.run.id in races:
        return _("a race of %(distance)s. Races are not judged.") % {"distance": distance(stored.run.distance_m, units)}
    return verdict_of(stored.rule).line(as_finding(stored), units)


def _base_rate(findings: Sequence[StoredFinding]) -> tuple[str, ...]:
    """How often an injury follows at all, said once under ratios; that of the most unusual finding."""
    most_unusual = sorted(findings, key=lambda one: one.severity, reverse=True)
    rates = (verdict_of(one.rule).base_rate(as_finding(one)) for one in most_unusual)
    return tuple(filter(None, rates))[:1]


def as_finding(stored: StoredFinding) -> Finding:
    """The verdict as the rule gave it."""
    return Finding(stored.rule, stored.version, stored.key, stored.day, stored.severity, stored.facts)


def _advice(prompt: Advice, action: Advice | None, pages: Pages) -> tuple[Section, ...]:
    actions = (action_section(action),) if action else ()
    return (*actions, prompt_section(prompt, pages), prompt_card(prompt))


def _data(
    week: Period, until: datetime, untold: Sequence[StoredFinding], prompt: Advice, action: Advice | None
) -> dict[str, Any]:
    return {
        "from": (until - WEEK).isoformat(),
        "until": until.isoformat(),
        "runs": week.runs,
        "distance_m": week.distance_m,
        "time_s": week.time_s,
        "findings": [
            {"rule": one.rule, "key": one.key, "severity": one.severity.word, "silent_because": one.reason}
            for one in untold
        ],
        "advice": {"action": action.code if action else None, "prompt": prompt.code},
    }
