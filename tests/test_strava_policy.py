"""The page about Strava's policy names each clause, and places in the code that are there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/strava-policy.md").read_text(encoding="utf-8")
#: `file::name`, or a file alone.
PLACES = sorted(set(re.findall(r"`((?:rules|integrations|service|tests)/[\w./-]+\.\w+(?:::\w+)?)`", PAGE)))
CLAUSES = ("2.1", "2.2", "2.3", "2.5", "3.7", "5.2", "5.3", "5.4", "5.5", "5.8", "5.13", "5.16")
CLAUSES += ("6.2", "6.3", "6.4", "6.6", "7.3", "7.4", "8.3")


@pytest.mark.parametrize("clause", CLAUSES)
def test_every_clause_is_answered(clause: str) -> None:
    in_table, in_text = rf"^\| {re.escape(clause)} \|", rf"^- \*\*{re.escape(clause)}\b"
    assert re.search(f"{in_table}|{in_text}", PAGE, re.MULTILINE)


def test_the_page_names_places() -> None:
    assert len(PLACES) > 20


@pytest.mark.parametrize("place", PLACES)
def test_every_place_that_the_page_names_is_there(place: str) -> None:
    path, _, name = place.partition("::")
    assert (ROOT / path).is_file()
    if name:
        assert name in _names(ROOT / path)


def _names(path: Path) -> set[str]:
    """What a module defines at its top."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    defined = {node.name for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    assigned = {
        name.id for node in body if isinstance(node, ast.Assign) for name in node.targets if isinstance(name, ast.Name)
    }
    return defined | assigned
