"""Own runs through the pages: files streamed in, a report of what was left out, and every run to delete."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import httpx
import pytest

from service import intake
from tests.own_files import export_zip, gpx, season
from tests.service.web.conftest import NOON, Browser, Home, Site

TUESDAY = datetime(2026, 6, 2, 6)


def upload(browser: Browser, *files: Path, token: str | None = None) -> httpx.Response:
    """Send files by the form on the page, the token first as browsers do."""
    page = browser.open("/runs")
    csrf = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert csrf is not None
    given = [("csrf", (None, csrf[1] if token is None else token))]
    given += [("file", (file.name, file.read_bytes())) for file in files]  # type: ignore[misc]
    browser.page = browser.client.post("/runs", files=given)
    return browser.page


def spooled(site: Site) -> list[Path]:
    return list(intake.spool_folder(site.service).iterdir())


def own(site: Site) -> int:
    with site.service.store.transaction() as tx:
        return tx.own.count(1)


def test_files_are_handed_in_read_and_reported(home: Home, tmp_path):
    zipped = export_zip(tmp_path / "my export.zip", season(NOON, weeks=20))
    broken = tmp_path / "broken.gpx"
    broken.write_text("<gpx><trk><trkseg><trkpt")
    upload(home.browser, zipped, broken)
    assert "my export.zip" in home.browser.text
    assert 'http-equiv="refresh"' in home.browser.page.text
    assert [file.stat().st_mode & 0o777 for file in spooled(home.site)] == [0o600, 0o600]
    intake.sweep(home.site.service)
    home.browser.open("/runs")
    assert "70 new, 0 known before, 0 left out." in home.browser.text
    assert "Nothing could be read. Why" in home.browser.text
    assert 'http-equiv="refresh"' not in home.browser.page.text
    assert (own(home.site), spooled(home.site)) == (70, [])
    home.browser.open("/runs/intakes/2")
    assert "broken.gpx" in home.browser.text


def test_a_form_from_elsewhere_leaves_nothing_behind(home: Home, tmp_path):
    assert upload(home.browser, gpx(tmp_path / "a.gpx", TUESDAY, 5.0), token="made-up").status_code == 403
    without = home.browser.client.post("/runs", files=[("file", ("a.gpx", b"<gpx/>"))])
    assert without.status_code == 403
    assert spooled(home.site) == []


def test_who_is_not_signed_in_hands_nothing_in(home: Home):
    stranger = home.site.browser()
    assert stranger.client.post("/runs", files=[("file", ("a.gpx", b"<gpx/>"))]).url.path == "/sign-in"
    assert spooled(home.site) == []


def test_more_than_allowed_is_refused_while_it_comes_in_and_leaves_nothing(make_site, tmp_path):
    site = make_site(upload_mb=1)
    browser = site.connected()
    big = tmp_path / "big.zip"
    big.write_bytes(bytes(1024 * 1024 + 1))
    answer = upload(browser, big)
    assert (answer.status_code, "At most 1 MB" in browser.text) == (413, True)
    assert spooled(site) == []
    with site.service.store.transaction() as tx:
        assert tx.intakes.of(1) == []


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data", "multipart/form-data; boundary=x"])
def test_what_is_no_form_is_refused(home: Home, kind):
    assert home.browser.client.post("/runs", content=b"--y\r\n", headers={"content-type": kind}).status_code in (
        400,
        403,
    )
    assert spooled(home.site) == []


def test_a_form_without_a_file_chosen_says_so(home: Home):
    page = home.browser.open("/runs")
    csrf = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert csrf is not None
    empty = {"csrf": (None, csrf[1]), "file": ("", b"")}
    home.browser.page = home.browser.client.post("/runs", files=empty)
    assert "No file was chosen." in home.browser.text


def test_one_run_or_all_can_be_deleted(home: Home, tmp_path):
    upload(home.browser, export_zip(tmp_path / "e.zip", season(NOON, weeks=20)))
    intake.sweep(home.site.service)
    home.browser.open("/runs")
    home.browser.submit("/runs/delete")
    assert own(home.site) == 69
    home.browser.open("/runs?skip=50")
    assert "69 activities of your own" in home.browser.text
    home.browser.submit("/runs/delete-all")
    assert (own(home.site), "69 runs deleted." in home.browser.text) == (0, True)


def test_the_zone_that_a_runner_names_moves_what_came_in_utc(home: Home, tmp_path):
    upload(home.browser, gpx(tmp_path / "a.gpx", datetime(2026, 5, 20, 23), 5.0))
    intake.sweep(home.site.service)
    home.browser.open("/runs")
    home.browser.submit("/runs/zone", zone="Pacific/Auckland")
    with home.site.service.store.transaction() as tx:
        assert tx.own.newest(1, 1)[0].activity.start_local == datetime(2026, 5, 21, 11)
    assert home.site.athlete.time_zone == "Pacific/Auckland"


def test_the_report_and_the_runs_of_others_are_not_there(home: Home, tmp_path):
    upload(home.browser, gpx(tmp_path / "a.gpx", TUESDAY, 5.0))
    intake.sweep(home.site.service)
    with home.site.service.store.transaction() as tx:
        (mine,) = tx.own.newest(1, 5)
    other = home.site.invited(home.browser)
    assert other.open("/runs/intakes/1").status_code == 404
    other.open("/runs")
    assert "0 activities of your own" in other.text
    csrf = re.search(r'name="csrf" value="([^"]+)"', other.page.text)
    answer = other.client.post("/runs/delete", data={"csrf": csrf[1], "run": str(mine.activity.id)})
    assert (answer.status_code, own(home.site)) == (404, 1)
