"""The check-in: warning signs before all else, what is told is kept, answered, listed and can be deleted."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest

from rules.diary import Absence, AbsenceKind, CheckIn, Diary, WarningSign, WeeklyAnswer
from tests.service.web.conftest import Browser, Home
from tests.world import run

#: A distance or a stretch: nothing of the kind may stand on a page while a warning sign does.
DISTANCE = re.compile(r"\d\s?(km|mi)\b")


def diary(home: Home, athlete_id: int = 1) -> Diary:
    with home.site.service.store.transaction() as tx:
        return tx.diary.diary(athlete_id)


def screened(browser: Browser, place: str, purpose: str = "pain") -> None:
    """Choose a place and say that no warning sign fits."""
    browser.open("/check-in")
    browser.submit("/check-in", place=place, purpose=purpose)
    browser.submit("/check-in/signs", none="true")


def named(home: Home, sign: str, place: str = "knee") -> None:
    home.browser.open("/check-in")
    home.browser.submit("/check-in", place=place)
    home.browser.submit("/check-in/signs", sign=sign)


def hurts(home: Home, pain: int, place: str = "knee", **more: str) -> None:
    screened(home.browser, place)
    home.browser.submit("/check-in/pain", pain=str(pain), **more)


def test_the_warning_signs_of_a_place_are_asked_before_anything_else(home: Home) -> None:
    home.browser.open("/check-in")
    home.browser.submit("/check-in", place="knee")
    assert "Chest pain" in home.browser.text
    assert "Limping" in home.browser.text
    assert "A lump, or a changed shape of the back" not in home.browser.text
    assert 'name="pain"' not in home.browser.page.text


def test_nothing_else_is_asked_until_a_sign_or_none_of_these_is_ticked(home: Home) -> None:
    home.browser.open("/check-in")
    home.browser.submit("/check-in", place="knee")
    home.browser.submit("/check-in/signs")
    assert home.browser.status == 422
    assert "Please tick what fits, or “None of these”." in home.browser.text
    assert 'name="pain"' not in home.browser.page.text


@pytest.mark.parametrize("path", ["pain", "week"])
def test_an_answer_that_went_around_the_warning_signs_is_not_kept(home: Home, path: str) -> None:
    screened(home.browser, "knee", path)
    answers = {"pain": "2", "participation": "0", "changed": "0", "felt": "0"}
    home.browser.submit(f"/check-in/{path}", none="false", **answers)
    assert home.browser.status == 422
    assert "The warning signs come first." in home.browser.text
    assert diary(home) == Diary()


def test_between_the_shoulders_the_official_line_comes_first_and_none_means_mild(home: Home) -> None:
    home.browser.open("/check-in")
    home.browser.submit("/check-in", place="upper-back")
    text = home.browser.text
    assert text.index("ask for an urgent appointment") < text.index("Pain that comes from the top of the back, between")
    assert text.index("between the shoulders") < text.index("Chest pain")
    assert "None of these : it is mild, came gradually, and changes with movement or sitting" in text
    home.browser.submit("/check-in/signs", none="true")
    assert "If it is not better in two weeks, have somebody look at it." in home.browser.text


@pytest.mark.parametrize(
    ("sign", "place", "said"),
    [
        ("chest-pain", "knee", "Call the emergency number now"),
        ("swollen-calf", "calf", "Ask for an urgent appointment today"),
        ("bony-spot", "shin", "be examined within days"),
    ],
)
def test_after_a_sign_the_page_says_first_what_to_do_and_no_page_names_a_distance(
    home: Home, sign: str, place: str, said: str
) -> None:
    named(home, sign, place)
    assert home.browser.path == "/check-in"
    assert home.browser.text.index(said) < home.browser.text.index("How is it?")
    assert not DISTANCE.search(home.browser.text)
    home.browser.open("/range")
    assert "No distance is named" in home.browser.text
    assert 'name="distance"' not in home.browser.page.text
    assert not DISTANCE.search(home.browser.text)


def test_several_signs_of_one_answer_make_one_message_by_the_most_urgent(home: Home) -> None:
    home.browser.open("/check-in")
    home.browser.submit("/check-in", place="calf")
    token = home.browser.page.text.split('name="csrf" value="')[1].split('"')[0]
    form = {"csrf": token, "place": "calf", "sign": ["limping", "breathlessness", "swollen-calf"]}
    home.browser.client.post("/check-in/signs", data=form)
    home.browser.open("/check-in")
    assert "Call the emergency number now" in home.browser.text
    with home.site.service.store.transaction() as tx:
        assert len([one for one in tx.findings.of(1) if one.rule == "red-flag"]) == 1
    assert len(diary(home).signs) == 3


def test_a_sign_counts_even_beside_none_of_these(home: Home) -> None:
    home.browser.open("/check-in")
    home.browser.submit("/check-in", place="knee")
    home.browser.submit("/check-in/signs", sign="limping", none="true")
    assert [sign.code for sign in diary(home).signs] == ["limping"]


def test_a_sign_stands_until_it_was_examined_or_passed(home: Home) -> None:
    named(home, "limping")
    home.browser.submit("/clear")
    assert "Cleared." in home.browser.text
    assert "This comes first" not in home.browser.text
    home.browser.open("/range")
    assert DISTANCE.search(home.browser.text)


def test_night_pain_of_the_back_told_with_a_check_in_stands_as_a_sign_and_can_be_cleared(home: Home) -> None:
    hurts(home, 2, "lower-back", at_night="true")
    assert "Ask for an urgent appointment today" in home.browser.text
    home.site.clock.advance(timedelta(hours=1))
    home.browser.open("/check-in")
    home.browser.submit("/check-in/night-pain/clear")
    assert "This comes first" not in home.browser.text


def test_pain_is_kept_with_all_that_was_answered(home: Home) -> None:
    hurts(home, 4, next_morning="true", altered_stride="true", at_night="false")
    (entry,) = diary(home).check_ins
    assert entry == CheckIn(entry.at, "knee", 4, next_morning=True, altered_stride=True)
    assert "knee, 4 of 10" in home.browser.text or "knee: 4 of 10" in home.browser.text
    assert "changed how you ran" in home.browser.text


def test_pain_of_an_earlier_day_counts_for_that_day(home: Home) -> None:
    today = home.site.clock().date()
    hurts(home, 3, day=(today - timedelta(days=3)).isoformat())
    assert diary(home).check_ins[0].at.date() == today - timedelta(days=3)


@pytest.mark.parametrize("day", ["2999-01-01", "2020-01-01", "soon"])
def test_pain_of_a_day_that_cannot_be_is_asked_again(home: Home, day: str) -> None:
    hurts(home, 3, day=day)
    assert home.browser.status == 422
    assert "day has to be" in home.browser.text
    assert not diary(home).check_ins


def test_red_pain_names_no_distance_anywhere_and_says_what_to_wait_for(home: Home) -> None:
    hurts(home, 7)
    assert "By your answers: please do not run for now." in home.browser.text
    for path in ("/check-in", "/range"):
        home.browser.open(path)
        assert not DISTANCE.search(home.browser.text), path
    home.browser.open("/inbox")
    assert "Today" in home.browser.text
    assert "no distance: wait for an answer of 0 to 2" in home.browser.text


def test_an_exercise_in_an_earlier_message_is_left_out_while_pain_is_red(home: Home) -> None:
    home.site.long_run()
    path = f"/inbox/{home.site.message_id('alert')}"
    home.browser.open(path)
    assert 'class="part prompt"' in home.browser.page.text
    hurts(home, 7)
    home.browser.open(path)
    assert 'class="part prompt"' not in home.browser.page.text
    assert 'class="part action"' not in home.browser.page.text
    assert "please do not run or exercise for now" in home.browser.text


def test_the_message_that_answers_a_warning_sign_stays_whole(home: Home) -> None:
    named(home, "limping")
    home.browser.open(f"/inbox/{home.site.message_id('alert')}")
    assert "is left out here" not in home.browser.text
    assert 'class="part action"' in home.browser.page.text
    assert "Was this useful?" not in home.browser.text


def test_the_three_questions_of_the_week_are_kept(home: Home) -> None:
    screened(home.browser, "", "week")
    assert "How much did you feel it?" in home.browser.text
    home.browser.submit("/check-in/week", participation="1", changed="2", felt="1")
    assert diary(home).weekly == (WeeklyAnswer(home.site.clock().date(), 1, 2, 1),)
    assert "changed: clearly something" in home.browser.text


def test_an_absence_is_told_and_ended(home: Home) -> None:
    today = home.site.clock().date()
    home.browser.open("/check-in")
    home.browser.submit("/check-in/absence", kind="ill", first_day=(today - timedelta(days=4)).isoformat())
    assert "until you tell us that it is over, no distance is named" in home.browser.text
    home.browser.open("/range")
    assert "until you tell us that you are well again" in home.browser.text
    assert not DISTANCE.search(home.browser.text)
    home.browser.open("/check-in")
    home.browser.submit("/end")
    assert diary(home).absences == (Absence(AbsenceKind.ILL, today - timedelta(days=4), today - timedelta(days=1)),)


def test_an_absence_that_is_over_already_is_kept_as_over(home: Home) -> None:
    today = home.site.clock().date()
    first, last = today - timedelta(days=20), today - timedelta(days=8)
    home.browser.open("/check-in")
    home.browser.submit("/check-in/absence", kind="holiday", first_day=str(first), last_day=str(last))
    assert diary(home).absences == (Absence(AbsenceKind.HOLIDAY, first, last),)


def test_an_absence_cannot_end_before_it_began(home: Home) -> None:
    today = home.site.clock().date()
    home.browser.open("/check-in")
    home.browser.submit("/check-in/absence", kind="busy", first_day=str(today), last_day=str(date(2026, 5, 1)))
    assert home.browser.status == 422
    assert "The day has to be between June 1, 2026 and June 1, 2026." in home.browser.text
    assert not diary(home).absences


def test_one_entry_is_deleted_alone(home: Home) -> None:
    hurts(home, 1)
    home.site.clock.advance(timedelta(hours=1))
    hurts(home, 2, "shin")
    home.browser.submit("/remove")
    assert [entry.place for entry in diary(home).check_ins] == ["knee"]


@pytest.mark.parametrize("path", ["/check-in", "/settings", "/privacy"])
def test_all_that_was_told_is_deleted_by_one_button(home: Home, path: str) -> None:
    hurts(home, 1)
    named(home, "limping")
    home.browser.open(path)
    home.browser.submit("/check-in/remove-all")
    assert "All that you told is deleted." in home.browser.text
    assert diary(home) == Diary()


def test_nobody_clears_ends_or_deletes_what_another_runner_told(home: Home) -> None:
    named(home, "limping")
    with home.site.service.store.transaction() as tx:
        ((entry_id, _entry),) = tx.diary.entries(1)
    other = home.site.invited(home.browser)
    other.open("/settings")
    token = other.page.text.split('name="csrf" value="')[1].split('"')[0]
    for action in ("clear", "end", "remove"):
        assert other.client.post(f"/check-in/{entry_id}/{action}", data={"csrf": token}).status_code == 404
    other.client.post("/check-in/remove-all", data={"csrf": token})
    assert [type(entry) for entry in diary(home).signs] == [WarningSign]
    other.open("/check-in")
    assert "Limping" not in other.text


def test_what_was_told_stays_when_strava_is_disconnected(home: Home) -> None:
    hurts(home, 4)
    home.browser.open("/settings/disconnect")
    assert "what you told yourself" in home.browser.text
    home.browser.submit("/settings/disconnect")
    assert "and what you told yourself" in home.browser.text
    home.browser.open("/check-in")
    assert "4 of 10" in home.browser.text


def test_the_privacy_page_says_what_is_told_for_what_and_that_it_is_encrypted(home: Home) -> None:
    home.browser.open("/privacy")
    assert "what you tell about your health" in home.browser.text
    assert "Each entry is stored encrypted." in home.browser.text
    assert "Disconnecting Strava leaves it." in home.browser.text


# Effort


def test_how_hard_a_run_was_is_kept_and_counts_in_the_load(home: Home) -> None:
    home.site.live(run(datetime(2026, 6, 2, 7), 10))
    home.browser.open("/check-in")
    newest = home.browser.page.text.split('id="effort-run"')[1].split('value="')[1].split('"')[0]
    home.browser.submit("/check-in/effort", run=newest, effort="6")
    assert "6 of 10" in home.browser.text
    home.browser.open("/rules")
    assert "Effort times minutes, last 7 days 360 AU, without" in home.browser.text
    home.browser.open("/check-in")
    home.browser.submit("/check-in/effort", run=newest, effort="4")
    assert "6 of 10" not in home.browser.text


@pytest.mark.parametrize(("run_id", "effort", "status"), [("7", "5", 422), ("7", "11", 422), ("7", "-1", 422)])
def test_an_effort_needs_a_run_and_a_number_from_0_to_10(home: Home, run_id: str, effort: str, status: int) -> None:
    home.browser.open("/check-in")
    home.browser.submit("/check-in/effort", run=run_id, effort=effort)
    assert home.browser.status == status
    with home.site.service.store.transaction() as tx:
        assert tx.diary.diary(1).efforts == ()


# Asked again


def answer_knee(home: Home, pain: str, **fields: str) -> None:
    """Answer the first question that is asked on the page, as the buttons lead."""
    home.browser.submit("/check-in", place="knee", **fields)
    home.browser.submit("/check-in/signs", none="true")
    home.browser.submit("/check-in/pain", pain=pain)


def test_a_sore_place_is_asked_about_next_morning_and_after_a_run_until_three_answers_are_green(home: Home) -> None:
    home.browser.open("/check-in")
    answer_knee(home, "2")
    assert "the morning after:" not in home.browser.text
    home.site.clock.advance(timedelta(hours=22))
    home.browser.open("/inbox")
    assert "How is it the morning after: knee?" in home.browser.text
    answer_knee(home, "0", morning="true")
    assert "the next morning" in home.browser.text
    assert "the morning after:" not in home.browser.text
    home.site.live(run(datetime(2026, 6, 3, 7), 10))
    home.browser.open("/check-in")
    assert "How was it on your last run: knee?" in home.browser.text
    answer_knee(home, "0")
    home.site.clock.advance(timedelta(days=2))
    home.browser.open("/check-in")
    assert "the morning after:" not in home.browser.text
    assert "How was it" not in home.browser.text


# A sore upper back


def answered_upper_back(home: Home, pain: str) -> str:
    """Tell of a sore upper back beside long desk days; the message that answers it, as a page."""
    home.browser.open("/settings")
    home.browser.submit("/settings/declared", desk_days="true")
    home.browser.open("/check-in")
    home.browser.submit("/check-in", place="upper-back")
    home.browser.submit("/check-in/signs", none="true")
    home.browser.submit("/check-in/pain", pain=pain)
    with home.site.service.store.transaction() as tx:
        found = next(one for one in tx.findings.of(1) if one.rule == "back-context")
    home.browser.open(f"/inbox/{found.message_id}")
    return home.browser.text


def test_a_sore_upper_back_is_answered_with_a_stretch_for_it(home: Home) -> None:
    said = answered_upper_back(home, "2")
    assert "that fits" in said
    assert "How to do it" in said


def test_with_red_pain_a_sore_upper_back_is_answered_without_any_exercise(home: Home) -> None:
    said = answered_upper_back(home, "7")
    assert "that fits" not in said
    assert "How to do it" not in said
