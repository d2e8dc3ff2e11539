"""The answer to a check-in: warning signs, pain, and the upper back's context."""

from __future__ import annotations

import re

import pytest

from integrations.channels.message import Message
from rules.advice import catalogue
from rules.signs import LIMBS, SIGNS, TRUNK, UPPER_BACK, Urgency
from service.messages.places import place_words
from service.messages.signs import what_to_do
from tests.rules.diaries import pain, week
from tests.service.messages.findings import (
    back_context,
    back_context_at_a_run,
    every_pain,
    every_warning,
    hurting,
    warned,
)
from tests.service.messages.reading import words_before_details
from tests.service.messages.scenes import (
    CALF_STRETCH,
    PAGES,
    UPPER_BACK_STRETCH,
    alert,
    check_in,
    rows,
    section,
    spiked,
    text,
)

NO_EXERCISE = [*every_pain(), *every_warning()]
EVERY_CHECK_IN = [*NO_EXERCISE, back_context(), back_context(spike=True), back_context(spike=True, desk_days=False)]


def roles(message: Message) -> list[str]:
    return [part.role for part in message.sections]


@pytest.mark.parametrize("finding", EVERY_CHECK_IN, ids=lambda finding: finding.rule)
def test_a_lock_screen_shows_only_that_a_check_in_was_answered(finding):
    assert check_in(finding).subject == "About your check-in"


@pytest.mark.parametrize("finding", NO_EXERCISE, ids=lambda finding: finding.rule)
def test_with_pain_or_a_warning_sign_no_exercise_and_no_distance_stands_anywhere(finding):
    told = check_in(finding)
    assert "prompt" not in roles(told)
    assert told.data["advice"]["prompt"] is None
    assert not re.search(r"\d (km|mi)\b", text(told))


@pytest.mark.parametrize("finding", NO_EXERCISE, ids=lambda finding: finding.rule)
def test_an_exercise_given_with_pain_or_a_warning_sign_is_refused(finding):
    with pytest.raises(ValueError, match="gets no exercise"):
        check_in(finding, prompt=CALF_STRETCH)


@pytest.mark.parametrize("finding", EVERY_CHECK_IN, ids=lambda finding: finding.rule)
def test_the_warning_signs_are_a_click_away_before_any_details(finding):
    told = check_in(finding)
    before = told.sections[: roles(told).index("card")]
    assert PAGES.warning_signs in [link.url for part in before for link in part.links]
    assert told.footer_links[0].url == PAGES.warning_signs


@pytest.mark.parametrize("finding", EVERY_CHECK_IN, ids=lambda finding: finding.rule)
def test_it_is_read_in_half_a_minute(finding):
    assert words_before_details(check_in(finding)) < 120
    if finding.rule == "back-context":
        assert words_before_details(check_in(finding, prompt=UPPER_BACK_STRETCH)) < 120


@pytest.mark.parametrize(
    ("code", "first", "care"),
    [
        ("chest-pain", "Call the emergency number now: 112.", "call-the-emergency-number"),
        ("fever", "Ask for an urgent appointment today", "ask-for-an-urgent-appointment"),
        ("bony-spot", "Stop running and be examined within days", "see-a-physiotherapist"),
        ("missed-periods", "see a doctor first", "see-someone-before-exercise"),
    ],
)
def test_how_urgent_a_sign_is_decides_what_stands_first(code, first, care):
    told = check_in(warned(code))
    assert first in told.lead
    assert section(told, "action").lines[0] == catalogue()[care].texts["en"].name
    assert told.data["advice"]["action"] == care


def test_of_several_signs_the_most_urgent_speaks_and_all_are_named():
    told = check_in(warned("bony-spot", "chest-pain", "between-shoulder-blades"))
    assert "Call the emergency number now" in told.lead
    assert told.sections[0].lines == (
        "Chest pain",
        "Pain that comes from the top of the back, between the shoulders",
        "One spot of bone that is sore to touch",
    )


def test_among_equally_urgent_signs_the_official_line_is_named_first():
    told = check_in(warned("fever", "between-shoulder-blades", "night-pain"))
    assert told.sections[0].lines[0] == "Pain that comes from the top of the back, between the shoulders"


def test_a_sign_that_is_no_longer_listed_still_stops():
    told = check_in(warned("no-longer-listed"))
    assert told.sections[0].lines == ("Another warning sign",)
    assert "Ask for an urgent appointment today" in told.lead


def test_every_urgency_has_words_that_stop_the_running():
    words = {what_to_do(urgency) for urgency in Urgency}
    assert len(words) == len(Urgency)
    assert all(re.search("[Dd]o not run|Stop running", said) for said in words)


def test_every_sign_can_be_named():
    assert all(sign.words in text(check_in(warned(code))) for code, sign in SIGNS.items())


def test_every_step_of_the_care_is_told_below():
    told = check_in(warned("chest-pain"))
    steps = catalogue()["call-the-emergency-number"].texts["en"].steps
    given = [step.replace("{emergency}", "112") for step in steps]
    assert [line.partition(". ")[2] for line in section(told, "card").lines] == given


@pytest.mark.parametrize(("zone", "number"), [("Europe/London", "999"), ("Australia/Perth", "000"), ("UTC", "112, in")])
def test_the_number_to_call_is_that_of_the_country_of_the_latest_run(zone, number):
    told = check_in(warned("chest-pain"), time_zone=zone)
    assert f"Call the emergency number now: {number}" in told.lead
    assert section(told, "action").lines[1].startswith(f"Call {number}")


def test_amber_pain_asks_for_shorter_and_easier_running():
    told = check_in(hurting(pain(4)))
    assert told.lead == "You answered 4 of 10 (knee). That asks for shorter and easier running until it has settled."
    assert section(told, "action").lines[0] == "Ease off and keep moving"
    assert [link.url for link in section(told, "action").links] == [PAGES.check_in]


def test_red_pain_asks_for_a_stop():
    told = check_in(hurting(pain(7, place="lower-back")))
    assert told.lead.startswith("You answered 7 of 10 (lower back). That asks for a stop: no running until an answer")
    assert section(told, "action").lines[0] == "See a physiotherapist or sports doctor"


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ((pain(1, next_morning=True),), "It was still there the next morning."),
        ((pain(3, ago=10), pain(4, ago=5), pain(5)), "It has risen twice in a row."),
        ((pain(2, altered_stride=True),), "It changed your stride."),
        ((pain(2, at_night=True),), "It is there at night."),
        ((pain(3, ago=3), pain(3)), "It follows another such answer."),
    ],
)
def test_the_reason_beside_the_number_is_named(answers, said):
    assert said in check_in(hurting(*answers)).lead


def test_high_pain_needs_no_other_reason():
    assert "It follows" not in check_in(hurting(pain(7, ago=1), pain(7))).lead


def test_a_week_that_held_the_runner_back_is_answered_too():
    told = check_in(hurting(weekly=[week(changed=2, felt=1)]))
    assert told.lead.startswith("Your weekly answer tells of something that held you back. That asks for a stop")
    assert rows(told)["Your weekly answer"] == "training missed 0 of 3, changed 2 of 3, felt 1 of 3"


def test_every_sore_place_has_words_and_any_other_is_another_place():
    words = {place: place_words(place) for place in TRUNK | LIMBS}
    assert len(set(words.values())) == len(words)
    assert (words[UPPER_BACK], place_words("elbow")) == ("upper back", "another place")
    assert "another place" not in words.values()


def test_the_upper_back_is_told_the_official_line_before_anything_else():
    for told in (check_in(back_context()), check_in(back_context(), prompt=UPPER_BACK_STRETCH)):
        assert told.sections[0].lines[0].startswith("Official advice: with pain that comes from the top of the back")


def test_two_things_stand_side_by_side_and_neither_is_called_the_reason():
    told = check_in(back_context(spike=True))
    assert told.lead == (
        "Your upper back or near it was felt in days in which you ran more than usual and sat long. Whether one has "
        "to do with the other, only a change can show."
    )
    assert rows(told)["Your running"] == "A run far beyond your recent longest (June 10)"
    assert rows(told)["Your answer"] == "3 of 10 on June 12"


def test_a_back_that_was_felt_in_a_week_has_no_number():
    told = check_in(back_context(check_ins=(), weekly=(week(felt=1, place="upper-back"),)))
    assert rows(told)["Your answer"] == "felt in the week before June 12"


def test_the_upper_back_gets_an_exercise_only_when_one_is_given():
    assert "prompt" not in roles(check_in(back_context()))
    told = check_in(back_context(), prompt=UPPER_BACK_STRETCH)
    assert section(told, "prompt").lines == (UPPER_BACK_STRETCH.texts["en"].name,)
    assert section(told, "prompt").links[0].url == PAGES.warning_signs


def test_an_answer_is_not_called_usual_or_unusual():
    for finding in EVERY_CHECK_IN:
        assert "How unusual" not in rows(check_in(finding))


def test_beside_a_run_the_run_leads_and_the_official_advice_is_a_click_away():
    told = alert(spiked(), back_context_at_a_run())
    assert told.subject.startswith("18.2 km today")
    assert told.sections[0].lines[1] == "Also: your check-in about the upper back."
    advice = told.sections[0].links[1]
    assert advice.text == "Pain between the shoulders: official advice is an urgent appointment"
    assert advice.url == PAGES.warning_signs
    alone = alert(back_context_at_a_run())
    assert alone.subject == "About your check-in"
    assert "Official advice: with pain that comes from the top of the back" in text(alone)


def test_machines_read_the_alert_without_a_run():
    finding = hurting(pain(4))
    told = check_in(finding)
    assert (told.kind, told.event, told.data["run"], told.data["race"]) == ("alert", "alert.created", None, False)
    assert told.data["alerts"][0]["id"] == "alert-1"
    assert told.data["alerts"][0]["facts"] == dict(finding.facts)
    assert Message.model_validate(told.model_dump(mode="json")) == told


def test_a_sore_upper_back_leads_to_the_self_check_and_pain_elsewhere_does_not():
    links = [link.url for part in check_in(back_context()).sections for link in part.links]
    assert links.index(PAGES.warning_signs) < links.index(PAGES.self_check)
    others = [link.url for part in check_in(hurting(pain(4))).sections for link in part.links]
    assert PAGES.self_check not in others
