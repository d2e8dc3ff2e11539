"""How a rule's findings are put into words. What stands here fits any rule; a file in verdicts/ says it better."""

from __future__ import annotations

from typing import ClassVar

from rules.model import Finding
from rules.rule import Rule
from service.language import _
from service.store.records import Units

Row = tuple[str, str]


class Verdict:
    """The words of one rule. All are called while the runner's language is spoken.

    `subject` is a push title: the point alone, without medical words. `inputs` must stay free of judgement,
    since it is shown with races too.
    """

    #: Whether it speaks of what the runner answered: such a finding has no "how unusual".
    about_answers: ClassVar[bool] = False

    def __init__(self, rule: Rule) -> None:
        self.rule = rule

    def subject(self, finding: Finding, units: Units, when: str) -> str:
        """The point. `when` is `today`, `yesterday` or `on Saturday`."""
        return _(self.rule.title)

    def line(self, finding: Finding, units: Units) -> str:
        """The point once more, for a list of findings: one sentence."""
        return _(self.rule.title) + "."

    def lead(self, finding: Finding, units: Units) -> str:
        """The runner's own numbers behind the point."""
        return _(self.rule.explanation.what_it_sees)

    def why(self, finding: Finding) -> str:
        """Why it matters and how sure we are."""
        return _(self.rule.explanation.why_it_matters)

    def beside(self) -> str:
        """What is said of it in a message that another finding leads."""
        return _("Also: %(title)s.") % {"title": _(self.rule.title)}

    def base_rate(self, finding: Finding) -> str:
        """How often what is talked about happens at all; empty where nothing is known."""
        return ""

    def inputs(self, finding: Finding, units: Units) -> tuple[Row, ...]:
        """What was compared, as label and value."""
        return ()

    def threshold(self, finding: Finding, units: Units) -> str:
        """From where on the rule speaks; empty where the explanation says it all."""
        return ""


class AnswersVerdict(Verdict):
    """The words of a rule about what the runner answered: its subject says nothing of it."""

    about_answers = True

    def subject(self, finding: Finding, units: Units, when: str) -> str:
        return _("About your check-in")


def number(finding: Finding, name: str) -> float:
    """A fact that is a number."""
    value = finding.facts[name]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{finding.rule}: {name} is {value!r}, not a number")
    return float(value)


def text(finding: Finding, name: str) -> str:
    """A fact that is a text; empty where it is not known."""
    value = finding.facts.get(name)
    return value if isinstance(value, str) else ""


def told(finding: Finding, name: str) -> bool:
    """Whether a fact holds."""
    return finding.facts.get(name) is True
