"""The form that all tables of a replay share."""

from __future__ import annotations

from rich.table import Table


def table(title: str, *columns: str, words: int = 1) -> Table:
    """An empty table: the first `words` columns hold words, the others figures."""
    made = Table(title=title, title_justify="left", title_style="bold", caption_justify="left")
    for number, column in enumerate(columns):
        # The rule's code, which `--set` takes, stays in one piece on a narrow terminal.
        made.add_column(column, justify="left" if number < words else "right", no_wrap=not number)
    return made


def percent(count: int, total: int) -> str:
    """A share of something, nothing of nothing included."""
    return f"{100 * count / total if total else 0:.1f} %"
