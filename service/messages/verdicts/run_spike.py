"""run-spike in words."""

from __future__ import annotations

from datetime import date

from rules.model import Finding, Severity
from service.language import _
from service.messages.days import day_of_month
from service.messages.units import distance, percent
from service.messages.verdict import Row, Verdict, number
from service.store.records import Units


class Words(Verdict):
    """A run against the longest of the days before it."""

    def subject(self, finding: Finding, units: Units, when: str) -> str:
        given = {**_numbers(finding, units), "when": when}
        if finding.severity is Severity.HIGH:
            return _("%(distance)s %(when)s, more than double your longest in %(days)d days") % given
        return _("%(distance)s %(when)s, %(percent)s %% beyond your longest in %(days)d days") % given

    def line(self, finding: Finding, units: Units) -> str:
        given = _numbers(finding, units)
        if finding.severity is Severity.HIGH:
            return _("%(distance)s, more than double your longest of the %(days)d days before (%(longest)s).") % given
        return _("%(distance)s, %(percent)s %% beyond your longest of the %(days)d days before (%(longest)s).") % given

    def lead(self, finding: Finding, units: Units) -> str:
        given = _numbers(finding, units)
        return _("You ran %(distance)s; your longest in %(days)d days was %(longest)s, on %(day)s.") % given

    def why(self, finding: Finding) -> str:
        first = _("One large study links such runs with more overuse injuries (strength B).")
        return f"{first} {self.base_rate(finding)}"

    def base_rate(self, finding: Finding) -> str:
        if finding.severity is Severity.HIGH:
            return _(
                "In a study of 5,205 runners roughly 2 of 1,000 runs were followed by an overuse injury; for runs "
                "like this our arithmetic says 5."
            )
        return _(
            "In a study of 5,205 runners roughly 2 of 1,000 runs were followed by an overuse injury; for runs like "
            "this our arithmetic says 3 to 4."
        )

    def inputs(self, finding: Finding, units: Units) -> tuple[Row, ...]:
        given = _numbers(finding, units)
        return (
            (_("This run"), str(given["distance"])),
            (
                _("Compared with"),
                _("%(longest)s on %(day)s, the longest of your %(runs)d runs in the %(days)d days before") % given,
            ),
        )

    def threshold(self, finding: Finding, units: Units) -> str:
        if finding.severity is Severity.HIGH:
            return _("more than double that run")
        return _("more than %(threshold)s %% beyond that run") % {"threshold": percent(_limit(finding))}


def _numbers(finding: Finding, units: Units) -> dict[str, str | int]:
    excess = number(finding, "distance_m") / number(finding, "longest_m") - 1
    return {
        "distance": distance(number(finding, "distance_m"), units),
        "longest": distance(number(finding, "longest_m"), units),
        "percent": percent(excess, above=_limit(finding)),
        "day": day_of_month(date.fromisoformat(str(finding.facts["longest_day"]))),
        "runs": int(number(finding, "runs_compared")),
        "days": int(number(finding, "compared_days")),
    }


def _limit(finding: Finding) -> float:
    return number(finding, "threshold_percent") / 100
