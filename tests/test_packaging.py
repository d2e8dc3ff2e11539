"""The image, as far as it can be tried without an engine: its steps are read from the Dockerfile and run here.

What is not tried: the base image, the user, the volume, and Docker itself.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from integrations.strava.simulator import SimulatedClock, Simulator
from service.settings import PREFIX, Settings
from tests.service.store.samples import NOW

ROOT = Path(__file__).parent.parent
#: For a package index that is slow; usually all comes from pip's cache.
INSTALL_LIMIT_S = 300
PATIENCE_S = 30
#: Where the image keeps what; each becomes a folder of the test.
PLACES = ("/opt/afterrun", "/data")


@dataclass(frozen=True)
class Instruction:
    """One line of the Dockerfile: `RUN`, and what follows it."""

    word: str
    rest: str

    @property
    def as_list(self) -> list[str]:
        """The command of a CMD in its JSON form."""
        found: list[str] = json.loads(self.rest[self.rest.index("[") :])
        return found


def dockerfile() -> list[Instruction]:
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    lines = text.replace("\\\n", " ").splitlines()
    return [Instruction(*line.split(maxsplit=1)) for line in lines if line.strip()]


def stages() -> tuple[list[Instruction], list[Instruction]]:
    """What builds, and what becomes the image."""
    found = dockerfile()
    second = [index for index, instruction in enumerate(found) if instruction.word == "FROM"][1]
    return found[:second], found[second:]


def only(instructions: list[Instruction], word: str) -> Instruction:
    (found,) = (instruction for instruction in instructions if instruction.word == word)
    return found


def copied() -> list[str]:
    """Every source that is copied from the checkout."""
    parts = [shlex.split(instruction.rest) for instruction in dockerfile() if instruction.word == "COPY"]
    return [source for part in parts if not part[0].startswith("--from") for source in part[:-1]]


def image_environment() -> dict[str, str]:
    """What the image sets, but for PATH."""
    given = dict(pair.split("=", 1) for pair in shlex.split(only(stages()[1], "ENV").rest))
    return {name: value for name, value in given.items() if name != "PATH"}


def test_everything_that_is_copied_into_the_image_is_there():
    assert [source for source in copied() if not (ROOT / source).exists()] == []
    assert {"rules", "integrations", "service", "requirements/run.txt"} <= set(copied())


def test_what_is_copied_and_nothing_else_reaches_the_engine():
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    assert {rule.removeprefix("!") for rule in rules if rule.startswith("!")} == set(copied())


def test_the_image_takes_wheels_alone_and_only_those_whose_hash_is_known():
    installs = [
        instruction.rest
        for instruction in dockerfile()
        if "pip" in instruction.rest and " install " in instruction.rest
    ]
    assert installs[0].endswith("--require-hashes --only-binary :all: -r requirements/run.txt")
    assert [install.endswith("install --no-build-isolation --no-deps .") for install in installs] == [False, True]


def test_the_image_runs_as_nobody_special_with_all_data_in_one_volume():
    image = stages()[1]
    assert only(image, "USER").rest == "afterrun"
    assert only(image, "VOLUME").rest == image_environment()["AFTERRUN_DATA_DIR"] == "/data"
    assert only(image, "EXPOSE").rest == image_environment()["AFTERRUN_PORT"]
    assert image_environment()["AFTERRUN_HOST"] == "0.0.0.0"


def test_the_composed_service_is_set_up_as_the_image_is():
    compose = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    for name, value in image_environment().items():
        if name.startswith(PREFIX):
            assert re.search(rf'^ +{name}: "?{re.escape(value)}"?$', compose, re.MULTILINE), name
    assert "env_file: .env\n" in compose
    assert "- data:/data\n" in compose


def test_the_example_names_every_setting_with_what_it_is_and_its_default():
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    described = re.findall(rf"^# (.+)\n(?:# )?{PREFIX}([A-Z_]+)=(.*)$", example, re.MULTILINE)
    expected = {
        name.upper(): (field.description, _as_written(field.default)) for name, field in Settings.model_fields.items()
    }
    assert {name: (description, default) for description, name, default in described} == expected
    assert len(described) == len(re.findall(PREFIX, example))


def test_the_example_left_as_it_is_asks_for_the_two_keys_and_nothing_else():
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert re.findall(rf"^{PREFIX}(\w+)=$", example, re.MULTILINE) == ["STRAVA_CLIENT_ID", "STRAVA_CLIENT_SECRET"]
    assert Settings(_env_file=ROOT / ".env.example") == Settings(_env_file=None)


def test_the_image_would_build_start_answer_and_end(tmp_path: Path):
    image = Image(tmp_path)
    image.build()
    assert _files_of_packages(image.place("/opt/afterrun")) >= _files_of_packages(ROOT)
    with image.started() as process:
        assert image.health_check() == 0
    assert process.returncode == 0
    assert sorted(path.name for path in image.place("/data").iterdir()) == ["afterrun.db", "intake", "key", "lock"]
    assert image.health_check() == 1


@dataclass(frozen=True)
class Image:
    """Folders of a test in place of those of an image, and what its Dockerfile does in them."""

    folder: Path

    def place(self, path: str) -> Path:
        return self.folder / path.strip("/")

    def build(self) -> None:
        """Run the first stage, with a fresh environment in place of the base image's Python."""
        subprocess.run([sys.executable, "-m", "venv", self._base], check=True, timeout=PATIENCE_S)
        for instruction in stages()[0]:
            if instruction.word == "COPY":
                self._copy(shlex.split(instruction.rest))
            elif instruction.word == "RUN":
                self._run(instruction.rest)

    @contextmanager
    def started(self) -> Iterator[subprocess.Popen[str]]:
        """The start command, from when it listens until it has ended as it was asked to."""
        self.place("/data").mkdir()
        process = subprocess.Popen(
            only(stages()[1], "CMD").as_list,
            cwd=self.place("/data"),
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        guard = threading.Timer(PATIENCE_S, process.kill)
        guard.start()
        try:
            assert process.stdout is not None
            assert any("Uvicorn running" in line for line in process.stdout)
            yield process
        finally:
            process.terminate()
            process.communicate()
            guard.cancel()

    def health_check(self) -> int:
        command = only(stages()[1], "HEALTHCHECK").as_list
        checked = subprocess.run(command, env=self._environment, capture_output=True, timeout=PATIENCE_S, check=False)
        return checked.returncode

    @property
    def _base(self) -> Path:
        return self.folder / "base"

    @property
    def _sources(self) -> Path:
        return self.folder / "src"

    @property
    def _environment(self) -> dict[str, str]:
        """What the image sets and a user has to, and nothing of this machine's."""
        simulator = Simulator(clock=SimulatedClock(NOW))
        return {
            **image_environment(),
            "AFTERRUN_DATA_DIR": str(self.place("/data")),
            "AFTERRUN_PORT": str(_free_port(self.folder)),
            "AFTERRUN_STRAVA_CLIENT_ID": simulator.client_id,
            "AFTERRUN_STRAVA_CLIENT_SECRET": simulator.client_secret,
            "PATH": f"{self.place('/opt/afterrun')}/bin:/usr/bin:/bin",
        }

    def _copy(self, parts: list[str]) -> None:
        *sources, target = parts
        for source in sources:
            into = self._sources / target
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, into, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                into.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / source, into)

    def _run(self, command: str) -> None:
        for path in PLACES:
            command = command.replace(path, str(self.place(path)))
        self._sources.mkdir(exist_ok=True)
        # Of this machine only how it reaches a package index.
        passed = {
            name: value
            for name, value in os.environ.items()
            if name == "HOME" or "PIP" in name or "PROXY" in name.upper()
        }
        environment = {**passed, "PATH": f"{self._base}/bin:/usr/bin:/bin"}
        done = subprocess.run(
            ["/bin/sh", "-c", command],
            cwd=self._sources,
            env=environment,
            capture_output=True,
            text=True,
            timeout=INSTALL_LIMIT_S,
            check=False,
        )
        assert done.returncode == 0, done.stderr


def _files_of_packages(folder: Path) -> set[str]:
    """Every file of the three packages, pages and texts among them, wherever below the folder they lie."""
    packages = [*folder.glob("[ris]*"), *folder.glob("lib/python*/site-packages/[ris]*")]
    return {
        path.relative_to(package.parent).as_posix()
        for package in packages
        if package.name in ("rules", "integrations", "service")
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def _free_port(folder: Path) -> int:
    """The same one for the same folder: found once and written down."""
    kept = folder / "port"
    if not kept.exists():
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            kept.write_text(str(found.getsockname()[1]))
    return int(kept.read_text())


def _as_written(default: object) -> str:
    if isinstance(default, SecretStr):
        return default.get_secret_value()
    return "" if default in (None, frozenset()) else str(default)
