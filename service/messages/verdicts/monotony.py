"""monotony in words."""

from __future__ import annotations

from rules.model import Fact, Finding, Severity
from service.language import _, ngettext
from service.messages.units import average, distance, ratio
from service.messages.verdict import Row, Verdict, number
from service.store.records import Units


class Words(Verdict):
    """How much the days of a week were alike."""

    def subject(self, finding: Finding, units: Units, when: str) -> str:
        if finding.severity is Severity.NOTE:
            return _("Days much alike: %(extent)s in the last 7 days") % _numbers(finding, units)
        return _("Two weeks of days much alike: %(extent)s in the last 7 days") % _numbers(finding, units)

    def line(self, finding: Finding, units: Units) -> str:
        given = _numbers(finding, units)
        if finding.severity is Severity.NOTE:
            return _("%(extent)s in 7 days, each much like the next (monotony %(last)s).") % given
        return (
            _("%(extent)s in 7 days, each much like the next (monotony %(last)s, in the 7 days before %(previous)s).")
            % given
        )

    def lead(self, finding: Finding, units: Units) -> str:
        given = _numbers(finding, units)
        return (
            _(
                "You ran %(extent)s in the last 7 days, each day much like the next, and so it was in the 7 days "
                "before: monotony %(last)s and %(previous)s."
            )
            % given
            if finding.severity is not Severity.NOTE
            else self.line(finding, units)
        )

    def why(self, finding: Finding) -> str:
        return _(
            "Monotony is the mean day divided by how far the days scatter. One small study links even weeks at high "
            "load with more minor illness (strength C); it did not look at injuries."
        )

    def inputs(self, finding: Finding, units: Units) -> tuple[Row, ...]:
        given = _numbers(finding, units)
        return (
            (_("Last 7 days"), _("%(extent)s, monotony %(last)s") % given),
            (_("The 7 days before"), _("%(before)s, monotony %(previous)s") % given),
            (_("Usual week before that"), given["usual"]),
        )

    def threshold(self, finding: Finding, units: Units) -> str:
        return _("monotony above %(threshold)s") % {"threshold": average(number(finding, "threshold_monotony"))}


def monotony_words(value: Fact) -> str:
    """`2.65`; equal days are "maximal", and a week without a run has none."""
    if value is None:
        return _("not known")
    return _("maximal") if isinstance(value, str) else ratio(float(value))


def _numbers(finding: Finding, units: Units) -> dict[str, str]:
    run_days = int(number(finding, "run_days"))
    last = distance(number(finding, "last_7_days_m"), units)
    extent = ngettext("%(distance)s on %(count)d run day", "%(distance)s on %(count)d run days", run_days)
    return {
        "extent": extent % {"distance": last, "count": run_days},
        "before": distance(number(finding, "previous_7_days_m"), units),
        "usual": distance(number(finding, "usual_week_m"), units),
        "last": monotony_words(finding.facts["monotony"]),
        "previous": monotony_words(finding.facts["previous_monotony"]),
    }
