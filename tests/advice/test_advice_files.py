"""Whoever writes or translates advice is told file, line and cure; a mistake never reaches a runner."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rules.advice import AdviceError
from rules.advice.loader import FOLDER, KINDS, load
from rules.model import Grade, Severity

ITEM = """\
[{code}]
item = "{item}"
body = ["legs"]
answers = ["run-spike"]
traits = ["spike"]
exclusions = []
equipment = []
muscles = ["calf"]
grade = "D"
source = "A leaflet"
"""
WORDS = """\
[{code}]
name = "{name}"
steps = ["Stand.", "Hold.", "Rest."]
dose = "Twice."
avoid = "Nobody."
why = "It feels good."
alt = "Someone stands; then stands on tiptoe."
"""
STEP_UP = 'step_up = "When 12 are easy in two sessions: take more."\n'
CODES = {
    "mobility": ("calf-stretch", "M1"),
    "strength": ("heel-raise", "S1"),
    "form": ("run-tall", "F1"),
    "load": ("go-easy", "P1"),
    "care": ("see-someone", "K1"),
}

Edit = Callable[[str, str, str], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small catalogue without a mistake."""
    (tmp_path / "texts").mkdir()
    words = [WORDS.format(code=code, name=code) for code, _ in CODES.values()]
    words[1] += STEP_UP
    (tmp_path / "texts" / "en.toml").write_text('[stop]\nmobility = "Stop at pain."\n\n' + "\n".join(words))
    for kind, (code, item) in CODES.items():
        text = ITEM.format(code=code, item=item)
        if kind == "load":
            text += 'leads = ["any", "run-spike.high"]\n'
        (tmp_path / f"{kind}.toml").write_text(text)
    return tmp_path


@pytest.fixture
def edit(folder: Path) -> Edit:
    def replace(file: str, old: str, new: str) -> None:
        text = (folder / file).read_text()
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1))

    return replace


def complaint(folder: Path) -> str:
    with pytest.raises(AdviceError) as caught:
        load(folder)
    return str(caught.value)


def test_a_folder_without_a_mistake_is_read_whole(folder: Path) -> None:
    read = load(folder)
    assert [item.item for item in read.items.values()] == ["F1", "K1", "M1", "P1", "S1"]
    stretch = read.items["calf-stretch"]
    assert (stretch.kind, stretch.body, stretch.grade) == ("mobility", frozenset({"legs"}), Grade.D)
    assert stretch.text("en").avoid == "Nobody. Stop at pain."
    assert (stretch.traits, stretch.not_when_sore, stretch.suits) == (frozenset({"spike"}), frozenset(), frozenset())
    assert read.items["heel-raise"].text("en").avoid == "Nobody."
    assert read.items["heel-raise"].text("en").step_up == "When 12 are easy in two sessions: take more."
    assert read.leads == {("any", None): "go-easy", ("run-spike", Severity.HIGH): "go-easy"}


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("strength.toml", 'grade = "D"\n', "", 'strength.toml, line 1: [heel-raise] has no grade. Add a line'),
        ("strength.toml", 'grade = "D"', '"grade" = "E"', "line 9: [heel-raise] has an unknown grade"),
        ("strength.toml", '"D"', '"E"', 'line 9: [heel-raise] has an unknown grade: "E". Use one of: A,'),
        ("strength.toml", '["legs"]', '["feet"]', 'line 3: [heel-raise] has an unknown body: "feet". Use one of'),
        ("strength.toml", '["legs"]', "[]", "line 3: [heel-raise] is an exercise for no part of the body."),
        ("strength.toml", '["legs"]', '"legs"', "line 3: [heel-raise] needs a list of texts in body. Write body ="),
        ("strength.toml", '["run-spike"]', '["run-spik"]', 'line 4: [heel-raise] has an unknown answers: "run-spik"'),
        ("strength.toml", "exclusions = []", 'exclusions = ["C6"]', "line 6: [heel-raise] has an unknown exclusions"),
        ("strength.toml", 'traits = ["spike"]\n', "", "strength.toml, line 1: [heel-raise] has no traits."),
        ("strength.toml", '["spike"]', '["windy"]', 'line 5: [heel-raise] has an unknown traits: "windy". Use one of'),
        ("strength.toml", "equipment = []", 'equipment = ["rope"]', 'line 7: [heel-raise] has an unknown equipment'),
        ("strength.toml", "equipment", 'not_when_sore = ["leg"]\nequipment', 'unknown not_when_sore: "leg"'),
        ("strength.toml", "equipment", 'suits = ["juniors"]\nequipment', 'an unknown suits: "juniors". Use'),
        (
            "strength.toml",
            "exclusions = []",
            'exclusions = ["C1"]\nsuits = ["expecting"]',
            'line 7: [heel-raise] is for runners who are expecting, and "C1" rules it out for them.',
        ),
        ("strength.toml", "equipment = []", 'equipment = ["band"]', "strength.toml: no item is open to everyone."),
        ("texts/en.toml", STEP_UP, "", "texts/en.toml, line 12: [heel-raise] has no step_up. Add a line"),
        ("texts/en.toml", '"calf-stretch"\n', f'"calf-stretch"\n{STEP_UP}', "[calf-stretch] has step_up, but is no"),
        ("strength.toml", "equipment", "equipement", "line 1: [heel-raise] has no equipment."),
        ("strength.toml", "[heel-raise]", '[heel-raise]\nsets = "2"', 'line 2: [heel-raise] has "sets", which is not'),
        ("strength.toml", "[heel-raise]", '[heel-raise]\nleads = ["any"]', 'line 2: [heel-raise] has "leads", which'),
        ("strength.toml", '"S1"', '"M1"', "line 2: [heel-raise] has the number M1 of [calf-stretch]. Take the next"),
        ("strength.toml", '"S1"', '"one"', 'line 2: [heel-raise] has the number "one". Write a letter'),
        ("strength.toml", "[heel-raise]", "[calf-stretch]", "line 1: [calf-stretch] stands in mobility.toml too."),
        ("strength.toml", "[heel-raise]", "[Heel_Raise]", "line 1: [Heel_Raise] is not a code. Name the action"),
        ("strength.toml", "[heel-raise]", 'x = "1"\n[heel-raise]', 'line 1: "x" stands outside a table.'),
        ("strength.toml", 'item = "S1"', "item = S1", "strength.toml, line 2: Invalid value. Correct that line"),
        ("strength.toml", '"A leaflet"', '" "', 'line 10: [heel-raise] has no text in source. Write source = "..."'),
        ("strength.toml", "exclusions = []", 'exclusions = ["C2"]', "strength.toml: no item is open to everyone."),
        ("load.toml", '"any", ', "", 'load.toml: no item leads "any".'),
        ("load.toml", '"any"', '"anything"', 'line 11: [go-easy] has an unknown leads: "anything".'),
        ("load.toml", '"run-spike.high"', '"any"', "line 11: [go-easy] leads any, as [go-easy] does."),
        ("load.toml", '["legs"]', '["upper-back"]', "line 11: [go-easy] leads, but is not for everyone."),
        ("load.toml", "exclusions = []", 'exclusions = ["C1"]', "line 11: [go-easy] leads, but is not for everyone."),
        ("texts/en.toml", "[heel-raise]", "[heel-rise]", "[heel-rise] belongs to no item. Correct the name"),
        ("texts/en.toml", 'why = "It feels good."', "", "texts/en.toml, line 4: [calf-stretch] has no why."),
        ("texts/en.toml", 'alt = "Someone', "#", "texts/en.toml, line 4: [calf-stretch] has no alt. Tell in"),
        ("texts/en.toml", '"Hold.", ', "", "texts/en.toml, line 6: [calf-stretch] has 2 steps. Write three to five"),
        ("texts/en.toml", '"Twice."', '""', "texts/en.toml, line 7: [calf-stretch] has no text in dose."),
        ("texts/en.toml", "mobility =", "stretching =", 'texts/en.toml, line 2: [stop] has "stretching", which'),
    ],
)  # fmt: skip
def test_a_mistake_is_answered_with_file_line_and_cure(
    folder: Path, edit: Edit, file: str, old: str, new: str, said: str
) -> None:
    edit(file, old, new)
    assert said in complaint(folder)
    assert complaint(folder).startswith(file)


def test_the_same_code_twice_in_a_file_is_found(folder: Path) -> None:
    twice = ITEM.format(code="heel-raise", item="S1")
    (folder / "strength.toml").write_text(f"{twice}\n{twice}")
    assert complaint(folder).startswith("strength.toml, line 12:")


@pytest.mark.parametrize("kind", KINDS)
def test_a_missing_file_is_named(folder: Path, kind: str) -> None:
    (folder / f"{kind}.toml").unlink()
    assert complaint(folder).startswith(f"{kind}.toml: there is no such file.")


def test_without_english_nothing_is_read(folder: Path) -> None:
    (folder / "texts" / "en.toml").rename(folder / "texts" / "de.toml")
    assert complaint(folder).startswith("texts/en.toml: there is no such file.")


def test_an_item_without_english_words_is_found(folder: Path) -> None:
    (folder / "care.toml").write_text((folder / "care.toml").read_text() + ITEM.format(code="ask", item="K2"))
    assert "texts/en.toml: [ask] has no words here. Add [ask] with name, steps" in complaint(folder)


def test_a_file_cut_off_or_in_another_encoding_is_named(folder: Path) -> None:
    (folder / "form.toml").write_bytes('[run-tall]\nsource = "Müller"'.encode("latin-1"))
    assert complaint(folder).startswith("form.toml: this is not UTF-8.")
    (folder / "form.toml").write_text('[run-tall]\nsource = "Mül')
    assert complaint(folder).startswith("form.toml")


def test_a_translation_is_one_more_file_and_what_it_leaves_out_stays_english(folder: Path) -> None:
    german = WORDS.format(code="calf-stretch", name="Waden dehnen")
    (folder / "texts" / "de.toml").write_text(german)
    items = load(folder).items
    assert items["calf-stretch"].text("de").name == "Waden dehnen"
    assert items["calf-stretch"].text("en").name == "calf-stretch"
    assert items["calf-stretch"].text("de").avoid == "Nobody. Stop at pain."
    assert items["heel-raise"].text("de") == items["heel-raise"].text("en")


def test_a_translated_stop_rule_takes_the_place_of_the_english_one(folder: Path) -> None:
    german = WORDS.format(code="calf-stretch", name="Waden dehnen")
    (folder / "texts" / "de.toml").write_text(f'[stop]\nmobility = "Bei Schmerz aufhören."\n{german}')
    assert load(folder).items["calf-stretch"].text("de").avoid == "Nobody. Bei Schmerz aufhören."


def test_a_translation_without_a_step_up_shows_the_english_one(folder: Path) -> None:
    german = WORDS.format(code="heel-raise", name="Fersen heben")
    (folder / "texts" / "de.toml").write_text(german)
    heel_raise = load(folder).items["heel-raise"]
    assert heel_raise.text("de").name == "Fersen heben"
    assert heel_raise.text("de").step_up == heel_raise.text("en").step_up


def test_a_mistake_in_a_translation_names_that_translation(folder: Path) -> None:
    (folder / "texts" / "de.toml").write_text('[calf-stretch]\nname = "Waden dehnen"\n')
    assert complaint(folder).startswith("texts/de.toml, line 1: [calf-stretch] has no steps.")


def test_a_copy_of_the_english_file_is_a_complete_translation(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    for kind in KINDS:
        (tmp_path / f"{kind}.toml").write_bytes((FOLDER / f"{kind}.toml").read_bytes())
    english = (FOLDER / "texts" / "en.toml").read_bytes()
    for language in ("en", "de"):
        (tmp_path / "texts" / f"{language}.toml").write_bytes(english)
    for item in load(tmp_path).items.values():
        assert item.texts["de"] == item.texts["en"]
