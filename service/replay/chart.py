"""Weekly distance as a few lines of text: a line a year, a column a week, a mark where it would have spoken."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date

BARS = "▁▂▃▄▅▆▇█"
PLAIN_BARS = ".:-=+*%#"
MARK, PLAIN_MARK = "▲", "^"


def weekly_chart(weeks: Mapping[date, float], marked: Collection[date], *, plain: bool = False) -> Iterator[str]:
    """The lines of the chart. `weeks` maps Mondays to metres, `marked` are Mondays; `plain` uses ASCII alone."""
    tallest = max(weeks.values(), default=0.0)
    bars, mark = (PLAIN_BARS, PLAIN_MARK) if plain else (BARS, MARK)
    for year in sorted({monday.isocalendar().year for monday in weeks}):
        loads = _year(weeks, year)
        yield f"{year} " + "".join(_bar(loads.get(week), tallest, bars) for week in _columns(loads))
        marks = _year(dict.fromkeys(marked, 1.0), year)
        if marks:
            yield " " * 5 + "".join(mark if week in marks else " " for week in _columns(marks))


def _year(weeks: Mapping[date, float], year: int) -> dict[int, float]:
    """Week of the year (ISO) to metres."""
    calendar = ((monday.isocalendar(), metres) for monday, metres in weeks.items())
    return {iso.week: metres for iso, metres in calendar if iso.year == year}


def _columns(weeks: Mapping[int, float]) -> range:
    return range(1, max(weeks, default=0) + 1)


def _bar(metres: float | None, tallest: float, bars: str) -> str:
    if not metres or not tallest:
        return " "
    return bars[min(len(bars) - 1, int(metres / tallest * len(bars)))]
