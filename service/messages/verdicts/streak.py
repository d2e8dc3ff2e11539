"""streak in words."""

from __future__ import annotations

from datetime import date
from math import ceil

from rules.model import Finding
from service.language import _, ngettext
from service.messages.days import day_of_month
from service.messages.units import average
from service.messages.verdict import Row, Verdict, number, text, told
from service.store.records import Units


class Words(Verdict):
    """Days in a row with a run, against the runner's own earlier streaks."""

    def subject(self, finding: Finding, units: Units, when: str) -> str:
        given = _numbers(finding)
        if not _is_compared(finding):
            return _in_a_row(finding)
        words = ngettext(
            "%(days)d day of running in a row; your usual is up to %(usual)s",
            "%(days)d days of running in a row; your usual is up to %(usual)s",
            _days(finding),
        )
        return words % given

    def line(self, finding: Finding, units: Units) -> str:
        if not _is_compared(finding):
            return _in_a_row(finding) + "."
        words = ngettext(
            "%(days)d day of running in a row; nearly all your earlier streaks had at most %(usual)s.",
            "%(days)d days of running in a row; nearly all your earlier streaks had at most %(usual)s.",
            _days(finding),
        )
        return words % _numbers(finding)

    def lead(self, finding: Finding, units: Units) -> str:
        given = _numbers(finding)
        if not _is_compared(finding):
            return _("You ran on each day since %(first)s: %(days)d in a row.") % given
        return (
            _(
                "You ran on each day since %(first)s: %(days)d in a row. Of your earlier streaks in the last 26 weeks "
                "nearly all (95 of 100) had at most %(usual)s."
            )
            % given
        )

    def why(self, finding: Finding) -> str:
        first = _("One study links few days off with more overuse injuries (strength C); none names a number of days.")
        return f"{first} {complaint_words()}" if told(finding, "complaint") else first

    def inputs(self, finding: Finding, units: Units) -> tuple[Row, ...]:
        given = _numbers(finding)
        days = (_("Days in a row"), _("%(days)d, since %(first)s") % given)
        usual = (_("Nearly all your earlier streaks"), _("at most %(usual)s") % given)
        return (days, usual) if number(finding, "usual_streak_days") else (days,)

    def threshold(self, finding: Finding, units: Units) -> str:
        least = int(number(finding, "threshold_days"))
        if _days(finding) < least:  # told for what the runner answered, not for the number of days
            return ""
        return ngettext("%(count)d day in a row", "%(count)d days in a row", least) % {"count": least}


def complaint_words() -> str:
    """That a complaint was told beside it."""
    return _("You also told us lately that something hurt, or of a week that was clearly felt.")


def _is_compared(finding: Finding) -> bool:
    """Whether there are earlier streaks, and this one is beyond them: not so for every declared streak runner."""
    return bool(number(finding, "usual_streak_days")) and _days(finding) >= number(finding, "threshold_days")


def _in_a_row(finding: Finding) -> str:
    days = _days(finding)
    return ngettext("%(days)d day of running in a row", "%(days)d days of running in a row", days) % {"days": days}


def _numbers(finding: Finding) -> dict[str, str | int]:
    return {
        "days": _days(finding),
        "usual": _usual(finding),
        "first": day_of_month(date.fromisoformat(text(finding, "first_day"))),
    }


def _usual(finding: Finding) -> str:
    """`3 days`; a percentile lies between two lengths at times: `3.5 days`."""
    days = number(finding, "usual_streak_days")
    return ngettext("%(days)s day", "%(days)s days", ceil(days)) % {"days": average(days)}


def _days(finding: Finding) -> int:
    return int(number(finding, "streak_days"))
