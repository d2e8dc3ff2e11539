"""Days as the runner reads them: today, yesterday, a weekday, a date, all on the runner's own calendar."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton
from babel.lists import format_list

from service.language import _
from service.messages.units import present_locale
from service.store.records import Athlete

A_WEEKDAY_IS_CLEAR_FOR = 7


def wall_clock(athlete: Athlete, now: datetime) -> datetime:
    """The runner's own time, naive, as the starts of runs are."""
    return now.astimezone(ZoneInfo(athlete.time_zone)).replace(tzinfo=None)


def when(day: date, today: date) -> str:
    """`today`, `yesterday`, `on Saturday` or `on May 3`; a day ahead (a runner who travels) is today."""
    days_ago = (today - day).days
    if days_ago <= 0:
        return _("today")
    if days_ago == 1:
        return _("yesterday")
    if days_ago < A_WEEKDAY_IS_CLEAR_FOR:
        return _("on %(day)s") % {"day": weekday(day)}
    return _("on %(day)s") % {"day": day_of_month(day)}


def weekday(day: date) -> str:
    return format_date(day, "EEEE", locale=present_locale())


def day_of_month(day: date) -> str:
    """`May 3`, in the order and words of the language."""
    return format_skeleton("MMMMd", day, locale=present_locale())


def full_date(day: date) -> str:
    """`May 3, 2024`."""
    return format_date(day, "long", locale=present_locale())


def short_day(day: date) -> str:
    """`Tue, May 7`."""
    return format_skeleton("MMMEd", day, locale=present_locale())


def several_days(days: Iterable[date]) -> str:
    """`May 3, May 7, and May 20`."""
    return format_list([day_of_month(day) for day in days], locale=present_locale())
