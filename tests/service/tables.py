"""A look into every table, past all our own code: what is really kept."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from service.bootstrap import Service
from service.store.schema import metadata

Rows = list[dict[str, Any]]


def tables(service: Service) -> dict[str, Rows]:
    """All rows of all tables, as they are stored."""
    with service.store.engine.connect() as connection:
        return {
            table.name: [dict(row._mapping) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in metadata.sorted_tables
        }


def filled(service: Service) -> set[str]:
    """The tables that hold anything."""
    return {name for name, rows in tables(service).items() if rows}


def mentions(service: Service, *words: object) -> set[str]:
    """The tables in which any of these words stands anywhere."""
    return {name for name, rows in tables(service).items() if any(str(word) in str(rows) for word in words)}
