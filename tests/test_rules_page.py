"""docs/rules.md says what the rules say."""

from __future__ import annotations

from rules.checks import all_rules
from tests.rules_page import PAGE, rules_page


def test_the_page_about_the_rules_is_fresh():
    assert PAGE.read_text(encoding="utf-8") == rules_page(), "stale: write it anew with `python -m tests.rules_page`"


def test_every_rule_has_its_place_on_the_page():
    page = rules_page()
    for rule in all_rules():
        assert f"## {rule.code}\n" in page
        assert rule.explanation.clears_when in page
        assert all(source.citation in page for source in rule.explanation.sources)
