"""red-flag in words: what to do comes first, and no exercise or distance is named."""

from __future__ import annotations

from rules.model import Finding
from rules.signs import urgency_of
from service.language import _
from service.messages.signs import named_signs, what_to_do
from service.messages.verdict import AnswersVerdict, Row, text
from service.store.records import Units


class Words(AnswersVerdict):
    """A warning sign that stands."""

    def line(self, finding: Finding, units: Units) -> str:
        return _("You named a warning sign.")

    def lead(self, finding: Finding, units: Units) -> str:
        return what_to_do(urgency_of(text(finding, "sign")))

    def why(self, finding: Finding) -> str:
        return _(
            "Only an examination can tell what is behind it. Until you clear it, no exercise and no distance is named "
            "here."
        )

    def inputs(self, finding: Finding, units: Units) -> tuple[Row, ...]:
        return ((_("You named"), "; ".join(sign_words(finding))),)


def sign_words(finding: Finding) -> tuple[str, ...]:
    """Every sign that stands, in words."""
    return named_signs(filter(None, text(finding, "signs").split(", ")))
