"""`python -m tests.article_page`: docs/article.md, where each claim of the article behind this project is answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rules.advice import catalogue

PAGE = Path(__file__).parent.parent / "docs" / "article.md"
INTRODUCTION = """\
# The article behind this, and what answers it

Written by `python -m tests.article_page`; a test checks that every code exists and that nothing is missing.

Afterrun was asked for with one article as its source: a clinic's page for runners, "Why do I have upper back pain when
running?" (April 2024). It explains the thoracic spine, names five things that upper-back pain can come from and four
remedies, and argues for professional care. This page says in our own words what each of them comes to, what here
answers it, and how far the evidence carries it. Where article and evidence differ, the evidence decides what a runner
reads: nothing here diagnoses, and no stretch, exercise or appointment is said to keep an injury away.

Before anything on this page come the warning signs, and first of them the official advice on pain between the shoulder
blades: an urgent appointment. None of it was reviewed by a clinician yet.

Strength of evidence is that of [the rules](rules.md): A to D. `afterrun advice` lists the items, `afterrun rules` the
rules; the questions are those of the self-check."""
HEADING = "| {0} | what it comes to | strength | items | rules | questions |\n|---|---|---|---|---|---|"


@dataclass(frozen=True)
class Claim:
    """One claim, in our own words, and what answers it: advice items by number, rules and questions by code."""

    code: str
    title: str
    comes_to: str
    grade: str
    items: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()


CAUSES = (
    Claim(
        "posture",
        "Poor posture",
        "Linked with pain weakly, and no posture is the right one. No run shows it, so the runner is asked; changing "
        "position often is what is advised.",
        "C",
        ("M1", "M4", "K3", "F2"),
        ("back-context",),
        ("sitting-spells", "worse-after-sitting"),
    ),
    Claim(
        "tight-muscles",
        "Tight muscles",
        "Stretching gives room to move and some comfort; whether it eases a runner's upper back was not tested. Asked, "
        "not seen.",
        "D",
        ("M1", "M2", "M3", "M4", "M5", "M6", "M7", "M8", "M9", "M10", "M11"),
        ("back-context",),
        ("stiff-when-turning", "tense-shoulders", "worse-after-sitting", "sitting-spells"),
    ),
    Claim(
        "weak-muscles",
        "Weak muscles",
        "Strength work eased neck and shoulder pain in trials; for a runner's upper back that is indirect. Asked, not "
        "seen.",
        "C",
        ("S1", "S2", "S3", "S4", "S5", "S6", "S7"),
        ("back-context",),
        ("strength-training", "tires-when-upright"),
    ),
    Claim(
        "running-form",
        "Improper running form",
        "The trunk leans further forward as runners tire, and a slight lean is no fault. Slower steps late in long "
        "runs can be seen where the recorded course is read; leaning, hunching and twisting are asked about.",
        "C",
        ("F1", "F2", "F3", "F4", "F5", "F6", "M12"),
        ("late-cadence-fade",),
        ("late-in-runs", "shape-when-tired"),
    ),
    Claim(
        "overuse",
        "Overuse",
        "One run far beyond the longest of 30 days was linked with more overuse injuries in a large study; a tenth "
        "more a week was not. No study looked at upper backs. This is what the rules are for; bone that is sore at one "
        "spot belongs to the warning signs.",
        "B for a single run, C and D for the rest",
        ("P1", "P2", "P3", "P4", "P7", "T1", "K4"),
        ("run-spike", "fortnight-rise", "stair-climb", "streak", "no-rest-month", "return-from-break", "monotony"),
        ("running-lately", "bony-spot", "missed-periods"),
    ),
)
REMEDIES = (
    Claim(
        "improve-posture",
        "Improve posture",
        "Cues for shoulders, chest, trunk and gaze while running, one at a time, and breaks at the desk in place of "
        "one posture to hold.",
        "C and D",
        ("F1", "F2", "F4", "F5", "K3", "S8", "S9", "S10"),
        ("late-cadence-fade", "back-context"),
        ("sitting-spells", "shape-when-tired"),
    ),
    Claim(
        "stretch-regularly",
        "Stretch regularly",
        "Stretches for upper back and chest with a dose, in turn, offered for comfort. They were not linked with fewer "
        "running injuries.",
        "C and D",
        ("M1", "M2", "M3", "M4", "M5", "M6", "M7", "M8", "M9", "M10", "M11"),
        ("back-context",),
        ("stiff-when-turning", "tense-shoulders"),
    ),
    Claim(
        "strengthen-weak-muscles",
        "Strengthen weak muscles",
        "Rows, pull-downs and reverse flies are there with what else trains these muscles, each for four weeks and "
        "with a step up.",
        "C and D",
        ("S1", "S2", "S3", "S4", "S5", "S6", "S7"),
        ("back-context",),
        ("strength-training", "tires-when-upright"),
    ),
    Claim(
        "gradual-progression",
        "Gradual progression",
        "The longest run grows in small steps, weeks hold still after a big rise, and days off are counted.",
        "B for the longest run, C and D for the rest",
        ("P1", "P3", "P4", "P5", "P6", "P7", "P8", "T1", "T2"),
        ("run-spike", "fortnight-rise", "stair-climb", "streak", "no-rest-month", "return-from-break", "monotony"),
        ("running-lately",),
    ),
)
CARE = (
    Claim(
        "professional-care",
        "Professional (chiropractic) care",
        "Guidelines for the low back accept hands-on care only together with exercise; for the upper back the evidence "
        "is thin. What the article expects of it is met by a plan from the runner's own answers and runs, by saying "
        "when to be seen and how soon, and by a question after two weeks.",
        "C",
        ("K4", "K5", "K6", "K7", "K8", "K1", "K2", "T3"),
        ("pain", "red-flag"),
        ("mild", "gradual", "changes", "between-shoulder-blades"),
    ),
)


def main() -> None:
    PAGE.write_text(article_page(), encoding="utf-8")


def article_page() -> str:
    """The whole page, as it must stand in docs/article.md."""
    parts = (
        INTRODUCTION,
        *_table("cause it names", CAUSES),
        *_table("remedy it names", REMEDIES),
        *_table("care", CARE),
    )
    return "\n\n".join((*parts, "## The items by number", _names())) + "\n"


def _table(what: str, claims: tuple[Claim, ...]) -> Iterator[str]:
    yield "\n".join((HEADING.format(what), *map(_row, claims)))


def _row(claim: Claim) -> str:
    rules = ", ".join(f"[{code}](rules.md#{code})" for code in claim.rules)
    questions = ", ".join(f"`{code}`" for code in claim.questions)
    items = ", ".join(claim.items)
    return f"| **{claim.title}** | {claim.comes_to} | {claim.grade} | {items} | {rules} | {questions} |"


def _names() -> str:
    """Every item that is named above, with its code and its name."""
    named = {number for claim in (*CAUSES, *REMEDIES, *CARE) for number in claim.items}
    items = (item for item in catalogue().values() if item.item in named)
    rows = (f"| {item.item} | `{item.code}` | {item.text('en').name} | {item.grade.value} |" for item in items)
    return "\n".join(("| item | code | name | strength |\n|---|---|---|---|", *rows))


if __name__ == "__main__":
    main()
