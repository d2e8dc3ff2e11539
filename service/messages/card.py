"""The explanation card: what was compared, from where on it is told, how sure that is, and what would clear it."""

from __future__ import annotations

from integrations.channels.message import Section
from rules.model import Finding, Source
from service.language import _
from service.messages.reasons import grade_words, severity_words
from service.messages.verdict import Row, Verdict
from service.store.records import Units


def explanation_card(verdict: Verdict, finding: Finding, units: Units) -> Section:
    """Why the runner sees this, with every number behind it."""
    explanation = verdict.rule.explanation
    return Section(
        role="card",
        heading=_("Why you see this: %(title)s") % {"title": _(verdict.rule.title)},
        rows=(
            *verdict.inputs(finding, units),
            *_threshold(verdict, finding, units),
            *_level(verdict, finding),
            *_base_rate(verdict, finding),
            (_("Rule"), _("%(rule)s, version %(version)d") % {"rule": finding.rule, "version": finding.version}),
            (_("Strength of evidence"), grade_words(verdict.rule.grade)),
            (_("The studies"), _(explanation.evidence)),
            (_("Source"), "; ".join(_citation(source) for source in explanation.sources)),
            (_("What it does not know"), _(explanation.limits)),
            (_("What clears it"), _(explanation.clears_when)),
        ),
    )


def _threshold(verdict: Verdict, finding: Finding, units: Units) -> tuple[Row, ...]:
    threshold = verdict.threshold(finding, units)
    return ((_("Threshold"), threshold),) if threshold else ()


def _level(verdict: Verdict, finding: Finding) -> tuple[Row, ...]:
    """How unusual it was; what a runner answered is not called usual or unusual."""
    return () if verdict.about_answers else ((_("How unusual"), severity_words(finding.severity)),)


def _base_rate(verdict: Verdict, finding: Finding) -> tuple[Row, ...]:
    """No ratio stands without it."""
    rate = verdict.base_rate(finding)
    return ((_("How common injuries are"), rate),) if rate else ()


def _citation(source: Source) -> str:
    return f"{source.citation} ({source.address})" if source.address else source.citation
