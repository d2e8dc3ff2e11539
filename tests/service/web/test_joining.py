"""Accounts without Strava: made on the page or by the operator, opened by a code or a link, and connected later."""

from __future__ import annotations

import re

from click.testing import CliRunner, Result

from service import intake
from service.cli import main
from tests.own_files import export_zip, gpx, season
from tests.service.web.conftest import EMAIL, NOON, Site
from tests.service.web.test_own_runs import upload


def afterrun(site: Site, *arguments: str, typed: str | None = None) -> Result:
    settings = site.service.settings
    env = {
        "AFTERRUN_DATA_DIR": str(settings.data_dir),
        "AFTERRUN_PUBLIC_URL": settings.public_url,
        "AFTERRUN_STRAVA_CLIENT_ID": settings.strava_client_id,
        "AFTERRUN_STRAVA_CLIENT_SECRET": settings.strava_client_secret.get_secret_value(),
    }
    result = CliRunner().invoke(main, [*arguments], input=typed, env=env)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_the_first_visitor_joins_without_strava_and_confirms_an_address(fresh: Site, tmp_path):
    browser = fresh.opened()
    browser.open("/")
    assert "Without Strava" in browser.text
    browser.open("/join")
    browser.submit("/join", adult="true", email=EMAIL)
    assert browser.path == "/destinations"
    browser.submit("/email/confirm", code=fresh.code)
    assert (fresh.athlete.role, fresh.athlete.email) == ("operator", EMAIL)
    upload(browser, export_zip(tmp_path / "e.zip", season(NOON, weeks=20)))
    intake.sweep(fresh.service)
    fresh.work()
    browser.open("/inbox")
    assert "70 runs read from your files" in browser.text
    browser.open("/chart")
    assert "only the runs that you hand in are read" in browser.text


def test_without_the_tick_nothing_is_stored(fresh: Site):
    browser = fresh.opened()
    browser.open("/join")
    browser.submit("/join", email="no address")
    assert (browser.status, fresh.athletes) == (422, 0)
    assert "18 or older" in browser.text


def test_who_comes_second_needs_an_invitation(fresh: Site):
    operator = fresh.opened()
    operator.open("/join")
    operator.submit("/join", adult="true")
    stranger = fresh.browser()
    stranger.open("/join")
    assert "By invitation" in stranger.text
    operator.open("/operator")
    operator.submit("/operator/invitations")
    link = re.search(r'value="(http[^"]+/invite/[^"]+)"', operator.page.text)
    stranger.open(link[1])
    stranger.open("/join")
    stranger.submit("/join", adult="true")
    assert (stranger.path, fresh.athletes) == ("/runs", 2)


def test_connecting_strava_later_keeps_the_account(fresh: Site, tmp_path):
    browser = fresh.opened()
    browser.open("/join")
    browser.submit("/join", adult="true")
    upload(browser, gpx(tmp_path / "a.gpx", NOON.replace(hour=6, tzinfo=None), 5.0))
    intake.sweep(fresh.service)
    browser.open("/connect")
    browser.submit("/connect")
    fresh.consented(browser)
    fresh.work()
    assert fresh.athletes == 1
    with fresh.service.store.transaction() as tx:
        assert (tx.own.count(1), len(tx.activities.held(1))) == (1, 35)
    stranger = fresh.browser()
    stranger.open("/sign-in")
    stranger.submit("/sign-in/strava")
    assert fresh.consented(stranger).path == "/import"
    assert fresh.athletes == 1


def test_the_operator_makes_accounts_and_links_that_sign_in_once(make_site):
    site = make_site(mail=False)
    refused = afterrun(site, "runners", "add")
    assert (refused.exit_code, "18 or older" in refused.output, site.athletes) == (1, True, 0)
    made = afterrun(site, "runners", "add", "--adult")
    link = made.output.split()[-1]
    browser = site.browser()
    browser.open(link)
    browser.open(link)  # a look uses nothing up
    browser.submit("/sign-in/link/")
    assert browser.path == "/inbox"
    other = site.browser()
    other.open(link)
    other.submit("/sign-in/link/")
    assert (other.status, "no longer works" in other.text) == (404, True)
    again = afterrun(site, "runners", "link", "1").output.strip()
    other.open(again)
    other.submit("/sign-in/link/")
    assert other.path == "/inbox"
    assert afterrun(site, "runners", "link", "7").exit_code == 1
    assert afterrun(site, "runners", "list").output.split() == ["1", "operator", "-"]


def test_files_are_taken_in_listed_and_deleted_from_the_command_line(fresh: Site, tmp_path):
    nobody = afterrun(fresh, "runs", "list")
    assert (nobody.exit_code, "runners add" in nobody.output) == (1, True)
    afterrun(fresh, "runners", "add", "--adult")
    good = gpx(tmp_path / "good.gpx", NOON.replace(hour=6, tzinfo=None), 5.0)
    (tmp_path / "diary.txt").write_text("dear diary")
    taken = afterrun(fresh, "runs", "import", str(good), str(tmp_path / "diary.txt"))
    assert taken.exit_code == 1
    assert f"{good}: 1 new, 0 known before, 0 left out" in taken.output
    assert "diary.txt: nothing could be read" in taken.output
    assert afterrun(fresh, "runs", "import", str(good)).exit_code == 0
    listed = afterrun(fresh, "runs", "list").output
    assert "1 activity of your own" in listed
    number = re.search(r"(-\d+)  2026-06-01", listed)
    assert afterrun(fresh, "runs", "delete", "--", "-5").exit_code == 1
    assert "1 run deleted." in afterrun(fresh, "runs", "delete", "--", number[1]).output
    assert afterrun(fresh, "runs", "delete").exit_code == 2
    assert "0 runs deleted." in afterrun(fresh, "runs", "delete", "--all", typed="y\n").output
    afterrun(fresh, "runners", "add", "--adult")
    assert "--runner" in afterrun(fresh, "runs", "list").output
    assert afterrun(fresh, "runs", "list", "--runner", "2").exit_code == 0
