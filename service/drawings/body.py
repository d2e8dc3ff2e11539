"""The shapes of a posed body, from the far side to the near one."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from service.drawings.figure import HEAD, Point, Pose, Side, joints
from service.drawings.shapes import Area, Disc, Role, Shape, Stroke

LEG, CALF, FOOT, ARM, FORE, TRUNK, THROAT, HAND = 12.5, 9.5, 7.0, 8.5, 7.0, 17.0, 7.0, 4.2
HALO = 3.0
#: From the middle of a front view to the outside of chest and hips.
CHEST, PELVIS, WAIST = 13.0, 9.0, 9.0


def body(pose: Pose) -> Iterator[Shape]:
    """All of the body, in the order in which it is painted."""
    at = joints(pose)
    return _side(pose, at) if pose.view == "side" else _front(pose, at)


def _side(pose: Pose, at: Mapping[str, Point]) -> Iterator[Shape]:
    yield from _leg(at, "far", "far")
    yield from _arm(at, "far", "far")
    yield Stroke((at["nape"], at["head"]), "near", THROAT)
    yield Stroke((at["hip"], at["waist"], at["nape"].moved(pose.thoracic, -5)), "shirt", TRUNK, smooth=True)
    yield from _leg(at, "near", "near")
    if not pose.arms_behind:
        yield from _head(pose, at)
    yield from _arm(at, "near", "near")
    if pose.arms_behind:
        yield from _head(pose, at)


def _head(pose: Pose, at: Mapping[str, Point]) -> Iterator[Shape]:
    nose = at["head"].moved(pose.gaze_direction, HEAD)
    yield Disc(at["head"], HEAD, "near")
    yield Disc(nose.moved(pose.gaze_direction, -0.5), 2.6, "near")


def _front(pose: Pose, at: Mapping[str, Point]) -> Iterator[Shape]:
    yield from _leg(at, "far", "near")
    yield from _leg(at, "near", "near")
    if pose.arms_behind:
        yield from _arms(at)
    yield Stroke((at["nape"], at["head"]), "near", THROAT)
    yield Area(tuple(_outline(pose, at)), "shirt", 8.0)
    yield Disc(at["head"], HEAD, "near")
    if pose.view == "front":
        yield from _face(pose, at["head"])
    if not pose.arms_behind:
        yield from _arms(at)


def _arms(at: Mapping[str, Point]) -> Iterator[Shape]:
    yield from _arm(at, "far", "near")
    yield from _arm(at, "near", "near")


def _outline(pose: Pose, at: Mapping[str, Point]) -> Iterator[Point]:
    chest = CHEST * math.cos(math.radians(pose.turn))
    shoulders = at["nape"].moved(pose.thoracic, pose.shrug - 6)
    across, level = pose.thoracic - 90, pose.lumbar - 90
    middle = (across + level) / 2
    yield shoulders.moved(across, chest)
    yield at["waist"].moved(middle, WAIST)
    yield at["hip"].moved(level, PELVIS)
    yield at["hip"].moved(level, -PELVIS)
    yield at["waist"].moved(middle, -WAIST)
    yield shoulders.moved(across, -chest)


def _face(pose: Pose, head: Point) -> Iterator[Shape]:
    def place(angle: float, up: float) -> Point:
        across = HEAD * math.sin(math.radians(pose.face + angle)) * 0.9
        return head.moved(pose.neck_direction - 90, across).moved(pose.neck_direction, up)

    yield Disc(place(-24, 2), 1.3, "eye")
    yield Disc(place(24, 2), 1.3, "eye")
    yield Stroke((place(-22, -3.5), place(0, -5), place(22, -3.5)), "eye", 1.3, smooth=True)


def _leg(at: Mapping[str, Point], side: Side, role: Role) -> Iterator[Shape]:
    bones = (
        (at[f"{side}_hip"], at[f"{side}_knee"], LEG),
        (at[f"{side}_knee"], at[f"{side}_ankle"], CALF),
        (at[f"{side}_ankle"], at[f"{side}_toe"], FOOT),
    )
    for start, end, width in bones:
        yield Stroke((start, end), "halo", width + HALO)
    for start, end, width in bones:
        yield Stroke((start, end), role, width)


def _arm(at: Mapping[str, Point], side: Side, role: Role) -> Iterator[Shape]:
    shoulder, elbow, hand = at[f"{side}_shoulder"], at[f"{side}_elbow"], at[f"{side}_hand"]
    yield Stroke((shoulder, elbow), "halo", ARM + HALO)
    yield Stroke((elbow, hand), "halo", FORE + HALO)
    yield Stroke((shoulder, elbow), role, ARM)
    yield Stroke((elbow, hand), role, FORE)
    yield Disc(hand, HAND, role)
