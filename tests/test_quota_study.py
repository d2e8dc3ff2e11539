"""The page for operators shows the quota study as it was measured."""

from __future__ import annotations

from tests.quota_study import FIGURES, PAGE, renewed, rows_from


def test_the_table_on_the_page_is_the_one_that_was_measured() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert renewed(page, rows_from(FIGURES.read_text(encoding="utf-8"))) == page


def test_no_measured_runner_was_left_unread_and_no_call_went_beyond_the_limits() -> None:
    rows = rows_from(FIGURES.read_text(encoding="utf-8"))
    assert rows
    assert [(row.never_read, row.beyond) for row in rows] == [(0, 0)] * len(rows)
