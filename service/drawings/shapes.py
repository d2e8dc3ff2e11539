"""What a drawing is made of: strokes, discs and areas, each with a role that gives it its colour."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from service.drawings.figure import Point

Role = Literal["near", "far", "shirt", "halo", "prop", "soft", "rug", "ground", "band", "arrow", "mark", "eye"]


@dataclass(frozen=True)
class Stroke:
    """A line through all points; `smooth` draws three or four of them as one curve."""

    points: tuple[Point, ...]
    role: Role
    width: float
    smooth: bool = False


@dataclass(frozen=True)
class Disc:
    centre: Point
    radius: float
    role: Role


@dataclass(frozen=True)
class Area:
    """A filled outline with round corners."""

    points: tuple[Point, ...]
    role: Role
    corner: float = 3.0


Shape = Stroke | Disc | Area


def points(*places: tuple[float, float]) -> tuple[Point, ...]:
    return tuple(Point(*place) for place in places)


def box(left: float, bottom: float, right: float, top: float, role: Role, corner: float = 3.0) -> Area:
    """A rectangle with round corners, whose outside is where it says."""
    inner = corner / 2
    left, bottom, right, top = left + inner, bottom + inner, right - inner, top - inner
    return Area(points((left, bottom), (right, bottom), (right, top), (left, top)), role, corner)


def extent(shape: Shape) -> Iterable[Point]:
    """Places that span the shape with its thickness."""
    if isinstance(shape, Disc):
        return _around(shape.centre, shape.radius)
    margin = (shape.width if isinstance(shape, Stroke) else shape.corner) / 2
    return [place for point in shape.points for place in _around(point, margin)]


def _around(point: Point, margin: float) -> list[Point]:
    return [Point(point.x - margin, point.y - margin), Point(point.x + margin, point.y + margin)]
