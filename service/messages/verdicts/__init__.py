"""The words of each rule's findings, one file a rule, named like the rule and found by folder scan."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from rules.checks import all_rules
from service.messages.verdict import Verdict


@cache
def verdict_of(code: str) -> Verdict:
    """The words for a rule's findings; a rule without a file here is told in the words of its explanation."""
    rule = next(rule for rule in all_rules() if rule.code == code)
    name = code.replace("-", "_")
    if name not in {info.name for info in pkgutil.iter_modules(__path__)}:
        return Verdict(rule)
    words: type[Verdict] = import_module(f"{__name__}.{name}").Words
    return words(rule)
