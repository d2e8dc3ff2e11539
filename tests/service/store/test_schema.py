"""The migrations make what the tables say, from nothing and again, and instants keep their zone."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect
from sqlalchemy.exc import StatementError

from service.store import Store
from service.store.schema import metadata
from service.vault import Vault
from tests.service.store.samples import NOW, add_athlete


def test_an_empty_database_gets_every_table_there_is(empty_store: Store):
    empty_store.migrate()
    assert set(inspect(empty_store.engine).get_table_names()) == {*metadata.tables, "alembic_version"}


def test_a_second_start_changes_nothing_and_keeps_what_is_there(empty_store: Store):
    empty_store.migrate()
    with empty_store.transaction() as tx:
        athlete = add_athlete(tx)
    empty_store.migrate()
    with empty_store.transaction() as tx:
        assert tx.accounts.get(athlete.id) == athlete


def test_the_migrations_make_what_the_tables_say(empty_store: Store):
    empty_store.migrate()
    with empty_store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_sqlite_never_gives_a_number_twice_where_the_tables_say_so(tmp_path: Path, vault: Vault):
    store = Store.in_folder(tmp_path, vault)
    store.migrate()
    wanted = {name for name, table in metadata.tables.items() if table.dialect_options["sqlite"]["autoincrement"]}
    with store.engine.connect() as connection:
        made = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'table'").all()
    store.close()
    assert {name for name, statement in made if re.search("AUTOINCREMENT", statement)} == wanted
    assert "athletes" in wanted


def test_an_instant_without_its_zone_is_refused(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
    with pytest.raises(StatementError, match="time zone"), store.transaction() as tx:
        tx.accounts.change(athlete.id, digest_due_at=datetime(2026, 6, 7, 18))


@pytest.mark.parametrize("hours", [-10, 0, 5.75, 14])
def test_an_instant_comes_back_as_the_same_instant_in_utc(store: Store, hours: float):
    elsewhere = NOW.astimezone(timezone(timedelta(hours=hours)))
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        tx.accounts.change(athlete.id, digest_due_at=elsewhere)
    with store.transaction() as tx:
        changed = tx.accounts.get(athlete.id)
        assert changed is not None
        assert changed.digest_due_at == NOW
        assert changed.digest_due_at.utcoffset() == timedelta(0)
        assert tx.accounts.digest_due(elsewhere) == [athlete.id]
