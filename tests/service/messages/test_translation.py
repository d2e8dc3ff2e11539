"""Every word of every message goes through translation, and the template holds it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest
from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from rules.advice import catalogue as advice
from rules.checks import all_rules
from service import language
from service.language import speaking
from service.messages.advice_words import words_of
from service.messages.emergency import EMERGENCY
from service.messages.strava import VIEW_ON_STRAVA
from tests import catalogue
from tests.service.messages.scenes import DEVICE, OWN_EXERCISES, everything, words

PSEUDO = "en_XA"
PLACEHOLDER = re.compile(r"(%\(\w+\)[ds])")
ENGLISH = Locale("en")


@pytest.fixture
def pseudo_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A language in which every text stands in brackets, and what is filled in stands outside them."""
    pseudo = Catalog(locale="en")
    for message in catalogue.extract():
        if message.id:
            pseudo.add(message.id, _bracketed(message.id), context=message.context)
    folder = tmp_path / PSEUDO / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "afterrun.mo").open("wb") as file:
        write_mo(file, pseudo)
    monkeypatch.setattr(language, "LOCALES", tmp_path)
    return PSEUDO


def _bracketed(text: str | tuple[str, ...] | list[str]) -> str | tuple[str, ...]:
    if isinstance(text, str):
        return "⟦" + PLACEHOLDER.sub(r"⟧\1⟦", text) + "⟧"
    return tuple(str(_bracketed(form)) for form in text)


def _untranslated(said: str) -> str:
    """What is left of a text without brackets, and without what no catalogue translates."""
    rest = re.sub(r"⟦[^⟦⟧]*⟧", " ", said)
    for known in NEVER_TRANSLATED:
        rest = rest.replace(known, "")
    return re.sub(r"\b(km|mi|hr|min|and|or)\b", "", rest)


def _never_translated() -> Iterator[str]:
    """Strava's, Garmin's and a runner's own words, codes, citations, Babel's dates; advice has files of its own."""
    yield from (VIEW_ON_STRAVA, DEVICE, *OWN_EXERCISES)
    for item in advice().values():
        said = item.text("en")
        yield from (
            item.source,
            said.name,
            *said.steps,
            " ".join(said.steps),
            said.dose,
            said.step_up,
            said.avoid,
            said.why,
        )
        yield from (step.replace(EMERGENCY, "112") for step in said.steps)
    for rule in all_rules():
        yield rule.code
        for source in rule.explanation.sources:
            yield from (source.citation, source.address)
    for names in (ENGLISH.months["format"], ENGLISH.days["format"]):
        yield from names["wide"].values()
        yield from names["abbreviated"].values()


#: Longest first, so that a name within a sentence does not break the sentence.
NEVER_TRANSLATED = sorted(filter(None, _never_translated()), key=len, reverse=True)


def test_every_word_goes_through_translation(pseudo_language):
    for message in everything(language=pseudo_language):
        assert "⟦" in message.subject
        left = [said for said in words(message) if re.search(r"[^\W\d_]", _untranslated(said))]
        assert left == [], message.kind


def test_a_language_without_a_catalogue_reads_english():
    spoken = [list(words(message)) for message in everything(language="xx")]
    assert spoken == [list(words(message)) for message in everything(language="en")]


def test_the_template_for_translators_is_fresh():
    stale = "Words have changed: run `python -m tests.catalogue` and add service/locale/afterrun.pot."
    assert catalogue.template() == catalogue.TEMPLATE.read_bytes(), stale


def test_the_template_holds_no_date_and_no_place_of_the_machine_that_wrote_it():
    content = catalogue.TEMPLATE.read_text(encoding="utf-8")
    assert "Creation-Date" not in content
    assert not re.search(r"^#: /", content, re.MULTILINE)


def test_the_words_of_rules_and_messages_are_both_in_it():
    ids = {text for message in catalogue.extract() for text in _forms(message.id)}
    assert all_rules()[0].title in ids
    assert {"today", "%(count)d runs", "One thing to do"} <= ids


def _forms(text: str | tuple[str, ...] | list[str]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


# Advice has files of its own

ROW = advice()["band-row"]
GERMAN = replace(ROW, texts=MappingProxyType({**ROW.texts, "de": replace(ROW.text("en"), name="Rudern mit Band")}))


def test_a_translated_item_is_read_in_its_language():
    with speaking("de"):
        assert words_of(GERMAN).name == "Rudern mit Band"


def test_a_missing_translation_says_that_it_is_in_english(pseudo_language):
    with speaking(pseudo_language):
        assert words_of(GERMAN).name.endswith("Row with a band⟦ (in English)⟧")
        assert words_of(GERMAN).steps == ROW.text("en").steps


def test_who_reads_all_in_english_is_told_nothing_of_it():
    for spoken in ("en", "fr"):
        with speaking(spoken):
            assert words_of(GERMAN).name == "Row with a band"
