"""The door for a runner's own programs: a key opens it, and every answer says what came of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from service import intake
from tests.own_files import export_zip, season
from tests.service.web.conftest import NOON, Home

RUN: dict[str, Any] = {"start": "2026-06-01T07:00:00+02:00", "distance_m": 10_000, "elapsed_time_s": 3600}


class Program:
    """A program of the runner's, with a key or without."""

    def __init__(self, home: Home, key: str | None) -> None:
        headers = {} if key is None else {"authorization": f"Bearer {key}"}
        self.client = httpx.Client(base_url=home.site.url, headers=headers)
        home.site.stack.callback(self.client.close)

    def post(self, **given: Any) -> httpx.Response:
        return self.client.post("/api/v1/runs", **given)


def new_key(home: Home) -> str:
    home.browser.open("/runs")
    home.browser.submit("/runs/keys")
    shown = re.search(r"only now: <code>([^<]+)</code>", home.browser.page.text)
    assert shown is not None
    return shown[1]


@pytest.fixture
def program(home: Home) -> Program:
    return Program(home, new_key(home))


def test_one_run_as_json_is_taken_in_and_reported_at_once(home, program):
    answer = program.post(json={**RUN, "average_hr_bpm": 150})
    assert answer.status_code == 200
    body = answer.json()
    assert (body["state"], body["added"], body["known"]) == ("done", 1, 0)
    again = program.post(json=RUN).json()
    assert (again["added"], again["known"]) == (0, 1)
    with home.site.service.store.transaction() as tx:
        (kept,) = tx.own.newest(1, 5)
    assert (kept.activity.start_local.hour, kept.activity.average_hr_bpm, kept.activity.id < 0) == (7, 150, True)


def test_a_long_run_handed_in_by_a_program_is_told(home, program):
    program.post(json={**RUN, "start": "2026-06-01T08:00:00+02:00", "distance_m": 20_000, "elapsed_time_s": 7200})
    assert home.site.message_id("alert")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"start": "2026-06-01T07:00:00"}, "start"),
        ({"start": "yesterday"}, "start"),
        ({"distance_m": -1}, "distance_m"),
        ({"distance_m": "NaN"}, "distance_m"),
        ({"elapsed_time_s": 0}, "elapsed_time_s"),
        ({"sport": "<b>"}, "sport"),
        ({"titel": "x"}, "titel"),
    ],
)
def test_a_wrong_field_is_named(home, program, change, field):
    answer = program.post(json=RUN | change)
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["detail"]] == [field]
    with home.site.service.store.transaction() as tx:
        assert tx.own.count(1) == 0


def test_no_json_at_all_is_said(program):
    answer = program.post(content=b"{", headers={"content-type": "application/json"})
    assert answer.status_code == 422
    assert "JSON" in answer.json()["detail"][0]["problem"]


def test_files_are_taken_in_later_with_a_report_to_look_for(home, program, tmp_path: Path):
    path = export_zip(tmp_path / "e.zip", season(NOON, weeks=4))
    as_form = program.post(files=[("file", ("e.zip", path.read_bytes()))])
    as_body = program.post(
        content=path.read_bytes(), params={"name": "../../e2.zip"}, headers={"content-type": "application/zip"}
    )
    assert (as_form.status_code, as_body.status_code) == (202, 202)
    (begun,) = as_body.json()["intakes"]
    assert (begun["state"], begun["name"]) == ("reading", "e2.zip")
    intake.sweep(home.site.service)
    done = [program.client.get(answer.json()["intakes"][0]["url"]).json() for answer in (as_form, as_body)]
    assert [(one["state"], one["added"], one["known"]) for one in done] == [("done", 14, 0), ("done", 0, 14)]


@pytest.mark.parametrize("key", [None, "made-up"])
def test_without_a_key_nothing_is_read(home, key):
    stranger = Program(home, key)
    for answer in (
        stranger.post(json=RUN),
        stranger.post(files=[("file", ("a.gpx", b"<gpx/>"))]),
        stranger.client.get("/api/v1/runs/intakes/1"),
    ):
        assert (answer.status_code, "Bearer" in answer.json()["detail"]) == (401, True)
    assert list(intake.spool_folder(home.site.service).iterdir()) == []


def test_a_revoked_key_opens_nothing(home, program):
    home.browser.open("/runs")
    home.browser.submit("/revoke")
    assert program.post(json=RUN).status_code == 401


def test_a_key_reads_no_report_of_others(home, program):
    program.post(json=RUN)
    assert program.client.get("/api/v1/runs/intakes/1").status_code == 200
    other = home.site.invited(home.browser)
    theirs = Program(home, new_key(Home(home.site, other)))
    assert theirs.client.get("/api/v1/runs/intakes/1").status_code == 404


def test_a_key_is_kept_as_a_hash_and_shown_once(home, program):
    key = program.client.headers["authorization"].removeprefix("Bearer ")
    home.browser.open("/runs")
    assert key not in home.browser.page.text
    with home.site.service.store.engine.connect() as connection:
        assert key not in str(connection.exec_driver_sql("SELECT * FROM api_tokens").all())


def test_a_body_that_is_no_form_and_too_much_are_said_as_json(make_site):
    site = make_site(upload_mb=1)
    home = Home(site, site.connected())
    program = Program(home, new_key(home))
    broken = program.post(content=b"nothing", headers={"content-type": "multipart/form-data; boundary=x"})
    assert (broken.status_code, "upload" in broken.json()["detail"]) == (400, True)
    long = program.post(content=b'"' + bytes(20_000), headers={"content-type": "application/json"})
    assert long.status_code == 413
    big = program.post(content=bytes(1024 * 1024 + 1), headers={"content-type": "application/zip"})
    assert (big.status_code, "1 MB" in big.json()["detail"]) == (413, True)
