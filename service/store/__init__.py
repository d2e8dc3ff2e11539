"""Everything that is remembered: one transaction at a time, all SQL in this folder.

with store.transaction() as tx:      # commits on exit, rolls back on any exception
    athlete = tx.athletes.get(7)
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError as DatabaseTrouble

from service.errors import BadSetting
from service.folder import data_folder
from service.store.accounts import Accounts
from service.store.activities import Activities
from service.store.api_tokens import ApiTokens
from service.store.connections import Connections
from service.store.deliveries import Deliveries
from service.store.diary import DiaryEntries
from service.store.findings import Findings
from service.store.inbox import Inbox
from service.store.instance import Instance
from service.store.intakes import Intakes
from service.store.own_activities import OwnActivities
from service.store.push_events import PushEvents
from service.store.quota import QuotaWindows
from service.store.seals import Seals
from service.store.sessions import Sessions
from service.store.shoes import ShoeRows
from service.vault import KEY_FILE, Vault

__all__ = ["DatabaseTrouble", "Store", "Transaction"]

#: Under this name the installation keeps what its key makes of nothing.
KEY_MARK = "key-mark"


class Transaction:
    """One open transaction; each attribute holds the SQL of one noun."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self.seals = Seals(vault)
        self.accounts = Accounts(connection, vault)
        self.connections = Connections(connection, vault)
        self.activities = Activities(connection, self.seals)
        self.own = OwnActivities(connection)
        self.intakes = Intakes(connection, vault)
        self.api_tokens = ApiTokens(connection, vault)
        self.shoes = ShoeRows(connection)
        self.push_events = PushEvents(connection)
        self.quota = QuotaWindows(connection)
        self.diary = DiaryEntries(connection, vault)
        self.findings = Findings(connection, self.seals)
        self.inbox = Inbox(connection, self.seals)
        self.deliveries = Deliveries(connection, vault)
        self.sessions = Sessions(connection, vault)
        self.instance = Instance(connection)


class Store:
    """The database behind an address: SQLite for one machine, PostgreSQL for more."""

    def __init__(self, url: str | URL, vault: Vault) -> None:
        self._vault = vault
        self.engine = _engine(_with_driver(make_url(url)))

    @classmethod
    def in_folder(cls, folder: Path, vault: Vault) -> Store:
        return cls(URL.create("sqlite", database=str(data_folder(folder) / "afterrun.db")), vault)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """All or nothing. Nobody calls the network while one is open."""
        with self.engine.begin() as connection:
            yield Transaction(connection, self._vault)

    def migrate(self) -> None:
        """Bring the tables to the newest version.

        Raises `BadSetting` if the database does not answer, or was filled under another key.
        """
        from service.store.migrations import upgrade  # alembic takes 0.2 s that only a start should pay

        try:
            self.check()
        except DatabaseTrouble as error:
            setting = "AFTERRUN_DATA_DIR" if self.engine.name == "sqlite" else "AFTERRUN_DATABASE_URL"
            reason = str(error.orig).splitlines()[0]
            raise BadSetting(f"{setting}: the database does not answer ({reason})") from None
        upgrade(self.engine)
        self._check_key()

    def check(self) -> None:
        """Raise `DatabaseTrouble` if the database does not answer. Waits for no one who writes."""
        with self.engine.connect() as connection:
            # Past SQLAlchemy, which would begin a transaction and with it wait for the write lock.
            connection.connection.cursor().execute("SELECT 1")

    def close(self) -> None:
        self.engine.dispose()

    def _check_key(self) -> None:
        """A lost key would show only at the next use of a token: stop at the start instead."""
        mine = self._vault.fingerprint("key", "")
        with self.transaction() as tx:
            known = tx.instance.get(KEY_MARK)
            if known is None:
                tx.instance.put(KEY_MARK, mine)
        if known not in (None, mine):
            raise BadSetting(f"the file '{KEY_FILE}' does not fit the database: restore both from the same backup")


def _with_driver(url: URL) -> URL:
    return url.set(drivername="postgresql+psycopg") if url.drivername in ("postgres", "postgresql") else url


def _engine(url: URL) -> Engine:
    # Infinity is no JSON: SQLite would keep it and PostgreSQL refuse it, so both refuse it.
    to_json = partial(json.dumps, allow_nan=False)
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, json_serializer=to_json)
    engine = create_engine(url, connect_args={"timeout": 30}, json_serializer=to_json)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _prepare_sqlite(dbapi_connection: object, _record: object) -> None:
    """Durable like PostgreSQL: a committed row survives the loss of power (synchronous=FULL)."""
    dbapi_connection.isolation_level = None  # type: ignore[attr-defined]  # we say BEGIN ourselves
    cursor = dbapi_connection.cursor()  # type: ignore[attr-defined]
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    """Take the write lock at once: a later upgrade from reading to writing fails under load."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
