"""`python -m tests.rules_page`: docs/rules.md, written from what the rules say of themselves."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from pathlib import Path

from rules.checks import all_rules
from rules.model import Grade, Source
from rules.rule import Rule
from rules.thresholds import thresholds_of
from service.rules_command import about

PAGE = Path(__file__).parent.parent / "docs" / "rules.md"
SECTIONS = {
    "what_it_sees": "What it sees",
    "why_it_matters": "Why it matters",
    "evidence": "Evidence",
    "limits": "What it does not know",
    "clears_when": "What clears it",
}
GRADES = {
    Grade.A: "several good studies in runners",
    Grade.B: "one large study of runners",
    Grade.C: "small, indirect or mixed studies",
    Grade.D: "expert opinion or mechanism",
    Grade.CONTRADICTED: "contradicted in runners: shown, never sent",
}
INTRODUCTION = """\
# The rules

Written by `python -m tests.rules_page` from the rules themselves; `afterrun rules` shows the same, with `--json` for
machines.

Each rule holds runs against the same runner's own recent training. How unusual something was is a note (weekly digest),
a caution or high (told after the run): never how risky. Settings are the fields of the rule; where bounds stand beside
one, a runner may move it within them, and `afterrun replay --set run-spike.caution=0.4` shows beforehand what would
change."""


def main() -> None:
    PAGE.write_text(rules_page(), encoding="utf-8")


def rules_page() -> str:
    """The whole page, as it must stand in docs/rules.md."""
    rules = all_rules()
    return "\n\n".join([INTRODUCTION, _overview(rules), *(part for rule in rules for part in _sections(rule))]) + "\n"


def _overview(rules: Sequence[Rule]) -> str:
    rows = (
        f"| [{rule.code}](#{rule.code}) | {rule.title} | {about(rule)} | {rule.grade.value} | {rule.version} |"
        for rule in rules
    )
    return "\n".join(["| rule | title | about | evidence | version |", "|---|---|---|---|---|", *rows])


def _sections(rule: Rule) -> Iterator[str]:
    yield f"## {rule.code}"
    yield f"**{rule.title}.** Evidence {rule.grade.value}: {GRADES[rule.grade]}. Version {rule.version}."
    for name, heading in SECTIONS.items():
        yield f"**{heading}.** {getattr(rule.explanation, name)}"
    if rule.explanation.sources:
        yield "**Sources.** " + "; ".join(_source(source) for source in rule.explanation.sources)
    yield f"**Settings.** {_about_settings(rule)}"
    if thresholds_of(rule):
        yield _settings(rule)


def _source(source: Source) -> str:
    return f"[{source.citation}]({source.address})" if source.address else source.citation


def _about_settings(rule: Rule) -> str:
    told = "Shown and never sent." if not rule.pushes else f"Quiet for {rule.quiet_days} days after it was told."
    return f"{told} It looks back {rule.lookback_days} days. {_in_a_line(inspect.getdoc(type(rule)) or '')}"


def _in_a_line(text: str) -> str:
    return " ".join(text.split())


def _settings(rule: Rule) -> str:
    rows = (f"| `{name}` | {value:g} | {_bounds(rule, name)} |" for name, value in thresholds_of(rule).items())
    return "\n".join(["| setting | value | may be set |", "|---|---|---|", *rows])


def _bounds(rule: Rule, name: str) -> str:
    if name not in rule.bounds:
        return "no"
    low, high = rule.bounds[name]
    return f"{low:g} to {high:g}"


if __name__ == "__main__":
    main()
