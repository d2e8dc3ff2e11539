"""A movement as data: two frames, each a pose with its props, arrows and marks."""

from __future__ import annotations

from dataclasses import dataclass

from service.drawings.figure import Point, Pose
from service.drawings.props import Prop
from service.drawings.shapes import points


@dataclass(frozen=True)
class Arrow:
    """The way of a movement, through two places or along a curve of three."""

    points: tuple[Point, ...]
    both: bool = False


@dataclass(frozen=True)
class Frame:
    """One state of the movement. `touches` says which joint rests on which prop; `marks` shows where it is felt."""

    pose: Pose
    props: tuple[Prop, ...] = ()
    arrows: tuple[Arrow, ...] = ()
    marks: tuple[tuple[float, float, float], ...] = ()
    touches: tuple[tuple[str, str], ...] = ()
    scale: float = 1.0
    ground: bool = True


@dataclass(frozen=True)
class Drawing:
    """Start and end, side by side, or one above the other for those who lie long."""

    start: Frame
    end: Frame
    stacked: bool = False


def arrow(*places: tuple[float, float], both: bool = False) -> Arrow:
    return Arrow(points(*places), both)
