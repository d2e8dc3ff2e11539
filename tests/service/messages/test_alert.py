"""The message after a run far from the runner's usual."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from integrations.channels.message import Message
from rules.advice import Choice, Why, catalogue
from rules.diary import AbsenceKind
from rules.model import Severity
from rules.policy import Decision
from service.messages.advice import why_words
from service.messages.alert import alert_message
from service.messages.telling import leading
from tests.rules.builders import run
from tests.service.messages.findings import back_context_at_a_run, every_run_finding, returned, streaked
from tests.service.messages.reading import words_before_details
from tests.service.messages.scenes import (
    CALF_STRETCH,
    EVERY_LIMIT,
    NOW,
    PAGES,
    RUN_WALK,
    STEP,
    alert,
    athlete,
    choice,
    risen,
    rows,
    section,
    spiked,
    text,
)

OFFERED = [item for item in catalogue().values() if item.kind in ("mobility", "strength") and not item.exclusions]
#: Of the exercises only the name is read before the details.
WORDIEST = max(OFFERED, key=lambda item: len(item.texts["en"].name.split()))


def test_the_subject_is_the_point():
    assert alert(spiked(18.2, 12.5)).subject == "18.2 km today, 46 % beyond your longest in 30 days"


def test_the_subject_speaks_the_runners_units():
    assert alert(spiked(18.2, 12.5), units="mi").subject == "11.3 mi today, 46 % beyond your longest in 30 days"


def test_beyond_double_says_so_instead_of_a_large_number():
    assert alert(spiked(26.1, 12.5)).subject == "26.1 km today, more than double your longest in 30 days"


def test_a_run_just_above_the_limit_is_not_said_to_be_at_it():
    assert "30.1 % beyond" in alert(spiked(13.004, 10)).subject


@pytest.mark.parametrize(
    ("days_later", "when"),
    [(0, "today"), (1, "yesterday"), (2, "on Wednesday"), (6, "on Wednesday"), (7, "on June 12")],
)
def test_the_day_is_told_as_one_would_say_it(days_later, when):
    assert alert(spiked(), now=NOW + timedelta(days=days_later)).subject.startswith(f"18.2 km {when}, ")


def test_today_is_the_runners_today():
    late_evening_in_utc = datetime(2024, 6, 12, 22, 30, tzinfo=UTC)
    assert "yesterday" in alert(spiked(), now=late_evening_in_utc, time_zone="Europe/Berlin").subject
    assert "today" in alert(spiked(), now=late_evening_in_utc, time_zone="America/New_York").subject


def test_a_traveller_whose_run_lies_in_tomorrow_reads_today():
    assert "today" in alert(spiked(), now=NOW - timedelta(days=1)).subject


def test_a_rise_over_two_weeks_speaks_of_the_last_7_days():
    assert alert(risen()).subject == "52.3 km in the last 7 days, the second week over 65 % above your usual"
    assert alert(risen(Severity.HIGH)).subject == (
        "60.8 km in the last 7 days, the second week at least double your usual"
    )


def test_the_lead_holds_the_runners_own_numbers():
    assert alert(spiked()).lead == "You ran 18.2 km; your longest in 30 days was 12.5 km, on June 3."
    assert (
        alert(risen()).lead == "52.3 km in the last 7 days after 49.0 km in the 7 before; your usual week was 28.5 km."
    )


def test_the_ratio_comes_with_its_base():
    base = "In a study of 5,205 runners roughly 2 of 1,000 runs were followed by an overuse injury; for runs like this "
    assert base + "our arithmetic says 3 to 4." in text(alert(spiked(18.2, 12.5)))
    assert base + "our arithmetic says 5." in text(alert(spiked(26.1, 12.5)))


def test_each_message_has_one_thing_to_do_and_one_prompt():
    roles = [part.role for part in alert(spiked(), risen()).sections]
    assert roles.count("action") == roles.count("prompt") == 1


def test_the_prompt_says_how_how_much_who_should_leave_it_why_and_how_sure():
    words, told = CALF_STRETCH.texts["en"], alert(spiked())
    assert section(told, "prompt").heading == "A stretch that fits"
    assert section(told, "prompt").lines == (words.name,)
    assert section(told, "prompt").rows == (("How much", words.dose),)
    details = section(told, "card")
    assert [line.partition(". ")[2] for line in details.lines] == list(words.steps)
    assert dict(details.rows) == {
        "When to leave it": words.avoid,
        "Why this one": f"It goes with what was found. {words.why}",
        "Source": CALF_STRETCH.source,
        "Strength of evidence": "D (experience, not studies)",
    }


def test_a_strength_item_is_called_an_exercise():
    told = alert(spiked(), prompt=catalogue()["straight-knee-heel-raise"])
    assert section(told, "prompt").heading == "An exercise that fits"


def test_warning_signs_are_offered_before_a_stretch_for_the_upper_back():
    upper_back = next(item for item in catalogue().values() if item.item == "M1")
    assert [link.url for link in section(alert(spiked(), prompt=upper_back), "prompt").links] == [PAGES.warning_signs]
    assert section(alert(spiked()), "prompt").links == ()


def test_the_card_shows_every_number_and_what_would_clear_it():
    card = rows(alert(spiked(), prompt=CALF_STRETCH))
    assert card["This run"] == "18.2 km"
    assert card["Compared with"] == "12.5 km on June 3, the longest of your 10 runs in the 30 days before"
    assert card["Threshold"] == "more than 30 % beyond that run"
    assert card["How unusual"] == "unusual for you"
    assert card["Rule"] == "run-spike, version 1"
    assert card["What clears it"].startswith("It concerns this one run.")
    assert "10.1136/bjsports-2024-109380" in text(alert(spiked()))


def test_the_card_of_a_rise_shows_both_weeks_and_the_usual_one():
    card = rows(alert(risen()))
    assert (card["Last 7 days"], card["The 7 days before"], card["Usual week before that"]) == (
        "52.3 km",
        "49.0 km",
        "28.5 km",
    )
    assert card["Threshold"] == "both more than 65 % above that week"


def test_two_findings_of_one_run_make_one_message_led_by_the_most_unusual():
    told = alert(spiked(), risen(Severity.HIGH))
    assert told.subject.startswith("60.8 km in the last 7 days")
    assert "Also: A run far beyond your recent longest." in text(told)
    assert {"This run", "Last 7 days"} <= rows(told).keys()
    assert [item["rule"] for item in told.data["alerts"]] == ["fortnight-rise", "run-spike"]


def test_between_equals_the_single_run_leads():
    told = alert(risen(), spiked())
    assert told.subject.startswith("18.2 km today")
    assert leading([risen(), spiked()]).finding.rule == "run-spike"


@pytest.mark.parametrize(
    "decisions",
    [
        (spiked(),),
        (spiked(26.1),),
        (risen(),),
        (spiked(), risen()),
        (spiked(), risen(Severity.HIGH)),
        (spiked(), risen(), streaked()),
        (spiked(), back_context_at_a_run()),
        *((decision,) for decision in every_run_finding()),
    ],
    ids=lambda decisions: "+".join(one.finding.rule for one in decisions),
)
def test_what_stands_before_the_details_is_read_in_half_a_minute(decisions: tuple[Decision, ...]):
    assert words_before_details(alert(*decisions, prompt=WORDIEST)) < 120


@pytest.mark.parametrize("step", [STEP, RUN_WALK])
@pytest.mark.parametrize("told", [None, AbsenceKind.OTHER_SPORT])
def test_so_is_a_return_with_its_step(step, told):
    assert words_before_details(alert(returned(told=told), step=step, prompt=WORDIEST)) < 120


@pytest.mark.parametrize("limit", EVERY_LIMIT)
def test_so_is_an_alert_with_an_own_limit(limit):
    assert words_before_details(alert(spiked(), limit=limit)) < 120


def test_for_a_return_the_step_of_the_way_back_is_the_one_thing_to_do():
    told = alert(returned(), step=STEP)
    assert section(told, "action").lines[0] == "The next step of the way back"
    assert section(told, "action").lines[1].startswith("Step 2 of 3 after 20 days off: easy runs up to 7.5 km")
    assert (told.data["step"]["number"], told.data["step"]["run_m"]) == (2, 7_500)
    assert told.data["advice"] == {"action": None, "prompt": CALF_STRETCH.code}
    assert "Come back at about 60 %" not in text(told)


def test_only_a_return_carries_it():
    assert alert(spiked(), step=STEP) == alert(spiked())
    assert alert(returned(race=True), step=STEP) == alert(returned(race=True))


def test_a_third_finding_is_counted_and_stands_below():
    told = alert(spiked(), risen(), streaked())
    assert told.sections[0].lines[1:] == ("Also: 2 more findings, below.",)
    assert "Days in a row" in rows(told)


def test_every_ratio_has_its_base_in_the_details():
    for decision in (spiked(), risen(), returned()):
        assert "roughly 2 of 1,000 runs" in rows(alert(decision))["How common injuries are"]


def test_a_race_after_a_break_is_told_as_a_race():
    told = alert(returned(race=True))
    assert (told.kind, told.subject) == ("race", "9.0 km race today: time to recover")
    assert "%" not in told.lead


def test_between_equals_what_was_answered_comes_last():
    told = alert(back_context_at_a_run(), streaked())
    assert told.subject.startswith("8 days of running in a row")


def test_the_run_is_one_click_away_in_the_words_strava_asks_for():
    links = [link for part in alert(spiked()).sections for link in part.links]
    run_id = spiked().run.id
    assert [(link.text, link.url, link.role) for link in links] == [
        ("View on Strava", f"https://www.strava.com/activities/{run_id}", "strava")
    ]


def test_the_footer_leads_to_warning_signs_first_and_claims_nothing():
    told = alert(spiked())
    assert told.footer_links[0].url == "https://runs.example.org/warning-signs"
    assert told.footer_links[0].text.startswith("Chest pain, numbness in the legs or pain after a fall?")
    assert "This describes how unusual the run was for you; it does not diagnose or predict." in told.footer
    assert "https://runs.example.org/inbox/m1" in [link.url for link in told.footer_links]


def test_a_garmin_is_named_and_other_devices_are_not():
    decisions = [spiked()]

    def footer(device: str | None) -> tuple[str, ...]:
        activity = replace(run(0), device_name=device)
        ids = {"run-spike": "a"}
        return alert_message("m1", athlete(), decisions, activity, choice(decisions), ids, PAGES, NOW).footer

    assert "Garmin Forerunner 255" in footer("Garmin Forerunner 255")
    assert len(footer("COROS PACE 3")) == len(footer(None)) == 1


def test_a_run_that_strava_no_longer_lists_is_still_told():
    decisions = [spiked()]
    told = alert_message("m1", athlete(), decisions, None, choice(decisions), {"run-spike": "a"}, PAGES, NOW)
    assert told.subject.startswith("18.2 km today")


def test_machines_read_ids_rules_and_facts():
    decision = spiked()
    told = alert(decision)
    assert (told.kind, told.event, told.data["race"]) == ("alert", "alert.created", False)
    assert told.data["alerts"] == [
        {
            "id": "alert-run-spike",
            "rule": "run-spike",
            "version": 1,
            "key": str(decision.run.id),
            "day": "2024-06-12",
            "severity": "caution",
            "facts": dict(decision.finding.facts),
        }
    ]
    assert told.data["advice"] == {"action": "keep-next-runs-easy-and-shorter", "prompt": CALF_STRETCH.code}
    assert Message.model_validate(told.model_dump(mode="json")) == told


def test_a_race_is_told_as_a_race():
    told = alert(spiked(21.1, race=True))
    assert (told.kind, told.event, told.data["race"]) == ("race", "alert.created", True)
    assert told.subject == "21.1 km race today: time to recover"
    assert told.lead.startswith("You raced 21.1 km. Races are not judged")
    assert section(told, "action").lines[0] == "Recover after the race"


def test_a_race_that_fills_two_big_weeks_is_told_as_a_race_too():
    told = alert(risen(Severity.HIGH, race=True))
    assert (told.kind, told.subject) == ("race", "14.0 km race today: time to recover")


@pytest.mark.parametrize("prompt", OFFERED, ids=lambda item: item.item)
def test_no_word_about_a_race_warns(prompt):
    for decisions in ((spiked(42.2, race=True),), (spiked(race=True), risen(Severity.HIGH, race=True))):
        words = set(re.findall(r"[a-z]+", text(alert(*decisions, prompt=prompt)).lower()))
        assert not words & {"beyond", "caution", "high", "spike", "risk", "risks", "risky", "unusual", "warning"}


def test_the_choice_is_shown_as_it_was_made():
    item = catalogue()["hold-your-weekly-distance"]
    decisions = [spiked()]
    picked = Choice(item, CALF_STRETCH, Why.LONGEST_NOT_SHOWN)
    told = alert_message("m1", athlete(), decisions, None, picked, {"run-spike": "a"}, PAGES, NOW)
    assert section(told, "action").lines == (item.texts["en"].name, " ".join(item.texts["en"].steps))


def test_every_reason_for_a_prompt_has_words_of_its_own():
    words = {why_words(why) for why in Why}
    assert len(words) == len(Why)
    assert all(line.endswith(".") for line in words)
