"""One process for one data folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from service.errors import BadSetting
from service.lock import only_process

HOLD = """
import sys
from pathlib import Path
from service.lock import only_process

with only_process(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path: Path):
    """Another process that holds the folder until its input ends."""
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_process_is_refused_and_told_who_is_there(tmp_path: Path, holder: subprocess.Popen[str]):
    with (
        pytest.raises(BadSetting, match=rf"^AFTERRUN_DATA_DIR: {tmp_path} is in use .*process {holder.pid}.*stop it"),
        only_process(tmp_path),
    ):
        pass


def test_being_refused_changes_nothing_for_the_one_who_is_there(tmp_path: Path, holder: subprocess.Popen[str]):
    for _ in range(2):
        with pytest.raises(BadSetting, match=f"process {holder.pid}"), only_process(tmp_path):
            pass


def test_a_process_that_was_killed_leaves_the_folder_free(tmp_path: Path, holder: subprocess.Popen[str]):
    holder.kill()
    holder.wait(timeout=10)
    with only_process(tmp_path):
        assert (tmp_path / "lock").read_text() == str(os.getpid())


def test_a_folder_can_be_taken_again_after_an_orderly_end(tmp_path: Path):
    for _ in range(2):
        with only_process(tmp_path / "new"):
            assert (tmp_path / "new" / "lock").is_file()


def test_two_folders_do_not_get_in_each_others_way(tmp_path: Path):
    with only_process(tmp_path / "one"), only_process(tmp_path / "other"):
        assert (tmp_path / "other" / "lock").is_file()


def test_a_data_folder_that_cannot_be_one_stops_the_start_and_names_the_setting(tmp_path: Path):
    (tmp_path / "data").write_text("this is a file")
    with pytest.raises(BadSetting, match=r"^AFTERRUN_DATA_DIR: .*data.*$"), only_process(tmp_path / "data"):
        pass
