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

KINDS: tuple[AdviceKind, ...] = get_args(AdviceKind)
#: Kinds that are exercises: they are offered as prompts, never as the one thing to do.
EXERCISES: frozenset[AdviceKind] = frozenset({"mobility", "strength"})
REGIONS = frozenset({"legs", "hips", "trunk", "upper-back"})
EXCLUSIONS = frozenset({"C1", "C2", "C3", "C4", "C5"})
GRADES = frozenset(grade.value for grade in Grade)
#: Kinds that have a drawing, and so need words for those who cannot see it.
DRAWN: frozenset[AdviceKind] = EXERCISES | {"form"}
#: What advice can answer beside the rules that have a file: occasions, and what the runner says.
OCCASIONS = frozenset({"race", "shoe", "pain", "red-flag", "back-context", "late-cadence-fade"}) | frozenset(
    {"stair-climb", "streak", "no-rest-month", "return-from-break", "monotony"}
)
#: The lead of every rule that has none of its own.
ANY = "any"

STRUCTURE = ("item", "body", "answers", "exclusions", "equipment", "muscles", "grade", "source")
WORDS = ("name", "steps", "dose", "avoid", "why")
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
            entry.require(STRUCTURE, optional=() if kind in EXERCISES else ("leads",))
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
    entry.require(WORDS, optional=("alt",))
    steps = entry.strings("steps")
    if not 3 <= len(steps) <= 5:
        raise entry.complaint(f"has {len(steps)} steps.", "Write three to five short ones.", "steps")
    return AdviceText(
        name=entry.string("name"),
        steps=steps,
        dose=entry.string("dose"),
        avoid=entry.string("avoid"),
        why=entry.string("why"),
        alt=entry.string("alt") if "alt" in entry.table else "",
    )


def _texts(kind: AdviceKind, entry: Entry, words: Mapping[str, _Language]) -> Mapping[str, AdviceText]:
    english = words["en"]
    if entry.code not in english.items:
        problem, cure = f"[{entry.code}] has no words here.", f"Add [{entry.code}] with {', '.join(WORDS)}."
        raise english.document.complaint(problem, cure)
    for language, own in words.items():
        _check_alt(kind, entry.code, language, own)
    return MappingProxyType(
        {
            language: _with_stop(own.items[entry.code], own.stop.get(kind, english.stop.get(kind)))
            for language, own in words.items()
            if entry.code in own.items
        }
    )


def _check_alt(kind: AdviceKind, code: str, language: str, words: _Language) -> None:
    if kind in DRAWN and code in words.items and not words.items[code].alt:
        problem, cure = f"[{code}] has no alt.", 'Tell in one sentence what its drawing shows: alt = "...".'
        raise words.document.complaint(problem, cure, code=code)


def _with_stop(text: AdviceText, stop: str | None) -> AdviceText:
    if stop is None:
        return text
    return replace(text, avoid=f"{text.avoid} {stop}")


def _advice(kind: AdviceKind, entry: Entry, texts: Mapping[str, AdviceText]) -> Advice:
    body = frozenset(entry.strings("body", among=REGIONS))
    if kind in EXERCISES and not body:
        raise entry.complaint("is an exercise for no part of the body.", 'Name one: body = ["legs"].', "body")
    grade = entry.string("grade")
    if grade not in GRADES:
        raise entry.complaint(f'has an unknown grade: "{grade}".', f"Use one of: {', '.join(Grade)}.", "grade")
    return Advice(
        code=entry.code,
        item=entry.string("item"),
        kind=kind,
        body=body,
        answers=frozenset(entry.strings("answers", among=_rules())),
        exclusions=frozenset(entry.strings("exclusions", among=EXCLUSIONS)),
        equipment=frozenset(entry.strings("equipment")),
        muscles=entry.strings("muscles"),
        grade=Grade(grade),
        source=entry.string("source"),
        texts=texts,
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
    """A runner who was asked nothing must still find something, so that picking never comes back empty."""
    for_everyone = {item.kind for item in items if not item.exclusions and "upper-back" not in item.body}
    for kind in sorted(EXERCISES - for_everyone):
        raise AdviceError(
            f"{kind}.toml: no item is open to everyone. Add one with exclusions = [] for legs, hips or trunk."
        )


def _number(item: Advice) -> tuple[str, int]:
    return item.item[0], int(item.item[1:])
