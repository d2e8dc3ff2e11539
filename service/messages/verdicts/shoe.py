"""shoe in words."""

from __future__ import annotations

from rules.model import Finding
from service.language import _
from service.messages.units import distance
from service.messages.verdict import Row, Verdict, number, text
from service.store.records import Units


class Words(Verdict):
    """A pair of shoes and how far it has run."""

    def subject(self, finding: Finding, units: Units, when: str) -> str:
        return _("A pair of shoes has run %(distance)s") % _numbers(finding, units)

    def line(self, finding: Finding, units: Units) -> str:
        given = _numbers(finding, units)
        if given["name"]:
            return _("Your %(name)s have run %(distance)s, as Strava counts it.") % given
        return _("One of your pairs of shoes has run %(distance)s, as Strava counts it.") % given

    def lead(self, finding: Finding, units: Units) -> str:
        return self.line(finding, units)

    def why(self, finding: Finding) -> str:
        return _(
            "No study sets a distance: change a pair when it no longer feels good. Runners who took turns between two "
            "pairs had fewer injuries in one study, which is a link and no more (strength C)."
        )

    def inputs(self, finding: Finding, units: Units) -> tuple[Row, ...]:
        given = _numbers(finding, units)
        return ((given["name"] or _("This pair"), given["distance"]),)

    def threshold(self, finding: Finding, units: Units) -> str:
        return _("%(threshold)s or more") % _numbers(finding, units)


def _numbers(finding: Finding, units: Units) -> dict[str, str]:
    return {
        "name": text(finding, "shoe"),
        "distance": distance(number(finding, "distance_m"), units),
        "threshold": distance(number(finding, "threshold_m"), units),
    }
