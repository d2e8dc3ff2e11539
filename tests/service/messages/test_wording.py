"""The wording rules, held over every text of every kind, severity and unit: it informs, it does not diagnose."""

from __future__ import annotations

import re

import pytest

from integrations.channels.message import Message
from rules.advice import catalogue
from tests.service.messages.scenes import EVERY_UNIT, PAGES, everything, words

MESSAGES = [message for units in EVERY_UNIT for message in everything(units)]
#: The words of exercises have tests of their own; here they are looked through.
ADVICE = {
    piece
    for item in catalogue().values()
    for said in item.texts.values()
    for piece in (said.name, *said.steps, " ".join(said.steps), said.dose, said.step_up, said.avoid, said.why)
    if piece
}
WARNING_SIGNS = "Chest pain, numbness in the legs or pain after a fall? Read this first"
MEDICAL = (
    r"pain|injur|hurt|sore|ache|strain|overuse|medic|clinic|doctor|symptom|warning|chest|numb|"
    r"calf|knee|hip|leg|back|foot|ankle|achilles|muscle|bone"
)
PROMISES = (
    r"causes|prevents?|prevented|safe|safely|may|allowed|risk-free|risk|risks|risky|danger\w*|too much|must|should"
)
BODY_FIGURES = r"calories?|kcal|body weight|bmi|kilograms?|kg|lbs?"


def own_words(message: Message) -> list[str]:
    """What this package says itself: everything but the advice."""
    pieces = [_without_number(piece) for piece in words(message)]
    return [piece for piece in pieces if piece not in ADVICE and piece.partition(": ")[2] not in ADVICE]


def _without_number(piece: str) -> str:
    return re.sub(r"^\d\. ", "", piece)


def found(pattern: str, message: Message) -> list[str]:
    return [piece for piece in own_words(message) if re.search(rf"\b({pattern})\b", piece)]


def of_kind(*kinds: str) -> list[Message]:
    chosen = [message for message in MESSAGES if message.kind in kinds]
    assert chosen
    return chosen


def test_every_kind_of_message_is_looked_at():
    kinds = {"alert", "race", "welcome", "receipt", "digest", "connection", "test", "code"}
    assert {message.kind for message in MESSAGES} == kinds


def test_nothing_is_promised_called_safe_or_called_a_cause():
    assert [piece for message in MESSAGES for piece in found(PROMISES, message)] == []


def test_nothing_is_diagnosed_or_predicted():
    said = {piece for message in MESSAGES for piece in found(r"diagnos\w*|predict\w*", message)}
    assert all("does not diagnose or predict" in piece for piece in said)


def test_a_rolling_sum_is_never_this_week():
    assert [piece for message in MESSAGES for piece in found("(?i:this week|last week)", message)] == []


def test_no_figure_of_body_or_food_stands_anywhere():
    said = [piece for message in MESSAGES for piece in words(message)]
    assert [piece for piece in said if re.search(rf"\b({BODY_FIGURES})\b", piece, re.IGNORECASE)] == []


def test_a_subject_tells_a_lock_screen_nothing_medical():
    for message in MESSAGES:
        assert not re.search(rf"\b({MEDICAL})", message.subject.lower()), message.subject


def test_a_subject_fits_a_phone_and_is_one_line():
    for message in MESSAGES:
        assert 0 < len(message.subject) <= 80
        assert "\n" not in message.subject + message.lead


def test_injuries_are_linked_with_runs_never_more():
    """Where the word stands, a study is named with it, or it is the runner's own."""
    named = re.compile(r"link|2 of 1,000 runs|stud(y|ies)|you tell us|predict injury")
    for message in of_kind("alert"):
        said = [piece for piece in own_words(message) if "injur" in piece]
        assert [piece for piece in said if not named.search(piece)] == []


@pytest.mark.parametrize("kind", ["alert", "digest", "welcome", "receipt"])
def test_a_ratio_never_stands_without_its_base(kind):
    ratio = re.compile(r"\d %|more than double|at least double")
    for message in of_kind(kind):
        said = "\n".join(piece for piece in own_words(message) if "Steps a minute" not in piece)
        assert not ratio.search(said) or "roughly 2 of 1,000 runs" in said, said


def test_no_message_asks_what_cannot_be_answered():
    """Who asks says where to answer: on the page that the question's own section leads to."""
    for message in MESSAGES:
        asked = [part for part in message.sections if "?" in " ".join((part.heading, *part.lines))]
        assert all([link.url for link in part.links] == [PAGES.check_in] for part in asked)
        questions = {piece for part in asked for piece in (part.heading, *part.lines)} | {WARNING_SIGNS}
        assert {piece for piece in own_words(message) if "?" in piece} <= questions


def test_messages_with_an_exercise_lead_to_the_warning_signs():
    for message in MESSAGES:
        if any(part.role == "prompt" for part in message.sections):
            assert message.footer_links[0].text == WARNING_SIGNS


def test_distances_have_one_decimal_in_the_runners_unit_alone():
    for units in EVERY_UNIT:
        other = "mi" if units == "km" else "km"
        for message in everything(units):
            said = " ".join(
                [message.subject, message.lead, *(line for part in message.sections for line in part.lines)]
            )
            assert not re.search(rf"\d {other}\b", said), said
            assert len(re.findall(rf"\d {units}\b", said)) == len(re.findall(rf"\d\.\d {units}\b", said)), said


def test_no_text_is_left_unfilled():
    for message in MESSAGES:
        assert not [piece for piece in words(message) if re.search(r"%\(|%%|  |None|\{", piece)]
        assert all(piece.strip() for piece in words(message))


def test_levels_say_how_unusual_and_nothing_else():
    levels = {
        value
        for message in of_kind("alert")
        for part in message.sections
        for label, value in part.rows
        if label == "How unusual"
    }
    assert levels == {"unusual for you", "very unusual for you"}
