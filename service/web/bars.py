"""Weeks of running as bars: sums by the runner's own first weekday, and where each bar stands. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_skeleton

from integrations.channels.message import Link
from rules.model import Run
from service.messages.strava import view_on_strava
from service.messages.units import METRES, present_locale
from service.store.records import StoredFinding, Units

WEEKS = 12
#: Heights in pixels: the drawing keeps its text size on every screen, only widths follow the screen (in per cent).
TOP, FLOOR, LABELS = 34.0, 200.0, 24.0
HEIGHT = FLOOR + LABELS
SHARE_OF_COLUMN = 0.72


@dataclass(frozen=True, slots=True)
class Week:
    """Seven local days: what was run, links to its longest run, and which messages were written about it."""

    first_day: date
    runs: int
    distance_m: float
    longest_m: float
    links: tuple[Link, ...]
    message_ids: tuple[str, ...]
    is_running: bool

    @property
    def last_day(self) -> date:
        return self.first_day + timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the drawing: x and width in per cent, y and height in pixels."""

    x: float
    width: float
    middle: float
    y: float
    height: float
    value: str
    label: str
    has_alert: bool
    is_running: bool


def weeks(runs: Sequence[Run], told: Sequence[StoredFinding], today: date, first_weekday: int) -> list[Week]:
    """The last twelve weeks, oldest first; the last one still runs."""
    this_week = today - timedelta(days=(today.weekday() - first_weekday) % 7)
    first_days = [this_week - timedelta(weeks=age) for age in reversed(range(WEEKS))]
    return [_week(first, runs, told, is_running=first == this_week) for first in first_days]


def _week(first: date, runs: Sequence[Run], told: Sequence[StoredFinding], *, is_running: bool) -> Week:
    after = first + timedelta(days=7)
    ran = [run for run in runs if first <= run.local_day < after]
    longest = max(ran, key=lambda run: run.distance_m, default=None)
    messages = [item.message_id for item in told if first <= item.run.local_day < after and item.message_id]
    return Week(
        first_day=first,
        runs=len(ran),
        distance_m=sum(run.distance_m for run in ran),
        longest_m=longest.distance_m if longest else 0.0,
        links=view_on_strava(longest.id) if longest else (),
        message_ids=tuple(dict.fromkeys(messages)),
        is_running=is_running,
    )


def bars(shown: Sequence[Week], units: Units) -> list[Bar]:
    """Where each week's bar stands, the highest as high as there is room."""
    most = max((week.distance_m for week in shown), default=0.0)
    column = 100 / max(len(shown), 1)
    return [_bar(week, index, column, most, units) for index, week in enumerate(shown)]


def _bar(week: Week, index: int, column: float, most: float, units: Units) -> Bar:
    height = (FLOOR - TOP) * week.distance_m / most if most else 0.0
    middle = column * (index + 0.5)
    width = column * SHARE_OF_COLUMN
    return Bar(
        x=round(middle - width / 2, 2),
        width=round(width, 2),
        middle=round(middle, 2),
        y=round(FLOOR - height, 1),
        height=round(height, 1),
        value=str(round(week.distance_m / float(METRES[units]))) if week.runs else "0",
        # On a phone twelve dates do not fit: every third, counted so that the present week has one.
        label=format_skeleton("MMMd", week.first_day, locale=present_locale()) if (WEEKS - 1 - index) % 3 == 0 else "",
        has_alert=bool(week.message_ids),
        is_running=week.is_running,
    )
