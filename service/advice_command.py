"""`afterrun advice`: all that can be offered, with dose, who should leave it and what speaks for it."""

from __future__ import annotations

import json
from collections.abc import Iterable

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from rules.advice import catalogue
from rules.model import Advice, AdviceKind
from service.drawings import drawn
from service.language import _
from service.messages.advice_words import words_of


@click.command("advice", short_help=_("Every stretch, exercise and other advice, with its dose and source."))
@click.option("--json", "as_json", is_flag=True, help=_("All advice as a list on standard output."))
def advice_command(as_json: bool) -> None:
    """The advice that you can be given: how much, for whom not, and how strong the evidence is."""
    items = catalogue().values()
    if as_json:
        click.echo(json.dumps([described(item) for item in items], indent=2, ensure_ascii=False, allow_nan=False))
    else:
        _print(items)


def described(item: Advice) -> dict[str, object]:
    """All that an item says of itself, in the reader's language. `drawing` is an address on the pages, or nothing."""
    words = words_of(item)
    return {
        "code": item.code,
        "item": item.item,
        "kind": item.kind,
        "name": words.name,
        "steps": list(words.steps),
        "dose": words.dose,
        "step_up": words.step_up or None,
        "avoid": words.avoid,
        "why": words.why,
        "exclusions": sorted(item.exclusions),
        "not_when_sore": sorted(item.not_when_sore),
        "suits": sorted(item.suits),
        "equipment": sorted(item.equipment),
        "muscles": list(item.muscles),
        "body": sorted(item.body),
        "traits": sorted(item.traits),
        "answers": sorted(item.answers),
        "grade": item.grade.value,
        "source": item.source,
        "drawing": f"/drawings/{item.code}.svg" if item.code in drawn() else None,
        "alt": words.alt or None,
    }


def _print(items: Iterable[Advice]) -> None:
    console = Console(highlight=False)
    table = Table(_("Advice"), _("What it is"), _("How much"), _("Evidence"), _("Answers"), show_lines=True)
    for item in items:
        words = words_of(item)
        name = Text.assemble((item.code, "bold"), f"\n{item.item} ", words.name)
        table.add_row(name, _kind_word(item.kind), words.dose, item.grade.value, "\n".join(sorted(item.answers)))
    console.print(table)
    console.print(
        _(
            "Evidence: A several good studies in runners, B one large one, C small or mixed ones, D expert opinion, "
            "X contradicted."
        )
    )


def _kind_word(kind: AdviceKind) -> str:
    return {
        "mobility": _("a stretch"),
        "strength": _("strength"),
        "form": _("a form cue"),
        "load": _("running and rest"),
        "care": _("care"),
    }[kind]
