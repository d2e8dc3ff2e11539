"""What is said about one run: subject, lead and sections, before it is addressed to anyone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from integrations.channels.message import Link, Section
from rules.advice import Choice
from rules.diary import OwnLimit
from rules.policy import Decision
from rules.return_ladder import LadderStep, Wait
from service.language import _, ngettext
from service.messages.advice import action_card, action_section, prompt_card, prompt_section
from service.messages.card import explanation_card
from service.messages.days import when
from service.messages.footer import official_advice
from service.messages.own_limit import limit_sections
from service.messages.pages import Pages
from service.messages.strava import strava_links
from service.messages.units import distance
from service.messages.usual_range import comes_first, step_section, waiting_section
from service.messages.verdicts import verdict_of
from service.store.records import Units

#: Leads wherever two findings are equally unusual: it has the strongest evidence.
LEAD_RULE = "run-spike"
#: The rule whose message carries the step of the way back.
RETURN_RULE = "return-from-break"


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


def _rank(decision: Decision) -> tuple[int, bool, bool, str]:
    finding = decision.finding
    about_answers = verdict_of(finding.rule).about_answers  # the run is what the message is about
    return -finding.severity, finding.rule != LEAD_RULE, about_answers, finding.rule


def step_shown(decisions: Sequence[Decision], step: LadderStep | None) -> LadderStep | None:
    """The step of the way back, where a return from a break is told; after a race recovery comes first."""
    returns = any(decision.finding.rule == RETURN_RULE for decision in decisions)
    return step if returns and not decisions[0].run.race else None


def tell(
    decisions: Sequence[Decision],
    choice: Choice,
    units: Units,
    pages: Pages,
    today: date,
    *,
    limit: OwnLimit | None = None,
    step: LadderStep | None = None,
    waits_for: Wait | None = None,
) -> Telling:
    """All that was found at one run, folded into one telling; a race is told as a race.

    In place of our advice and prompt stands what the runner `waits_for`, or their own `limit`; without either, `step`
    is the one thing to do for who returns from a break.
    """
    told = in_order(decisions)
    if waits_for and comes_first(waits_for, limit):
        advised = _Advised((waiting_section(waits_for, pages),), ())
    elif limit:
        advised = _Advised(limit_sections(limit, units), ())
    else:
        advised = _advised(choice, step_shown(told, step), units, pages)
    tell_it = _tell_race if told[0].run.race else _tell_run
    return tell_it(told, advised, units, pages, today)


@dataclass(frozen=True, slots=True)
class _Advised:
    """What a runner is advised, and below the numbers what there is to know about it."""

    shown: tuple[Section, ...]
    more: tuple[Section, ...]


def _advised(choice: Choice, step: LadderStep | None, units: Units, pages: Pages) -> _Advised:
    """The step of the way back is the one thing to do for who returns; it says itself what speaks for it."""
    chosen = choice.prompted
    prompt = (prompt_section(chosen, pages), prompt_card(chosen)) if chosen else ()
    if step:
        return _Advised((step_section(step, units), *prompt), ())
    return _Advised((action_section(choice.action), *prompt), (action_card(choice.action),))


def _tell_run(told: list[Decision], advised: _Advised, units: Units, pages: Pages, today: date) -> Telling:
    first = told[0].finding
    verdict = verdict_of(first.rule)
    return Telling(
        subject=verdict.subject(first, units, when(first.day, today)),
        lead=verdict.lead(first, units),
        sections=(
            Section(
                lines=(verdict.why(first), *_also(told[1:])),
                links=(*strava_links(told[0].run.id), *_read_first(told[1:], pages)),
            ),
            *advised.shown,
            *(explanation_card(verdict_of(one.finding.rule), one.finding, units) for one in told),
            *advised.more,
        ),
    )


def _also(others: Sequence[Decision]) -> tuple[str, ...]:
    """One other finding by its title; several would be too long to read at once and stand below."""
    if len(others) > 1:
        more = ngettext("Also: %(count)d more finding, below.", "Also: %(count)d more findings, below.", len(others))
        return (more % {"count": len(others)},)
    return tuple(verdict_of(other.finding.rule).beside() for other in others)


def _read_first(others: Sequence[Decision], pages: Pages) -> tuple[Link, ...]:
    """With a sore upper back the official advice is one click away, wherever it is not said in full."""
    about_answers = any(verdict_of(one.finding.rule).about_answers for one in others)
    return (official_advice(pages),) if about_answers else ()


def _tell_race(told: list[Decision], advised: _Advised, units: Units, pages: Pages, today: date) -> Telling:
    run = told[0].run
    given = {"distance": distance(run.distance_m, units), "when": when(run.local_day, today)}
    return Telling(
        subject=_("%(distance)s race %(when)s: time to recover") % given,
        lead=_("You raced %(distance)s. Races are not judged: they are meant to be more than training.") % given,
        sections=(
            Section(
                lines=(_("When later runs are compared, it counts like any other run."),),
                links=(*strava_links(run.id), *_read_first(told, pages)),
            ),
            *advised.shown,
            *(_race_card(one, units) for one in told),
            *advised.more,
        ),
    )


def _race_card(decision: Decision, units: Units) -> Section:
    rows = verdict_of(decision.finding.rule).inputs(decision.finding, units)
    return Section(
        role="card",
        heading=_("The numbers"),
        rows=(*rows, (_("Judged"), _("No: races are not judged."))),
    )
