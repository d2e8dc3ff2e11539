"""A drawing for every movement of the advice: start and end, made by one small model of the body."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import resvg_py

from service.drawings import renderer
from service.drawings.drawing import Drawing
from service.drawings.poses import DRAWINGS

#: Of a picture for mail, in pixels: twice what it is shown at, for fine screens.
PNG_WIDTH = 2 * renderer.WIDTH


def drawings() -> Mapping[str, Drawing]:
    """Every drawing by the code of its advice."""
    return DRAWINGS


def drawn() -> frozenset[str]:
    """The codes of all advice that has a drawing."""
    return frozenset(DRAWINGS)


def svg(code: str, *, name: str, alt: str) -> str:
    """The drawing as a file of its own, light or dark as the reader prefers. Raises `KeyError` for an unknown code."""
    return renderer.document(DRAWINGS[code], name=name, alt=alt)


@cache
def png(code: str) -> bytes:
    """The drawing for mail, on a white card. Raises `KeyError` for an unknown code."""
    # Mail shows a picture as it is, so only the light colours go in.
    light = renderer.document(DRAWINGS[code], name=code, alt="", palettes=(renderer.LIGHT,))
    return bytes(resvg_py.svg_to_bytes(svg_string=light, width=PNG_WIDTH))
