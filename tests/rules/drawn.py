"""Lists for property tests, each drawn as one string of bytes: as varied as single draws, and many times as quick."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from hypothesis import strategies as st

Value = TypeVar("Value")


def picks(values: Sequence[Value], least: int, most: int) -> st.SearchStrategy[list[Value]]:
    """Between `least` and `most` of these values (at most 256 of them), in any order and as often as it comes."""
    return st.binary(min_size=least, max_size=most).map(lambda drawn: [values[byte % len(values)] for byte in drawn])


def numbers(highest: int, least: int, most: int) -> st.SearchStrategy[list[int]]:
    """Between `least` and `most` whole numbers from 0 to `highest` (below 65,536); about every fourth is 0."""
    return st.binary(min_size=2 * least, max_size=2 * most).map(
        lambda drawn: [_number(drawn[at], drawn[at + 1], highest) for at in range(0, len(drawn) - 1, 2)]
    )


def _number(high: int, low: int, highest: int) -> int:
    return 0 if high < 64 else round((256 * (high - 64) + low) / (256 * 192 - 1) * highest)
