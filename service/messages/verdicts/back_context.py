"""back-context in words: two things side by side, and neither is called the reason of the other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from rules.checks import all_rules
from rules.model import Finding
from service.language import _
from service.messages.days import day_of_month
from service.messages.signs import official_line
from service.messages.verdict import AnswersVerdict, Row, number, text, told
from service.store.records import Units


class Words(AnswersVerdict):
    """A sore upper back beside more running than usual, or long desk days."""

    def line(self, finding: Finding, units: Units) -> str:
        if not text(finding, "load_rule"):
            return _("Your upper back or near it was felt in these days, and you told us of long desk days.")
        if told(finding, "desk_days"):
            return _("Your upper back or near it was felt in days in which you ran more than usual and sat long.")
        return _("Your upper back or near it was felt in days in which you ran more than usual.")

    def lead(self, finding: Finding, units: Units) -> str:
        beside = _("Whether one has to do with the other, only a change can show.")
        return f"{self.line(finding, units)} {beside}"

    def why(self, finding: Finding) -> str:
        expert = _("That the two go together is expert opinion (strength D): no study followed runners' upper backs.")
        return f"{official_line()} {expert}"

    def beside(self) -> str:
        return _("Also: your check-in about the upper back.")

    def inputs(self, finding: Finding, units: Units) -> tuple[Row, ...]:
        return tuple(_rows(finding))


def _rows(finding: Finding) -> Iterator[Row]:
    yield _("Your answer"), _answer(finding)
    rule = next((rule for rule in all_rules() if rule.code == text(finding, "load_rule")), None)
    if rule is not None:
        day = day_of_month(date.fromisoformat(text(finding, "load_day")))
        yield _("Your running"), _("%(title)s (%(day)s)") % {"title": _(rule.title), "day": day}
    if told(finding, "desk_days"):
        yield _("Your days"), _("long desk days")


def _answer(finding: Finding) -> str:
    day = day_of_month(date.fromisoformat(text(finding, "complaint_day")))
    if finding.facts.get("pain_of_10") is None:
        return _("felt in the week before %(day)s") % {"day": day}
    return _("%(pain)d of 10 on %(day)s") % {"pain": int(number(finding, "pain_of_10")), "day": day}
