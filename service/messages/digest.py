"""The digest: plain numbers of the last 7 days, what was noted, and what the rules can do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from integrations.channels.message import Link, Message, Section
from rules.model import Activity, Advice, RuleState
from rules.rule import Rule
from service.language import _, ngettext, speaking
from service.messages.advice import action_section, prompt_card, prompt_section
from service.messages.days import wall_clock, weekday
from service.messages.footer import standing_links, warning_signs, what_this_is_not
from service.messages.noted import action_for, not_told, noted_sections
from service.messages.pages import Pages
from service.messages.period import WEEK, WEEKS_BEFORE, Period, four_weeks_before, last_7_days, recorded_in
from service.messages.reasons import states_section
from service.messages.strava import attribution, view_on_strava
from service.messages.units import average, distance, duration, whole_minutes
from service.messages.verdict import Row
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

    `findings` were decided on since the last digest; `weeks_without_runs` counts the week that ends now.
    """
    until = wall_clock(athlete, now)
    week = last_7_days(activities, until)
    untold = not_told(findings, activities, starting)
    with speaking(athlete.language):
        subject, lead = _point(week, four_weeks_before(activities, until), athlete.units, starting, weeks_without_runs)
        return Message(
            id=message_id,
            kind="digest",
            event="digest.created",
            created_at=now,
            language=athlete.language,
            subject=subject,
            lead=lead,
            sections=(
                *_numbers(week, athlete.units, starting),
                *noted_sections(untold, athlete.units),
                *_advice(prompt, untold, pages),
                states_section(states),
            ),
            footer=(what_this_is_not(), *attribution(recorded_in(activities, until))),
            footer_links=(warning_signs(pages), *standing_links(message_id, pages)),
            data=_data(week, until, untold, prompt),
        )


def _point(
    week: Period, before: Period | None, units: Units, starting: bool, weeks_without_runs: int
) -> tuple[str, str]:
    """Subject and lead."""
    if not week.runs:
        return _without_runs(weeks_without_runs)
    runs = ngettext("%(count)d run", "%(count)d runs", week.runs) % {"count": week.runs}
    extent = _minutes(week) if starting or not week.distance_m else distance(week.distance_m, units)
    subject = _("%(runs)s, %(extent)s in the last 7 days") % {"runs": runs, "extent": extent}
    comparison = _comparison(before, units, starting)
    return subject, _("%(point)s. %(comparison)s") % {"point": subject, "comparison": comparison}


def _without_runs(weeks: int) -> tuple[str, str]:
    if weeks < MONTHLY_AFTER_WEEKS:
        lead = _("A quiet week. Your next run is read as soon as you upload it.")
        return _("No runs in the last 7 days"), lead
    lead = _(
        "After %(weeks)d weeks without a run this digest comes once a month. With your next run it comes every "
        "Sunday again."
    )
    subject = _("No runs in the last %(weeks)d weeks")
    return subject % {"weeks": weeks}, lead % {"weeks": MONTHLY_AFTER_WEEKS}


def _minutes(week: Period) -> str:
    minutes = whole_minutes(week.time_s)
    return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}


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


def _advice(prompt: Advice, untold: Sequence[StoredFinding], pages: Pages) -> tuple[Section, ...]:
    action = action_for(untold)
    return (*([action_section(action)] if action else []), prompt_section(prompt, pages), prompt_card(prompt))


def _data(week: Period, until: datetime, untold: Sequence[StoredFinding], prompt: Advice) -> dict[str, Any]:
    action = action_for(untold)
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
