"""fortnight-rise in words."""

from __future__ import annotations

from rules.model import Finding, Severity
from service.language import _
from service.messages.units import distance, percent
from service.messages.verdict import Row, Verdict, number
from service.store.records import Units


class Words(Verdict):
    """Two 7-day distances in a row against the usual week before them."""

    def subject(self, finding: Finding, units: Units, when: str) -> str:
        given = _numbers(finding, units)
        if finding.severity is Severity.HIGH:
            return _("%(last)s in the last 7 days, the second week at least double your usual") % given
        return _("%(last)s in the last 7 days, the second week over %(threshold)s %% above your usual") % given

    def line(self, finding: Finding, units: Units) -> str:
        given = _numbers(finding, units)
        return _("%(last)s in 7 days after %(previous)s in the 7 before, against a usual week of %(base)s.") % given

    def lead(self, finding: Finding, units: Units) -> str:
        given = _numbers(finding, units)
        return (
            _("%(last)s in the last 7 days after %(previous)s in the 7 before; your usual week was %(base)s.") % given
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
            (_("The 7 days before"), given["previous"]),
            (_("Usual week before that"), given["base"]),
        )

    def threshold(self, finding: Finding, units: Units) -> str:
        if finding.severity is Severity.HIGH:
            return _("both at least double that week")
        return _("both more than %(threshold)s %% above that week") % {"threshold": _limit(finding)}


def _numbers(finding: Finding, units: Units) -> dict[str, str]:
    return {
        "last": distance(number(finding, "last_7_days_m"), units),
        "previous": distance(number(finding, "previous_7_days_m"), units),
        "base": distance(number(finding, "base_week_m"), units),
        "threshold": _limit(finding),
    }


def _limit(finding: Finding) -> str:
    return percent(number(finding, "threshold_percent") / 100)
