"""The digest: plain numbers of the last 7 days, what was noted, and what the rules can do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from integrations.channels.message import Link, Message, Section
from rules.absence import AbsenceQuestion, ReturnState
from rules.advice import Prompt
from rules.diary import OwnLimit
from rules.model import Activity, Advice, RuleState
from rules.rule import Rule
from rules.usual_range import DayRange
from service.language import _, ngettext, speaking
from service.messages.advice import action_section, prompt_card, prompt_section
from service.messages.days import wall_clock, weekday
from service.messages.footer import standing_links, what_this_is_not
from service.messages.noted import action_for, not_told, noted_sections
from service.messages.own_limit import limit_data, limit_sections, standing_limit
from service.messages.pages import Pages
from service.messages.period import (
    NOT_KNOWN,
    WEEK,
    WEEKS_BEFORE,
    Period,
    ReadAt,
    four_weeks_before,
    last_7_days,
    recorded_in,
)
from service.messages.questions import absence_section, offers_section, return_section
from service.messages.reasons import states_section
from service.messages.strava import attribution, view_on_strava, view_training_log
from service.messages.units import average, distance, duration, whole_minutes
from service.messages.usual_range import comes_first, range_data, range_section
from service.messages.verdict import Row
from service.store.records import Athlete, StoredFinding, Units

#: After so many weeks in a row without a run the digest comes once a month.
MONTHLY_AFTER_WEEKS = 4
#: Today and the days until the next digest.
RANGE_DAYS = 8


def digest_message(
    message_id: str,
    athlete: Athlete,
    activities: Sequence[Activity],
    findings: Sequence[StoredFinding],
    states: Sequence[tuple[Rule, RuleState]],
    prompt: Prompt | None,
    *,
    starting: bool,
    weeks_without_runs: int,
    pages: Pages,
    now: datetime,
    ranges: Sequence[DayRange] = (),
    absence: AbsenceQuestion | None = None,
    offers: Sequence[str] = (),
    limit: OwnLimit | None = None,
    returning: ReturnState | None = None,
    streak_runner: bool = False,
    read_at: ReadAt = NOT_KNOWN,
    hands_in: bool = False,
) -> Message:
    """The digest of the 7 times 24 hours until `now`, the moment it was due: so no run falls between two digests.

    `findings` were decided on since the last digest; `weeks_without_runs` counts the week that ends now. `ranges`
    begin with the day of `now`; `offers` are the codes of rules that were twice not useful. Without a `prompt` none
    is shown, and none while the range waits for pain, a warning sign, an injury or an illness; the runner's own
    `limit` takes its place and that of the one thing to do. `returning` asks about pain. A declared `streak_runner`
    never reads of run-free days. `read_at` says from when on which run counts. Who `hands_in` files has no Strava.
    """
    until = wall_clock(athlete, now)
    week = last_7_days(activities, until, read_at)
    untold = not_told(findings, activities, starting)
    days = ranges[:RANGE_DAYS]
    action = action_for(untold, streak_runner=streak_runner)
    advised = _advised(action, prompt, standing_limit(limit, until.date()), days)
    before = four_weeks_before(activities, until, read_at)
    with speaking(athlete.language):
        subject, lead = _point(week, before, athlete.units, starting, weeks_without_runs, hands_in)
        return Message(
            id=message_id,
            kind="digest",
            event="digest.created",
            created_at=now,
            language=athlete.language,
            subject=subject,
            lead=lead,
            sections=(
                *_asked(absence, returning, pages),
                *_numbers(week, athlete.units, starting),
                *_coming_days(days, athlete.units, athlete.language),
                *noted_sections(untold, athlete.units),
                *advised.sections(athlete.units, pages),
                *_offered(offers, pages),
                states_section(states),
            ),
            footer=(what_this_is_not(), *attribution(recorded_in(activities, until, read_at))),
            footer_links=standing_links(message_id, pages),
            data={
                **_data(week, until, untold),
                "activities": len(activities),
                "advice": advised.data(),
                **_outlook_data(days, absence, offers),
            },
        )


def _asked(absence: AbsenceQuestion | None, returning: ReturnState | None, pages: Pages) -> tuple[Section, ...]:
    """At most one question: why there were no runs, else how it feels."""
    if absence:
        return (absence_section(absence, pages),)
    return (return_section(returning, pages),) if returning else ()


def _coming_days(days: Sequence[DayRange], units: Units, language: str) -> tuple[Section, ...]:
    return (range_section(days, units, language),) if days else ()


def _offered(offers: Sequence[str], pages: Pages) -> tuple[Section, ...]:
    return (offers_section(offers, pages),) if offers else ()


@dataclass(frozen=True, slots=True)
class _Advised:
    """What a runner is advised: their own limit, or our one thing to do and prompt, or nothing while unwell."""

    action: Advice | None
    prompt: Prompt | None
    limit: OwnLimit | None

    def sections(self, units: Units, pages: Pages) -> tuple[Section, ...]:
        if self.limit:
            return limit_sections(self.limit, units)
        action = (action_section(self.action),) if self.action else ()
        prompt = (prompt_section(self.prompt, pages), prompt_card(self.prompt)) if self.prompt else ()
        return action + prompt

    def data(self) -> dict[str, Any]:
        if self.limit:
            return {"action": None, "prompt": None, "limit": limit_data(self.limit)}
        return {
            "action": self.action.code if self.action else None,
            "prompt": self.prompt.item.code if self.prompt else None,
        }


def _advised(
    action: Advice | None, prompt: Prompt | None, limit: OwnLimit | None, days: Sequence[DayRange]
) -> _Advised:
    if days and comes_first(days[0].waits_for, limit):
        return _Advised(None, None, None)
    return _Advised(None, None, limit) if limit else _Advised(action, prompt, None)


def _point(
    week: Period, before: Period | None, units: Units, starting: bool, weeks_without_runs: int, hands_in: bool
) -> tuple[str, str]:
    """Subject and lead."""
    if not week.runs:
        return _without_runs(weeks_without_runs, hands_in)
    runs = ngettext("%(count)d run", "%(count)d runs", week.runs) % {"count": week.runs}
    extent = _minutes(week) if starting or not week.distance_m else distance(week.distance_m, units)
    subject = _("%(runs)s, %(extent)s in the last 7 days") % {"runs": runs, "extent": extent}
    comparison = _comparison(before, units, starting)
    return subject, _("%(point)s. %(comparison)s") % {"point": subject, "comparison": comparison}


def _without_runs(weeks: int, hands_in: bool) -> tuple[str, str]:
    if weeks < MONTHLY_AFTER_WEEKS and hands_in:
        lead = _("No run of these days was handed in. If you ran, add the files; they are read within a minute.")
        return _("No runs handed in for the last 7 days"), lead
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
    links: tuple[Link, ...] = (view_training_log(),)
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
        links = view_on_strava(week.longest.id)
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


def _data(week: Period, until: datetime, untold: Sequence[StoredFinding]) -> dict[str, Any]:
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
    }


def _outlook_data(days: Sequence[DayRange], absence: AbsenceQuestion | None, offers: Sequence[str]) -> dict[str, Any]:
    return {"range": range_data(days), "absence": absence.key if absence else None, "offers": list(offers)}
