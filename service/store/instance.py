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

    def keep(self, name: str, value: str) -> str:
        """Store a value unless there is one already, and return what is kept: of two at once both get the first."""
        statement = insert(self._connection, instance).values(name=name, value=value)
        self._connection.execute(statement.on_conflict_do_nothing(index_elements=[instance.c.name]))
        return self.get(name) or value

    def beginning_with(self, prefix: str) -> dict[str, str]:
        """The values whose names begin so, by the rest of their names."""
        begins = instance.c.name.startswith(prefix, autoescape=True)
        rows = self._connection.execute(select(instance.c.name, instance.c.value).where(begins))
        return {row.name.removeprefix(prefix): row.value for row in rows}

    def remove(self, name: str) -> None:
        self._connection.execute(delete(instance).where(instance.c.name == name))

    def count(self, name: str, by: int = 1) -> int:
        """Add to a counter and return it. One statement, so that two at once are counted as two."""
        more = cast(cast(instance.c.value, Integer) + by, Text)
        statement = insert(self._connection, instance).values(name=name, value=str(by))
        counted = statement.on_conflict_do_update(index_elements=[instance.c.name], set_={"value": more})
        return int(self._connection.execute(counted.returning(instance.c.value)).scalar_one())
