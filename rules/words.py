"""Marks text for translation without translating it: the shell does that in the runner's language."""

from __future__ import annotations


def N_(text: str) -> str:
    return text
