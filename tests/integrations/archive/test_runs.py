"""One runner's files as a stream: item by item, in order, to be taken up again, with nothing lost or unsaid."""

from __future__ import annotations

import gzip
import io
import shutil
import zipfile
from pathlib import Path

import pytest

from integrations.archive import FoundRun, Item, Problem, Progress, read_histories, read_runs
from tests.integrations.archive.exports import DATE, HEADERS, ID, SPORT, export, row, table
from tests.integrations.archive.recordings import (
    fit_run,
    gpx,
    gpx_track,
    steady,
    tcx,
    tcx_activity,
    tcx_lap,
    zipped,
)

LIST = table(HEADERS["en"], row(), row({ID: "72", DATE: "no date"}), row({ID: "73", DATE: "Aug 4, 2026, 6:20:32 AM"}))
RECORDINGS = {
    "activities/1.fit.gz": gzip.compress(fit_run()),
    "activities/2.gpx": gpx(gpx_track(steady(1800))),
    "activities/3.tcx.gz": gzip.compress(tcx(tcx_activity(tcx_lap(steady(600), 600, 1680))).encode()),
    "activities/4.gpx": gpx(gpx_track(steady(), time=False)),
    "activities/5.fit": fit_run(distance_m=5000),
}


def found(path: Path, **options: object) -> list[FoundRun]:
    return [item.what for item in read_runs(path, **options) if isinstance(item.what, FoundRun)]  # type: ignore[arg-type]


def problems(path: Path) -> list[Problem]:
    return [item.what for item in read_runs(path) if isinstance(item.what, Problem)]


def test_of_an_export_the_list_alone_is_read(tmp_path: Path) -> None:
    path = zipped(tmp_path / "export.zip", RECORDINGS | {"activities.csv": LIST, "media/1.jpg": b"\xff\xd8 a picture"})
    assert [one.activity.id for one in found(path)] == [71, 73]
    assert {one.source for one in found(path)} == {"strava-export"}
    assert [(one.path, one.line, one.kind) for one in problems(path)] == [(path / "activities.csv", 3, "skipped")]


def test_the_times_of_an_export_are_utc_and_said_to_be(tmp_path: Path) -> None:
    path = zipped(tmp_path / "export.zip", {"activities.csv": LIST})
    first = found(path)[0]
    assert (first.zone_known, first.start_utc.isoformat()) == (False, "2026-08-02T06:20:32+00:00")


def test_a_hidden_start_is_no_moment(tmp_path: Path) -> None:
    export(tmp_path, row({DATE: "Aug 2, 2026, 12:00:01 AM"}))
    assert found(tmp_path)[0].start_utc is None


def test_an_export_without_its_list_gives_its_recordings(tmp_path: Path) -> None:
    path = zipped(tmp_path / "export.zip", RECORDINGS)
    assert [(one.path.name, one.source) for one in found(path)] == [
        ("1.fit.gz", "fit"),
        ("2.gpx", "gpx"),
        ("3.tcx.gz", "tcx"),
        ("5.fit", "fit"),
    ]
    (refused,) = problems(path)
    assert (refused.path, refused.kind) == (path / "activities" / "4.gpx", "skipped")
    assert "planned route" in refused.what


def test_an_export_in_a_language_nobody_knows_gives_its_recordings_and_says_so(tmp_path: Path) -> None:
    strange = LIST.replace("Activity ID", "Identyfikator aktywności")
    path = zipped(tmp_path / "export.zip", RECORDINGS | {"activities.csv": strange})
    assert len(found(path)) == 4
    assert any(
        one.path == path / "activities.csv" and "no language that is known" in one.what for one in problems(path)
    )


def test_a_zip_within_a_zip_is_not_followed_and_that_is_said(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "inner.zip", RECORDINGS).read_bytes()
    path = zipped(tmp_path / "garmin.zip", {"part1.zip": inner, "run.fit": fit_run(), "readme.txt": "Hello."})
    assert len(found(path)) == 1
    assert [one.what.split(";")[0] for one in problems(path)] == [
        "a zip within a zip is not followed",
        "passed over, as they hold no activities: readme.txt",
    ]


def test_a_folder_of_everything_gives_everything(tmp_path: Path) -> None:
    for name, content in RECORDINGS.items():
        (tmp_path / Path(name).name).write_bytes(content.encode() if isinstance(content, str) else content)
    (tmp_path / "notes.txt").write_text("Legs were heavy.")
    zipped(tmp_path / "more.zip", {"a.fit": fit_run(elapsed_s=1000), "b.fit": fit_run(elapsed_s=2000)})
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "activities.csv").write_text(LIST)
    assert len(found(tmp_path)) == 4 + 2 + 2
    assert all(one.kind in ("skipped", "note") for one in problems(tmp_path))


@pytest.mark.parametrize("name", ["run.fit", "run.fit.gz", "run.gpx", "run.gpx.gz", "run.tcx", "run.tcx.gz", "upload"])
def test_a_single_recording_is_read_by_what_it_holds(tmp_path: Path, name: str) -> None:
    content = {"gpx": gpx(gpx_track(steady())).encode(), "tcx": tcx(tcx_activity(tcx_lap(steady()))).encode()}
    data = next((data for kind, data in content.items() if kind in name), fit_run())
    path = tmp_path / name
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    (one,) = found(path)
    assert one.activity.elapsed_time_s == 3600


def test_a_recording_whose_gzip_breaks_off_keeps_what_came_before_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "run.gpx.gz"
    path.write_bytes(gzip.compress(gpx(gpx_track(steady())).encode())[:-2000])
    assert len(found(path)) == 1
    assert 0 < found(path)[0].activity.distance_m < 10080
    assert any("damaged or cut off" in one.what for one in problems(path))


def test_the_name_that_the_runner_knows_stands_in_the_report(tmp_path: Path) -> None:
    path = zipped(tmp_path / "tmp0815", {"activities.csv": LIST})
    (problem,) = (item.what for item in read_runs(path, name="my export.zip") if isinstance(item.what, Problem))
    assert str(problem).startswith("my export.zip/activities.csv, line 3: ")


@pytest.mark.parametrize("kind", ["list", "recordings", "folder"])
def test_reading_goes_on_from_any_item_and_gives_the_rest_and_nothing_else(tmp_path: Path, kind: str) -> None:
    path = zipped(tmp_path / "some.zip", RECORDINGS if kind == "recordings" else {"activities.csv": LIST})
    if kind == "folder":
        (tmp_path / "1.fit").write_bytes(fit_run())
        (tmp_path / "2.gpx").write_text(gpx(gpx_track(steady()), "<trk/>"))
        path = tmp_path
    whole = list(read_runs(path))
    assert len(whole) > 2
    positions = [item.position for item in whole]
    assert positions == sorted(set(positions))
    assert max(positions) < 2**63
    for at, item in enumerate(whole):
        assert list(read_runs(path, start_at=item.position)) == whole[at:]
        assert list(read_runs(path, start_at=item.position + 1)) == whole[at + 1 :]


def test_recordings_behind_the_place_to_go_on_from_are_not_even_opened(tmp_path: Path) -> None:
    path = zipped(tmp_path / "some.zip", RECORDINGS)
    last = list(read_runs(path))[-1]
    opened: list[Path] = []
    assert list(read_runs(path, start_at=last.position, on_progress=lambda told: opened.append(told.path))) == [last]
    assert {one.name for one in opened} == {"5.fit", "some.zip"}


def test_items_come_one_by_one_and_not_all_at_the_end(tmp_path: Path) -> None:
    path = zipped(tmp_path / "some.zip", RECORDINGS)
    told: list[Progress] = []
    reading = read_runs(path, on_progress=told.append)
    assert isinstance(next(reading), Item)
    assert told[-1].done < told[-1].total / 2


@pytest.mark.parametrize("kind", ["list", "recordings", "folder"])
def test_progress_rises_to_the_size_of_what_was_given(tmp_path: Path, kind: str) -> None:
    many = table(HEADERS["en"], *(row({ID: str(number)}) for number in range(1, 2001)))
    path = zipped(tmp_path / "some.zip", RECORDINGS if kind == "recordings" else {"activities.csv": many})
    size = path.stat().st_size
    if kind == "folder":
        (tmp_path / "1.fit").write_bytes(fit_run())
        size += (tmp_path / "1.fit").stat().st_size
        path = tmp_path
    told: list[Progress] = []
    assert list(read_runs(path, on_progress=told.append))
    assert [one.done for one in told] == sorted(one.done for one in told)
    assert (told[-1].done, {one.total for one in told}) == (size, {size})
    assert len({one.done for one in told}) > 3


def test_the_same_export_twice_gives_the_same_ids(tmp_path: Path) -> None:
    path = zipped(tmp_path / "some.zip", RECORDINGS)
    shutil.copy(path, tmp_path / "again.zip")
    first, second = ([one.activity.id for one in found(tmp_path / name)] for name in ("some.zip", "again.zip"))
    assert first == second


def test_a_recording_that_lies_there_twice_is_one_run_in_a_history(tmp_path: Path) -> None:
    (tmp_path / "a.fit").write_bytes(fit_run())
    (tmp_path / "b.fit.gz").write_bytes(gzip.compress(fit_run()))
    (tmp_path / "c.fit").write_bytes(fit_run(elapsed_s=3000, timer_s=3000))
    (told,) = read_histories([tmp_path])
    assert (told.name, len(told.activities), told.fatal) == (tmp_path.name, 2, ())
    assert ["it counts once" in one.what for one in told.skipped] == [True]


def test_a_folder_none_of_whose_recordings_can_be_used_is_a_failure(tmp_path: Path) -> None:
    for number in (1, 2):
        (tmp_path / f"{number}.gpx").write_text(gpx(gpx_track(steady(), time=False)))
    (told,) = read_histories([tmp_path])
    assert (len(told.activities), len(told.fatal), len(told.skipped)) == (0, 1, 1)


def test_an_export_that_breaks_off_in_its_zip_keeps_its_rows_and_says_where_they_end(tmp_path: Path) -> None:
    rows = [row({ID: str(number), SPORT: f"Run {number * 7919}"}) for number in range(1, 5000)]
    path = zipped(tmp_path / "export.zip", {"activities.csv": table(HEADERS["en"], *rows)})
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)
    assert 0 < len(found(path)) < 5000
    assert any("damaged or cut off" in one.what and one.kind == "fatal" for one in problems(path))


def test_what_is_given_may_be_nothing_at_all(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path / "nowhere")
    assert "check its name" in problem.what
    (problem,) = problems(tmp_path)
    assert "no recording" in problem.what


def test_a_list_may_be_gzipped_by_itself(tmp_path: Path) -> None:
    (tmp_path / "activities.csv.gz").write_bytes(gzip.compress(LIST.encode()))
    assert len(found(tmp_path)) == 2


def test_a_zip_that_calls_its_recordings_by_odd_names_leads_nowhere(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("/../../etc/run.fit", fit_run())
    path = tmp_path / "odd.zip"
    path.write_bytes(out.getvalue())
    (one,) = found(path)
    assert one.path.is_relative_to(path)
    assert not (tmp_path / "etc").exists()
