"""Form cues F1 to F6: on the left how it tends to be, on the right what the cue asks for."""

from __future__ import annotations

from dataclasses import replace

from service.drawings.drawing import Drawing, Frame, arrow
from service.drawings.figure import Limb, Point, Pose, stand, tiptoe
from service.drawings.props import guide

_RUNNING = Pose(
    Point(-4, 79.8),
    84,
    84,
    near_arm=Limb(-62, 35),
    far_arm=Limb(-140, -35),
    near_leg=Limb(-105, -130, -60),
    far_leg=Limb(-30, -105, -10),
)

_FROM_THE_FRONT = Pose(
    Point(0, 79),
    90,
    90,
    view="front",
    near_arm=Limb(-76, 150, short=(1, 0.6)),
    far_arm=Limb(-104, 30, short=(1, 0.6)),
    near_leg=Limb(-92, -92, -70),
    far_leg=Limb(-96, -84, -90, short=(0.8, 0.5)),
)
_SHRUGGED = replace(
    _FROM_THE_FRONT, shrug=9, near_arm=Limb(-66, 128, short=(0.9, 0.8)), far_arm=Limb(-114, 52, short=(0.9, 0.8))
)

_FOLDED = replace(_RUNNING, hip=Point(-10, 79.8), lumbar=62, thoracic=48, neck=60)
_LEANING = replace(_RUNNING, lumbar=76, thoracic=76, neck=76)

_LONG_STRIDE = replace(
    _RUNNING, hip=Point(-8, 66), lumbar=88, thoracic=88, near_leg=tiptoe(-48), far_leg=stand(28, foot=30)
)
_SHORT_STRIDE = replace(_RUNNING, hip=Point(-4, 74.3), near_leg=Limb(-100, -150, -80), far_leg=Limb(-72, -98, 0))

_ARMS_IN_FRONT = replace(_RUNNING, near_arm=Limb(-45, 70), far_arm=Limb(-50, 60))
_ELBOWS_BACK = replace(
    _RUNNING, near_arm=Limb(-145, -35), far_arm=Limb(-62, 35), near_leg=_RUNNING.far_leg, far_leg=_RUNNING.near_leg
)

_LOOKING_DOWN = replace(_RUNNING, lumbar=74, thoracic=64, neck=36)
_LOOKING_AHEAD = replace(_RUNNING, neck=84, gaze=0)

FORM: dict[str, Drawing] = {
    "loosen-your-shoulders": Drawing(
        Frame(_SHRUGGED),
        Frame(_FROM_THE_FRONT, (), (arrow((36, 146), (36, 118)), arrow((-36, 146), (-36, 118)))),
    ),
    "lean-from-the-ankles": Drawing(
        Frame(_FOLDED, (guide((-35, 3), (-10, 80), (36, 146)),)),
        Frame(_LEANING, (guide((-30, 2), (20, 172)),)),
    ),
    "quicker-shorter-steps": Drawing(
        Frame(_LONG_STRIDE, (), (arrow((-50, -9), (34, -9), both=True),)),
        Frame(_SHORT_STRIDE, (), (arrow((-22, -9), (10, -9), both=True),)),
    ),
    "drive-your-elbows-back": Drawing(
        Frame(_ARMS_IN_FRONT),
        Frame(_ELBOWS_BACK, (), (arrow((-6, 92), (-26, 92), (-44, 108)),)),
    ),
    "look-to-the-horizon": Drawing(
        Frame(_LOOKING_DOWN, (), (arrow((54, 122), (72, 72)),)),
        Frame(_LOOKING_AHEAD, (), (arrow((28, 150), (66, 150)),)),
    ),
    "breathe-low-and-long": Drawing(
        Frame(_RUNNING, (), (arrow((44, 146), (20, 144)),), marks=((5, 94, 14),)),
        Frame(_RUNNING, (), (arrow((20, 144), (70, 146)),), marks=((3, 94, 7),)),
    ),
}
