"""late-cadence-fade in words."""

from __future__ import annotations

from rules.model import Finding
from service.language import _, ngettext
from service.messages.units import average, percent
from service.messages.verdict import Row, Verdict, number
from service.store.records import Units


class Words(Verdict):
    """Steps a minute in the last third of long runs against the first third."""

    def subject(self, finding: Finding, units: Units, when: str) -> str:
        return _("Fewer steps a minute late in your long run %(when)s") % {"when": when}

    def line(self, finding: Finding, units: Units) -> str:
        return _("Steps a minute fell by %(fall)s %% from the first to the last third, as in %(faded)s.") % _numbers(
            finding
        )

    def lead(self, finding: Finding, units: Units) -> str:
        return self.line(finding, units)

    def why(self, finding: Finding) -> str:
        return _(
            "A review of 68 laboratory studies: with fatigue steps slow down and the trunk leans further forward "
            "(strength C). Nobody has shown that a cue changes how a run feels afterwards."
        )

    def inputs(self, finding: Finding, units: Units) -> tuple[Row, ...]:
        given = _numbers(finding)
        return (
            (_("Steps a minute, last third against first"), _("%(fall)s %% lower") % given),
            (_("Long runs that faded"), given["faded"]),
        )

    def threshold(self, finding: Finding, units: Units) -> str:
        minutes = int(number(finding, "least_minutes"))
        words = ngettext(
            "%(threshold)s %% lower or more, in runs of %(count)d minute or more",
            "%(threshold)s %% lower or more, in runs of %(count)d minutes or more",
            minutes,
        )
        return words % {"threshold": percent(number(finding, "threshold_percent") / 100), "count": minutes}


def _numbers(finding: Finding) -> dict[str, str]:
    compared = int(number(finding, "runs_compared"))
    words = ngettext(
        "%(faded)d of your last %(count)d long run", "%(faded)d of your last %(count)d long runs", compared
    )
    return {
        "fall": average(abs(number(finding, "cadence_change_percent"))),
        "faded": words % {"faded": int(number(finding, "runs_faded")), "count": compared},
    }
