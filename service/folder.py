"""The data folder: where the database, the key and the lock of one installation lie."""

from __future__ import annotations

import os
from pathlib import Path

from service.errors import BadSetting


def data_folder(folder: Path) -> Path:
    """The folder itself; made, for its owner alone, if it is not there. `BadSetting` if it cannot be written to."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _unusable(folder, error.strerror) from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise _unusable(folder, "this user may not write there")
    return folder


def _unusable(folder: Path, why: str | None) -> BadSetting:
    return BadSetting(f"AFTERRUN_DATA_DIR: {folder} cannot be used ({why}); name a folder that this user may write to")
