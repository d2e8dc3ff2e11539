"""stair-climb in words."""

from __future__ import annotations

from rules.model import Finding
from service.language import _
from service.messages.units import distance, percent
from service.messages.verdict import Row, Verdict, number
from service.store.records import Units


class Words(Verdict):
    """Three 7-day distances in a row, each clearly more than the one before."""

    def subject(self, finding: Finding, units: Units, when: str) -> str:
        return _("%(last)s in the last 7 days, the third rise in a row") % _numbers(finding, units)

    def line(self, finding: Finding, units: Units) -> str:
        given = _numbers(finding, units)
        return _("%(first)s, %(second)s and %(last)s in three times 7 days, after a week of %(base)s.") % given

    def lead(self, finding: Finding, units: Units) -> str:
        given = _numbers(finding, units)
        return (
            _("Your last three 7-day distances were %(first)s, %(second)s and %(last)s, after a week of %(base)s.")
            % given
        )

    def why(self, finding: Finding) -> str:
        first = _(
            "In some small studies rises over two to three weeks were linked with more overuse injuries, in others "
            "not (strength C)."
        )
        return f"{first} {self.base_rate(finding)}"

    def base_rate(self, finding: Finding) -> str:
        return _("In a study of 5,205 runners roughly 2 of 1,000 runs were followed by an overuse injury.")

    def inputs(self, finding: Finding, units: Units) -> tuple[Row, ...]:
        given = _numbers(finding, units)
        return (
            (_("Last 7 days"), given["last"]),
            (_("The 7 days before"), given["second"]),
            (_("The 7 days before those"), given["first"]),
            (_("The week they started from"), given["base"]),
        )

    def threshold(self, finding: Finding, units: Units) -> str:
        limit = percent(number(finding, "threshold_percent") / 100)
        return _("each more than %(threshold)s %% above the week before it") % {"threshold": limit}


def _numbers(finding: Finding, units: Units) -> dict[str, str]:
    return {
        "base": distance(number(finding, "base_week_m"), units),
        "first": distance(number(finding, "first_7_days_m"), units),
        "second": distance(number(finding, "second_7_days_m"), units),
        "last": distance(number(finding, "last_7_days_m"), units),
    }
