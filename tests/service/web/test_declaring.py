"""What a runner declares and asks for: quiet, an own limit, own thresholds; and saying what was useful."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from rules.diary import Diary, OwnLimit
from rules.policy import Reason
from tests.service.web.conftest import Home, Site
from tests.world import run

#: A morning after the imported weeks.
MONDAY = datetime(2026, 6, 2, 7)


def diary(home: Home) -> Diary:
    with home.site.service.store.transaction() as tx:
        return tx.diary.diary(1)


def send(home: Home, action: str, **fields: str | list[str]) -> None:
    """Send a form of the settings page with fields that repeat."""
    home.browser.open("/settings")
    token = home.browser.page.text.split('name="csrf" value="')[1].split('"')[0]
    home.browser.page = home.browser.client.post(action, data={"csrf": token, **fields})


def test_what_was_declared_is_kept_and_shown(home: Home) -> None:
    home.browser.open("/settings")
    home.browser.submit("/settings/declared", streak_runner="true", desk_days="true")
    assert "Saved." in home.browser.text
    kept = diary(home)
    assert (kept.streak_runner, kept.desk_days, kept.expecting) == (True, True, False)
    send(home, "/settings/declared")
    assert not diary(home).streak_runner


def test_who_is_pregnant_is_told_that_messages_about_running_more_fall_silent(home: Home) -> None:
    home.browser.open("/leave-out")
    home.browser.submit("/leave-out", ticked="pregnant", consent="true")
    assert "Messages about how much you run are silent, and no distance is named" in home.browser.text
    home.site.long_run()
    home.browser.open("/inbox")
    assert "beyond your longest" not in home.browser.text.split("Noticed, but not told at once")[0]
    assert "no distance: our comparisons are not made for this time" in home.browser.text


def test_what_is_declared_keeps_what_was_set_elsewhere(home: Home) -> None:
    home.browser.open("/settings")
    send(home, "/settings/budget", budget="2")
    send(home, "/settings/thresholds", rule="run-spike", name=["caution"], value=["0.4"])
    send(home, "/settings/declared", reads_course="true")
    kept = diary(home)
    assert (kept.budget, dict(kept.thresholds)) == (2, {"run-spike": {"caution": 0.4}})
    home.browser.open("/settings")
    assert 'name="reads_course" value="true" checked' in home.browser.page.text


def test_who_wants_one_message_in_14_days_gets_no_second_one(home: Home) -> None:
    send(home, "/settings/budget", budget="1")
    assert "Saved." in home.browser.text
    home.site.live(run(MONDAY, 21), run(MONDAY + timedelta(days=9), 29))
    with home.site.service.store.transaction() as tx:
        outcomes = [(found.outcome.value, found.reason) for found in tx.findings.of(1) if found.rule == "run-spike"]
    assert outcomes == [("told", None), ("silent", Reason.THREE_IN_14_DAYS)]
    home.browser.open("/inbox")
    assert "As many messages as you want in 14 days had come already." in home.browser.text


@pytest.mark.parametrize("budget", ["0", "4", "-1", "many"])
def test_a_budget_beyond_ours_is_refused(home: Home, budget: str) -> None:
    send(home, "/settings/budget", budget=budget)
    assert home.browser.status == 422
    assert diary(home).budget is None


@pytest.mark.parametrize("days", [7, 14, 28])
def test_a_rule_stays_quiet_until_the_day_that_is_shown(home: Home, days: int) -> None:
    home.browser.open("/settings")
    home.browser.submit("/settings/quiet", rule="run-spike", days=str(days))
    (snooze,) = diary(home).snoozes
    assert (snooze.rule, snooze.until - snooze.since) == ("run-spike", timedelta(days=days))
    shown = {7: "until June 8, 2026", 14: "until June 15, 2026", 28: "until June 29, 2026"}[days]
    assert f"A run far beyond your recent longest : {shown}" in home.browser.text


def test_all_rules_can_be_quiet_and_that_can_be_ended(home: Home) -> None:
    home.browser.open("/settings")
    home.browser.submit("/settings/quiet", days="7")
    assert diary(home).snoozes[0].rule is None
    home.browser.submit("/settings/quiet")  # the first such form now ends it
    assert "The quiet is over." in home.browser.text
    assert diary(home).snoozes == ()


@pytest.mark.parametrize("rule", ["pain", "red-flag", "acwr-card", "nonsense"])
def test_pain_and_warning_signs_cannot_be_silenced(home: Home, rule: str) -> None:
    home.browser.open("/settings")
    assert f'value="{rule}"' not in home.browser.page.text.split('id="quiet-rule"')[1].split("</select>")[0]
    home.browser.submit("/settings/quiet", rule=rule, days="7")
    assert home.browser.status == 404
    assert diary(home).snoozes == ()


def test_an_own_limit_is_kept_shown_replaced_and_removed(home: Home) -> None:
    until = home.site.clock().date() + timedelta(days=30)
    send(
        home,
        "/settings/limit",
        run="5",
        runs_a_week="3",
        until=str(until),
        exercise=["Heel drops", "", "Balance on one leg", "", ""],
    )
    assert diary(home).limit == OwnLimit(until, 5000.0, None, 3, ("Heel drops", "Balance on one leg"))
    assert "Until July 1: up to 5.0 km a run, 3 runs in 7 days." in home.browser.text
    assert "Heel drops" in home.browser.text
    send(home, "/settings/limit", minutes="25", until=str(until))
    assert diary(home).limit == OwnLimit(until, run_minutes=25.0)
    home.browser.open("/settings")
    home.browser.submit("/settings/limit/remove")
    assert diary(home).limit is None


def test_the_range_follows_the_own_limit(home: Home) -> None:
    send(home, "/settings/limit", run="4", until=str(home.site.clock().date() + timedelta(days=30)))
    home.browser.open("/range")
    assert "nothing unusual up to 4.0 km" in home.browser.text
    assert "your own limit" in home.browser.text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"run": "5"}, "Until when does the limit stand?"),
        ({"run": "400", "until": "2026-06-30"}, "A distance has to be between 0.5 km and 300.0 km."),
        ({"minutes": "9999", "until": "2026-06-30"}, "Minutes a run has to be between 1 and 600."),
        ({"runs_a_week": "2.5", "until": "2026-06-30"}, "Runs in 7 days has to be a whole number."),
        ({"run": "5", "until": "2020-01-01"}, "The day has to be between June 1, 2026 and June 1, 2027."),
        ({"until": "2026-06-30"}, "Enter a distance, minutes, runs in 7 days or an exercise."),
    ],
)
def test_a_limit_that_cannot_be_names_what_can(home: Home, fields: dict[str, str], said: str) -> None:
    send(home, "/settings/limit", **fields)
    assert home.browser.status == 422
    assert said in home.browser.text
    assert diary(home).limit is None


def test_while_a_warning_sign_stands_the_own_exercises_are_not_shown(home: Home) -> None:
    until = home.site.clock().date() + timedelta(days=30)
    send(home, "/settings/limit", run="5", until=str(until), exercise=["Heel drops"])
    home.browser.open("/check-in")
    home.browser.submit("/check-in", place="knee")
    home.browser.submit("/check-in/signs", sign="limping")
    home.browser.open("/settings")
    assert "Heel drops" not in home.browser.text
    assert "5.0 km" not in home.browser.text


def test_an_own_threshold_is_kept_used_and_marked(home: Home) -> None:
    send(home, "/settings/thresholds", rule="run-spike", name=["caution"], value=["0,6"])
    assert diary(home).thresholds == {"run-spike": {"caution": 0.6}}
    home.browser.open("/rules")
    assert "caution 0.6 yours (ours is 0.3)" in home.browser.text
    home.site.long_run()
    home.browser.open("/inbox")
    assert "A note: notes wait for the digest." in home.browser.text


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("5", "“Message from” has to be between 0.15 and 0.9."),
        ("-1", "“Message from” has to be between 0.15 and 0.9."),
        ("much", "“much” is not a number."),
    ],
)
def test_a_threshold_outside_its_bounds_is_refused_with_the_bound(home: Home, value: str, said: str) -> None:
    send(home, "/settings/thresholds", rule="run-spike", name=["caution"], value=[value])
    assert home.browser.status == 422
    assert said in home.browser.text
    assert diary(home).thresholds == {}


def test_severities_have_to_rise(home: Home) -> None:
    send(home, "/settings/thresholds", rule="run-spike", name=["note", "caution"], value=["0.3", "0.2"])
    assert home.browser.status == 422
    assert "What is more unusual has to begin above what is less unusual." in home.browser.text


def test_a_threshold_of_no_rule_is_nothing(home: Home) -> None:
    send(home, "/settings/thresholds", rule="nonsense", name=["note"], value=["1"])
    assert home.browser.status == 404
    send(home, "/settings/thresholds", rule="run-spike", name=["least_runs"], value=["1"])
    assert home.browser.status == 422
    assert diary(home).thresholds == {}


def test_thresholds_go_back_to_ours_and_outlive_what_is_declared(home: Home) -> None:
    send(home, "/settings/thresholds", rule="run-spike", name=["caution"], value=["0.6"])
    send(home, "/settings/declared", streak_runner="true")
    assert diary(home).thresholds == {"run-spike": {"caution": 0.6}}
    send(home, "/settings/thresholds", rule="run-spike", name=["caution"], value=["0.6"], reset="true")
    assert diary(home).thresholds == {}
    assert diary(home).streak_runner


def second_alert(home: Home) -> str:
    """Two alerts of one rule, weeks apart. Returns the path of the newer."""
    home.site.long_run()
    first = home.site.message_id("alert")
    home.browser.open(f"/inbox/{first}")
    home.browser.submit(f"/inbox/{first}/useful", useful="false")
    day = home.site.clock().replace(tzinfo=None, hour=7, minute=0) + timedelta(days=14)
    home.site.live(run(day, 30.0))
    second = home.site.message_id("alert")
    assert second != first
    return f"/inbox/{second}"


def test_an_alert_can_be_called_useful_and_the_word_can_be_changed(home: Home) -> None:
    home.site.long_run()
    path = f"/inbox/{home.site.message_id('alert')}"
    home.browser.open(path)
    home.browser.submit("/useful", useful="true")
    home.browser.submit("/useful", useful="false")
    assert [(one.rule, one.useful) for one in diary(home).usefulness] == [("run-spike", False)]
    assert "not useful twice" not in home.browser.text


def test_two_answers_not_useful_bring_the_offer_with_links(home: Home) -> None:
    path = second_alert(home)
    home.browser.open(path)
    assert "not useful twice" not in home.browser.text
    home.browser.submit("/useful", useful="false")
    assert "You found “A run far beyond your recent longest” not useful twice." in home.browser.text
    assert 'href="/settings#quiet"' in home.browser.page.text
    assert 'href="/settings#threshold-run-spike"' in home.browser.page.text


def test_a_message_that_is_no_alert_asks_for_no_opinion(home: Home) -> None:
    welcome = home.site.message_id("welcome")
    home.browser.open(f"/inbox/{welcome}")
    assert "Was this useful?" not in home.browser.text
    send(home, f"/inbox/{welcome}/useful", rule="run-spike", useful="false")
    assert home.browser.status == 404


def test_an_opinion_on_another_runners_message_is_not_taken(home: Home) -> None:
    home.site.long_run()
    alert = home.site.message_id("alert")
    other = home.site.invited(home.browser)
    other.open("/settings")
    token = other.page.text.split('name="csrf" value="')[1].split('"')[0]
    form = {"csrf": token, "rule": "run-spike", "useful": "false"}
    assert other.client.post(f"/inbox/{alert}/useful", data=form).status_code == 404


def test_the_rules_page_shows_the_ratio_and_why_it_is_never_sent(home: Home) -> None:
    home.browser.open("/rules")
    text = home.browser.text
    assert "shown, never sent" in text
    assert "It does not predict injury in runners" in text
    for said in ("Acute load", "Chronic load", "Monotony of 7 days", "Strain", "CTL, fitness (gain 1/42 a day)", "TSB"):
        assert said in text


def test_load_numbers_are_left_out_where_no_run_is_read(home: Home) -> None:
    home.browser.open("/settings/disconnect")
    home.browser.submit("/settings/disconnect")
    home.browser.open("/rules")
    assert "No run is read." in home.browser.text


def test_equal_days_are_maximally_even_and_never_zero(make_site: Callable[..., Site]) -> None:
    site = make_site([run(datetime(2026, 5, 1, 7) + timedelta(days=day), 6.0) for day in range(32)])
    browser = site.connected()
    browser.open("/rules")
    assert "Monotony of 7 days, population SD maximal" in browser.text
    assert "Strain of 7 days, population SD maximal" in browser.text
    assert "Acute to chronic, uncoupled (7 days, 21 before) 1.00" in browser.text
