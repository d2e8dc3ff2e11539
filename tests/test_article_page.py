"""docs/article.md answers every claim of the article with something that exists."""

from __future__ import annotations

import pytest

from rules.advice import catalogue
from rules.checks import all_rules
from rules.self_check import Part, Pattern, questions
from tests.article_page import CARE, CAUSES, PAGE, REMEDIES, Claim, article_page

CLAIMS = (*CAUSES, *REMEDIES, *CARE)
ITEMS = {item.item: item for item in catalogue().values()}
each_claim = pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.code)


def test_the_page_about_the_article_is_fresh():
    assert PAGE.read_text(encoding="utf-8") == article_page(), "stale: write it anew: `python -m tests.article_page`"


def test_five_causes_four_remedies_and_the_care_are_there():
    assert [claim.code for claim in CAUSES] == [pattern.value for pattern in Pattern]
    assert [claim.code for claim in REMEDIES] == [
        "improve-posture",
        "stretch-regularly",
        "strengthen-weak-muscles",
        "gradual-progression",
    ]
    assert [claim.code for claim in CARE] == ["professional-care"]


@each_claim
def test_every_code_that_is_named_exists(claim: Claim):
    assert set(claim.items) <= set(ITEMS)
    assert set(claim.rules) <= {rule.code for rule in all_rules()}
    assert set(claim.questions) <= {question.code for question in questions()}


@each_claim
def test_every_claim_is_answered_by_items_rules_and_questions_once_each(claim: Claim):
    for named in (claim.items, claim.rules, claim.questions):
        assert named
        assert len(set(named)) == len(named)


def test_nothing_that_is_for_the_upper_back_is_missing():
    named = {number for claim in CLAIMS for number in claim.items}
    assert {item.item for item in ITEMS.values() if "back-context" in item.answers} <= named
    assert {item.item for item in ITEMS.values() if item.kind == "form"} <= named


def test_every_question_behind_the_warning_signs_belongs_to_a_claim():
    named = {code for claim in CLAIMS for code in claim.questions}
    assert {question.code for question in questions() if question.part is not Part.SIGN} <= named


def test_what_the_article_names_by_name_is_there():
    strength = next(claim for claim in REMEDIES if claim.code == "strengthen-weak-muscles")
    assert {"band-row", "lat-pull-down", "reverse-fly"} <= {ITEMS[number].code for number in strength.items}


@each_claim
def test_no_answer_promises_or_diagnoses(claim: Claim):
    words = set(claim.comes_to.lower().replace(",", " ").replace(".", " ").split())
    assert not words & {"prevents", "prevent", "causes", "cause", "cures", "safe", "risk-free", "guarantees"}
