"""Strength for hips and legs: the movements L1 to L8."""

from __future__ import annotations

from dataclasses import replace

from service.drawings.drawing import Drawing, Frame, arrow
from service.drawings.figure import BACK, SOLE, Limb, Point, Pose, Reach, stand, tiptoe
from service.drawings.props import SEAT, STEP, band, chair, mat, step, wall

_BRIDGE = Pose(
    Point(4, 34),
    206,
    207,
    neck=180,
    gaze=90,
    near_arm=Limb(-14, -8),
    far_arm=Limb(-12, -7),
    near_leg=stand(40),
    far_leg=stand(46),
)
_SIDE_STEP = Pose(
    Point(0, 75),
    90,
    90,
    view="front",
    near_arm=Reach(13, 79, 1),
    far_arm=Reach(-13, 79),
    near_leg=Limb(-66, -86, -50, short=(0.95, 0.98)),
    far_leg=Limb(-104, -92, -120, short=(0.95, 0.98)),
)

_HAND_ON_WALL = Limb(-10, 4)
_STANDING = Pose(
    Point(-4, 76), 90, 90, near_arm=_HAND_ON_WALL, far_arm=Limb(-6, 8), near_leg=stand(-8), far_leg=stand(-5)
)
_RISEN = replace(_STANDING, hip=Point(-1, 87.4), near_leg=tiptoe(7), far_leg=tiptoe(10))
_KNEES_SOFT = replace(_STANDING, hip=Point(-10, 70))
_RISEN_SOFT = replace(_STANDING, hip=Point(-6, 81), near_leg=tiptoe(7), far_leg=tiptoe(10))

_HIGH_ON_STEP = replace(_STANDING, hip=Point(-1, 105.5), near_leg=tiptoe(8, STEP), far_leg=tiptoe(11, STEP))
_HEEL_BELOW = replace(_STANDING, hip=Point(-5, 88), near_leg=tiptoe(9, STEP, 24), far_leg=Limb(-70, -140, -90))

_ON_THE_EDGE = Pose(
    Point(-16, SEAT + BACK),
    62,
    64,
    neck=70,
    near_arm=Limb(-20, 0),
    far_arm=Limb(-16, 4),
    near_leg=stand(16),
    far_leg=stand(20),
)
_STOOD_UP = replace(_ON_THE_EDGE, hip=Point(16, 76), lumbar=90, thoracic=90, neck=90)

_ON_STEP = Pose(
    Point(-14, 94),
    90,
    90,
    near_arm=Reach(-10, 98),
    far_arm=Reach(-6, 98),
    near_leg=stand(-16, STEP),
    far_leg=Limb(-62, -78, 20),
)
_HEEL_TOUCHES = replace(
    _ON_STEP,
    hip=Point(-14, 68),
    lumbar=82,
    thoracic=80,
    near_arm=Reach(-6, 74),
    far_arm=Reach(-2, 74),
    far_leg=Reach(20, SOLE, 1, 35),
)

_LONG_STEP = Pose(
    Point(0, 70), 90, 90, near_arm=Reach(2, 76), far_arm=Reach(6, 76), near_leg=stand(26), far_leg=tiptoe(-24, foot=-30)
)
_LOWERED = replace(
    _LONG_STEP, hip=Point(-2, 42), near_arm=Reach(0, 48), far_arm=Reach(4, 48), far_leg=tiptoe(-26, foot=-60)
)

_WALKED_OUT = replace(
    _BRIDGE,
    hip=Point(-4, 28),
    lumbar=199,
    thoracic=199,
    near_leg=Reach(54, SOLE + 1, 1, 60),
    far_leg=Reach(48, SOLE + 1, 1, 60),
)

LEGS: dict[str, Drawing] = {
    "bridge-and-side-steps": Drawing(
        Frame(_BRIDGE, (), (arrow((2, 58), (2, 80)),), touches=(("head", "ground"), ("near_hand", "ground"))),
        Frame(_SIDE_STEP, (band((-20, 44), (26, 44), over=True),), (arrow((34, 30), (62, 30)),)),
    ),
    "straight-knee-heel-raise": Drawing(
        Frame(_STANDING, (wall(48),), touches=(("near_hand", "wall"),)),
        Frame(_RISEN, (wall(50),), (arrow((-34, 10), (-34, 40)),), touches=(("near_hand", "wall"),)),
    ),
    "bent-knee-heel-raise": Drawing(
        Frame(_KNEES_SOFT, (wall(42),), touches=(("near_hand", "wall"),)),
        Frame(_RISEN_SOFT, (wall(46),), (arrow((-36, 10), (-36, 40)),), touches=(("near_hand", "wall"),)),
    ),
    "slow-heel-lowering": Drawing(
        Frame(_HIGH_ON_STEP, (step(2, 52), wall(52)), scale=0.9, touches=(("near_toe", "step"), ("near_hand", "wall"))),
        Frame(
            _HEEL_BELOW,
            (step(2, 48), wall(48)),
            (arrow((-34, 40), (-34, 10)),),
            scale=0.9,
            touches=(("near_toe", "step"), ("near_hand", "wall")),
        ),
    ),
    "sit-to-stand": Drawing(
        Frame(_ON_THE_EDGE, (chair(-46, 0, height=44),), touches=(("hip", "chair"),)),
        Frame(_STOOD_UP, (chair(-46, 0, height=44),), (arrow((-24, 74), (-16, 100)),)),
    ),
    "slow-step-down": Drawing(
        Frame(_ON_STEP, (step(-50, 4),), touches=(("near_ankle", "step"),)),
        Frame(
            _HEEL_TOUCHES,
            (step(-50, 4),),
            (arrow((-46, 100), (-46, 70)),),
            touches=(("near_ankle", "step"), ("far_ankle", "ground")),
        ),
    ),
    "split-squat": Drawing(
        Frame(_LONG_STEP),
        Frame(_LOWERED, (), (arrow((-40, 96), (-40, 66)),)),
    ),
    "bridge-walk-out": Drawing(
        Frame(_BRIDGE, (mat(-74, 60),)),
        Frame(_WALKED_OUT, (mat(-74, 70),), (arrow((30, 60), (58, 46)),)),
    ),
}
