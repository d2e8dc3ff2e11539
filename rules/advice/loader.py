"""Reads the catalogue: a file of structure per kind, a file of words per language, all checked before use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import get_args

from rules.advice.document import AdviceError, Document, Entry
from rules.checks import all_rules
from rules.model import Advice, AdviceKind, AdviceText, Grade, Severity
from rules.signs import LIMBS, TRUNK

KINDS: tuple[AdviceKind, ...] = get_args(AdviceKind)
#: Kinds that are exercises: they are offered as prompts, never as the one thing to do.
EXERCISES: frozenset[AdviceKind] = frozenset({"mobility", "strength"})
REGIONS = frozenset({"legs", "hips", "trunk", "upper-back"})
EXCLUSIONS = frozenset({"C1", "C2", "C3", "C4", "C5"})
#: What C1 holds beside bones and the spine: runners who are pregnant or gave birth lately, and what is made for them.
EXPECTING, EXPECTING_EXCLUSION = "expecting", "C1"
SUITS = frozenset({EXPECTING})
#: What a run or a day was like.
TRAITS = frozenset({"long", "hills", "speed", "spike", "race", "new-shoe", "desk"})
#: What every home has; what a runner is asked about; and what a runner who needs new shoes gets anyway.
AT_HOME = frozenset({"chair", "mat", "wall", "step", "door-frame", "cushion"})
ASKED_EQUIPMENT = frozenset({"band", "dumbbells", "foam-roller"})
EQUIPMENT = AT_HOME | ASKED_EQUIPMENT | {"second-pair-of-shoes"}
PLACES = TRUNK | LIMBS
GRADES = frozenset(grade.value for grade in Grade)
#: Kinds that have a drawing, and so need words for those who cannot see it.
DRAWN: frozenset[AdviceKind] = EXERCISES | {"form"}
#: What advice can answer beside the rules that have a file: occasions, and what the runner says.
OCCASIONS = frozenset({"race", "shoe", "pain", "red-flag", "back-context", "late-cadence-fade"}) | frozenset(
    {"stair-climb", "streak", "no-rest-month", "return-from-break", "monotony"}
)
#: The lead of every rule that has none of its own.
ANY = "any"

STRUCTURE = ("item", "body", "answers", "traits", "exclusions", "equipment", "muscles", "grade", "source")
SOMETIMES = ("not_when_sore", "suits")
WORDS = ("name", "steps", "dose", "avoid", "why")
#: What a strength item says beside them: when and how to go on.
STEP_UP = "step_up"
ALT = "alt"
FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Catalogue:
    """All items by code, ordered by kind letter and number, and which one leads for a rule.

    `leads` is keyed by rule code and severity; `None` stands for every severity that has no lead of its own.
    """

    items: Mapping[str, Advice]
    leads: Mapping[tuple[str, Severity | None], str]


@cache
def whole_catalogue() -> Catalogue:
    """The catalogue that ships with the product, read once."""
    return load(FOLDER)


def catalogue() -> Mapping[str, Advice]:
    """Every advice item by its code, in order of its number. Raises `AdviceError` if a file holds a mistake."""
    return whole_catalogue().items


def load(folder: Path) -> Catalogue:
    """Read and check a folder of advice. Raises `AdviceError` with file, line and cure at the first mistake."""
    entries = list(_structure(folder))
    codes = [entry.code for _, entry in entries]
    words = {path.stem: _language(folder, path.stem, codes) for path in sorted((folder / "texts").glob("*.toml"))}
    english = words.get("en")
    if english is None:
        raise AdviceError("texts/en.toml: there is no such file. Every item needs its words in English.")
    items = [_advice(kind, entry, _texts(kind, entry, words)) for kind, entry in entries]
    _check_default_prompts(items)
    items.sort(key=_number)
    return Catalogue(MappingProxyType({item.code: item for item in items}), MappingProxyType(_leads(entries)))


def _structure(folder: Path) -> Iterator[tuple[AdviceKind, Entry]]:
    """Every item's entry with its kind; codes and numbers are checked to be unique over all files."""
    codes: dict[str, str] = {}
    numbers: dict[str, str] = {}
    for kind in KINDS:
        for entry in Document.read(folder, f"{kind}.toml").entries():
            _check_code(entry, codes)
            entry.require(STRUCTURE, optional=SOMETIMES if kind in EXERCISES else (*SOMETIMES, "leads"))
            _check_number(entry, numbers)
            yield kind, entry


def _check_code(entry: Entry, seen: dict[str, str]) -> None:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", entry.code):
        raise entry.complaint("is not a code.", "Name the action in small letters with hyphens.")
    if entry.code in seen:
        raise entry.complaint(f"stands in {seen[entry.code]} too.", "Give one of them another name.")
    seen[entry.code] = entry.document.name


def _check_number(entry: Entry, seen: dict[str, str]) -> None:
    number = entry.string("item")
    if not re.fullmatch(r"[A-Z]\d+", number):
        raise entry.complaint(f'has the number "{number}".', "Write a letter and digits, such as M18.", "item")
    if number in seen:
        raise entry.complaint(f"has the number {number} of [{seen[number]}].", "Take the next free one.", "item")
    seen[number] = entry.code


@dataclass(frozen=True)
class _Language:
    """The words of one language: by item, and the stop rule of each kind that has one."""

    document: Document
    items: Mapping[str, AdviceText]
    stop: Mapping[str, str]


def _language(folder: Path, language: str, codes: Iterable[str]) -> _Language:
    document = Document.read(folder, f"texts/{language}.toml")
    known = {*codes, "stop"}
    items: dict[str, AdviceText] = {}
    stop: dict[str, str] = {}
    for entry in document.entries():
        if entry.code not in known:
            raise entry.complaint("belongs to no item.", "Correct the name, or remove these words.")
        if entry.code == "stop":
            entry.require((), optional=KINDS)
            stop = {kind: entry.string(kind) for kind in entry.table}
        else:
            items[entry.code] = _text(entry)
    return _Language(document, items, stop)


def _text(entry: Entry) -> AdviceText:
    entry.require(WORDS, optional=(STEP_UP, ALT))
    steps = entry.strings("steps")
    if not 3 <= len(steps) <= 5:
        raise entry.complaint(f"has {len(steps)} steps.", "Write three to five short ones.", "steps")
    return AdviceText(
        name=entry.string("name"),
        steps=steps,
        dose=entry.string("dose"),
        avoid=entry.string("avoid"),
        why=entry.string("why"),
        step_up=entry.string(STEP_UP) if STEP_UP in entry.table else "",
        alt=entry.string(ALT) if ALT in entry.table else "",
    )


def _texts(kind: AdviceKind, entry: Entry, words: Mapping[str, _Language]) -> Mapping[str, AdviceText]:
    english = words["en"]
    if entry.code not in english.items:
        problem, cure = f"[{entry.code}] has no words here.", f"Add [{entry.code}] with {', '.join(WORDS)}."
        raise english.document.complaint(problem, cure)
    for own in words.values():
        _check_step_up(kind, entry.code, own, is_english=own is english)
    _check_alt(kind, entry.code, english)
    first = english.items[entry.code]
    return MappingProxyType(
        {
            language: _completed(own.items[entry.code], own.stop.get(kind, english.stop.get(kind)), first)
            for language, own in words.items()
            if entry.code in own.items
        }
    )


def _check_step_up(kind: AdviceKind, code: str, own: _Language, *, is_english: bool) -> None:
    """Strength grows, and says so in English at least; nothing else does."""
    text = own.items.get(code)
    if text is None:
        return
    if text.step_up and kind != "strength":
        problem, cure = f"[{code}] has {STEP_UP}, but is no strength item.", "Remove that line."
        raise own.document.complaint(problem, cure, code=code, key=STEP_UP)
    if is_english and kind == "strength" and not text.step_up:
        problem, cure = f"[{code}] has no {STEP_UP}.", f"Add a line that starts with: {STEP_UP} ="
        raise own.document.complaint(problem, cure, code=code)


def _check_alt(kind: AdviceKind, code: str, english: _Language) -> None:
    """A drawing needs words for who cannot see it, in English at least."""
    if kind in DRAWN and not english.items[code].alt:
        problem, cure = f"[{code}] has no {ALT}.", f'Tell in one sentence what its drawing shows: {ALT} = "...".'
        raise english.document.complaint(problem, cure, code=code)


def _completed(text: AdviceText, stop: str | None, english: AdviceText) -> AdviceText:
    """With the stop rule of its kind, and in English what the translation leaves out."""
    avoid = text.avoid if stop is None else f"{text.avoid} {stop}"
    return replace(text, avoid=avoid, step_up=text.step_up or english.step_up, alt=text.alt or english.alt)


def _advice(kind: AdviceKind, entry: Entry, texts: Mapping[str, AdviceText]) -> Advice:
    body = frozenset(entry.strings("body", among=REGIONS))
    if kind in EXERCISES and not body:
        raise entry.complaint("is an exercise for no part of the body.", 'Name one: body = ["legs"].', "body")
    exclusions = frozenset(entry.strings("exclusions", among=EXCLUSIONS))
    suits = frozenset(entry.strings("suits", among=SUITS))
    if EXPECTING in suits and EXPECTING_EXCLUSION in exclusions:
        problem = f'is for runners who are {EXPECTING}, and "{EXPECTING_EXCLUSION}" rules it out for them.'
        raise entry.complaint(problem, "Take one of them away.", "suits")
    grade = entry.string("grade")
    if grade not in GRADES:
        raise entry.complaint(f'has an unknown grade: "{grade}".', f"Use one of: {', '.join(Grade)}.", "grade")
    return Advice(
        code=entry.code,
        item=entry.string("item"),
        kind=kind,
        body=body,
        answers=frozenset(entry.strings("answers", among=_rules())),
        exclusions=exclusions,
        equipment=frozenset(entry.strings("equipment", among=EQUIPMENT)),
        muscles=entry.strings("muscles"),
        grade=Grade(grade),
        source=entry.string("source"),
        texts=texts,
        traits=frozenset(entry.strings("traits", among=TRAITS)),
        not_when_sore=frozenset(entry.strings("not_when_sore", among=PLACES)),
        suits=suits,
    )


@cache
def _rules() -> frozenset[str]:
    return OCCASIONS | {rule.code for rule in all_rules()}


def _leads(entries: Iterable[tuple[AdviceKind, Entry]]) -> dict[tuple[str, Severity | None], str]:
    leads: dict[tuple[str, Severity | None], str] = {}
    for _, entry in entries:
        for lead in entry.strings("leads", among=_occasions_to_lead()):
            if entry.table["exclusions"] or "upper-back" in entry.table["body"]:
                raise entry.complaint("leads, but is not for everyone.", "Let another item lead.", "leads")
            rule, _, severity = lead.partition(".")
            where = (rule, Severity[severity.upper()] if severity else None)
            if where in leads:
                raise entry.complaint(f"leads {lead}, as [{leads[where]}] does.", "Let one of them lead.", "leads")
            leads[where] = entry.code
    if (ANY, None) not in leads:
        raise AdviceError(f'load.toml: no item leads "{ANY}". Give one item leads = ["{ANY}"].')
    return leads


@cache
def _occasions_to_lead() -> frozenset[str]:
    rules = _rules() | {ANY}
    return rules | {f"{rule}.{severity.word}" for rule in rules for severity in Severity}


def _check_default_prompts(items: Iterable[Advice]) -> None:
    """A runner who was asked nothing and has nothing sore must find something: picking must not come back empty."""
    for_everyone = {
        item.kind
        for item in items
        if not item.exclusions and "upper-back" not in item.body and item.equipment <= AT_HOME
    }
    for kind in sorted(EXERCISES - for_everyone):
        raise AdviceError(
            f"{kind}.toml: no item is open to everyone. Add one with exclusions = [] for legs, hips or trunk."
        )


def _number(item: Advice) -> tuple[str, int]:
    return item.item[0], int(item.item[1:])
