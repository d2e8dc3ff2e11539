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
from service.replay.lived import STARTING, Lived, middle_and_ninth_tenth, monday_of, weeks_by_state
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
    table = Table(_("Day"), _("How unusual"), _("Why it would have written"))
    for message in messages:
        table.add_row(message[0].finding.day.isoformat(), how(message), Text(why(message)))
    return table


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
    """Figures over all histories that hold a run."""
    lives = [lived for lived in lives if lived.weeks]
    if not lives:
        return
    console.print(Text(_("All %(count)d histories with runs") % {"count": len(lives)}, style="bold"))
    middle, high = middle_and_ninth_tenth([lived.messages_a_year for lived in lives])
    console.print(
        _("Messages in 52 weeks with runs: %(median)s for the median runner, %(high)s at the 90th percentile.")
        % {"median": f"{middle:.1f}", "high": f"{high:.1f}"}
    )
    for table in (_shares(lives), _reasons(lives), *(_states(lives, rule) for rule in all_rules())):
        console.print()
        console.print(table)


def _shares(lives: Sequence[Lived]) -> Table:
    told = Counter(decision.finding.rule for lived in lives for decision in lived.told)
    table = _table(_("What was told at once"), _("Rule"), _("Findings"), _("Share"))
    for rule, count in told.most_common():
        table.add_row(rule_title(rule), f"{count:,}", _percent(count, told.total()))
    table.add_section()
    table.add_row(_("Messages"), f"{sum(len(lived.messages) for lived in lives):,}", "")
    return table


def _reasons(lives: Sequence[Lived]) -> Table:
    reasons = Counter(decision.reason for lived in lives for decision in lived.decisions if decision.reason)
    table = _table(_("What was not told at once"), _("Reason"), _("Findings"), _("Share"))
    for reason, count in reasons.most_common():
        table.add_row(reason_word(reason), f"{count:,}", _percent(count, reasons.total()))
    return table


def _states(lives: Sequence[Lived], rule: Rule) -> Table:
    title = _("%(rule)s: what it could do, week by week") % {"rule": rule_title(rule.code)}
    table = _table(title, _("State"), _("Runners"), _("Weeks"), _("Share"), _("Share of the median runner"))
    weeks = [weeks_by_state(lived, rule) for lived in lives]
    for state in STATES:
        table.add_row(state_word(state), *_state_figures(lives, [counted[state] for counted in weeks]))
    return table


def _state_figures(lives: Sequence[Lived], weeks: Sequence[int]) -> tuple[str, str, str, str]:
    """Runners who were ever in a state, their weeks in it, and the share of all weeks and of a runner's own."""
    shares = [100 * count / len(lived.weeks) for count, lived in zip(weeks, lives, strict=True)]
    everywhere = sum(len(lived.weeks) for lived in lives)
    middle, _high = middle_and_ninth_tenth(shares)
    runners = sum(1 for count in weeks if count)
    return f"{runners:,}", f"{sum(weeks):,}", _percent(sum(weeks), everywhere), f"{middle:.0f} %"


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left")
    return table


def _percent(count: int, total: int) -> str:
    return f"{100 * count / total:.1f} %"
