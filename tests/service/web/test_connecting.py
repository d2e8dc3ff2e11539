"""Connecting is signing in: what is said before, what is asked, and every way in which it can end."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from integrations.strava.simulator import Fault
from tests.service.web.conftest import EMAIL, OTHER_RUNNER, RUNNER, Home, Site


def test_a_runner_connects_and_finds_the_welcome_in_the_inbox(fresh: Site) -> None:
    browser = fresh.at_strava(fresh.opened(), email="")
    assert str(browser.page.url).startswith(fresh.strava)
    browser.submit("client_id", decision="authorize")
    assert browser.path == "/import"
    assert "Reading your runs" in browser.text
    fresh.work()
    browser.open("/import")
    assert "Your runs are read" in browser.text
    assert "35 activities read" in browser.text
    browser.open("/inbox")
    assert "35 runs read" in browser.text


def test_before_going_to_strava_the_page_says_what_happens_with_the_data(fresh: Site) -> None:
    browser = fresh.opened()
    browser.open("/")
    for said in ("Olga Operator", "olga@example.org", "What is read", "at most 7 days", "Disconnect Strava", "18"):
        assert said in browser.text
    assert "whoever runs a server can look into its database" in browser.text


def test_without_being_adult_nothing_is_stored_and_strava_is_not_asked(fresh: Site) -> None:
    browser = fresh.opened()
    browser.open("/")
    browser.submit("/connect", email=EMAIL)
    assert browser.status == 422
    assert "Please confirm that you are 18 or older; without it nothing is stored." in browser.text
    assert EMAIL in browser.page.text, "what was entered stays"
    assert fresh.athletes == 0
    assert fresh.simulator.calls == ()


def test_an_address_that_is_none_is_named_beside_its_field(fresh: Site) -> None:
    browser = fresh.opened()
    browser.open("/")
    browser.submit("/connect", adult="true", email="robin at example")
    assert browser.status == 422
    assert "This is not a mail address" in browser.text
    assert 'name="adult" value="true" checked' in browser.page.text


def test_without_an_address_messages_are_kept_in_the_inbox_alone(home: Home) -> None:
    home.browser.open(f"/inbox/{home.site.message_id('welcome')}")
    assert "It is kept in this inbox alone." in home.browser.text


def test_without_a_mail_server_no_address_is_asked_for(make_site: Callable[..., Site]) -> None:
    site = make_site(mail=False)
    browser = site.opened()
    browser.open("/")
    assert 'name="email"' not in browser.page.text
    assert "This installation has no mail server" in browser.text


def test_the_address_counts_only_with_the_code_that_was_sent_to_it(fresh: Site) -> None:
    browser = fresh.consented(fresh.at_strava(fresh.opened(), email=EMAIL))
    assert f"The six digits we sent to {EMAIL}" in browser.text
    assert 'http-equiv="refresh"' not in browser.page.text, "the page must not renew itself under somebody who types"
    browser.submit("/email/confirm", code="000000" if fresh.code != "000000" else "000001")
    assert "This is not the code" in browser.text
    assert fresh.athlete.email is None
    browser.submit("/email/confirm", code=f"{fresh.code[:3]} {fresh.code[3:]}")
    assert "Your address is confirmed" in browser.text
    assert fresh.athlete.email == EMAIL


def test_a_code_for_one_address_does_not_confirm_another(fresh: Site) -> None:
    browser = fresh.consented(fresh.at_strava(fresh.opened(), email=EMAIL))
    code = fresh.code
    browser.submit("/email/change", email="somebody.else@example.org")
    assert "Please wait two minutes" in browser.text
    browser.submit("/email/confirm", code=code)
    assert fresh.athlete.email == EMAIL


def test_the_address_can_be_changed_or_done_without(fresh: Site) -> None:
    browser = fresh.consented(fresh.at_strava(fresh.opened(), email="robbin@example.org"))
    fresh.clock.advance_to(fresh.clock().replace(minute=30))
    browser.submit("/email/change", email=EMAIL)
    assert f"A code is on its way to {EMAIL}." in browser.text
    assert "robbin@example.org" not in browser.text
    browser.submit("/email/skip")
    assert "Messages are kept in your inbox here." in browser.text
    assert "Confirm your email address" not in browser.text


def test_who_refuses_at_strava_is_told_and_nothing_is_stored(fresh: Site) -> None:
    browser = fresh.at_strava(fresh.opened())
    browser.submit("client_id", decision="cancel")
    assert browser.status == 403
    assert "You did not allow access at Strava. Nothing was stored" in browser.text
    assert fresh.athletes == 0


def test_after_a_refusal_the_form_still_holds_what_was_entered(fresh: Site) -> None:
    browser = fresh.at_strava(fresh.opened(), email=EMAIL)
    browser.submit("client_id", decision="cancel")
    browser.open("/connect")
    assert EMAIL in browser.page.text
    assert 'name="adult" value="true" checked' in browser.page.text


def test_without_the_runs_there_is_a_clear_page_and_no_account(fresh: Site) -> None:
    browser = fresh.at_strava(fresh.opened())
    browser.submit("client_id", decision="authorize", scope="read")
    assert browser.status == 403
    assert "Your runs cannot be read" in browser.text
    assert fresh.athletes == 0


def test_without_hidden_runs_it_is_connected_and_says_so_from_the_first_page_on(fresh: Site) -> None:
    browser = fresh.consented(fresh.at_strava(fresh.opened()), scopes=("read", "activity:read"))
    assert browser.path == "/import"
    assert "Runs that only you can see on Strava are not read" in browser.text
    fresh.work()
    browser.open("/import")
    assert "refresh" not in browser.page.text, "who has something to read is not sent on"
    browser.open("/inbox")
    assert "Runs that only you can see on Strava are not read" in browser.text


def test_an_answer_to_somebody_elses_sign_in_connects_nobody(fresh: Site) -> None:
    browser = fresh.at_strava(fresh.opened())
    code = fresh.simulator.approve(RUNNER)
    browser.open(f"/strava/callback?state=planted&code={code}&scope=read,activity:read")
    assert browser.status == 400
    assert "This sign-in did not start in this browser" in browser.text
    assert fresh.athletes == 0


def test_a_state_works_once(fresh: Site) -> None:
    browser = fresh.at_strava(fresh.opened())
    state = browser.page.url.params["state"]
    browser.submit("client_id", decision="cancel")
    code = fresh.simulator.approve(RUNNER)
    browser.open(f"/strava/callback?state={state}&code={code}&scope=read,activity:read")
    assert browser.status == 400
    assert fresh.athletes == 0


def test_a_sign_in_that_was_left_open_too_long_starts_again(fresh: Site) -> None:
    browser = fresh.at_strava(fresh.opened())
    fresh.clock.advance_to(fresh.clock().replace(hour=fresh.clock().hour + 2))
    browser.submit("client_id", decision="authorize")
    assert browser.status == 400
    assert "it was left open too long" in browser.text


def test_a_reload_after_all_went_well_leads_to_the_inbox(home: Home) -> None:
    home.browser.open("/strava/callback?state=used&code=used&scope=read,activity:read")
    assert home.browser.path == "/inbox"


def test_while_strava_is_down_the_page_says_so_and_a_later_try_succeeds(fresh: Site) -> None:
    browser = fresh.at_strava(fresh.opened())
    fresh.simulator.faults.fail_next("token", Fault.HTML)
    browser.submit("client_id", decision="authorize")
    assert browser.status == 503
    assert "Strava does not answer at the moment" in browser.text
    assert fresh.athletes == 0
    fresh.at_strava(browser)
    browser.submit("client_id", decision="authorize")
    assert browser.path == "/import"


def test_an_installation_that_strava_refuses_sends_people_to_its_operator(make_site: Callable[..., Site]) -> None:
    site = make_site(strava_client_secret="wrong")
    browser = site.at_strava(site.opened())
    browser.submit("client_id", decision="authorize")
    assert browser.status == 503
    assert "Strava does not accept this installation" in browser.text
    assert "olga@example.org" in browser.text


def test_a_code_that_strava_refuses_twice_ends_on_a_page(fresh: Site) -> None:
    browser = fresh.at_strava(fresh.opened())
    fresh.simulator.faults.refuse_next_codes = 2
    browser.submit("client_id", decision="authorize")
    assert browser.status == 502
    assert "Strava did not accept this sign-in" in browser.text


def test_a_fresh_code_that_is_refused_once_costs_nobody_anything(fresh: Site) -> None:
    browser = fresh.at_strava(fresh.opened())
    fresh.simulator.faults.refuse_next_codes = 1
    browser.submit("client_id", decision="authorize")
    assert browser.path == "/import"


def test_without_an_invitation_a_second_runner_cannot_connect(home: Home) -> None:
    stranger = home.site.browser()
    stranger.open("/")
    assert "This installation takes new runners by invitation." in stranger.text
    assert 'name="adult"' not in stranger.page.text
    stranger.open("/sign-in")
    token = _token(stranger.page.text)
    stranger.page = stranger.client.post("/connect", data={"csrf": token, "adult": "true"})
    assert stranger.status == 403
    assert "Please ask the person who runs it for a link." in stranger.text
    assert home.site.athletes == 1


def test_an_invited_runner_connects_and_is_no_operator(home: Home) -> None:
    other = home.site.invited(home.browser)
    assert other.path == "/import"
    assert home.site.athletes == 2
    assert "Operator" not in other.text
    other.open("/operator")
    assert other.status == 404


def test_an_invitation_works_once(home: Home) -> None:
    home.browser.open("/operator")
    home.browser.submit("/operator/invitations")
    link = home.browser.page.text.split('value="' + home.site.url + "/invite/")[1].split('"')[0]
    guest = home.site.browser()
    guest.open(f"/invite/{link}")
    guest.submit("/connect", adult="true")
    home.site.consented(guest, athlete=OTHER_RUNNER)
    late = home.site.browser()
    late.open(f"/invite/{link}")
    assert late.status == 404
    assert "This link no longer works" in late.text


def test_an_account_is_not_made_by_the_sign_in_page(home: Home) -> None:
    stranger = home.site.browser()
    stranger.open("/sign-in")
    stranger.submit("/sign-in/strava")
    home.site.consented(stranger, athlete=OTHER_RUNNER)
    assert home.site.athletes == 1
    assert stranger.path == "/sign-in"


def test_connecting_again_loses_nothing(home: Home) -> None:
    home.browser.open("/connect")
    assert "Connect Strava again" in home.browser.text
    assert 'name="adult"' not in home.browser.page.text
    home.browser.submit("/connect")
    home.site.consented(home.browser)
    home.site.work()
    home.browser.open("/inbox")
    assert home.browser.text.count("35 runs read") == 1
    assert home.site.athletes == 1


def test_a_dead_connection_says_so_on_every_page_and_can_be_mended(home: Home) -> None:
    home.site.simulator.revoke(RUNNER)
    home.site.read_again()
    home.browser.open("/chart")
    assert "Strava no longer accepts the connection, so no new run is read." in home.browser.text
    home.browser.open("/connect")
    home.browser.submit("/connect")
    home.site.consented(home.browser)
    home.site.work()
    home.browser.open("/chart")
    assert "Strava no longer accepts the connection" not in home.browser.text


@pytest.mark.parametrize(
    ("header", "units", "weekday"), [("en-US,en;q=0.9", "mi", 6), ("en-GB", "mi", 0), ("de-DE,de", "km", 0)]
)
def test_units_and_first_weekday_come_from_the_browsers_region(
    fresh: Site, header: str, units: str, weekday: int
) -> None:
    browser = fresh.opened()
    browser.client.headers["accept-language"] = header
    fresh.consented(fresh.at_strava(browser))
    assert (fresh.athlete.units, fresh.athlete.first_weekday) == (units, weekday)


def _token(page: str) -> str:
    return page.split('name="csrf" value="')[1].split('"')[0]
