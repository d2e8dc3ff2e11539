"""The words of an advice item for whoever reads: in their language, or visibly in English."""

from __future__ import annotations

from dataclasses import replace

from rules.model import Advice, AdviceText
from service.language import _, current_language, is_spoken


def words_of(item: Advice) -> AdviceText:
    """The item in the present language. Where the advice lacks it, its English words stand, and its name says so."""
    language = current_language()
    words = item.text(language)
    if not is_spoken(language) or language in item.texts:
        return words
    return replace(words, name=_("%(name)s (in English)") % {"name": words.name})
