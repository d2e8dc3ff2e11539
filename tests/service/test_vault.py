"""The key file and what is made with it."""

from __future__ import annotations

import base64
import os
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from service.errors import BadSetting
from service.vault import KEY_FILE, Vault


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path):
    sealed = Vault.in_folder(tmp_path).encrypt("a token")
    key = tmp_path / KEY_FILE
    made = key.read_bytes()
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert len(base64.urlsafe_b64decode(made)) == 32
    assert Vault.in_folder(tmp_path).decrypt(sealed) == "a token"
    assert key.read_bytes() == made


def test_a_folder_that_is_not_there_yet_is_made(tmp_path: Path):
    Vault.in_folder(tmp_path / "deep" / "down")
    assert [path.name for path in (tmp_path / "deep" / "down").iterdir()] == [KEY_FILE]


def test_every_installation_has_a_key_of_its_own(tmp_path: Path):
    one, other = (Vault.in_folder(tmp_path / name) for name in ("one", "other"))
    with pytest.raises(BadSetting):
        other.decrypt(one.encrypt("a token"))


@pytest.mark.parametrize("left", [b"", b"half a k"])
def test_a_start_that_was_cut_short_before_leaves_no_trace_in_the_key(tmp_path: Path, left: bytes):
    draft = tmp_path / f".{KEY_FILE}.{os.getpid()}"
    draft.write_bytes(left)
    draft.chmod(0o644)
    Vault.in_folder(tmp_path)
    assert len(base64.urlsafe_b64decode((tmp_path / KEY_FILE).read_bytes())) == 32
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600


def test_many_that_start_at_the_same_moment_share_one_key(tmp_path: Path):
    together = threading.Barrier(8)

    def start(_: int) -> str:
        together.wait(timeout=10)
        return Vault.in_folder(tmp_path).fingerprint("start", "")

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(start, range(8)))) == 1
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]


@pytest.mark.parametrize("content", [b"", b"hello", b"not a key", "schlüssel".encode(), b"\xff\xfe", b"YWZ0ZXJydW4="])
def test_a_file_that_is_no_key_stops_the_start_and_is_left_as_it_is(tmp_path: Path, content: bytes):
    (tmp_path / KEY_FILE).write_bytes(content)
    with pytest.raises(BadSetting, match=r"^.*key is not a key of Afterrun: restore it from your backup$"):
        Vault.in_folder(tmp_path)
    assert (tmp_path / KEY_FILE).read_bytes() == content


def test_a_data_folder_that_cannot_be_one_stops_the_start_and_names_the_setting(tmp_path: Path):
    (tmp_path / "data").write_text("this is a file")
    with pytest.raises(BadSetting, match=r"^AFTERRUN_DATA_DIR: .*data.*$"):
        Vault.in_folder(tmp_path / "data")


def test_a_key_file_with_a_line_end_of_an_editor_still_fits(tmp_path: Path):
    sealed = Vault.in_folder(tmp_path).encrypt("a token")
    with (tmp_path / KEY_FILE).open("ab") as file:
        file.write(b"\n")
    assert Vault.in_folder(tmp_path).decrypt(sealed) == "a token"


def test_the_same_text_is_never_sealed_the_same_way_twice():
    vault = Vault(b"k" * 32)
    assert vault.encrypt("a token") != vault.encrypt("a token")
    assert "a token" not in vault.encrypt("a token")


def test_what_was_sealed_with_another_key_says_that_the_key_does_not_fit():
    sealed = Vault(b"k" * 32).encrypt("a token")
    with pytest.raises(BadSetting, match="'key' does not fit the database"):
        Vault(b"K" * 32).decrypt(sealed)


def test_sealed_text_that_was_tampered_with_is_refused():
    vault = Vault(b"k" * 32)
    sealed = vault.encrypt("a token")
    with pytest.raises(BadSetting):
        vault.decrypt(sealed[:-2] + ("A=" if sealed[-2] != "A" else "B="))


def test_equal_values_leave_equal_traces_for_one_purpose_under_one_key_only():
    vault, other = Vault(b"k" * 32), Vault(b"K" * 32)
    trace = vault.fingerprint("session", "secret")
    assert trace == vault.fingerprint("session", "secret")
    assert len({trace, vault.fingerprint("code", "secret"), other.fingerprint("session", "secret")}) == 3
    assert "secret" not in trace


def test_every_purpose_signs_with_its_own_key():
    vault = Vault(b"k" * 32)
    assert vault.signing_key("cookie") == vault.signing_key("cookie")
    assert vault.signing_key("cookie") != vault.signing_key("link")


def test_a_vault_does_not_show_its_key():
    assert "kkkk" not in repr(Vault(b"k" * 32))
