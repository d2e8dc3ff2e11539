"""`make mutate`: mutmut over the rules; figures into build/mutate.json, survivors with reasons into docs/mutants.md."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from mutmut.stats import status_by_exit_code

ROOT = Path(__file__).parent.parent
MUTANTS = ROOT / "mutants"
FIGURES = ROOT / "build" / "mutate.json"
PAGE = ROOT / "docs" / "mutants.md"
REASONS = ROOT / "tests" / "mutants.toml"
GOAL = 0.9
UNEXPLAINED = "Not yet explained"

INTRODUCTION = """\
# Mutants of the rules

Written by `make mutate`, a few minutes on two cores: [mutmut](https://mutmut.readthedocs.io/) makes one small mistake
after another in the rules (`<` becomes `<=`, 6 becomes 7, an argument is left out) and runs the tests of `tests/rules`
that touch the place. A mutant that no test notices has survived. With fewer than {goal:.0%} noticed the command fails.
This page is a snapshot of its last run, to be renewed with the same command; `build/mutate.json` holds the figures.

mutmut changes what stands in functions. It leaves out class bodies and constants (thresholds, texts; their exact limits
are tested as stories), decorated functions (properties, caches) and annotations.

**{killed} of {total} mutants noticed: {share:.1%}.** {survived} survived, {timeout} took too long, {no_tests} met none.

| module | mutants | noticed | share |
|---|---|---|---|
"""


@dataclass(frozen=True)
class Survivor:
    """A mutant that no test noticed: where, and the lines before and after."""

    place: str
    function: str
    was: str
    becomes: str

    def __str__(self) -> str:
        return f"{self.place}: {self.was} -> {self.becomes}"


@dataclass(frozen=True)
class Reason:
    """Why some mutants survive; `mutants` are regular expressions for a survivor as text."""

    title: str
    why: str
    mutants: tuple[str, ...]

    def fits(self, survivor: Survivor) -> bool:
        return any(re.search(mutant, str(survivor)) for mutant in self.mutants)


def main() -> int:
    shutil.rmtree(MUTANTS, ignore_errors=True)  # what it remembers does not know that tests have changed
    subprocess.run([sys.executable, "-m", "mutmut", "run"], cwd=ROOT, check=True)
    found = {place: dict(_outcomes(place)) for place in _mutated()}
    outcomes = {place: mutants for place, mutants in found.items() if mutants}
    figures = summary(outcomes)
    FIGURES.parent.mkdir(exist_ok=True)
    FIGURES.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    survivors = [_survivor(place, name) for place, names in outcomes.items() for name in _not_noticed(names)]
    PAGE.write_text(page(figures, outcomes, survivors, reasons()), encoding="utf-8")
    sys.stdout.write(f"{figures['killed']} of {figures['total']} mutants noticed: {figures['share']:.1%}")
    sys.stdout.write(f" (goal {GOAL:.0%}: {'met' if figures['met'] else 'MISSED'}); survivors in docs/mutants.md\n")
    return 0 if figures["met"] else 1


def _mutated() -> list[str]:
    """The places of the files that hold mutants, in order."""
    return sorted(file.relative_to(MUTANTS).with_suffix("").as_posix() for file in MUTANTS.rglob("*.py.meta"))


def _outcomes(place: str) -> Iterator[tuple[str, str]]:
    """Each mutant of a file and what became of it, in mutmut's words."""
    held = json.loads((MUTANTS / f"{place}.meta").read_text(encoding="utf-8"))
    return ((name, status_by_exit_code[code]) for name, code in held["exit_code_by_key"].items())


def summary(outcomes: Mapping[str, Mapping[str, str]]) -> dict[str, object]:
    """What build/mutate.json holds. Only a failed test counts as noticed: a mutant that ran too long does not."""
    counts = Counter(outcome for mutants in outcomes.values() for outcome in mutants.values())
    total = counts.total()
    share = counts["killed"] / total if total else 0.0
    return {
        "killed": counts["killed"],
        "survived": counts["survived"],
        "timeout": counts["timeout"],
        "no_tests": counts["no tests"],
        "total": total,
        "share": round(share, 4),
        "goal": GOAL,
        "met": share >= GOAL,
    }


def _not_noticed(mutants: Mapping[str, str]) -> list[str]:
    return [name for name, outcome in mutants.items() if outcome != "killed"]


def _survivor(place: str, name: str) -> Survivor:
    shown = subprocess.run(
        [sys.executable, "-m", "mutmut", "show", name], cwd=ROOT, capture_output=True, check=True, text=True
    )
    lines = [line for line in shown.stdout.splitlines() if not line.startswith(("---", "+++"))]
    was, becomes = (" ".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+")
    return Survivor(place, _function(name), was, becomes)


def _function(name: str) -> str:
    """`rules.load.x_monotony__mutmut_3` is a mutant of `monotony`; of methods the class is named, too."""
    return re.sub(r"^x_?|__mutmut_\d+$", "", name.rpartition(".")[2]).strip("ǁ").replace("ǁ", ".")


def reasons() -> list[Reason]:
    listed = tomllib.loads(REASONS.read_text(encoding="utf-8"))["reason"]
    return [Reason(one["title"], one["why"], tuple(one["mutants"])) for one in listed]


def page(
    figures: Mapping[str, object],
    outcomes: Mapping[str, Mapping[str, str]],
    survivors: Iterable[Survivor],
    known: Iterable[Reason],
) -> str:
    """The text of docs/mutants.md: the share of each module, then the survivors by the first reason that fits."""
    rows = [_row(place, summary({place: mutants})) for place, mutants in outcomes.items()]
    left = list(survivors)
    sections = []
    for reason in [*known, Reason(UNEXPLAINED, "A test is missing, or a reason in `tests/mutants.toml`.", ("",))]:
        fitting = [one for one in left if reason.fits(one)]
        left = [one for one in left if one not in fitting]
        sections += [_section(reason, fitting)] if fitting else []
    return INTRODUCTION.format(**figures) + "\n".join([*rows, "", *sections])


def _row(place: str, figures: Mapping[str, object]) -> str:
    return f"| {place} | {figures['total']} | {figures['killed']} | {figures['share']:.1%} |"


def _section(reason: Reason, survivors: Iterable[Survivor]) -> str:
    lines = [f"- {one.place}, `{one.function}`:\n  `{one.was}`\n  → `{one.becomes}`" for one in survivors]
    return "\n".join([f"## {reason.title}", "", reason.why.strip(), "", *lines, ""])


if __name__ == "__main__":
    sys.exit(main())
