"""Whatever bytes a file holds, reading it ends in a history: with activities, or with a problem that says why not."""

from __future__ import annotations

import csv
import gzip
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
from tests.integrations.archive.recordings import fit_run, gpx, gpx_track, steady, tcx, tcx_activity, tcx_lap
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


RECORDINGS = {
    "fit": fit_run(steady(60), elapsed_s=60, timer_s=60, distance_m=168),
    "gpx": gpx(gpx_track(steady(60))).encode(),
    "tcx": tcx(tcx_activity(tcx_lap(steady(60), timer_s=60, metres=168))).encode(),
}
XML_PIECES = [
    *("<trk>", "</trk>", "<trkseg>", "</trkseg>", "<trkpt lat='1' lon='2'>", "<trkpt lat='x'>", "</trkpt>", "</gpx>"),
    *("<Activity Sport='Running'>", "</Activity>", "<Lap>", "<Lap StartTime='2026-08-02T06:20:32Z'>", "</Lap>"),
    *(
        "<Track>",
        "</Track>",
        "<Trackpoint>",
        "</Trackpoint>",
        "<Id>",
        "</Id>",
        "<type>9</type>",
        "<Cadence>9</Cadence>",
    ),
    *(
        "<time>2026-08-02T06:20:32Z</time>",
        "<Time>2026-08-02T06:20:35Z</Time>",
        "<time>0001-01-01T00:00:00+14:00</time>",
    ),
    *("<TotalTimeSeconds>9</TotalTimeSeconds>", "<DistanceMeters>1e300</DistanceMeters>", "<Value>150</Value>", "text"),
    *("<AverageHeartRateBpm>", "</AverageHeartRateBpm>", "<!-- a -->", "<![CDATA[ <trk> ]]>", "&amp;", "<?a b?>"),
]


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


def bytes_changed(data: st.DataObject, original: bytes) -> bytes:
    damaged = bytearray(original)
    for position in data.draw(st.lists(st.integers(0, len(damaged) - 1), min_size=1, max_size=6)):
        damaged[position] = data.draw(st.integers(0, 255))
    return bytes(damaged[: data.draw(st.integers(len(damaged) // 4, len(damaged)))])


@pytest.mark.parametrize("kind", sorted(RECORDINGS))
@repeatable
@given(data=st.data())
def test_a_damaged_recording_ends_in_a_history(path: Path, kind: str, data: st.DataObject) -> None:
    told_of(path, bytes_changed(data, RECORDINGS[kind]))


@pytest.mark.parametrize("kind", sorted(RECORDINGS))
@repeatable
@given(data=st.data())
def test_a_damaged_gzip_of_a_recording_ends_in_a_history(path: Path, kind: str, data: st.DataObject) -> None:
    told_of(path, bytes_changed(data, gzip.compress(RECORDINGS[kind], mtime=0)))


@repeatable
@given(body=st.binary(max_size=300))
def test_any_messages_behind_the_header_of_a_fit_file_end_in_a_history(path: Path, body: bytes) -> None:
    told_of(path, b"\x0c\x20\x34\x08" + len(body).to_bytes(4, "little") + b".FIT" + body)


@repeatable
@given(pieces=st.lists(st.sampled_from(XML_PIECES), max_size=25))
def test_any_order_of_elements_ends_in_a_history(path: Path, pieces: list[str]) -> None:
    told_of(path, "".join(["<gpx>", *pieces]).encode())
    told_of(path, "".join(["<TrainingCenterDatabase>", *pieces]).encode())


@repeatable
@given(data=st.data())
def test_a_damaged_zip_of_recordings_ends_in_a_history(path: Path, data: st.DataObject) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for kind, content in RECORDINGS.items():
            archive.writestr(f"run.{kind}", content)
    told_of(path, b"PK\x03\x04" + bytes_changed(data, out.getvalue())[4:])


def test_reading_leaves_the_limits_of_the_csv_module_alone(path: Path) -> None:
    before = csv.field_size_limit()
    told_of(path, b"id,date\n")
    assert csv.field_size_limit() == before
