"""What belongs to the installation as a whole: named values and counters."""

from __future__ import annotations

from sqlalchemy import Connection, Integer, Text, cast, delete, select

from service.store.schema import instance
from service.store.sql import insert


class Instance:
    """SQL about named values."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, name: str) -> str | None:
        return self._connection.execute(select(instance.c.value).where(instance.c.name == name)).scalar_one_or_none()

    def put(self, name: str, value: str) -> None:
        statement = insert(self._connection, instance).values(name=name, value=value)
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=[instance.c.name], set_={"value": value})
        )

    def remove(self, name: str) -> None:
        self._connection.execute(delete(instance).where(instance.c.name == name))

    def count(self, name: str) -> int:
        """Add one to a counter and return it. One statement, so that two at once are counted as two."""
        one_more = cast(cast(instance.c.value, Integer) + 1, Text)
        statement = insert(self._connection, instance).values(name=name, value="1")
        counted = statement.on_conflict_do_update(index_elements=[instance.c.name], set_={"value": one_more})
        return int(self._connection.execute(counted.returning(instance.c.value)).scalar_one())
