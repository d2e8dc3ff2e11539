"""`afterrun rules`: what is watched, from where on it speaks and what that rests on, for people or for machines."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from rules.checks import all_rules
from rules.rule import Rule
from rules.thresholds import thresholds_of
from service.language import _

#: The sections of an explanation that are text, in the order in which they are read.
SECTIONS = ("what_it_sees", "why_it_matters", "evidence", "limits", "clears_when")


@click.command("rules", short_help=_("What is watched, from where on it speaks, and what that rests on."))
@click.option("--json", "as_json", is_flag=True, help=_("All rules as a list on standard output."))
def rules_command(as_json: bool) -> None:
    """The rules by which your runs are read: their thresholds, strength of evidence and sources."""
    rules = all_rules()
    if as_json:
        click.echo(json.dumps([described(rule) for rule in rules], indent=2, ensure_ascii=False, allow_nan=False))
    else:
        _print(rules)


def described(rule: Rule) -> dict[str, object]:
    """All that a rule says of itself. `bounds` hold the thresholds that a runner may move, as [low, high]."""
    return {
        "code": rule.code,
        "title": _(rule.title),
        "grade": rule.grade.value,
        "version": rule.version,
        "about": about(rule),
        "pushes": rule.pushes,
        "quiet_days": rule.quiet_days,
        "lookback_days": rule.lookback_days,
        "thresholds": thresholds_of(rule),
        "bounds": {name: list(bounds) for name, bounds in rule.bounds.items()},
        **{section: _(getattr(rule.explanation, section)) for section in SECTIONS},
        "sources": [asdict(source) for source in rule.explanation.sources],
    }


def about(rule: Rule) -> str:
    """What it judges: a `check-in`, the `period` that ends with a run, or the `run` itself."""
    if type(rule).check_diary is not Rule.check_diary:
        return "check-in"
    return "period" if rule.about_period else "run"


def _print(rules: Sequence[Rule]) -> None:
    console = Console(highlight=False)
    table = Table(_("Rule"), _("About"), _("Evidence"), _("What you may set"), show_lines=True)
    for rule in rules:
        name = Text.assemble((rule.code, "bold"), "\n", _(rule.title))
        table.add_row(name, _about_word(rule), rule.grade.value, _settings(rule))
    console.print(table)
    console.print(
        _(
            "Evidence: A several good studies in runners, B one large one, C small or mixed ones, D expert opinion, "
            "X contradicted."
        )
    )


def _about_word(rule: Rule) -> str:
    words = {"run": _("a run"), "period": _("weeks"), "check-in": _("check-ins")}[about(rule)]
    return words if rule.pushes else _("%(about)s, never sent") % {"about": words}


def _settings(rule: Rule) -> str:
    """One threshold a line, with its bounds; what a runner may not move is in the JSON alone."""
    values = thresholds_of(rule)
    return "\n".join(_setting(name, values[name], *bounds) for name, bounds in rule.bounds.items())


def _setting(name: str, value: float, low: float, high: float) -> str:
    return _("%(name)s %(value)s (%(low)s to %(high)s)") % {
        "name": name,
        "value": f"{value:g}",
        "low": f"{low:g}",
        "high": f"{high:g}",
    }
