"""The same store on both databases: SQLite in a file, PostgreSQL in a database of this session's own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.store import Store
from service.store.schema import athletes, instance, invitations, quota_windows
from service.vault import Vault
from tests.service.store.databases import new_postgres_database

BOTH = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgres))


@pytest.fixture(scope="session")
def vault() -> Vault:
    return Vault(b"the key of this test session 0001")


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory, vault: Vault) -> Path:
    """A migrated SQLite file to copy: migrating anew takes longer than most tests."""
    store = Store.in_folder(tmp_path_factory.mktemp("migrated"), vault)
    store.migrate()
    store.close()
    return Path(str(store.engine.url.database))


@pytest.fixture(scope="session")
def migrated_postgres(vault: Vault) -> Iterator[Store]:
    with new_postgres_database() as url:
        store = Store(url, vault)
        store.migrate()
        yield store
        store.close()


@pytest.fixture(params=BOTH)
def store(request: pytest.FixtureRequest, tmp_path: Path, vault: Vault) -> Iterator[Store]:
    """A migrated store with nothing in it."""
    if request.param == "postgresql":
        yield from _emptied_afterwards(request.getfixturevalue("migrated_postgres"))
    else:
        shutil.copy(request.getfixturevalue("migrated_file"), tmp_path)
        store = Store.in_folder(tmp_path, vault)
        yield store
        store.close()


@pytest.fixture(params=BOTH)
def empty_store(request: pytest.FixtureRequest, tmp_path: Path, vault: Vault) -> Iterator[Store]:
    """A store on a database without a single table."""
    if request.param == "sqlite":
        store = Store.in_folder(tmp_path, vault)
        yield store
        store.close()
        return
    with new_postgres_database() as url:
        store = Store(url, vault)
        yield store
        store.close()


def _emptied_afterwards(store: Store) -> Iterator[Store]:
    yield store
    with store.engine.begin() as connection:
        for table in (athletes, invitations, instance, quota_windows):  # all else goes with its athlete
            connection.execute(table.delete())
