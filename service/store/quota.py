"""The ledger of calls to Strava: one row a window, shared by all threads and processes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from integrations.strava.limits import DAY, QUARTER, Purpose, Window, start_of
from service.store.schema import quota_windows
from service.store.sql import insert

_NAMES = {QUARTER: "quarter", DAY: "day"}
_SPANS = {name: span for span, name in _NAMES.items()}


class QuotaWindows:
    """SQL about what of Strava's limits is used."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def present(self, now: datetime) -> tuple[Window, ...]:
        """The quarter hour and the day of `now`, each made at its first call; locked until the transaction ends."""
        return self._window(now, QUARTER), self._window(now, DAY)

    def put(self, windows: Iterable[Window]) -> None:
        """Write these windows back."""
        for window in windows:
            counts = {"used": window.used, "read_used": window.read_used}
            limits = {"limit": window.limit, "read_limit": window.read_limit}
            self._connection.execute(update(quota_windows).where(_is(window)).values(**counts, **limits))

    def count(self, windows: Iterable[Window], purpose: Purpose) -> None:
        """One call more for this purpose, for the page that shows what the calls went to."""
        column = quota_windows.c[purpose.value]
        for window in windows:
            self._connection.execute(update(quota_windows).where(_is(window)).values({column: column + 1}))

    def latest(self, now: datetime, span: timedelta) -> Window:
        """The window of `now`, without making or locking it."""
        found = self._find(start_of(now, span), span)
        return found or self._successor(now, span)

    def since(self, moment: datetime, span: timedelta) -> list[tuple[Window, dict[Purpose, int]]]:
        """Windows that began at `moment` or later, in order, and what their calls were for."""
        rows = select(quota_windows).where(quota_windows.c.span == _NAMES[span], quota_windows.c.starts_at >= moment)
        return [
            (_window(row), {purpose: getattr(row, purpose.value) for purpose in Purpose})
            for row in self._connection.execute(rows.order_by(quota_windows.c.starts_at))
        ]

    def forget(self, before: datetime) -> None:
        self._connection.execute(delete(quota_windows).where(quota_windows.c.starts_at < before))

    def _window(self, now: datetime, span: timedelta) -> Window:
        starts_at = start_of(now, span)
        found = self._find(starts_at, span, lock=True)
        if found is None:
            self._make(self._successor(now, span))
            found = self._find(starts_at, span, lock=True)
        assert found is not None
        return found

    def _find(self, starts_at: datetime, span: timedelta, *, lock: bool = False) -> Window | None:
        mine = (quota_windows.c.span == _NAMES[span]) & (quota_windows.c.starts_at == starts_at)
        query = select(quota_windows).where(mine)
        row = self._connection.execute(query.with_for_update() if lock else query).one_or_none()
        return _window(row) if row else None

    def _successor(self, now: datetime, span: timedelta) -> Window:
        """An unused window of `now`, with the limits that Strava told last."""
        newest = select(quota_windows).where(quota_windows.c.span == _NAMES[span])
        row = self._connection.execute(newest.order_by(quota_windows.c.starts_at.desc()).limit(1)).one_or_none()
        if row is None:
            return Window.around(now, span)
        return Window(span, start_of(now, span), row.limit, row.read_limit)

    def _make(self, window: Window) -> None:
        limits = {"limit": window.limit, "read_limit": window.read_limit}
        nothing = {"used": 0, "read_used": 0, **{purpose.value: 0 for purpose in Purpose}}
        statement = insert(self._connection, quota_windows).values(
            span=_NAMES[window.span], starts_at=window.starts_at, **limits, **nothing
        )
        key = [quota_windows.c.span, quota_windows.c.starts_at]
        self._connection.execute(statement.on_conflict_do_nothing(index_elements=key))


def _is(window: Window) -> Any:
    return (quota_windows.c.span == _NAMES[window.span]) & (quota_windows.c.starts_at == window.starts_at)


def _window(row: Row[Any]) -> Window:
    return Window(_SPANS[row.span], row.starts_at, row.limit, row.read_limit, row.used, row.read_used)
