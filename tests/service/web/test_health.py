"""What looks after this service can tell whether it is up, and whether it can work."""

from __future__ import annotations

from datetime import timedelta

import httpx

from tests.service.web.conftest import Home, Site


def test_it_is_up_and_ready(fresh: Site) -> None:
    for path in ("/healthz", "/readyz"):
        answer = httpx.get(fresh.url + path)
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_while_strava_refuses_the_installation_it_is_up_and_not_ready(home: Home) -> None:
    home.site.simulator.faults.inactive = True
    home.site.read_again()
    assert httpx.get(home.site.url + "/healthz").status_code == 200
    answer = httpx.get(home.site.url + "/readyz")
    assert answer.status_code == 503
    assert "active Strava subscription" in answer.json()["reason"]
    home.browser.open("/operator")
    assert "Strava does not accept this installation." in home.browser.text


def test_once_strava_accepts_it_again_it_is_ready(home: Home) -> None:
    home.site.simulator.faults.inactive = True
    home.site.read_again()
    home.site.simulator.faults.inactive = False
    home.site.clock.advance(timedelta(hours=2))
    home.site.work()
    assert httpx.get(home.site.url + "/readyz").status_code == 200


def test_without_its_database_it_is_not_up(fresh: Site) -> None:
    folder = fresh.service.settings.data_dir
    fresh.service.store.close()
    for name in ("afterrun.db", "afterrun.db-wal", "afterrun.db-shm"):
        (folder / name).unlink(missing_ok=True)
    (folder / "afterrun.db").mkdir()
    answer = httpx.get(fresh.url + "/healthz")
    assert answer.status_code == 503
    assert "database does not answer" in answer.json()["reason"]
