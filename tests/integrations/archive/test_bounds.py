"""Files made to fill a disk or a memory, and exports that are simply large: both take little memory."""

from __future__ import annotations

import gzip
import io
import tracemalloc
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from integrations.archive import FoundRun, Problem, markup, read_runs, streams, zips
from integrations.archive import fit as fit_file
from tests.integrations.archive.exports import HEADERS, ID, row, table
from tests.integrations.archive.recordings import Dot, fit_run, gpx, gpx_point, gpx_track, steady, zipped

MB = 2**20


def rows(count: int) -> Iterator[str]:
    yield table(HEADERS["en"])
    for number in range(1, count + 1):
        yield table(row({ID: str(number)}))


def packed(path: Path, name: str, pieces: Iterable[str | bytes], beside: int = 0) -> Path:
    """A zip with a member made piece by piece, and media files beside it."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with archive.open(name, "w") as member:
            for piece in pieces:
                member.write(piece.encode() if isinstance(piece, str) else piece)
        for number in range(beside):
            archive.writestr(zipfile.ZipInfo(f"media/{number:05}.jpg"), b"\xff\xd8 a picture")
    return path


def peak_of(path: Path) -> tuple[int, int]:
    """How many activities a file gives, and the highest memory that reading it took, in bytes."""
    tracemalloc.start()
    try:
        count = sum(isinstance(item.what, FoundRun) for item in read_runs(path))
        return count, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def refused(path: Path) -> str:
    *_, last = (item.what for item in read_runs(path))
    assert isinstance(last, Problem)
    return last.what


def test_the_list_of_an_export_takes_the_same_memory_whatever_its_length(tmp_path: Path) -> None:
    few, small = peak_of(packed(tmp_path / "few.zip", "activities.csv", rows(2_000)))
    many, large = peak_of(packed(tmp_path / "many.zip", "activities.csv", rows(8_000)))
    assert (few, many) == (2_000, 8_000)
    assert large < small + MB / 8


def test_thousands_of_media_files_beside_the_list_cost_only_their_names(tmp_path: Path) -> None:
    path = packed(tmp_path / "media.zip", "activities.csv", rows(10), beside=3_000)
    count, peak = peak_of(path)
    assert count == 10
    assert peak < 6 * MB


def test_a_long_recording_takes_the_same_memory_as_a_short_one(tmp_path: Path) -> None:
    def track(points: int) -> Iterator[str]:
        head, foot = gpx(gpx_track([])).split("</trkseg>")
        yield head
        yield from (gpx_point(Dot(second, second * 2.8)) for second in range(points))
        yield "</trkseg>" + foot

    peaks = []
    for points in (2_000, 20_000):
        path = tmp_path / f"{points}.gpx.gz"
        with gzip.open(path, "wb", compresslevel=1) as file:
            file.writelines(piece.encode() for piece in track(points))
        count, peak = peak_of(path)
        assert count == 1
        peaks.append(peak)
    assert peaks[1] < peaks[0] + MB


def test_many_recordings_in_a_zip_take_the_memory_of_one(tmp_path: Path) -> None:
    run = fit_run(steady(300))
    peaks = []
    for count in (5, 50):
        path = zipped(tmp_path / f"{count}.zip", {f"{number}.fit": run for number in range(count)})
        read, peak = peak_of(path)
        assert read == count
        peaks.append(peak)
    assert peaks[1] < peaks[0] + MB / 4


def bomb(path: Path, head: bytes, filling: bytes, size: int = 20 * MB) -> Path:
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(head)
        for _ in range(size // MB):
            file.write(filling * (MB // len(filling)))
    return path


@pytest.mark.parametrize(
    ("filling", "reason"),
    [
        (b" ", "unpacks to more than 17 MB"),
        (b"<trk>", "deeper ones"),
        (b"<trk/>", "more than 500 sessions"),
        (b"<a/>", "more elements"),
        (b"&a;", "breaks off or is damaged"),
    ],
)
def test_a_recording_that_unpacks_to_something_absurd_is_left_at_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, filling: bytes, reason: str
) -> None:
    monkeypatch.setattr(markup, "MOST_ELEMENTS", 100_000)
    path = bomb(tmp_path / "bomb.gpx.gz", gpx().partition("</gpx>")[0].encode(), filling)
    assert path.stat().st_size < MB / 5
    assert reason in refused(path)
    assert peak_of(path)[1] < 8 * MB


def test_a_fit_file_of_endless_zeros_is_left_at_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fit_file, "MOST_MESSAGES", 5_000)
    head = bytearray(fit_run(steady(60)))
    head[4:8] = (2**32 - 1).to_bytes(4, "little")
    path = bomb(tmp_path / "bomb.fit.gz", bytes(head), b"\0")
    assert "more messages than any recording" in refused(path)
    assert peak_of(path)[1] < 8 * MB


def test_what_a_zip_says_about_sizes_is_not_believed(tmp_path: Path) -> None:
    path = packed(tmp_path / "liar.zip", "activities.csv", (" " * MB for _ in range(70)))
    data = path.read_bytes()
    at = data.rindex(b"PK\x01\x02")
    path.write_bytes(data[: at + 24] + (1000).to_bytes(4, "little") + data[at + 28 :])
    _, peak = peak_of(path)
    assert peak < 16 * MB


def test_members_that_lie_over_each_other_are_refused(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.fit", fit_run())
        first = archive.getinfo("a.fit")
        for number in range(20):
            copy = zipfile.ZipInfo(f"b{number}.fit")
            copy.header_offset, copy.compress_size, copy.file_size, copy.CRC = 0, first.compress_size, 10, first.CRC
            archive.filelist.append(copy)
            archive.NameToInfo[copy.filename] = copy
    path = tmp_path / "overlap.zip"
    path.write_bytes(out.getvalue())
    assert "overlap" in refused(path)


def test_a_zip_with_an_endless_table_of_contents_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zips, "LARGEST_CONTENTS", 10_000)
    path = packed(tmp_path / "many.zip", "activities.csv", rows(1), beside=200)
    assert "table of contents" in refused(path)


def test_recordings_beyond_what_one_zip_may_unpack_to_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = fit_run(steady(60))
    monkeypatch.setattr(zips, "MOST_UNPACKED", 2 * len(run))
    path = zipped(tmp_path / "many.zip", {f"{number}.fit": run for number in range(5)})
    told = [item.what for item in read_runs(path)]
    assert [isinstance(one, FoundRun) for one in told] == [True, True, True, False, False]
    assert "give it in a zip of its own" in str(told[-1])


def test_a_recording_may_unpack_to_what_recordings_do() -> None:
    assert streams.most_of(1000) == 16 * MB
    assert streams.most_of(MB) == 200 * MB
    assert streams.most_of(100 * MB) == 256 * MB
