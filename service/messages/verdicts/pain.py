"""pain in words: what was answered and what it asks for; no exercise and no distance is named."""

from __future__ import annotations

from collections.abc import Iterator

from rules.model import Finding, Severity
from service.language import _
from service.messages.places import place_words
from service.messages.verdict import AnswersVerdict, Row, number, text, told
from service.store.records import Units


class Words(AnswersVerdict):
    """What the runner answered about pain, or about a week."""

    def line(self, finding: Finding, units: Units) -> str:
        return " ".join(_answered(finding))

    def lead(self, finding: Finding, units: Units) -> str:
        return f"{self.line(finding, units)} {_asks_for(finding)}"

    def why(self, finding: Finding) -> str:
        return _("Limits like these are used for the Achilles and the knee (strength C); other places are not tested.")

    def inputs(self, finding: Finding, units: Units) -> tuple[Row, ...]:
        return tuple(_rows(finding))

    def threshold(self, finding: Finding, units: Units) -> str:
        given = {"amber": int(number(finding, "caution_of_10")), "red": int(number(finding, "high_of_10"))}
        return _("shorter and easier from %(amber)d of 10 on, a stop from %(red)d of 10 on") % given


def _answered(finding: Finding) -> Iterator[str]:
    if "pain_of_10" in finding.facts:
        yield _("You answered %(pain)d of 10 (%(place)s).") % {
            "pain": int(number(finding, "pain_of_10")),
            "place": place_words(text(finding, "place")),
        }
        yield from _what_came_with_it(finding)
    if "week_day" in finding.facts:
        yield _("Your weekly answer tells of something that held you back.")


def _what_came_with_it(finding: Finding) -> Iterator[str]:
    if told(finding, "rising"):
        yield _("It has risen twice in a row.")
    if told(finding, "altered_stride"):
        yield _("It changed your stride.")
    if told(finding, "at_night"):
        yield _("It is there at night.")
    if told(finding, "next_morning"):
        yield _("It was still there the next morning.")
    if _is_red_by_what_came_before(finding):
        yield _("It follows another such answer.")


def _is_red_by_what_came_before(finding: Finding) -> bool:
    """Whether the answer alone would not have been red."""
    for_itself = number(finding, "pain_of_10") >= number(finding, "high_of_10")
    reasons = ("rising", "altered_stride", "at_night")
    return text(finding, "light") == "red" and not for_itself and not any(told(finding, name) for name in reasons)


def _asks_for(finding: Finding) -> str:
    if finding.severity is Severity.HIGH:
        return _("That asks for a stop: no running until an answer of 0 to 2 that settles overnight.")
    return _("That asks for shorter and easier running until it has settled.")


def _rows(finding: Finding) -> Iterator[Row]:
    if "pain_of_10" in finding.facts:
        yield _("Your answer"), " ".join(_answered_pain(finding))
    if "week_day" in finding.facts:
        yield _("Your weekly answer"), _weekly(finding)


def _answered_pain(finding: Finding) -> Iterator[str]:
    yield _("%(pain)d of 10, %(place)s.") % {
        "pain": int(number(finding, "pain_of_10")),
        "place": place_words(text(finding, "place")),
    }
    yield from _what_came_with_it(finding)


def _weekly(finding: Finding) -> str:
    return _("training missed %(missed)d of 3, changed %(changed)d of 3, felt %(felt)d of 3") % {
        "missed": int(number(finding, "participation_of_3")),
        "changed": int(number(finding, "changed_of_3")),
        "felt": int(number(finding, "felt_of_3")),
    }
