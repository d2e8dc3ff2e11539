"""The warning signs: all of them known, asked where they belong, and cleared only by the runner."""

from __future__ import annotations

import pytest

from rules.advice import catalogue
from rules.signs import (
    AFTER_OFFICIAL_LINE,
    LIMBS,
    OFFICIAL_LINE,
    SIGNS,
    TRUNK,
    Urgency,
    most_urgent,
    signs_at,
    standing_signs,
    urgency_of,
)
from tests.rules.builders import TODAY
from tests.rules.diaries import answers, pain, sign

EMERGENCY = {
    "chest-pain", "serious-accident", "both-legs", "saddle-numbness", "bladder-or-bowel", "breathlessness",
    "sweating-or-sickness", "arm-or-jaw-pain", "collapse", "tearing-pain", "breathing-pain", "unsteady-walking",
    "palpitations", "weakness-or-numbness",
}  # fmt: skip
URGENT = {
    "fever", "weight-loss", "lump-or-changed-shape", "no-better-after-rest", "night-pain", "worse-with-cough",
    "between-shoulder-blades", "swollen-calf", "hot-red-joint",
}  # fmt: skip
WITHIN_DAYS = {"bony-spot", "growing-pain", "rest-or-night-pain", "limping", "groin-pain"}
FIRST = {
    "cancer", "weak-bones", "young-or-older", "weak-immune-system", "recent-infection", "fall-or-blow",
    "missed-periods",
}  # fmt: skip


def codes(place: str) -> list[str]:
    return [one.code for one in signs_at(place)]


@pytest.mark.parametrize(
    ("urgency", "expected"),
    [
        (Urgency.EMERGENCY, EMERGENCY),
        (Urgency.URGENT, URGENT),
        (Urgency.WITHIN_DAYS, WITHIN_DAYS),
        (Urgency.SEE_SOMEONE_FIRST, FIRST),
    ],
)
def test_every_sign_of_the_guidance_is_there_with_its_urgency(urgency, expected):
    assert {one.code for one in SIGNS.values() if one.urgency is urgency} == expected


def test_every_sign_has_words_of_its_own():
    words = [one.words for one in SIGNS.values()]
    assert all(words)
    assert len(set(words)) == len(words)


def test_every_urgency_says_where_to_turn():
    assert {urgency.care for urgency in Urgency} <= set(catalogue())
    assert Urgency.EMERGENCY.care == "call-the-emergency-number"
    assert [urgency.word for urgency in Urgency] == ["see-someone-first", "within-days", "urgent", "emergency"]


def test_for_the_upper_back_the_official_line_comes_first_and_then_the_most_urgent():
    first, *others = signs_at("upper-back")
    assert first.code == OFFICIAL_LINE
    assert [one.urgency for one in others] == sorted((one.urgency for one in others), reverse=True)


def test_what_is_asked_after_the_official_line_is_in_the_list_of_the_upper_back():
    assert set(AFTER_OFFICIAL_LINE) <= set(codes("upper-back"))


@pytest.mark.parametrize("place", sorted(TRUNK | LIMBS | {"elsewhere"}))
def test_every_sore_place_is_asked_about_chest_pain_and_a_sore_spot_of_bone(place):
    assert {"chest-pain", "breathlessness", "collapse", "swollen-calf", "bony-spot", "limping"} <= set(codes(place))


def test_pain_at_night_is_asked_everywhere_once():
    for place in TRUNK | LIMBS:
        assert len({"night-pain", "rest-or-night-pain"} & set(codes(place))) == 1


def test_a_sore_knee_is_not_asked_about_the_shoulder_blades_nor_a_sore_back_about_the_groin():
    assert not {OFFICIAL_LINE, "lump-or-changed-shape", "young-or-older"} & set(codes("knee"))
    assert "groin-pain" not in codes("upper-back")
    assert "groin-pain" in codes("hip")
    assert OFFICIAL_LINE not in codes("lower-back")


def test_a_place_that_nobody_foresaw_is_asked_about_everything():
    assert set(codes("elsewhere")) == set(SIGNS)


def test_a_sign_that_is_not_in_the_list_counts_as_urgent():
    assert urgency_of("a-sign-of-the-past") is Urgency.URGENT


# What stands


def standing(diary) -> list[str]:
    return [one.code for one in standing_signs(diary, TODAY)]


def test_a_sign_stands_from_the_moment_it_is_named_to_the_moment_it_is_cleared():
    assert standing(answers(signs=(sign("fever", ago=0),))) == ["fever"]
    assert standing(answers(signs=(sign("fever", ago=-0.001),))) == []
    assert standing(answers(signs=(sign("fever", ago=400),))) == ["fever"]
    assert standing(answers(signs=(sign("fever", ago=3, cleared=0),))) == []
    assert standing(answers(signs=(sign("fever", ago=3, cleared=-1),))) == ["fever"]


def test_back_pain_told_as_worse_at_night_stands_as_a_sign_without_being_ticked():
    assert standing(answers(pain(2, place="upper-back", at_night=True))) == ["night-pain"]
    assert standing(answers(pain(2, place="elsewhere", at_night=True))) == ["night-pain"]
    assert standing(answers(pain(2, place="knee", at_night=True))) == []
    assert standing(answers(pain(2, ago=-1, place="upper-back", at_night=True))) == []


def test_it_stands_until_the_next_answer_for_that_place_or_until_it_is_cleared():
    at_night = pain(4, ago=5, place="upper-back", at_night=True)
    assert standing(answers(at_night, pain(4, ago=2, place="neck"))) == ["night-pain"]
    assert standing(answers(at_night, pain(4, ago=2, place="upper-back"))) == []
    assert standing(answers(pain(4, ago=2, place="upper-back"), at_night)) == []  # in whatever order they are held
    for cleared in (5, 0):
        assert standing(answers(at_night, signs=(sign("night-pain", ago=5, cleared=cleared),))) == []
    assert standing(answers(at_night, signs=(sign("night-pain", ago=9, cleared=6),))) == ["night-pain"]
    assert standing(answers(at_night, signs=(sign("night-pain", ago=9, cleared=-1),))) == ["night-pain", "night-pain"]
    assert standing(answers(at_night, signs=(sign("fever", ago=5, cleared=4),))) == ["night-pain"]


def test_the_most_urgent_sign_speaks_and_of_equals_the_official_line_then_the_newest():
    line, fever, chest = sign(OFFICIAL_LINE, ago=5), sign("fever", ago=1), sign("chest-pain", ago=9)
    assert most_urgent([line, fever, chest]) == chest
    assert most_urgent([fever, line, sign("cancer")]) == line
    assert most_urgent([sign("weight-loss", ago=2), fever]) == fever
    assert most_urgent([]) is None
