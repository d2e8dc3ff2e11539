"""Strength for back, shoulders and trunk: the movements S1 to S10."""

from __future__ import annotations

from dataclasses import replace

from service.drawings.drawing import Drawing, Frame, arrow
from service.drawings.figure import BACK, Limb, Point, Pose, Reach, stand
from service.drawings.props import SEAT, anchor, band, cushion, mat, rug, stool, wall, weight, weight_end

_SEATED_NEAR = Limb(-75, -88, -60, short=(0.3, 0.88))
_SEATED_FAR = Limb(-105, -92, -120, short=(0.3, 0.88))
_STANDING_NEAR = Limb(-85, -90, -60)
_STANDING_FAR = Limb(-95, -90, -120)

_BAND_TIGHT = Pose(
    Point(-30, 76), 90, 90, near_arm=Limb(-6, -2), far_arm=Limb(-2, 2), near_leg=stand(-34), far_leg=stand(-26)
)
_ELBOWS_BACK = replace(_BAND_TIGHT, near_arm=Limb(228, 4), far_arm=Limb(232, 8))

_HANDS_HIGH = Pose(
    Point(0, SEAT + BACK),
    90,
    90,
    view="front",
    near_arm=Reach(28, 134),
    far_arm=Reach(-28, 134, 1),
    near_leg=_SEATED_NEAR,
    far_leg=_SEATED_FAR,
)
_HANDS_AT_CHEST = replace(_HANDS_HIGH, near_arm=Reach(26, 98), far_arm=Reach(-26, 98, 1))

_TIPPED = Pose(
    Point(-18, 72),
    34,
    30,
    neck=26,
    near_arm=Limb(-90, -90),
    far_arm=Limb(-86, -86),
    near_leg=stand(-14),
    far_leg=stand(-10),
)
_ARMS_WIDE = Pose(
    Point(0, 74),
    90,
    90,
    view="front",
    spine_short=0.5,
    neck=90,
    near_arm=Limb(4, 6),
    far_arm=Limb(176, 174),
    near_leg=Limb(-80, -92, -60, short=(0.93, 0.95)),
    far_leg=Limb(-100, -88, -120, short=(0.93, 0.95)),
)

_ARMS_DOWN = Pose(
    Point(0, 78),
    90,
    90,
    view="front",
    near_arm=Limb(-78, -80),
    far_arm=Limb(-102, -100),
    near_leg=_STANDING_NEAR,
    far_leg=_STANDING_FAR,
)
_ARMS_LEVEL = replace(_ARMS_DOWN, near_arm=Limb(-4, 2), far_arm=Limb(184, 178))

_FACE_DOWN_FROM_ABOVE = Pose(
    Point(-24, 40),
    0,
    0,
    view="back",
    near_arm=Limb(-32, -28),
    far_arm=Limb(32, 28),
    near_leg=Limb(183, 180, 180),
    far_leg=Limb(177, 180, 180),
)
_ARMS_LIFTED = Pose(
    Point(-24, BACK),
    0,
    4,
    neck=2,
    gaze=-80,
    near_arm=Limb(26, 22),
    far_arm=Limb(30, 26),
    near_leg=Limb(182, 181, 190),
    far_leg=Limb(182, 181, 190),
)

_LEANING_IN = Pose(
    Point(-6, 68.5),
    64,
    64,
    neck=70,
    near_arm=Reach(41.5, 112),
    far_arm=Reach(41.5, 116),
    near_leg=stand(-38),
    far_leg=stand(-36),
)
_REACHING_ON = replace(
    _LEANING_IN,
    hip=Point(-25, 73),
    lumbar=75,
    thoracic=77,
    neck=80,
    slide=8,
    near_arm=Reach(41.5, 112),
    far_arm=Reach(41.5, 116),
)

_KNEES_BENT = Pose(
    Point(26, BACK),
    180,
    178,
    neck=172,
    gaze=92,
    near_arm=Limb(-8, 0),
    far_arm=Limb(-6, 2),
    near_leg=stand(60),
    far_leg=stand(65),
)
_NODDED = replace(_KNEES_BENT, gaze=52)

_DEAD_BUG = Pose(
    Point(0, BACK),
    180,
    180,
    gaze=90,
    near_arm=Limb(90, 90),
    far_arm=Limb(86, 86),
    near_leg=Limb(90, 0, 80),
    far_leg=Limb(86, 4, 84),
)
_STRETCHED_OUT = replace(_DEAD_BUG, near_leg=Limb(12, 6, 80), far_arm=Limb(160, 162))

_ON_ELBOW = Pose(
    Point(-6, 13),
    24,
    46,
    view="front",
    neck=56,
    near_arm=Limb(-90, -5, short=(1, 0.4)),
    far_arm=Limb(205, 230),
    near_leg=Limb(178, 190, 130, short=(1, 0.2)),
    far_leg=Limb(186, 190, 130, short=(1, 0.2)),
)
_HIPS_LIFTED = replace(
    _ON_ELBOW,
    hip=Point(-8, 24.8),
    lumbar=22,
    thoracic=22,
    neck=30,
    near_leg=Limb(202, 190, 130, short=(1, 0.2)),
    far_leg=Limb(208, 190, 130, short=(1, 0.2)),
    far_arm=Limb(200, 232),
)

STRENGTH: dict[str, Drawing] = {
    "band-row": Drawing(
        Frame(_BAND_TIGHT, (wall(62), band((18, 118), (58, 114)), anchor(59, 114)), touches=(("near_hand", "band"),)),
        Frame(
            _ELBOWS_BACK,
            (wall(62), band((-22, 106), (58, 114), over=True), anchor(59, 114)),
            (arrow((-40, 84), (-68, 84)),),
            touches=(("near_hand", "band"),),
        ),
    ),
    "lat-pull-down": Drawing(
        Frame(
            _HANDS_HIGH,
            (stool(-20, 20), band((-28, 134), (0, 172), (28, 134)), anchor(0, 172)),
            touches=(("near_hand", "band"), ("far_hand", "band"), ("hip", "chair")),
        ),
        Frame(
            _HANDS_AT_CHEST,
            (stool(-20, 20), band((-26, 98), (0, 172), (26, 98)), anchor(0, 172)),
            (arrow((46, 134), (46, 102)), arrow((-46, 134), (-46, 102))),
            touches=(("near_hand", "band"), ("far_hand", "band"), ("hip", "chair")),
        ),
    ),
    "reverse-fly": Drawing(
        Frame(_TIPPED, (weight(21, 48),), touches=(("near_hand", "weight"),)),
        Frame(
            _ARMS_WIDE,
            (weight_end(63, 97), weight_end(-63, 97)),
            (arrow((36, 50), (62, 50), (66, 78)), arrow((-36, 50), (-62, 50), (-66, 78))),
            touches=(("near_hand", "weight"), ("far_hand", "weight")),
        ),
    ),
    "two-minute-lateral-raise": Drawing(
        Frame(
            _ARMS_DOWN,
            (band((-30, 77), (-12, 3), (12, 3), (30, 77)),),
            touches=(("near_hand", "band"), ("far_hand", "band")),
        ),
        Frame(
            _ARMS_LEVEL,
            (band((-63, 124), (-12, 3), (12, 3), (63, 124)),),
            (arrow((40, 76), (62, 84), (66, 108)), arrow((-40, 76), (-62, 84), (-66, 108))),
            touches=(("near_hand", "band"), ("far_hand", "band")),
        ),
    ),
    "face-down-y-raise": Drawing(
        Frame(_FACE_DOWN_FROM_ABOVE, (rug(-118, 2, 90, 78),), ground=False),
        Frame(
            _ARMS_LIFTED,
            (mat(-118, 92), cushion(46, 2, 18, 5)),
            (arrow((92, 8), (96, 26), (82, 40)),),
            touches=(("head", "cushion"),),
        ),
        stacked=True,
    ),
    "wall-push-up-plus": Drawing(
        Frame(
            _LEANING_IN,
            (wall(46),),
            (arrow((-38, 104), (-22, 122)),),
            touches=(("near_hand", "wall"), ("far_hand", "wall")),
        ),
        Frame(
            _REACHING_ON,
            (wall(46),),
            (arrow((10, 128), (36, 126)),),
            touches=(("near_hand", "wall"), ("far_hand", "wall")),
        ),
    ),
    "chin-nod-hold": Drawing(
        Frame(_KNEES_BENT, (mat(-66, 84), cushion(-43, 1, 20, 5)), scale=1.5, touches=(("head", "cushion"),)),
        Frame(
            _NODDED,
            (mat(-66, 84), cushion(-43, 1, 20, 5)),
            (arrow((-60, 30), (-44, 40), (-26, 28)),),
            scale=1.5,
            touches=(("head", "cushion"),),
        ),
        stacked=True,
    ),
    "dead-bug": Drawing(
        Frame(_DEAD_BUG),
        Frame(_STRETCHED_OUT, (), (arrow((-62, 58), (-84, 52), (-92, 36)), arrow((52, 46), (80, 44), (90, 32)))),
        stacked=True,
    ),
    "side-plank": Drawing(
        Frame(_ON_ELBOW, touches=(("near_elbow", "ground"),)),
        Frame(_HIPS_LIFTED, (), (arrow((-14, 58), (-14, 80)),), touches=(("near_elbow", "ground"),)),
    ),
}
