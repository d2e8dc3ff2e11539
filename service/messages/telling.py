"""What is said about one run: subject, lead and sections, before it is addressed to anyone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from integrations.channels.message import Section
from rules.advice import Choice
from rules.policy import Decision
from service.language import _
from service.messages.advice import action_card, action_section, prompt_card, prompt_section
from service.messages.card import explanation_card
from service.messages.days import when
from service.messages.pages import Pages
from service.messages.strava import view_on_strava
from service.messages.units import distance
from service.messages.verdicts import verdict_of
from service.store.records import Units

#: Leads wherever two findings are equally unusual: it has the strongest evidence.
LEAD_RULE = "run-spike"


@dataclass(frozen=True, slots=True)
class Telling:
    """The words about one run. Everything before the first card can be read in half a minute."""

    subject: str
    lead: str
    sections: tuple[Section, ...]


def in_order(decisions: Iterable[Decision]) -> list[Decision]:
    """The most unusual first; where two are equal, run-spike."""
    return sorted(decisions, key=_rank)


def leading(decisions: Iterable[Decision]) -> Decision:
    """The decision that gives a message its point: advice is chosen for this one."""
    return min(decisions, key=_rank)


def _rank(decision: Decision) -> tuple[int, bool, str]:
    finding = decision.finding
    return -finding.severity, finding.rule != LEAD_RULE, finding.rule


def tell(decisions: Sequence[Decision], choice: Choice, units: Units, pages: Pages, today: date) -> Telling:
    """All that was found at one run, folded into one telling; a race is told as a race."""
    told = in_order(decisions)
    if told[0].run.race:
        return _tell_race(told, choice, units, pages, today)
    return _tell_run(told, choice, units, pages, today)


def _tell_run(told: list[Decision], choice: Choice, units: Units, pages: Pages, today: date) -> Telling:
    first = told[0].finding
    verdict = verdict_of(first.rule)
    also = tuple(_("Also: %(title)s.") % {"title": _(verdict_of(other.finding.rule).rule.title)} for other in told[1:])
    return Telling(
        subject=verdict.subject(first, units, when(first.day, today)),
        lead=verdict.lead(first, units),
        sections=(
            Section(lines=(verdict.why(first), *also), links=(view_on_strava(told[0].run.id),)),
            *_advice(choice, pages),
            *(explanation_card(verdict_of(one.finding.rule), one.finding, units) for one in told),
            action_card(choice.action),
        ),
    )


def _tell_race(told: list[Decision], choice: Choice, units: Units, pages: Pages, today: date) -> Telling:
    run = told[0].run
    given = {"distance": distance(run.distance_m, units), "when": when(run.local_day, today)}
    return Telling(
        subject=_("%(distance)s race %(when)s: time to recover") % given,
        lead=_("You raced %(distance)s. Races are not judged: they are meant to be more than training.") % given,
        sections=(
            Section(
                lines=(_("When later runs are compared, it counts like any other run."),),
                links=(view_on_strava(run.id),),
            ),
            *_advice(choice, pages),
            *(_race_card(one, units) for one in told),
            action_card(choice.action),
        ),
    )


def _advice(choice: Choice, pages: Pages) -> tuple[Section, ...]:
    return action_section(choice.action), prompt_section(choice.prompt, pages), prompt_card(choice.prompt)


def _race_card(decision: Decision, units: Units) -> Section:
    rows = verdict_of(decision.finding.rule).inputs(decision.finding, units)
    return Section(
        role="card",
        heading=_("The numbers"),
        rows=(*rows, (_("Judged"), _("No: races are not judged."))),
    )
