"""Everything that is remembered: one transaction at a time, all SQL in this folder.

with store.transaction() as tx:      # commits on exit, rolls back on any exception
    athlete = tx.athletes.get(7)
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url

from service.store.accounts import Accounts
from service.store.activities import Activities
from service.store.connections import Connections
from service.store.deliveries import Deliveries
from service.store.findings import Findings
from service.store.inbox import Inbox
from service.store.instance import Instance
from service.store.push_events import PushEvents
from service.store.sessions import Sessions
from service.vault import Vault

__all__ = ["Store", "Transaction"]


class Transaction:
    """One open transaction; each attribute holds the SQL of one noun."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self.accounts = Accounts(connection, vault)
        self.connections = Connections(connection, vault)
        self.activities = Activities(connection)
        self.push_events = PushEvents(connection)
        self.findings = Findings(connection)
        self.inbox = Inbox(connection)
        self.deliveries = Deliveries(connection, vault)
        self.sessions = Sessions(connection, vault)
        self.instance = Instance(connection)


class Store:
    """The database behind an address: SQLite for one machine, PostgreSQL for more."""

    def __init__(self, url: str, vault: Vault) -> None:
        self.url = _with_driver(url)
        self._vault = vault
        self.engine = _engine(self.url)

    @classmethod
    def in_folder(cls, folder: Path, vault: Vault) -> Store:
        folder.mkdir(parents=True, exist_ok=True)
        return cls(f"sqlite:///{folder / 'afterrun.db'}", vault)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """All or nothing. Nobody calls the network while one is open."""
        with self.engine.begin() as connection:
            yield Transaction(connection, self._vault)

    def migrate(self) -> None:
        """Bring the tables to the newest version."""
        from service.store.migrations import upgrade  # alembic takes 0.2 s that only a start should pay

        upgrade(self.engine)

    def check(self) -> None:
        """Raise if the database does not answer."""
        with self.engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    def close(self) -> None:
        self.engine.dispose()


def _with_driver(url: str) -> str:
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _engine(url: str) -> Engine:
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": 30})
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
