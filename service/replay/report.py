"""A replay for people: a table and a chart for each history, and figures over all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from rules.checks import all_rules
from rules.model import Watch
from rules.policy import Decision, Outcome
from rules.rule import Rule
from service.language import _, ngettext
from service.replay.chart import weekly_chart
from service.replay.figures import NEAR_DAYS, PainOverlap, by_rule, messages_a_year, pain_overlap, reasons_by_rule
from service.replay.lived import STARTING, Lived, middle_and_ninth_tenth, monday_of, weeks_by_state
from service.replay.tables import percent, table
from service.replay.words import finding_words, how, km, reason_word, rule_title, state_word, why

STATES = (Watch.WATCHING.value, Watch.LEARNING.value, Watch.CANNOT_WATCH.value, STARTING)


def print_history(console: Console, lived: Lived) -> None:
    """When it would have spoken about this history and why, with a chart of its weeks."""
    console.print(Text(_heading(lived), style="bold"))
    if not lived.weeks:
        return console.print(Text(_("No runs that can be compared.")))
    if lived.messages:
        console.print(_messages(lived.messages))
    console.print(Text(_in_short(lived)))
    _print_chart(console, lived)
    return console.print()


def _heading(lived: Lived) -> str:
    count = len(lived.history.runs)
    runs = ngettext("%(count)s run", "%(count)s runs", count) % {"count": f"{count:,}"}
    weeks = ngettext("%(count)s week with runs", "%(count)s weeks with runs", len(lived.weeks)) % {
        "count": f"{len(lived.weeks):,}"
    }
    return _("%(name)s: %(runs)s in %(weeks)s") % {"name": lived.name, "runs": runs, "weeks": weeks}


def _messages(messages: Iterable[Sequence[Decision]]) -> Table:
    made = Table(_("Day"), _("How unusual"), _("Why it would have written"))
    for message in messages:
        made.add_row(message[0].finding.day.isoformat(), how(message), Text(why(message)))
    return made


def _in_short(lived: Lived) -> str:
    count = len(lived.messages)
    lines = [
        ngettext("It would have written once.", "It would have written %(count)d times.", count) % {"count": count}
        if count
        else _("It would have stayed silent throughout.")
    ]
    lines += [_noted(lived)] if any(one.outcome is Outcome.DIGEST for one in lived.decisions) else []
    return "\n".join([*lines, *_silences(lived)])


def _noted(lived: Lived) -> str:
    notes = [decision for decision in lived.decisions if decision.outcome is Outcome.DIGEST]
    counted = ngettext("%(count)d finding", "%(count)d findings", len(notes)) % {"count": len(notes)}
    return _("In weekly digests: %(findings)s, the last on %(day)s: %(what)s.") % {
        "findings": counted,
        "day": notes[-1].finding.day.isoformat(),
        "what": finding_words(notes[-1].finding),
    }


def _silences(lived: Lived) -> list[str]:
    reasons = Counter(one.reason for one in lived.decisions if one.outcome is Outcome.SILENT and one.reason)
    if not reasons:
        return []
    counted = "; ".join(f"{reason_word(reason)} ({count})" for reason, count in reasons.most_common())
    return [_("Kept quiet: %(reasons)s.") % {"reasons": counted}]


def _print_chart(console: Console, lived: Lived) -> None:
    marked = {monday_of(message[0].finding.day) for message in lived.messages}
    plain = console.options.ascii_only
    lines = weekly_chart(lived.weeks, marked, plain=plain)
    legend = _("A column is a week, the tallest %(distance)s; a mark below is a message.")
    console.print(Padding(Text("\n".join(lines), no_wrap=True, overflow="crop"), (1, 0, 0, 2)))
    console.print(Padding(Text(legend % {"distance": km(max(lived.weeks.values()))}, style="dim"), (0, 0, 0, 2)))


def print_summary(console: Console, lives: Sequence[Lived]) -> None:
    """Figures by rule, over all histories that hold a run; for several also what could be watched."""
    lives = [lived for lived in lives if lived.weeks]
    if not lives:
        return
    if len(lives) > 1:
        console.print(Text(_("All %(count)d histories with runs") % {"count": len(lives)}, style="bold"))
    _print_messages_a_year(console, lives)
    for each in (_by_rule(lives), _reasons(lives)):
        if each.row_count:
            console.print(Padding(each, (1, 0, 0, 0)))
    console.print(Padding(Text(_pain(lives)), (1, 0, 0, 0)))
    if len(lives) > 1:
        for rule in all_rules():
            console.print(Padding(_states(lives, rule), (1, 0, 0, 0)))


def _print_messages_a_year(console: Console, lives: Sequence[Lived]) -> None:
    middle, high = messages_a_year(lives)
    words = (
        _("Messages in 52 weeks with runs: %(median)s for the median runner, %(high)s at the 90th percentile.")
        if len(lives) > 1
        else _("Messages in 52 weeks with runs: %(median)s.")
    )
    console.print(Text(words % {"median": f"{middle:.1f}", "high": f"{high:.1f}"}))


def _by_rule(lives: Sequence[Lived]) -> Table:
    """How often each rule spoke, and what became of its other findings."""
    made = table(
        _("What became of what was found"),
        _("Rule"),
        _("Told"),
        _("Folded"),
        _("Digest"),
        _("Held back"),
        _("Quiet"),
        *((_("In 52 weeks"), _("90th perc.")) if len(lives) > 1 else (_("In 52 weeks"),)),
    )
    for of in by_rule(lives).values():
        counts = (f"{count:,}" for count in (of.told, of.folded, of.digest, of.held_back, of.silenced))
        a_year = of.a_year if len(lives) > 1 else of.a_year[:1]
        made.add_row(of.rule, *counts, *(f"{figure:.1f}" for figure in a_year))
    made.caption = _(
        "Told: at once. Folded: of these, in one message with another rule. Held back: another message was too near. "
        "In 52 weeks: told in 52 weeks with runs, by the median runner's history."
    )
    return made


def _reasons(lives: Sequence[Lived]) -> Table:
    """Why findings were not told at once, rule by rule."""
    made = table(_("What was not told at once"), _("Rule"), _("Reason"), _("Findings"), _("Share"), words=2)
    for rule, reasons in reasons_by_rule(lives).items():
        for number, (reason, count) in enumerate(reasons.most_common()):
            code = "" if number else rule
            made.add_row(code, reason_word(reason), f"{count:,}", percent(count, reasons.total()))
        made.add_section()
    return made


def _pain(lives: Sequence[Lived]) -> str:
    """How near logged pain lay to messages, and what may be claimed (evidence, section 4)."""
    overlap = pain_overlap(lives)
    counted = _near_pain(overlap) if overlap else _("No pain logged: nothing can be said of how messages and pain met.")
    claim = _(
        "A message describes how unusual a run was; it does not predict an injury. In a study of 74 runners over 7 "
        "years the best model from training data was right with about 4 of 100 of its warnings, and single load rules "
        "told days before an injury from others hardly better than chance."
    )
    return f"{counted} {claim}"


def _near_pain(overlap: PainOverlap) -> str:
    return _(
        "Days with pain of 3 of 10 or more: %(pain)d, of which %(near)s lay within %(span)d days from a message on; of "
        "all days %(usual)s did."
    ) % {
        "pain": overlap.pain_days,
        "near": percent(overlap.near, overlap.pain_days),
        "span": NEAR_DAYS,
        "usual": percent(overlap.days_near, overlap.days),
    }


def _states(lives: Sequence[Lived], rule: Rule) -> Table:
    title = _("%(rule)s: what it could do, week by week") % {"rule": rule_title(rule.code)}
    made = table(title, _("State"), _("Runners"), _("Weeks"), _("Share"), _("Share of the median runner"))
    weeks = [weeks_by_state(lived, rule) for lived in lives]
    for state in STATES:
        made.add_row(state_word(state), *_state_figures(lives, [counted[state] for counted in weeks]))
    return made


def _state_figures(lives: Sequence[Lived], weeks: Sequence[int]) -> tuple[str, str, str, str]:
    """Runners who were ever in a state, their weeks in it, and the share of all weeks and of a runner's own."""
    shares = [100 * count / len(lived.weeks) for count, lived in zip(weeks, lives, strict=True)]
    everywhere = sum(len(lived.weeks) for lived in lives)
    middle, _high = middle_and_ninth_tenth(shares)
    runners = sum(1 for count in weeks if count)
    return f"{runners:,}", f"{sum(weeks):,}", percent(sum(weeks), everywhere), f"{middle:.0f} %"
