"""Measured figures beside their goals: as lines to read, and as JSON to compare."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """One line of a report."""

    name: str
    value: float
    unit: str
    goal: str = "none, for information"
    met: bool = True


def at_least(name: str, value: float, goal: float, unit: str = "times") -> Figure:
    return Figure(name, round(value, 2), unit, f"at least {goal:g}", value >= goal)


def at_most(name: str, value: float, goal: float, unit: str = "times") -> Figure:
    return Figure(name, round(value, 2), unit, f"at most {goal:g}", value <= goal)


def report(figures: Sequence[Figure], target: Path) -> None:
    """Write them down and print them."""
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps([asdict(figure) for figure in figures], indent=2) + "\n")
    for figure in figures:
        mark = "met" if figure.met else "MISSED"
        sys.stdout.write(f"{figure.name}: {figure.value:g} {figure.unit} (goal {figure.goal}: {mark})\n")
