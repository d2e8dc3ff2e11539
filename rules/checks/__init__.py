"""The rules, one file each. A file here that holds a `RULE` is a rule, found by folder scan."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from rules.rule import Rule


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, in order of its file's name."""
    names = sorted(info.name for info in pkgutil.iter_modules(__path__))
    return tuple(import_module(f"{__name__}.{name}").RULE for name in names)
