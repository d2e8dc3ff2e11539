"""The self-check as a runner goes through it: signs first, always an end, and never an exercise after a sign."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest

from rules.advice import catalogue
from rules.diary import Absence, AbsenceKind, OwnLimit, SelfCheck
from rules.self_check import Part, questions
from rules.signs import OFFICIAL_LINE, signs_at
from tests.service.web.conftest import Home

GATE = {question.code: "yes" for question in questions() if question.part is Part.GATE}
#: For each question its last answer, which speaks for the least or is "no".
CALM = {question.code: list(question.answers)[-1] for question in questions() if question.part is Part.PATTERN}
MOVEMENTS = [item.text("en").name for item in catalogue().values() if item.kind in ("mobility", "strength", "form")]


def start(home: Home) -> None:
    home.browser.open("/self-check")
    home.browser.submit("/self-check/signs", none="true")


def done(home: Home, **answers: str) -> str:
    """Through the whole self-check; the text of the page where it ends."""
    start(home)
    home.browser.submit("/self-check", **(GATE | CALM | answers))
    return home.browser.text


def diary(home: Home):
    with home.site.service.store.transaction() as tx:
        return tx.diary.diary(1)


def test_it_ends_in_a_plan_for_fourteen_days_with_every_reason_named(home: Home) -> None:
    said = done(home, **{"worse-after-sitting": "often"})
    assert home.browser.path == "/self-check"
    assert "What you describe goes together with long spells in one position." in said
    assert "You answered: Do you feel it more after long sitting? Often" in said
    assert "Little of what you describe speaks for" in said
    assert all(f"Day {number} " in said for number in range(1, 15))
    assert "How each is done" in said
    assert "Not better in two weeks: be seen by a physiotherapist or a doctor." in said
    assert "not yet reviewed by a clinician" in said.lower()


def test_the_official_line_stands_before_the_first_question(home: Home) -> None:
    home.browser.open("/self-check")
    text = home.browser.text
    assert text.index("ask for an urgent appointment") < text.index("Does any of this fit you now?")
    home.browser.submit("/self-check/signs")
    assert home.browser.status == 422
    assert "Nothing else is asked before." in home.browser.text


@pytest.mark.parametrize("sign", [sign.code for sign in signs_at("upper-back")])
def test_after_any_sign_there_is_care_and_no_plan(home: Home, sign: str) -> None:
    done(home)
    home.browser.open("/self-check/again")
    home.browser.submit("/self-check/again", sign=sign, change="better")
    assert "This comes first" in home.browser.text
    home.browser.open("/self-check")
    assert "no plan is shown" in home.browser.text
    assert not [name for name in MOVEMENTS if name in home.browser.text]


@pytest.mark.parametrize(("question", "answer"), [(code, answer) for code in GATE for answer in ("no", "not-sure")])
def test_pain_that_is_not_mild_gradual_and_changing_ends_in_the_official_line(
    home: Home, question: str, answer: str
) -> None:
    said = done(home, **{question: answer})
    assert "Ask for an urgent appointment" in said
    assert [sign.code for sign in diary(home).signs] == [OFFICIAL_LINE]
    assert diary(home).self_checks == ()


@pytest.mark.parametrize("change", [{"mild": ""}, {"mild": "perhaps"}, {"left-ear": "yes"}])
def test_impossible_answers_are_refused_and_nothing_is_kept(home: Home, change: dict[str, str]) -> None:
    said = done(home, **change)
    assert home.browser.status == 422
    assert "Please answer each question with one of its answers." in said
    assert diary(home).self_checks == ()


def test_questions_cannot_be_answered_around_the_signs(home: Home) -> None:
    home.browser.open("/self-check")
    token = home.browser.page.text.split('name="csrf" value="')[1].split('"')[0]
    page = home.browser.client.post("/self-check", data={"csrf": token, **GATE, **CALM})
    assert "The warning signs come first." in page.text
    assert diary(home).self_checks == ()


def test_after_two_weeks_it_is_asked_how_it_is(home: Home) -> None:
    done(home)
    home.site.clock.advance(timedelta(days=12))
    home.browser.open("/inbox")
    assert "Two weeks are over" not in home.browser.text
    home.site.clock.advance(timedelta(days=1))
    for page in ("/inbox", "/check-in", "/self-check"):
        home.browser.open(page)
        assert "Two weeks are over: how is your upper back?" in home.browser.text


@pytest.mark.parametrize(
    ("change", "said", "signs"),
    [
        ("better", "Keep what you like of it", []),
        ("same", "make an appointment", []),
        ("worse", "Stop the exercises and do not run.", [OFFICIAL_LINE]),
    ],
)
def test_each_answer_after_two_weeks_ends_the_plan_and_says_what_follows(
    home: Home, change: str, said: str, signs: list[str]
) -> None:
    done(home)
    home.browser.open("/self-check/again")
    home.browser.submit("/self-check/again", none="true", change=change)
    assert said in home.browser.text
    assert [sign.code for sign in diary(home).signs] == signs
    assert diary(home).self_checks == ()


def test_without_an_answer_to_the_signs_nothing_follows(home: Home) -> None:
    done(home)
    home.browser.open("/self-check/again")
    home.browser.submit("/self-check/again", change="better")
    assert home.browser.status == 422
    assert len(diary(home).self_checks) == 1


def test_a_new_self_check_takes_the_place_of_the_old_one_and_can_be_deleted(home: Home) -> None:
    done(home)
    home.browser.open("/check-in")
    assert "Your answers about the upper back" in home.browser.text
    home.browser.open("/self-check")
    home.browser.submit("/self-check/remove")
    assert "The plan and its answers are deleted." in home.browser.text
    assert diary(home).self_checks == ()


def test_while_the_runners_own_limit_stands_there_is_no_plan_of_ours(home: Home) -> None:
    done(home)
    with home.site.service.store.transaction() as tx:
        tx.diary.add(1, OwnLimit(until=date(2026, 7, 1), exercises=("Bridge",)), home.site.clock())
    home.browser.open("/self-check")
    assert "While your own limit stands" in home.browser.text
    assert "Day by day" not in home.browser.text


def test_a_plan_with_hardly_any_exercise_asks_what_to_leave_out_and_then_has_them(home: Home) -> None:
    said = done(home)
    assert "Until you say what fits you, the plan holds hardly any." in said
    before = [name for name in MOVEMENTS if name in said]
    home.browser.open("/leave-out")
    home.browser.submit("/leave-out", none="true", consent="true")
    assert home.browser.path == "/self-check"
    assert "Until you say what fits you" not in home.browser.text
    assert "Back-bend over a chair" in home.browser.text
    assert len([name for name in MOVEMENTS if name in home.browser.text]) > len(before) + 5
    assert "/drawings/seated-back-bend.svg" in home.browser.page.text


def test_what_was_left_out_since_is_in_no_plan(home: Home) -> None:
    done(home)
    home.browser.open("/leave-out")
    home.browser.submit("/leave-out", ticked="shoulder", consent="true")
    home.browser.open("/self-check")
    ruled_out = [item.text("en").name for item in catalogue().values() if "C2" in item.exclusions]
    assert not [name for name in ruled_out if name in home.browser.text]
    assert "Day by day" in home.browser.text


@pytest.mark.parametrize("forged", [{"chest-pain": "yes"}, {"sign": "chest-pain"}])
def test_a_sign_among_the_answers_stands_like_any_other(home: Home, forged: dict[str, str]) -> None:
    done(home, **forged)
    assert "This comes first" in home.browser.text
    assert [sign.code for sign in diary(home).signs] == ["chest-pain"]
    assert diary(home).self_checks == ()


def test_answers_to_questions_that_are_others_by_now_are_gone_through_again(home: Home) -> None:
    with home.site.service.store.transaction() as tx:
        tx.diary.add(1, SelfCheck(datetime(2026, 5, 30, 8), {"mild": "yes"}), home.site.clock())
    home.browser.open("/self-check")
    assert home.browser.status == 200
    assert "Does any of this fit you now?" in home.browser.text


def test_who_is_injured_is_shown_no_plan(home: Home) -> None:
    done(home)
    with home.site.service.store.transaction() as tx:
        tx.diary.add(1, Absence(AbsenceKind.INJURED, date(2026, 6, 1)), home.site.clock())
    home.browser.open("/self-check")
    assert "Day by day" not in home.browser.text


def test_who_is_pregnant_reads_of_no_progression_in_the_plan_and_every_link_leads_somewhere(home: Home) -> None:
    home.site.long_run()
    home.browser.open("/leave-out")
    home.browser.submit("/leave-out", ticked="pregnant", consent="true")
    done(home, **{"running-lately": "yes"})
    assert "Keep the next 2–3 runs" not in home.browser.text
    page = home.browser.page.text
    assert set(re.findall(r'href="#([a-z-]+)"', page)) - {"content"} <= set(re.findall(r'id="([a-z-]+)"', page))
