"""Other settings beside the ones in force: what each rule would have said over the same histories."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from rules.checks import all_rules
from rules.thresholds import Overrides, thresholds_of
from service.language import _, ngettext
from service.replay.figures import RuleFigures, by_rule, messages_a_year
from service.replay.lived import Lived
from service.replay.tables import table

ARROW, PLAIN_ARROW = "→", "->"


def print_comparison(console: Console, before: Sequence[Lived], after: Sequence[Lived], overrides: Overrides) -> None:
    """The same histories by our settings (`before`) and by those that were asked for (`after`)."""
    arrow = PLAIN_ARROW if console.options.ascii_only else ARROW
    for line in _changes(overrides, arrow):
        console.print(Text(line, style="bold"))
    before, after = _with_runs(before), _with_runs(after)
    if not before:
        return console.print(Text(_("No runs that can be compared.")))
    counted = ngettext("%(count)d history", "%(count)d histories", len(before)) % {"count": len(before)}
    shown = table(
        _("Over %(histories)s, by our settings and by yours") % {"histories": counted},
        _("Rule"),
        _("Told at once"),
        _("In digests"),
        _("Not told"),
        _("In 52 weeks"),
        _("90th perc."),
    )
    shown.caption = _("In 52 weeks: told at once in 52 weeks with runs, by the median runner's history.")
    for code, cells in _rows(before, after, arrow):
        shown.add_row(code, *cells)
    shown.add_section()
    shown.add_row(_("Messages"), *_message_cells(before, after, arrow))
    return console.print(shown)


def _changes(overrides: Overrides, arrow: str) -> list[str]:
    ours = {rule.code: thresholds_of(rule) for rule in all_rules()}
    return [
        f"{code}.{name}: {ours[code][name]:g} {arrow} {value:g}"
        for code, values in overrides.items()
        for name, value in values.items()
    ]


def _with_runs(lives: Sequence[Lived]) -> list[Lived]:
    return [lived for lived in lives if lived.weeks]


def _rows(before: Sequence[Lived], after: Sequence[Lived], arrow: str) -> list[tuple[str, list[str]]]:
    """Every rule that found something by either: what others say changes the room for the rest."""
    ours, yours = by_rule(before), by_rule(after)
    codes = [rule.code for rule in all_rules() if rule.code in ours or rule.code in yours]
    return [(code, _all_side_by_side(_cells(ours, code), _cells(yours, code), arrow)) for code in codes]


def _cells(figures: dict[str, RuleFigures], code: str) -> list[str]:
    of = figures.get(code) or RuleFigures(code, 0, 0, 0, 0, 0, (0.0, 0.0))
    middle, high = of.a_year
    return [f"{of.told:,}", f"{of.digest:,}", f"{of.untold:,}", f"{middle:.1f}", f"{high:.1f}"]


def _message_cells(before: Sequence[Lived], after: Sequence[Lived], arrow: str) -> list[str]:
    ours, yours = ([_count(lives), *_a_year(lives)] for lives in (before, after))
    sent, middle, high = _all_side_by_side(ours, yours, arrow)
    return [sent, "", "", middle, high]


def _count(lives: Sequence[Lived]) -> str:
    return f"{sum(len(lived.messages) for lived in lives):,}"


def _a_year(lives: Sequence[Lived]) -> list[str]:
    return [f"{figure:.1f}" for figure in messages_a_year(lives)]


def _all_side_by_side(ours: Sequence[str], yours: Sequence[str], arrow: str) -> list[str]:
    return [_side_by_side(one, other, arrow) for one, other in zip(ours, yours, strict=True)]


def _side_by_side(ours: str, yours: str, arrow: str) -> str:
    """One figure where nothing changes."""
    return ours if ours == yours else f"{ours} {arrow} {yours}"
