"""Words in the runner's language: gettext, with the language of the present request or message in a context."""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

LOCALES = Path(__file__).parent / "locale"
_language: ContextVar[str] = ContextVar("language", default="en")


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("afterrun", LOCALES, languages=[language], fallback=True)


def _(text: str) -> str:
    """`text` in the present language, else as it stands (English)."""
    return _catalogue(_language.get()).gettext(text)


def ngettext(one: str, many: str, count: int) -> str:
    """The form of the text that fits `count` in the present language."""
    return _catalogue(_language.get()).ngettext(one, many, count)


def is_spoken(language: str) -> bool:
    """Whether there is a catalogue for it: who asks for another language reads all in English."""
    return type(_catalogue(language)) is not gettext.NullTranslations


def current_language() -> str:
    return _language.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """All words within are in this language."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)
