"""Whatever bytes a file holds, reading it ends in a history: with activities, or with a problem that says why not."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.archive import History
from integrations.archive.languages import PLAIN
from rules.history import clean
from tests.integrations.archive.exports import HEADERS, read_one, row, table
from tests.integrations.archive.test_pages import summary
from tests.integrations.archive.test_plain_table import HEADER

repeatable = settings(derandomize=True, deadline=None, max_examples=150)

#: Cells in and beyond the shapes that exports have.
cells = st.one_of(
    st.text(max_size=12),
    st.integers().map(str),
    st.floats().map(str),
    st.datetimes().map(lambda moment: moment.isoformat()),
    st.datetimes().map(lambda moment: f"{moment:%b} {moment.day}, {moment.year}, 1:02:03 PM"),
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bytes") / "given"


def told_of(path: Path, data: bytes) -> History:
    """The history of these bytes, which the rules can then work with."""
    path.write_bytes(data)
    told = read_one(path)
    assert told.activities or told.problems
    clean(told.activities)
    return told


@repeatable
@given(data=st.binary(max_size=400))
def test_any_bytes_at_all_are_refused(path: Path, data: bytes) -> None:
    assert told_of(path, data).fatal


@repeatable
@given(
    start=st.sampled_from([b"[", b"{", b"PK\x03\x04", b"\xff\xfe", b"\xef\xbb\xbf", b"<"]), data=st.binary(max_size=400)
)
def test_any_bytes_behind_a_promising_start_end_in_a_history(path: Path, start: bytes, data: bytes) -> None:
    path.write_bytes(start + data)
    assert read_one(path).activities == ()


@repeatable
@given(rows=st.lists(st.lists(cells, min_size=10, max_size=13), min_size=1, max_size=4))
def test_any_cells_in_a_plain_table_end_in_a_history(path: Path, rows: list[list[str]]) -> None:
    assert len(PLAIN.columns) == len(HEADER.split(","))
    told_of(path, table(HEADER.split(","), *rows).encode("utf-8", errors="surrogatepass"))


@repeatable
@given(language=st.sampled_from(sorted(HEADERS)), changes=st.dictionaries(st.integers(0, 20), cells, min_size=1))
def test_any_cells_in_an_export_end_in_a_history(path: Path, language: str, changes: dict[int, str]) -> None:
    told_of(path, table(HEADERS[language], row(changes)).encode("utf-8", errors="surrogatepass"))


@repeatable
@given(changes=st.dictionaries(st.sampled_from(sorted(summary())), json_values, min_size=1))
def test_any_values_in_a_page_end_in_a_history(path: Path, changes: dict[str, object]) -> None:
    told_of(path, json.dumps([summary(9), summary() | changes]).encode())


@repeatable
@given(data=st.data())
def test_a_damaged_zip_ends_in_a_history(path: Path, data: st.DataObject) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("activities.csv", table(HEADERS["en"], row()))
    damaged = bytearray(out.getvalue())
    for position in data.draw(st.lists(st.integers(4, len(damaged) - 1), min_size=1, max_size=4)):
        damaged[position] = data.draw(st.integers(0, 255))
    told_of(path, bytes(damaged[: data.draw(st.integers(5, len(damaged)))]))


def test_reading_leaves_the_limits_of_the_csv_module_alone(path: Path) -> None:
    before = csv.field_size_limit()
    told_of(path, b"id,date\n")
    assert csv.field_size_limit() == before
