"""Settings, and the two exits: each says what was deleted."""

from __future__ import annotations

from integrations.strava.simulator import Fault
from rules.checks import all_rules
from tests.service.web.conftest import EMAIL, RUNNER, Home


def test_units_and_first_weekday_can_be_changed(home: Home) -> None:
    home.browser.open("/settings")
    home.browser.submit("/settings", units="mi", first_weekday="6", upper_back="true")
    assert "Saved." in home.browser.text
    athlete = home.site.athlete
    assert (athlete.units, athlete.first_weekday, athlete.upper_back) == ("mi", 6, True)
    home.browser.open("/chart")
    assert "Miles per week" in home.browser.text
    assert " mi" in home.browser.text


def test_a_box_that_is_not_ticked_is_off(home: Home) -> None:
    home.browser.open("/settings")
    home.browser.submit("/settings", first_weekday="0", upper_back="true")
    token = home.browser.page.text.split('name="csrf" value="')[1].split('"')[0]
    home.browser.client.post("/settings", data={"csrf": token, "units": "km", "first_weekday": "0"})
    assert home.site.athlete.upper_back is False


def test_disconnecting_deletes_what_came_from_strava_and_keeps_the_rest(home: Home) -> None:
    home.site.long_run()
    home.browser.open("/settings")
    home.browser.submit("/settings", units="mi", first_weekday="0")
    home.browser.open("/settings/disconnect")
    assert "every activity that was read from Strava" in home.browser.text
    home.browser.submit("/settings/disconnect")
    assert "Deleted: 36 activities, 1 finding and 2 messages, and the access keys." in home.browser.text
    assert "Strava confirmed that the access is ended." in home.browser.text
    assert home.site.simulator.connection(RUNNER) is None
    assert home.site.athlete.units == "mi"
    home.browser.open("/inbox")
    assert "Strava is disconnected" in home.browser.text
    assert "beyond your longest" not in home.browser.text


def test_when_strava_does_not_confirm_the_page_says_how_to_make_sure(home: Home) -> None:
    home.browser.open("/settings/disconnect")
    home.site.simulator.faults.fail_next("revoke", Fault.SERVER_ERROR)
    home.browser.submit("/settings/disconnect")
    assert "Strava did not confirm the end of the access." in home.browser.text


def test_an_account_is_deleted_only_by_the_typed_word(home: Home) -> None:
    home.browser.open("/settings/delete")
    home.browser.submit("/settings/delete", word="yes")
    assert home.browser.status == 422
    assert "Please type DELETE to confirm. Nothing was deleted." in home.browser.text
    assert home.site.athletes == 1


def test_deleting_the_account_deletes_all_and_says_so(home: Home) -> None:
    other = home.site.invited(home.browser)
    with home.site.service.store.transaction() as tx:
        tx.accounts.change(2, email=EMAIL)
    home.site.work()
    other.open("/settings/delete")
    other.submit("/settings/delete", word="delete")
    assert other.status == 200
    assert "Your account is deleted" in other.text
    assert "Nothing about you is left here." in other.text
    assert home.site.athletes == 1
    other.open("/inbox")
    assert other.path == "/sign-in"


def test_the_operator_is_warned_before_leaving(home: Home) -> None:
    home.browser.open("/settings/delete")
    assert "Nobody can invite new runners after that." in home.browser.text


def test_after_a_consent_to_less_no_rule_says_that_it_watches(home: Home) -> None:
    home.browser.open("/rules")
    assert "For you now: watching" in home.browser.text
    home.site.consented(home.site.at_strava(home.browser), scopes=("read", "activity:read"))
    home.site.work()
    home.browser.open("/rules")
    assert "For you now: learning, needs 28 more days" in home.browser.text
    assert home.browser.text.count("For you now: watching") == sum(rule.outranks for rule in all_rules())


def test_without_strava_pain_and_warning_signs_are_still_said_to_be_watched(home: Home) -> None:
    home.browser.open("/settings/disconnect")
    home.browser.submit("/settings/disconnect")
    home.browser.open("/rules")
    outranking = sum(rule.outranks for rule in all_rules())
    assert home.browser.text.count("For you now: watching") == outranking
    assert home.browser.text.count("For you now: not read at present") == len(all_rules()) - outranking
