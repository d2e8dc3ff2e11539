"""Every word of the catalogue keeps the promises about wording."""

from __future__ import annotations

import re

import pytest

from rules.advice import catalogue
from rules.advice.loader import DRAWN
from rules.model import Advice, Grade
from rules.signs import Urgency

ITEMS = list(catalogue().values())
EXERCISES = [item for item in ITEMS if item.kind in ("mobility", "strength")]
each_item = pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.item)
each_exercise = pytest.mark.parametrize("item", EXERCISES, ids=lambda item: item.item)

NUMBERS = {"M": 17, "S": 10, "L": 7, "F": 6, "P": 9, "T": 3, "G": 1, "K": 8}
EXCLUSIONS = {
    "M1": "C1", "M2": "C1 C4", "M3": "C2", "M4": "C1", "M5": "C2", "M6": "C1 C3", "M7": "C2", "M8": "C1 C3",
    "M10": "C5", "M11": "C2", "S1": "C2", "S2": "C2", "S3": "C2", "S4": "C2", "S5": "C1 C2", "S6": "C2",
    "S7": "C5", "S8": "C1", "S9": "C2",
}  # fmt: skip
SAID_FOR = {
    "C1": ("osteoporosis", "steroid", "spinal fracture", "operation"),
    "C2": ("shoulder",),
    "C3": ("rib", "breastbone"),
    "C4": ("inflammatory", "mobile joints"),
    "C5": ("vertigo", "dizziness"),
}
SAID_FOR_PLACE = {
    "achilles": "achilles", "arm": "wrist", "calf": "calf", "chest": "breastbone", "groin": "groin", "hip": "hip",
    "hamstring": "back of the thigh", "knee": "knee", "lower-back": "lower back", "neck": "neck", "ribs": r"\brib\b",
    "shoulder": "shoulder|raising the arm", "thigh": "thigh",
}  # fmt: skip
STRETCH, SETS = r"2–4 (gentle holds of|×) 20–30 seconds.* 3–7 days a week", r"^2–3 sets of 8–12"
DOSES = {
    "M1": "^8–10 slow", "M2": "^8–10 times to each side", "M3": "^8 times with each arm", "M4": "^8–10",
    "M5": r"1 × 8 up to 3 × 10", "M6": "^5–8 breaths, 3 days", "M7": "^3 × 30 seconds .* daily for 2 weeks",
    "M8": "^8 times to each side", **{f"M{n}": STRETCH for n in range(9, 18)},
    **{f"{code}": SETS for code in ("S1", "S2", "S3", "S5", "L3", "L5", "L6", "L7")},
    "S4": "2 minutes, 5 days a week, for 10 weeks", "S6": "^2–3 sets of 10", "S7": "^10 holds of 5–10 seconds",
    "S8": "^2–3 sets of 8 on each side", "S9": "^3 × 15–30 seconds on each side", "S10": "^2–3 sets of 10–12",
    "L1": "^2 sets of 12", "L2": "^2 sets of 12", "L4": "^2 sets of 8–12",
    **{f"F{n}": "^One cue per run, 4–6 times for a minute" for n in range(1, 7)},
    "P1": "two such runs", "P2": "5–7 days", "P3": "^2 weeks", "P5": "^2–3 weeks", "P6": "^4–8 weeks",
    "P8": "75–80 %", "T1": "^1–2 run-free days a week", "T2": "^24–48 hours", "K3": "30–60 minutes",
}  # fmt: skip
FORBIDDEN = {
    "calls a distance free of risk": r"\b(safe|safely|safety|unsafe|may|allowed|risk-free|harmless)\b",
    "claims a cause": r"\b(caus(e|es|ed|ing)|lead(s)? to|due to|results? in|thanks to)\b",
    "promises": r"\b(prevent\w*|protect\w*|avoids? injur\w*|guarantee\w*|will (help|heal)|cures?|proven|fix(es)?)\b",
    "ranks danger": r"\b(risk\w*|danger\w*|injury-prone|overtrain\w*)\b",
    "names a diagnosis": r"\b(tend[io]n(itis|osis|opathy)\w*|fasciitis|shin splints?|stress (fracture|reaction)s?|"
    r"runner's knee|bursitis|scoliosis|kyphosis|sciatica|syndrome|strain injury|diagnos\w*)\b",
    "speaks of calories or body weight": r"\b(calori\w*|kcal|body ?weight|overweight|bmi|kg|lbs?|pounds|slim|fat)\b",
    "judges posture": r"\b(correct|bad|poor|improper|wrong|proper|perfect) (posture|form)\b",
    "commands or scolds": r"\b(you must|never again|you should have|no excuses?|lazy|too much|wrong)\b|!",
    "calls rolling days this week": r"\b(this|last) week\b",
    "sends people stretching before a run": r"\bbefore (a|the|your|every|each) run\b|\bwarm-?up\b",
    "gives a distance in one unit only": r"\d\s?(km|mi|miles|kilomet\w+)\b",
    "speaks of the machinery": r"\b(rule|catalogue|severity|algorithm|evidence\.md)\b",
}


def words(item: Advice) -> str:
    text = item.text("en")
    return "\n".join((text.name, *text.steps, text.dose, text.step_up, text.avoid, text.why))


@each_item
def test_no_text_breaks_a_rule_of_wording(item: Advice) -> None:
    # Food before a run is the one piece of advice about the time before it.
    said = words(item).replace("meals and drinks out for two hours before the run", "")
    said = said.replace("not a tested rule", "")
    broken = {rule: found.group() for rule, pattern in FORBIDDEN.items() if (found := re.search(pattern, said, re.I))}
    assert broken == {}


@pytest.mark.parametrize(
    "said",
    [
        "This distance is safe.",
        "You may run 12 k.",
        "Tight calves cause pain.",
        "It prevents injuries.",
        "Your risk is higher.",
        "You have shin splints.",
        "Burn more calories.",
        "Stretch before your run.",
        "You ran 20 % more this week.",
    ],
)
def test_the_rules_of_wording_catch_what_they_are_for(said: str) -> None:
    assert any(re.search(pattern, said, re.I) for pattern in FORBIDDEN.values())


@each_item
def test_every_item_is_complete_and_short_enough_to_be_read_on_a_phone(item: Advice) -> None:
    text = item.text("en")
    assert len(text.name) <= 45
    assert not text.name.endswith(".")
    assert 3 <= len(text.steps) <= 5
    longest = 330 if item.item in ("K6", "K7", "K8") else 125
    assert all(10 <= len(step) <= longest for step in text.steps)
    assert all(step.endswith((".", "?")) for step in (*text.steps, text.dose, text.avoid, text.why))
    assert len(text.dose) <= 150
    assert item.source


@each_item
def test_every_why_is_one_sentence(item: Advice) -> None:
    assert len(re.findall(r"[.!?](?=\s|$)", item.text("en").why)) == 1


@pytest.mark.parametrize("item", [item for item in ITEMS if item.kind in DRAWN], ids=lambda item: item.item)
def test_every_movement_tells_in_one_sentence_what_its_drawing_shows(item: Advice) -> None:
    alt = item.text("en").alt
    assert 40 <= len(alt) <= 160
    assert len(re.findall(r"[.!?](?=\s|$)", alt)) == 1


@each_item
def test_no_two_texts_are_the_same_but_for_what_is_shared_on_purpose(item: Advice) -> None:
    others = [other.text("en") for other in ITEMS if other.code != item.code]
    assert item.text("en").name not in [other.name for other in others]
    assert item.text("en").steps not in [other.steps for other in others]


@each_exercise
def test_every_exercise_ends_with_the_stop_rule(item: Advice) -> None:
    stop = "Stop if pain goes above 3 of 10, or if you feel tingling, dizziness or shortness of breath."
    assert item.text("en").avoid.endswith(stop)
    assert item.text("en").avoid != stop


@pytest.mark.parametrize("item", [item for item in ITEMS if item.kind == "form"], ids=lambda item: item.item)
def test_every_form_cue_says_when_to_drop_it(item: Advice) -> None:
    assert item.text("en").avoid.endswith("Stop the cue if a new pain appears.")
    assert item.text("en").dose.startswith("One cue per run")


@each_exercise
def test_who_should_leave_an_exercise_reads_so_in_plain_words(item: Advice) -> None:
    avoid = item.text("en").avoid.lower()
    for group in item.exclusions:
        assert all(word in avoid for word in SAID_FOR[group])


@each_item
def test_an_item_left_out_for_a_sore_place_says_so(item: Advice) -> None:
    avoid = item.text("en").avoid.lower()
    assert [place for place in item.not_when_sore if not re.search(SAID_FOR_PLACE[place], avoid)] == []


@each_item
def test_strength_says_when_to_go_on_and_nothing_else_does(item: Advice) -> None:
    step_up = item.text("en").step_up
    assert bool(step_up) == (item.kind == "strength")
    assert not step_up or re.fullmatch(r"When [\w ]+ easy in two sessions: [a-z].*\.", step_up)
    assert "easy in two sessions" not in item.text("en").dose


@each_item
def test_doses_are_those_of_the_evidence(item: Advice) -> None:
    if item.item in DOSES:
        assert re.search(DOSES[item.item], item.text("en").dose)


def test_an_expecting_runner_is_offered_nothing_lying_on_the_back_or_front_and_nothing_heavy() -> None:
    suits = [item for item in ITEMS if "expecting" in item.suits]
    assert {item.kind for item in suits} == {"mobility", "strength"}
    for item in suits:
        said = words(item).lower()
        assert not re.search(r"on your back|face down|pregnan", said), item.item
        assert "C1" not in item.exclusions
        assert item.kind == "mobility" or not item.equipment & {"band", "dumbbells"}


@pytest.mark.parametrize("item", [item for item in EXERCISES if item.kind == "mobility"], ids=lambda item: item.item)
def test_stretches_are_offered_as_comfort_and_nothing_more(item: Advice) -> None:
    why = item.text("en").why
    modest = ("comfort", "pleasant", "feels good", "not linked", "not been tested", "not shown")
    assert any(word in why for word in modest)


@each_exercise
def test_every_exercise_has_a_dose_with_a_number_and_names_muscles_and_a_part_of_the_body(item: Advice) -> None:
    assert re.search(r"\d", item.text("en").dose)
    assert item.muscles
    assert item.body


def test_the_catalogue_holds_every_item_under_its_number() -> None:
    expected = {f"{letter}{n}" for letter, last in NUMBERS.items() for n in range(1, last + 1)} | {"E4"}
    assert {item.item for item in ITEMS} == expected


def test_the_groups_that_should_leave_an_item_are_those_of_the_catalogue() -> None:
    expected = {item.item: frozenset(EXCLUSIONS.get(item.item, "").split()) for item in ITEMS}
    assert {item.item: item.exclusions for item in ITEMS} == expected


def test_only_the_one_large_cohort_is_graded_above_mixed_evidence() -> None:
    assert [item.item for item in ITEMS if item.grade not in (Grade.C, Grade.D)] == ["P1"]


def test_the_emergency_page_names_every_sign_that_asks_for_a_call() -> None:
    said = words(catalogue()["call-the-emergency-number"]).lower()
    signs = ("chest pain", "shortness of breath", "arm or jaw", "collapse", "palpitations", "tearing", "both legs")
    more = ("genitals", "passing water", "bladder or bowel", "serious accident", "swollen calf", "unsteady walking")
    assert [sign for sign in (*signs, *more) if sign not in said] == []


def test_the_urgent_page_names_pain_between_the_shoulders_and_what_else_does_not_wait() -> None:
    said = words(catalogue()["ask-for-an-urgent-appointment"]).lower()
    signs = ("between the shoulders", "fever", "losing weight", "lump", "shape", "worse at night", "cough", "toilet")
    assert [sign for sign in (*signs, "swollen, warm", "hot red joint") if sign not in said] == []


def test_who_should_be_seen_before_exercise_is_sent_there_without_alarm() -> None:
    said = words(catalogue()["see-someone-before-exercise"]).lower()
    people = ("cancer", "osteoporosis", "steroids", "immune system", "infection", "fall", "under 20 or over 55")
    assert [sign for sign in (*people, "missed periods", "little energy", "no emergency") if sign not in said] == []
    assert Urgency.SEE_SOMEONE_FIRST.care == "see-someone-before-exercise"
    assert "missed periods, little energy" in words(catalogue()["check-sleep-and-food"])


def test_amber_advice_is_not_given_for_what_only_an_examination_can_tell() -> None:
    avoid = catalogue()["ease-off-and-keep-moving"].text("en").avoid
    signs = ("sore spot of bone", "grows during a run", "at night", "limping", "groin", "front of the hip", "examined")
    assert [sign for sign in signs if sign not in avoid] == []


def test_a_language_without_a_translation_reads_english() -> None:
    for item in ITEMS:
        assert item.text("xx") == item.text("en")
