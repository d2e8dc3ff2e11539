"""Mobility: the movements M1 to M17."""

from __future__ import annotations

from service.drawings.drawing import Drawing, Frame, arrow
from service.drawings.figure import BACK, SOLE, Limb, Point, Pose, Reach, stand, tiptoe
from service.drawings.props import SEAT, chair, wall

SITTING = Point(-22, SEAT + BACK)
_CHAIR = chair(-36, 8, height=36)

_TALL_ON_CHAIR = Pose(
    SITTING, 92, 90,
    near_arm=Limb(25, 128), far_arm=Limb(35, 132),
    near_leg=stand(15), far_leg=stand(19),
)  # fmt: skip
_BENT_OVER_CHAIR = Pose(
    SITTING, 94, 128, neck=136,
    near_arm=Limb(62, 168), far_arm=Limb(72, 172),
    near_leg=stand(15), far_leg=stand(19),
)  # fmt: skip

_ALL_FOURS_LEGS = Limb(-90, 180, 180)
_CAT = Pose(
    Point(-28, 43), 48, -24, neck=-75,
    near_arm=Reach(20, SOLE, -1), far_arm=Reach(24, SOLE, -1),
    near_leg=_ALL_FOURS_LEGS, far_leg=Limb(-86, 180, 180),
)  # fmt: skip
_CAMEL = Pose(
    Point(-28, 43), -16, 24, neck=45,
    near_arm=Reach(20, SOLE, -1), far_arm=Reach(24, SOLE, -1),
    near_leg=_ALL_FOURS_LEGS, far_leg=Limb(-86, 180, 180),
)  # fmt: skip

MOBILITY: dict[str, Drawing] = {
    "seated-back-bend": Drawing(
        Frame(_TALL_ON_CHAIR, (_CHAIR,)),
        Frame(_BENT_OVER_CHAIR, (_CHAIR,), (arrow((0, 135), (-20, 156), (-50, 142)),)),
    ),
    "cat-camel": Drawing(Frame(_CAT), Frame(_CAMEL)),
    "standing-calf-stretch": Drawing(
        Frame(
            Pose(Point(-12, 73), 80, 82, Reach(46, 112), Reach(46, 116), stand(-40), stand(4)),
            (wall(52),),
        ),
        Frame(
            Pose(Point(-2, 66), 66, 74, Reach(46, 106), Reach(46, 110), stand(-40), stand(4)),
            (wall(52),), marks=((-28, 34, 10),),
        ),
    ),
}
