"""What holds for the repository as a whole: nothing private, all pinned, every dependency with a reason."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = ("requirements/run.txt", "requirements/dev.txt")
#: Put together here, so that this file does not name them either.
REGISTRIES = tuple(".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org")))
SCRIPTS = {".ci/run": "bash", "tests/services.sh": "sh"}


@cache
def texts() -> dict[str, str]:
    """Every text file that is or would be committed, by its place."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    places = [place for place in listed.stdout.split("\0") if (ROOT / place).is_file()]
    contents = {place: (ROOT / place).read_bytes() for place in places}
    return {place: content.decode("utf-8") for place, content in contents.items() if b"\0" not in content}


def requirement_blocks(lock: str) -> list[str]:
    """Each requirement of a lock with the lines that belong to it."""
    return re.findall(r"^[a-zA-Z0-9].*(?:\n[ ].*)*", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE)


def locked_versions(lock: str) -> set[tuple[str, str]]:
    found = (re.match(r"([\w.-]+)==([^ ;\\]+)", block) for block in requirement_blocks(lock))
    return {(canonicalize_name(match[1]), match[2]) for match in found if match}


def test_this_looks_at_the_whole_repository():
    assert {"pyproject.toml", "service/cli.py", "tests/test_repository.py", "requirements/run.txt"} <= set(texts())


@pytest.mark.parametrize("host", REGISTRIES)
def test_no_file_names_the_host_of_a_package_registry(host: str):
    assert [place for place, text in texts().items() if host in text] == []


def test_no_file_names_a_folder_of_a_developers_machine():
    private = re.compile(
        "|".join([r"(?<![\w.])/(?:home|Users)/\w", re.escape(f"{ROOT}/"), re.escape(f"{Path.home()}/")])
    )
    assert {place: found[0] for place, text in texts().items() if (found := private.search(text))} == {}


def test_no_settings_and_no_data_of_an_installation_are_in_the_repository():
    names = {Path(place).name for place in texts()}
    assert not names & {".env", "key", "lock", "afterrun.db"}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_of_a_lock_has_one_version_and_its_hashes(lock: str):
    blocks = requirement_blocks(lock)
    assert len(blocks) > 20
    assert [block for block in blocks if not re.match(r"[\w.-]+==[\w.]+ ", block)] == []
    assert [block for block in blocks if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize(
    ("wanted", "lock"),
    [
        (PYPROJECT["project"]["dependencies"], "requirements/run.txt"),
        (PYPROJECT["dependency-groups"]["build"], "requirements/run.txt"),
        ([item for item in PYPROJECT["dependency-groups"]["dev"] if isinstance(item, str)], "requirements/dev.txt"),
    ],
)
def test_the_lock_holds_what_is_asked_for(wanted: list[str], lock: str):
    locked = locked_versions(lock)
    for requirement in map(Requirement, wanted):
        versions = {version for name, version in locked if name == canonicalize_name(requirement.name)}
        assert any(requirement.specifier.contains(version) for version in versions), str(requirement)


def test_what_runs_is_the_same_with_and_without_the_tools_of_the_tests():
    assert locked_versions("requirements/run.txt") <= locked_versions("requirements/dev.txt")


def test_every_dependency_says_why_it_is_there():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    listed = text[text.index("\ndependencies = [") : text.index("\n]\n")].splitlines()[2:]
    assert len(listed) == len(PYPROJECT["project"]["dependencies"])
    assert [line for line in listed if not re.fullmatch(r' +"[^"]+", +# \w.{5,}', line)] == []


def test_the_scheduler_stays_below_its_unfinished_major_version():
    (scheduler,) = (
        requirement
        for requirement in map(Requirement, PYPROJECT["project"]["dependencies"])
        if canonicalize_name(requirement.name) == "apscheduler"
    )
    assert not scheduler.specifier.contains("4.0.0a5", prereleases=True)
    assert not scheduler.specifier.contains("4.0.0")


def test_there_is_a_licence_and_it_is_the_one_that_is_declared():
    family, _, _ = PYPROJECT["project"]["license"].partition("-")
    assert family in (ROOT / "LICENSE").read_text(encoding="utf-8")


def test_the_changelog_speaks_of_this_version_or_of_what_comes_next():
    headings = re.findall(r"^## \[?([^\]\s]+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert {PYPROJECT["project"]["version"], "Unreleased"} & set(headings)


@pytest.mark.parametrize(("script", "shell"), SCRIPTS.items())
def test_scripts_can_be_run_and_are_what_their_shell_reads(script: str, shell: str):
    assert os.access(ROOT / script, os.X_OK)
    checked = subprocess.run([shell, "-n", ROOT / script], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")
