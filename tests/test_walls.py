"""The walls between the rooms, held by reading the source: who may import whom, and what nothing is called."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from pydantic import SecretStr

from integrations.channels import Surroundings, build_channels
from rules.checks import all_rules

ROOT = Path(__file__).parent.parent
PACKAGES = ("rules", "integrations", "service")
SOURCES = sorted(file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))
#: What a rule may not know: the time, chance, and anything outside.
IMPURE = {"time", "random", "secrets", "logging", "os", "socket", "subprocess", "threading", "urllib", "http"}
VAGUE = {"util", "utils", "helper", "helpers", "manager", "processor", "common"}


def _place(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


@cache
def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def _imports(file: Path) -> Iterator[str]:
    """The full name of every module imported anywhere in the file, within functions too."""
    for node in ast.walk(_tree(file)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{_place(file)}: relative import"
            yield node.module or ""


def _imported_roots(file: Path) -> set[str]:
    return {name.partition(".")[0] for name in _imports(file)}


def _importers_of(module: str) -> set[str]:
    return {_place(file) for file in SOURCES if module in _imported_roots(file)}


def _names(file: Path) -> Iterator[str]:
    """The names of the file, its folders, its classes and its functions."""
    yield from Path(_place(file)).with_suffix("").parts
    for node in ast.walk(_tree(file)):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name


def _words(name: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}


def test_the_three_packages_are_where_this_test_looks():
    assert {_place(file).partition("/")[0] for file in SOURCES} == set(PACKAGES)


def test_the_core_imports_the_standard_library_only():
    allowed = sys.stdlib_module_names | {"rules"}
    foreign = {_place(file): _imported_roots(file) - allowed for file in SOURCES if _place(file).startswith("rules/")}
    assert {place: names for place, names in foreign.items() if names} == {}


def test_the_core_knows_no_clock_no_chance_and_no_network():
    for file in SOURCES:
        if _place(file).startswith("rules/"):
            assert not _imported_roots(file) & IMPURE, _place(file)
            asked = {node.attr for node in ast.walk(_tree(file)) if isinstance(node, ast.Attribute)}
            assert not asked & {"now", "utcnow", "today"}, _place(file)


def test_adapters_never_know_the_service():
    assert not [place for place in _importers_of("service") if not place.startswith("service/")]


@pytest.mark.parametrize(
    ("module", "room"),
    [
        ("stravalib", "integrations/strava/"),
        ("apscheduler", "service/queue/"),
        ("procrastinate", "service/queue/"),
        ("sqlalchemy", "service/store/"),
        ("alembic", "service/store/"),
        ("psycopg", "service/store/"),
    ],
)
def test_a_vendor_is_known_in_one_room_only(module, room):
    assert [place for place in _importers_of(module) if not place.startswith(room)] == []


def test_nothing_has_a_name_that_says_nothing():
    vague = {f"{_place(file)}: {name}" for file in SOURCES for name in _names(file) if _words(name) & VAGUE}
    assert vague == set()


def test_every_module_says_in_a_line_what_it_is_for():
    silent = [_place(file) for file in SOURCES if file.stat().st_size and not ast.get_docstring(_tree(file))]
    assert silent == []


def test_a_file_among_the_rules_is_a_rule_named_after_its_file():
    files = {file.stem.replace("_", "-") for file in (ROOT / "rules" / "checks").glob("[!_]*.py")}
    assert {rule.code for rule in all_rules()} == files


def test_a_file_among_the_channels_is_a_channel_named_after_its_file():
    files = {
        file.stem
        for file in (ROOT / "integrations" / "channels").glob("[!_]*.py")
        if any(isinstance(node, ast.FunctionDef) and node.name == "build" for node in _tree(file).body)
    }
    with_everything = Surroundings(smtp_url=SecretStr("smtp://127.0.0.1:25"), mail_from="run@example.org")
    assert set(build_channels(with_everything)) == files
    assert {"email", "webhook"} <= files


@pytest.mark.parametrize("scanned", ["rules/checks", "integrations/channels"])
def test_no_list_of_rules_or_channels_has_to_be_kept(scanned):
    plugins = {file.stem for file in (ROOT / scanned).glob("[!_]*.py")} - {"message"}
    named = {name.rpartition(".")[2] for name in _imports(ROOT / scanned / "__init__.py")}
    assert not named & plugins
