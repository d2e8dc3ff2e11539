"""Keyed hashes that stand for what is no longer held: they say "the same one" and nothing else."""

from __future__ import annotations

from service.vault import Vault

#: Begins every hash that stands where a clear name may stand too, so that the two are never confused.
MARK = "#"
#: Within the width of a finding's key; 124 bits of the hash are left.
KEY_CHARS = 32


class Seals:
    """Hashes of names by this installation's key. Each knows its athlete: two runners share none."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def key(self, athlete_id: int, rule: str, key: str) -> str:
        """What stands for the key of a finding whose run is no longer held; a hash stays as it is."""
        if is_sealed(key):
            return key
        return MARK + self._vault.fingerprint("finding", f"{athlete_id}:{rule}:{key}")[: KEY_CHARS - len(MARK)]

    def slug(self, athlete_id: int, slug: str) -> str:
        """What stands for the slug of a message that names a run."""
        return slug if is_sealed(slug) else MARK + self._vault.fingerprint("slug", f"{athlete_id}:{slug}")

    def run(self, athlete_id: int, run_id: int) -> str:
        """What stands for a run that was held once."""
        return self._vault.fingerprint("seen-run", f"{athlete_id}:{run_id}")


def is_sealed(name: str) -> bool:
    return name.startswith(MARK)
