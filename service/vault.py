"""Secrets at rest: one key file, made on first start, from which every other secret of this installation follows."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from service.errors import BadSetting

KEY_FILE = "key"


class Vault:
    """Encrypts, signs and fingerprints with keys derived from one master key."""

    def __init__(self, master: bytes) -> None:
        self._master = master
        self._fernet = Fernet(base64.urlsafe_b64encode(self._derive("encrypt")))

    @classmethod
    def in_folder(cls, folder: Path) -> Vault:
        """Read the key file of a data folder, or make it (mode 0600) if there is none."""
        path = folder / KEY_FILE
        folder.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _write_once(path, base64.urlsafe_b64encode(os.urandom(32)))
        master = path.read_bytes().strip()
        if len(base64.urlsafe_b64decode(master + b"==")) < 32:
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


def _write_once(path: Path, content: bytes) -> None:
    """Write beside, then link into place: a crash leaves no half key, and of two starters one wins."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
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
