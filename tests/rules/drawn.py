"""Lists for property tests, each drawn as one string of bytes: as varied as single draws, and many times as quick."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

from hypothesis import strategies as st

Value = TypeVar("Value")

#: For what takes too many choices to draw each of them: Hypothesis only chooses the seed.
seeded = st.integers(0, 2**32).map(Random)


def picks(values: Sequence[Value], least: int, most: int) -> st.SearchStrategy[list[Value]]:
    """Between `least` and `most` of these values (at most 256 of them), in any order and as often as it comes."""
    return st.binary(min_size=least, max_size=most).map(lambda drawn: [values[byte % len(values)] for byte in drawn])


def numbers(highest: int, least: int, most: int) -> st.SearchStrategy[list[int]]:
    """Between `least` and `most` whole numbers from 0 to `highest`: about every fourth is 0, the others are spread."""
    return picks([0] * 64 + [round(highest * step / 192) for step in range(1, 193)], least, most)
