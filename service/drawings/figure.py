"""The body: segments of fixed length, posed by directions or by where a hand or foot has to be.

Lengths are in units of the drawing; x grows to the right and y upwards from the ground. Directions are degrees
counter-clockwise from the right, so a person standing tall has a spine of 90 and legs of -90.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

View = Literal["side", "front", "back"]
Side = Literal["near", "far"]

LUMBAR, THORACIC, NECK, HEAD = 21.0, 29.0, 9.0, 10.5
UPPER_ARM, FOREARM = 24.0, 24.0
THIGH, SHIN, FOOT = 37.0, 36.0, 15.0
#: From the middle of the body to a joint, seen from the front.
HALF_SHOULDERS, HALF_HIPS = 15.5, 8.0
#: Half the thickness of a foot or a hand: how high its middle lies when it touches the ground.
SOLE = 3.5
#: Half the thickness of the trunk: how high its middle lies when someone is lying.
BACK = 8.0
#: How far the joint of the shoulder sits below the root of the neck.
SHOULDER_DROP = 4.0


class Point(NamedTuple):
    """A place in the drawing."""

    x: float
    y: float

    def moved(self, direction: float, length: float) -> Point:
        """The place that far away in that direction (degrees)."""
        angle = math.radians(direction)
        return Point(self.x + length * math.cos(angle), self.y + length * math.sin(angle))

    def distance(self, other: Point) -> float:
        return math.hypot(other.x - self.x, other.y - self.y)

    def direction(self, other: Point) -> float:
        """Degrees from here to there."""
        return math.degrees(math.atan2(other.y - self.y, other.x - self.x))


@dataclass(frozen=True)
class Limb:
    """An arm or a leg by the directions of its two bones; a leg has a foot as well.

    `short` shortens a bone that points towards or away from the viewer.
    """

    first: float
    second: float
    foot: float = 0.0
    short: tuple[float, float] = (1.0, 1.0)


@dataclass(frozen=True)
class Reach:
    """An arm or a leg by where its hand or ankle is; `bend` says to which side of the line the joint gives way.

    +1 is to the left as seen from the root: the knee of someone facing right. `toe` puts the tip of the foot
    there instead of the ankle.
    """

    x: float
    y: float
    bend: int = -1
    foot: float = 0.0
    toe: bool = False
    short: tuple[float, float] = (1.0, 1.0)


@dataclass(frozen=True)
class Pose:
    """A whole body. In the front view `near` is the side on the right of the picture.

    `gaze` is where the face points, by default to the right of someone standing. `turn` (degrees) turns the chest
    of a front view, `face` its head; `shrug` lifts the shoulders along the neck, `slide` moves them forward.
    `arms_behind` paints arms that reach behind the head: before body and head, or from the side before the head.
    """

    hip: Point
    lumbar: float
    thoracic: float
    near_arm: Limb | Reach
    far_arm: Limb | Reach
    near_leg: Limb | Reach
    far_leg: Limb | Reach
    neck: float | None = None
    gaze: float | None = None
    view: View = "side"
    turn: float = 0.0
    face: float = 0.0
    shrug: float = 0.0
    slide: float = 0.0
    spine_short: float = 1.0
    arms_behind: bool = False

    @property
    def neck_direction(self) -> float:
        return self.thoracic if self.neck is None else self.neck

    @property
    def gaze_direction(self) -> float:
        return self.neck_direction - 90 if self.gaze is None else self.gaze


def stand(x: float, y: float = 0.0, foot: float = 0.0, bend: int = 1) -> Reach:
    """A leg whose heel is on a floor of height y; `foot` lifts the toes."""
    return Reach(x, y + SOLE, bend, foot)


def tiptoe(x: float, y: float = 0.0, foot: float = -50.0, bend: int = 1) -> Reach:
    """A leg that touches a floor of height y with its toes."""
    return Reach(x, y + SOLE, bend, foot, toe=True)


def joints(pose: Pose) -> Mapping[str, Point]:
    """Every joint of the body by name. Raises `ValueError` where a hand or foot cannot reach its place."""
    waist = pose.hip.moved(pose.lumbar, LUMBAR * pose.spine_short)
    nape = waist.moved(pose.thoracic, THORACIC * pose.spine_short)
    head = nape.moved(pose.neck_direction, NECK + HEAD)
    found = {
        "hip": pose.hip,
        "waist": waist,
        "chest": waist.moved(pose.thoracic, THORACIC / 2),
        "nape": nape,
        "head": head,
    }
    for side in ("near", "far"):
        found |= _arm(pose, nape, side)
        found |= _leg(pose, side)
    return found


def _arm(pose: Pose, nape: Point, side: Side) -> dict[str, Point]:
    root = nape.moved(pose.thoracic, pose.shrug - SHOULDER_DROP).moved(pose.thoracic - 90, pose.slide)
    if pose.view != "side":
        half = HALF_SHOULDERS * math.cos(math.radians(pose.turn))
        root = root.moved(pose.thoracic - 90, half if side == "near" else -half)
    limb = pose.near_arm if side == "near" else pose.far_arm
    elbow, hand = _bones(root, limb, UPPER_ARM, FOREARM)
    return {f"{side}_shoulder": root, f"{side}_elbow": elbow, f"{side}_hand": hand}


def _leg(pose: Pose, side: Side) -> dict[str, Point]:
    root = pose.hip
    if pose.view != "side":
        root = root.moved(pose.lumbar - 90, HALF_HIPS if side == "near" else -HALF_HIPS)
    limb = pose.near_leg if side == "near" else pose.far_leg
    knee, ankle = _bones(root, limb, THIGH, SHIN)
    toe = ankle.moved(limb.foot, foot_length(pose))
    return {f"{side}_hip": root, f"{side}_knee": knee, f"{side}_ankle": ankle, f"{side}_toe": toe}


def foot_length(pose: Pose) -> float:
    """A foot that points at the viewer looks short."""
    return FOOT * (1 if pose.view == "side" else 0.5)


def _bones(root: Point, limb: Limb | Reach, first: float, second: float) -> tuple[Point, Point]:
    first, second = first * limb.short[0], second * limb.short[1]
    if isinstance(limb, Limb):
        middle = root.moved(limb.first, first)
        return middle, middle.moved(limb.second, second)
    end = Point(limb.x, limb.y)
    if limb.toe:
        end = end.moved(limb.foot + 180, FOOT)
    return _middle(root, end, first, second, limb.bend), end


def _middle(root: Point, end: Point, first: float, second: float, bend: int) -> Point:
    """Where the joint between two bones lies, by the law of cosines."""
    span = root.distance(end)
    if not abs(first - second) <= span <= first + second:
        raise ValueError(f"{end} is {span:.1f} from {root}: out of reach of {first:.1f} and {second:.1f}.")
    inner = math.degrees(math.acos((first**2 + span**2 - second**2) / (2 * first * span)))
    return root.moved(root.direction(end) + bend * inner, first)
