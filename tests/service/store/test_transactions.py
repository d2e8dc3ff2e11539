"""All or nothing, nobody in between, and durable: on both databases alike."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from service.errors import BadSetting
from service.store import DatabaseTrouble, Store
from service.vault import Vault
from tests.service.store.samples import NOW, RUN_ID, STRAVA_ID, add_athlete, add_connected, held, told


class Interrupted(Exception):
    """Something went wrong halfway."""


def test_what_was_written_is_there_for_the_next_transaction(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
    with store.transaction() as tx:
        assert tx.accounts.get(athlete.id) == athlete


def test_after_an_error_halfway_nothing_was_written(store: Store):
    with store.transaction() as tx:
        athlete = add_athlete(tx)
        tx.activities.replace(athlete.id, [held(1)], NOW)

    def write_and_break() -> None:
        with store.transaction() as tx:
            tx.activities.replace(athlete.id, [held(2), held(3)], NOW)
            tx.findings.add(athlete.id, told(), NOW, "alert-1", None)
            tx.instance.put("setup-code", "new")
            add_athlete(tx, STRAVA_ID + 1)
            raise Interrupted

    with pytest.raises(Interrupted):
        write_and_break()
    with store.transaction() as tx:
        assert [item.activity.id for item in tx.activities.held(athlete.id)] == [1]
        assert (tx.findings.of(athlete.id), tx.instance.get("setup-code")) == ([], None)
        assert tx.accounts.count() == 1


def test_after_a_refused_row_nothing_of_its_transaction_was_written(store: Store):
    def write_twice() -> None:
        with store.transaction() as tx:
            tx.activities.replace(add_athlete(tx).id, [held(RUN_ID), held(RUN_ID)], NOW)

    with pytest.raises(IntegrityError):
        write_twice()
    with store.transaction() as tx:
        assert tx.accounts.count() == 0


def test_nobody_sees_what_is_not_finished(store: Store):
    with store.transaction() as tx:
        add_athlete(tx)
        with closing(store.engine.raw_connection()) as onlooker, closing(onlooker.cursor()) as seen:
            seen.execute("SELECT count(*) FROM athletes")
            assert seen.fetchone() == (0,)


def test_nothing_can_belong_to_an_athlete_who_is_not_there(store: Store):
    with pytest.raises(IntegrityError), store.transaction() as tx:
        tx.activities.replace(4711, [held()], NOW)


def test_two_who_take_turns_with_one_row_never_lose_a_change(store: Store):
    with store.transaction() as tx:
        athlete = add_connected(tx)

    def fail_often(_: int) -> None:
        for _ in range(10):
            taken = False
            while not taken:
                taken = _fail_once(store)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(fail_often, range(4)))
    with store.transaction() as tx:
        connection = tx.connections.get(athlete.id)
        assert connection is not None
        assert connection.attempts == 40


def test_the_database_says_that_it_is_there_while_somebody_writes(store: Store):
    written, looked = threading.Event(), threading.Event()

    def write() -> None:
        with store.transaction() as tx:
            add_athlete(tx)
            written.set()
            looked.wait(timeout=10)

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        assert written.wait(timeout=10)
        store.check()
        assert not writing.done()
        looked.set()
        writing.result(timeout=10)


def test_sqlite_is_set_to_survive_a_loss_of_power(tmp_path: Path, vault: Vault):
    store = Store.in_folder(tmp_path, vault)
    with store.engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    store.close()
    full = 2
    assert pragmas == {"journal_mode": "wal", "synchronous": full, "foreign_keys": 1, "busy_timeout": 30_000}


@pytest.mark.parametrize("name", ["with space", "what?mode=memory", "half#100%", "läufe"])
def test_the_database_lies_in_the_data_folder_whatever_that_is_called(tmp_path: Path, vault: Vault, name: str):
    store = Store.in_folder(tmp_path / name, vault)
    store.check()
    store.close()
    assert (tmp_path / name / "afterrun.db").is_file()
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_the_usual_spellings_of_a_postgresql_address_mean_the_same(vault: Vault, scheme: str):
    store = Store(f"{scheme}://ann:secret@127.0.0.1:1/afterrun", vault)
    assert (store.engine.name, store.engine.driver) == ("postgresql", "psycopg")
    store.close()


def test_a_database_that_does_not_answer_stops_the_start_and_names_the_setting(vault: Vault):
    store = Store("postgresql://ann:secret@127.0.0.1:1/afterrun", vault)
    with pytest.raises(DatabaseTrouble):
        store.check()
    with pytest.raises(BadSetting, match=r"^AFTERRUN_DATABASE_URL: .*refused.*$") as told:
        store.migrate()
    assert "secret" not in str(told.value)
    assert "\n" not in str(told.value)


def test_a_data_folder_with_something_else_in_place_of_the_database_stops_the_start(tmp_path: Path, vault: Vault):
    (tmp_path / "afterrun.db").write_bytes(b"a photograph of the finish line " * 100)
    store = Store.in_folder(tmp_path, vault)
    with pytest.raises(BadSetting, match=r"^AFTERRUN_DATA_DIR: .*not a database.*$"):
        store.migrate()
    store.close()


def test_a_key_that_does_not_fit_the_database_stops_the_start(store: Store):
    store.migrate()
    other = Store(store.engine.url, Vault(b"the key of another installation 1"))
    with pytest.raises(BadSetting, match="key"):
        other.migrate()
    other.close()
    store.migrate()


def _fail_once(store: Store) -> bool:
    """One failed sync; `False` while somebody else holds the athlete."""
    with store.transaction() as tx:
        claim = tx.connections.claim_due(NOW, NOW, NOW - NOW)
        if claim is None:
            return False
    with store.transaction() as tx:
        if not tx.connections.holds(claim):
            return False
        tx.connections.postpone(claim, NOW, "Strava did not answer")
        return True
