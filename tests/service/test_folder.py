"""The data folder is its owner's alone."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from service.errors import BadSetting
from service.folder import data_folder


def test_a_new_data_folder_can_be_entered_by_its_owner_alone(tmp_path: Path):
    folder = data_folder(tmp_path / "deep" / "data")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_folder_that_is_there_stays_as_its_owner_set_it(tmp_path: Path):
    tmp_path.chmod(0o750)
    assert data_folder(tmp_path) == tmp_path
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o750


@pytest.mark.parametrize("name", ["file", "file/below"])
def test_a_file_in_its_place_stops_the_start_and_names_the_setting(tmp_path: Path, name: str):
    (tmp_path / "file").touch()
    with pytest.raises(BadSetting, match=r"^AFTERRUN_DATA_DIR: .*file.* cannot be used \(.*\); name a folder"):
        data_folder(tmp_path / name)
