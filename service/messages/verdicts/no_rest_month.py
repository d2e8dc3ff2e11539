"""no-rest-month in words."""

from __future__ import annotations

from rules.model import Finding
from service.language import _, ngettext
from service.messages.units import distance
from service.messages.verdict import Row, Verdict, number, told
from service.messages.verdicts.streak import complaint_words
from service.store.records import Units


class Words(Verdict):
    """Days without a run among the last 28."""

    def subject(self, finding: Finding, units: Units, when: str) -> str:
        return _days_off(finding)

    def line(self, finding: Finding, units: Units) -> str:
        return _("%(days_off)s, at %(mean)s in 7 days; your usual week was %(usual)s.") % _numbers(finding, units)

    def lead(self, finding: Finding, units: Units) -> str:
        return self.line(finding, units)

    def why(self, finding: Finding) -> str:
        first = _("One study links few days off with more overuse injuries (strength C); one in seven is our choice.")
        return f"{first} {complaint_words()}" if told(finding, "complaint") else first

    def inputs(self, finding: Finding, units: Units) -> tuple[Row, ...]:
        given = _numbers(finding, units)
        return (
            (_("Days without a run"), _("%(count)d of the last %(days)d") % given),
            (_("Average week in them"), str(given["mean"])),
            (_("Usual week before that"), str(given["usual"])),
        )

    def threshold(self, finding: Finding, units: Units) -> str:
        least = int(number(finding, "threshold_rest_days"))
        fewer = ngettext("fewer than %(count)d day without a run", "fewer than %(count)d days without a run", least)
        return fewer % {"count": least}


def _days_off(finding: Finding) -> str:
    count, days = int(number(finding, "rest_days")), int(number(finding, "period_days"))
    if not count:
        return _("No day without a run in the last %(days)d days") % {"days": days}
    words = ngettext(
        "%(count)d day without a run in the last %(days)d days",
        "%(count)d days without a run in the last %(days)d days",
        count,
    )
    return words % {"count": count, "days": days}


def _numbers(finding: Finding, units: Units) -> dict[str, str | int]:
    return {
        "days_off": _days_off(finding),
        "count": int(number(finding, "rest_days")),
        "days": int(number(finding, "period_days")),
        "mean": distance(number(finding, "mean_week_m"), units),
        "usual": distance(number(finding, "usual_week_m"), units),
    }
