"""The message when the import is done: what was read, what can be watched, what it would have said, what comes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

from integrations.channels.message import Link, Message, Section
from rules.advice import Choice
from rules.diary import OwnLimit
from rules.history import clean
from rules.model import RUN_FAMILY, Activity, RuleState
from rules.policy import Decision, Outcome
from rules.rule import Rule
from service.language import _, ngettext, speaking
from service.messages.days import day_of_month, full_date, several_days, wall_clock
from service.messages.footer import standing_links, what_this_is_not
from service.messages.own_limit import standing_limit
from service.messages.pages import Pages
from service.messages.reasons import states_section
from service.messages.strava import attribution, view_on_strava
from service.messages.telling import leading, tell
from service.messages.units import distance
from service.store.records import Athlete, Units

WEEKS_SHOWN = 8
EXAMPLES_SHOWN = 2
LONGEST_OF_DAYS = 30


def welcome_message(
    message_id: str,
    athlete: Athlete,
    activities: Sequence[Activity],
    told: Sequence[Decision],
    states: Sequence[tuple[Rule, RuleState]],
    choose: Callable[[Decision], Choice],
    *,
    starting: bool,
    sees_hidden_runs: bool,
    pages: Pages,
    now: datetime,
    limit: OwnLimit | None = None,
    hands_in: bool = False,
) -> Message:
    """`activities` are all that was read, `told` what a replay of them tells, `choose` the advice for a finding.

    Who `hands_in` files has no Strava. While the runner's own `limit` stands, the examples show it in place of our
    advice.
    """
    clock = wall_clock(athlete, now)
    own = standing_limit(limit, clock.date())
    runs = [activity for activity in activities if activity.sport in RUN_FAMILY]
    with speaking(athlete.language):
        return Message(
            id=message_id,
            kind="welcome",
            event="welcome.created",
            created_at=now,
            language=athlete.language,
            subject=_subject(len(runs), hands_in),
            lead=_what_was_read(activities, len(runs), hands_in),
            sections=(
                _longest(activities, clock, athlete.units, sees_hidden_runs),
                states_section(states, *([_starting()] if starting else [])),
                *_would_have_written(
                    _by_run(told, clock.date()),
                    lambda decisions: _example(decisions, choose, athlete.units, pages, own),
                    starting,
                ),
                _what_to_expect(),
            ),
            footer=(what_this_is_not(), *attribution(runs)),
            footer_links=standing_links(message_id, pages),
            data={"activities": len(activities), "runs": len(runs)},
        )


def _subject(runs: int, hands_in: bool) -> str:
    if hands_in:
        return ngettext("%(count)d run read from your files", "%(count)d runs read from your files", runs) % {
            "count": runs
        }
    return ngettext("Connected: %(count)d run read", "Connected: %(count)d runs read", runs) % {"count": runs}


def _what_was_read(activities: Sequence[Activity], runs: int, hands_in: bool) -> str:
    if not activities and hands_in:
        return _("Your files hold no activities of the last 26 weeks. Your next run is the first to be compared.")
    if not activities:
        return _("Strava shows no activities of yours in the last 26 weeks. Your next run is the first to be read.")
    days = sorted(activity.local_day for activity in activities)
    total = ngettext("%(count)d activity", "%(count)d activities", len(activities)) % {"count": len(activities)}
    return _("Read: %(activities)s, %(runs)s among them, from %(first)s to %(last)s.") % {
        "activities": total,
        "runs": ngettext("%(count)d run", "%(count)d runs", runs) % {"count": runs},
        "first": full_date(days[0]),
        "last": full_date(days[-1]),
    }


def _longest(activities: Sequence[Activity], clock: datetime, units: Units, sees_hidden_runs: bool) -> Section:
    recent = [run for run in clean(activities) if run.start_local >= clock - timedelta(days=LONGEST_OF_DAYS)]
    lines: tuple[str, ...] = (_("You have no run in the last %(days)d days.") % {"days": LONGEST_OF_DAYS},)
    links: tuple[Link, ...] = ()
    if recent:
        longest = max(recent, key=lambda run: (run.distance_m, run.start_local))
        given = {
            "days": LONGEST_OF_DAYS,
            "distance": distance(longest.distance_m, units),
            "day": day_of_month(longest.local_day),
        }
        lines = (_("Your longest run of the last %(days)d days: %(distance)s, on %(day)s.") % given,)
        links = view_on_strava(longest.id)
    if not sees_hidden_runs:
        lines += (_("Runs that only you can see on Strava are not seen here: that permission was not given."),)
    return Section(lines=lines, links=links)


def _starting() -> str:
    return _(
        "You are starting out, so nothing can be compared yet. Until then the digest counts your runs, their minutes "
        "and the days between them."
    )


def _by_run(told: Sequence[Decision], today: date) -> list[list[Decision]]:
    """What would have been told in the weeks shown, one list a run, newest first."""
    first = today - timedelta(weeks=WEEKS_SHOWN)
    shown = [one for one in told if one.outcome is Outcome.TOLD and first < one.run.local_day <= today]
    shown.sort(key=lambda one: (one.run.finished_local, one.run.id), reverse=True)
    return [list(decisions) for _run, decisions in groupby(shown, key=lambda one: one.run.id)]


def _would_have_written(
    by_run: list[list[Decision]], example: Callable[[list[Decision]], Section], starting: bool
) -> tuple[Section, ...]:
    """The days, and examples; a starting runner is shown none, for they tell of ratios."""
    days = sorted({decisions[0].run.local_day for decisions in by_run})
    shown = [] if starting else by_run[:EXAMPLES_SHOWN]
    return _past_days(days), *(example(decisions) for decisions in shown)


def _past_days(days: Sequence[date]) -> Section:
    if days:
        line = ngettext(
            "A message on %(count)d day of the last %(weeks)d weeks: %(days)s. It is past, so nothing was sent.",
            "Messages on %(count)d days of the last %(weeks)d weeks: %(days)s. They are past, so nothing was sent.",
            len(days),
        )
    else:
        line = _("Nothing in the last %(weeks)d weeks.")
    given = {"weeks": WEEKS_SHOWN, "count": len(days), "days": several_days(days)}
    return Section(heading=_("What you would have been sent"), lines=(line % given,))


def _example(
    decisions: list[Decision],
    choose: Callable[[Decision], Choice],
    units: Units,
    pages: Pages,
    limit: OwnLimit | None,
) -> Section:
    day = decisions[0].run.local_day
    telling = tell(decisions, choose(leading(decisions)), units, pages, day, limit=limit)
    told = [section for section in telling.sections if section.role != "card"]
    return Section(
        role="example",
        offers=any(section.offers for section in told),
        heading=_("Example, as it would have read on %(day)s") % {"day": day_of_month(day)},
        lines=(
            telling.subject,
            telling.lead,
            *(line for section in told for line in (section.heading, *section.lines) if line),
        ),
        links=tuple(link for section in told for link in section.links if link.role == "strava"),
    )


def _what_to_expect() -> Section:
    return Section(
        heading=_("What to expect"),
        lines=(
            _("A line after each of your next three runs, so that you see it works."),
            _("Then a digest every Sunday, and a message at once when a run is far from your usual."),
        ),
    )
