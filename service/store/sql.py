"""What every noun's SQL shares: inserting with a conflict clause on either database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert(connection: Connection, table: Table) -> Any:
    """An INSERT that knows `on_conflict_do_update` and `on_conflict_do_nothing` on this database."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)
