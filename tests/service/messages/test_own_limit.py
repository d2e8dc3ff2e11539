"""The runner's own limit, in place of our advice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rules.diary import Diary, OwnLimit
from rules.policy import Reason
from rules.return_ladder import Wait
from service.messages.own_limit import limit_words, standing_limit
from service.messages.usual_range import wait_words
from tests.rules.builders import TODAY, ordinary_weeks
from tests.rules.diaries import sign
from tests.service.messages.findings import returned
from tests.service.messages.scenes import (
    EVERY_LIMIT,
    LIMIT,
    OWN_EXERCISES,
    PAGES,
    STEP,
    alert,
    digest,
    ranges,
    section,
    spiked,
    stored,
    text,
    welcome,
)

ENDED = OwnLimit(TODAY.date() - timedelta(days=1), run_m=5_000)
ADVICE = {"Keep the next 2–3 runs easy and shorter", "An exercise that fits", "A stretch that fits", "One thing to do"}


@pytest.mark.parametrize(
    ("limit", "words"),
    list(
        zip(
            EVERY_LIMIT,
            (
                "up to 5.0 km a run, up to 30 min a run, 3 runs in 7 days",
                "up to 5.0 km a run",
                "up to 30 min a run",
                "1 run in 7 days",
                "your own plan",
            ),
            strict=True,
        )
    ),
)
def test_the_limit_is_named_with_its_last_day(limit, words):
    assert limit_words(limit, "km") == f"Until July 12: {words}. While it stands, it comes before our advice."


def test_the_limit_is_rounded_down_in_miles():
    assert "up to 3.1 mi a run" in limit_words(LIMIT, "mi")


def test_a_limit_stands_up_to_and_including_its_last_day():
    assert standing_limit(LIMIT, LIMIT.until) is LIMIT
    assert standing_limit(LIMIT, LIMIT.until + timedelta(days=1)) is None
    assert standing_limit(None, TODAY.date()) is None


def test_in_an_alert_it_takes_the_place_of_the_advice_and_the_prompt():
    told = alert(spiked(), limit=LIMIT)
    assert told.lead == alert(spiked()).lead
    assert section(told, "action").heading == "Your own limit"
    assert section(told, "prompt").lines == OWN_EXERCISES
    assert not [words for words in ADVICE if words in text(told)]
    assert (told.data["advice"]["action"], told.data["advice"]["prompt"]) == (None, None)
    assert told.data["advice"]["limit"]["run_m"] == 5_000


def test_a_limit_that_ended_changes_nothing():
    assert alert(spiked(), limit=ENDED) == alert(spiked())


def test_after_a_race_it_comes_first_too():
    told = alert(spiked(21.1, race=True), limit=LIMIT)
    assert section(told, "action").heading == "Your own limit"
    assert "Recover after the race" not in text(told)


def test_the_steps_of_the_way_back_give_way_to_it():
    told = alert(returned(), limit=LIMIT, step=STEP)
    assert section(told, "action").heading == "Your own limit"
    assert "The next step of the way back" not in text(told)
    assert told.data["step"] is None
    assert alert(returned(), step=STEP, waits_for=Wait.PAIN).data["step"] is None


def test_in_the_digest_it_takes_the_place_of_the_advice_and_the_prompt():
    told = digest(ordinary_weeks(12.5), [stored(spiked(), Reason.QUIET)], limit=LIMIT)
    assert section(told, "action").heading == "Your own limit"
    assert section(told, "prompt").lines == OWN_EXERCISES
    assert not [words for words in ADVICE if words in text(told)]


def test_in_the_examples_of_the_first_message_it_stands_as_well():
    told = welcome(ordinary_weeks(12.5), [spiked(ago=4)], limit=LIMIT)
    assert "Your own limit" in section(told, "example").lines
    assert not [words for words in ADVICE if words in text(told)]


@pytest.mark.parametrize("wait", [Wait.WARNING_SIGN, Wait.PAIN])
def test_pain_and_warning_signs_come_before_even_the_own_exercises(wait):
    told = alert(spiked(), limit=LIMIT, waits_for=wait)
    assert section(told, "action").lines == (f"No exercise and no distance is named: {wait_words(wait)}.",)
    assert [link.url for link in section(told, "action").links] == [PAGES.warning_signs]
    assert OWN_EXERCISES[0] not in text(told)
    assert told.data["advice"] == {"action": None, "prompt": None, "waits_for": wait.value}


def test_with_an_injury_the_own_limit_is_what_holds():
    told = alert(spiked(), limit=LIMIT, waits_for=Wait.INJURED)
    assert section(told, "action").heading == "Your own limit"


@pytest.mark.parametrize("wait", [Wait.WARNING_SIGN, Wait.PAIN, Wait.INJURED, Wait.ILL])
def test_without_a_limit_nothing_is_offered_to_an_unwell_runner(wait):
    told = alert(spiked(), waits_for=wait)
    assert not [words for words in ADVICE if words in text(told)]
    assert all(part.role != "prompt" for part in told.sections)


def test_a_full_week_of_the_own_limit_is_no_illness():
    assert alert(spiked(), waits_for=Wait.OWN_LIMIT_WEEK).sections == alert(spiked()).sections


def test_a_digest_with_a_warning_sign_shows_no_exercise_at_all():
    days = ranges(ordinary_weeks(12.5), diary=Diary(signs=(sign("fever"),)))
    told = digest(ordinary_weeks(12.5), [stored(spiked(), Reason.QUIET)], ranges=days, limit=LIMIT)
    assert {part.role for part in told.sections} == {"text"}
    assert told.data["advice"] == {"action": None, "prompt": None}
