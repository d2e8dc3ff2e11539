"""What people stand on, lean on and hold; each is a list of shapes under a name that a pose can touch."""

from __future__ import annotations

from dataclasses import dataclass

from service.drawings.figure import Point
from service.drawings.shapes import Disc, Shape, Stroke, box, points

#: Height of a chair's seat, and of a low step.
SEAT, STEP = 40.0, 18.0


@dataclass(frozen=True)
class Prop:
    """A thing in the picture; `over` paints it after the body."""

    name: str
    shapes: tuple[Shape, ...]
    over: bool = False


def ground(half: float) -> Prop:
    """The floor, from that far left of the middle to that far right; its surface is at height 0."""
    return Prop("ground", (Stroke(points((-half, -1.0), (half, -1.0)), "ground", 2.0),))


def wall(x: float, height: float = 150.0, thick: float = 7.0) -> Prop:
    """A wall whose surface is at x, seen from the side; a negative thickness puts it on the left of x."""
    left, right = sorted((x, x + thick))
    return Prop("wall", (box(left, 0, right, height, "prop"),))


def jamb(left: float, right: float, height: float = 166.0) -> Prop:
    """A door frame from the side, behind who stands in it."""
    return Prop("jamb", (box(left, 0, right, height, "prop"),))


def chair(back: float, front: float, height: float = 52.0) -> Prop:
    """A chair from the side: the seat between the two places, the back rising at the first."""
    rail = 3.0 if back < front else -3.0
    legs = (
        Stroke(points((back + rail, 2), (back, SEAT + height)), "prop", 5),
        Stroke(points((front - rail, 2), (front - rail, SEAT - 3)), "prop", 5),
    )
    return Prop("chair", (*legs, Stroke(points((back, SEAT - 3.5), (front, SEAT - 3.5)), "prop", 7)))


def stool(left: float, right: float) -> Prop:
    """A chair from the front, without its back."""
    legs = tuple(Stroke(points((x, 2), (x, SEAT - 3)), "prop", 5) for x in (left + 3, right - 3))
    return Prop("chair", (*legs, Stroke(points((left, SEAT - 3.5), (right, SEAT - 3.5)), "prop", 7)))


def door(left: float, right: float, height: float = 166.0) -> Prop:
    """A door frame from the front, its opening between the two places."""
    return Prop(
        "door",
        (
            box(left - 8, 0, left, height, "prop"),
            box(right, 0, right + 8, height, "prop"),
            box(left - 8, height - 7, right + 8, height, "prop"),
        ),
    )


def step(left: float, right: float, height: float = STEP) -> Prop:
    return Prop("step", (box(left, 0, right, height, "prop"),))


def mat(left: float, right: float) -> Prop:
    """Something thin and soft on the floor; who lies on it still lies at height 0."""
    return Prop("mat", (Stroke(points((left, -1.5), (right, -1.5)), "soft", 5),))


def rug(left: float, bottom: float, right: float, top: float) -> Prop:
    """A mat seen from above."""
    return Prop("mat", (box(left, bottom, right, top, "rug", 8),))


def cushion(x: float, y: float, wide: float = 22.0, high: float = 10.0) -> Prop:
    """A cushion or folded towel around that middle."""
    return Prop(
        "cushion", (box(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2, "soft", min(wide, high) * 0.8),)
    )


def roller(x: float, radius: float = 9.0) -> Prop:
    return Prop("roller", (Disc(Point(x, radius), radius, "soft"), Disc(Point(x, radius), radius * 0.4, "prop")))


def band(*places: tuple[float, float], over: bool = False) -> Prop:
    """A stretchy band through these places."""
    return Prop("band", (Stroke(points(*places), "band", 3.0),), over)


def anchor(x: float, y: float) -> Prop:
    """A firm hold for a band."""
    return Prop("anchor", (Disc(Point(x, y), 4.0, "prop"),), over=True)


def weight(x: float, y: float, direction: float = 0.0) -> Prop:
    """A small dumbbell lying in that direction (degrees) in the hand that holds it."""
    hand = Point(x, y)
    ends = hand.moved(direction, -9), hand.moved(direction, 9)
    plates = (Stroke((end.moved(direction + 90, -4), end.moved(direction + 90, 4)), "band", 5) for end in ends)
    return Prop("weight", (Stroke(ends, "band", 3), *plates))


def weight_end(x: float, y: float) -> Prop:
    """The same seen from its end."""
    return Prop("weight", (Disc(Point(x, y), 8.5, "band"),))


def guide(*places: tuple[float, float]) -> Prop:
    """A thin line that the body follows."""
    return Prop("guide", (Stroke(points(*places), "arrow", 1.6),), over=True)
