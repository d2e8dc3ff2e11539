"""Secrets at rest: one key file, made on first start, from which every other secret of this installation follows."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import tempfile
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from service.errors import BadSetting
from service.folder import data_folder

KEY_FILE = "key"
KEY_BYTES = 32


class Vault:
    """Encrypts, signs and fingerprints with keys derived from one master key."""

    def __init__(self, master: bytes) -> None:
        self._master = master
        self._fernet = Fernet(base64.urlsafe_b64encode(self._derive("encrypt")))

    @classmethod
    def in_folder(cls, folder: Path) -> Vault:
        """Read the key file of a data folder, or make it (mode 0600) if there is none."""
        path = data_folder(folder) / KEY_FILE
        if not path.exists():
            _write_once(path, base64.urlsafe_b64encode(os.urandom(KEY_BYTES)))
        master = path.read_bytes().strip()
        if not _is_key(master):
            raise BadSetting(f"{path} is not a key of Afterrun: restore it from your backup")
        return cls(master)

    def encrypt(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode()

    def decrypt(self, token: str) -> str:
        try:
            return self._fernet.decrypt(token.encode()).decode()
        except InvalidToken as error:
            raise BadSetting(f"the file '{KEY_FILE}' does not fit the database: restore both together") from error

    def fingerprint(self, purpose: str, value: str) -> str:
        """A keyed hash: equal for equal values, useless without the key."""
        return hmac.new(self._derive(f"fingerprint:{purpose}"), value.encode(), hashlib.sha256).hexdigest()

    def signing_key(self, purpose: str) -> str:
        return self._derive(f"sign:{purpose}").hex()

    def _derive(self, purpose: str) -> bytes:
        return hmac.new(self._master, purpose.encode(), hashlib.sha256).digest()


def _is_key(master: bytes) -> bool:
    try:
        return len(base64.urlsafe_b64decode(master)) == KEY_BYTES
    except ValueError:
        return False


def _write_once(path: Path, content: bytes) -> None:
    """Write beside, then link into place: a crash leaves no half key, and of two starters one wins."""
    # A name of its own, readable by its owner alone: in containers every process has the same number.
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    draft = Path(name)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
