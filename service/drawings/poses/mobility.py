"""Mobility: the movements M1 to M17. Chairs, walls and hands stand where the words of each movement put them."""

from __future__ import annotations

from dataclasses import replace

from service.drawings.drawing import Drawing, Frame, arrow
from service.drawings.figure import BACK, SOLE, Limb, Point, Pose, Reach, stand, tiptoe
from service.drawings.props import SEAT, chair, cushion, door, jamb, mat, roller, rug, stool, wall

_CHAIR = chair(-38, 8, height=36)
_ON_CHAIR = Point(-22, SEAT + BACK)
#: Legs of someone who sits and is seen from the front: the thighs point at the viewer.
_SEATED_NEAR = Limb(-75, -88, -60, short=(0.3, 0.88))
_SEATED_FAR = Limb(-105, -92, -120, short=(0.3, 0.88))
_STANDING_NEAR = Limb(-88, -90, -60)
_STANDING_FAR = Limb(-92, -90, -120)

_TALL_ON_CHAIR = Pose(
    _ON_CHAIR,
    92,
    90,
    near_arm=Reach(-32, 112),
    far_arm=Reach(-29, 114),
    near_leg=stand(15),
    far_leg=stand(19),
    arms_behind=True,
)
_BENT_OVER_CHAIR = Pose(
    _ON_CHAIR,
    94,
    128,
    neck=138,
    near_arm=Reach(-61, 97),
    far_arm=Reach(-59, 99),
    near_leg=stand(15),
    far_leg=stand(19),
    arms_behind=True,
)

_ARMS_CROSSED = Pose(
    Point(0, SEAT + BACK),
    90,
    90,
    view="front",
    near_arm=Reach(-9, 88, 1),
    far_arm=Reach(9, 83),
    near_leg=_SEATED_NEAR,
    far_leg=_SEATED_FAR,
)
_TURNED = replace(_ARMS_CROSSED, turn=55, face=55, near_arm=Reach(4, 88, 1), far_arm=Reach(16, 83))

_HANDS_AND_KNEES = Pose(
    Point(-20, 43),
    8,
    8,
    neck=4,
    near_arm=Reach(24, SOLE),
    far_arm=Reach(27, SOLE),
    near_leg=Limb(-90, 180, 180),
    far_leg=Limb(-87, 180, 180),
)
_OPEN_TO_CEILING = replace(_HANDS_AND_KNEES, near_arm=Limb(92, 92), neck=22, gaze=60)
_CAT = replace(_HANDS_AND_KNEES, hip=Point(-18, 43), lumbar=52, thoracic=-22, neck=-72)
_CAMEL = replace(_HANDS_AND_KNEES, lumbar=-18, thoracic=34, neck=50)

_BOOK_CLOSED = Pose(
    Point(18, 98),
    176,
    182,
    neck=180,
    gaze=-90,
    near_arm=Limb(-92, -90),
    far_arm=Limb(-86, -86),
    near_leg=Limb(-72, 10, -80),
    far_leg=Limb(-66, 14, -76),
)
_BOOK_OPEN = replace(_BOOK_CLOSED, near_arm=Limb(90, 88), gaze=75)

_OVER_ROLLER = Pose(
    Point(20, 9),
    158,
    150,
    neck=152,
    near_arm=Reach(-46, 32),
    far_arm=Reach(-44, 34),
    near_leg=stand(50),
    far_leg=stand(56),
    arms_behind=True,
)
_EASED_OVER_ROLLER = replace(
    _OVER_ROLLER, hip=Point(20, 11), lumbar=142, thoracic=178, neck=208, near_arm=Reach(-38, 9), far_arm=Reach(-36, 11)
)

_IN_DOORWAY = Pose(
    Point(8, 79),
    90,
    90,
    view="front",
    near_arm=Limb(0, 90),
    far_arm=Limb(-98, -92),
    near_leg=_STANDING_NEAR,
    far_leg=_STANDING_FAR,
)
_THROUGH_DOORWAY = Pose(
    Point(6, 73),
    86,
    86,
    near_arm=Limb(176, 90),
    far_arm=Limb(-96, -80),
    near_leg=stand(24),
    far_leg=tiptoe(-14, foot=-30),
)

_BESIDE_BACKREST = Pose(
    Point(8, SEAT + BACK),
    90,
    90,
    view="front",
    arms_behind=True,
    near_arm=Reach(10, 108),
    far_arm=Limb(-108, -70),
    near_leg=_SEATED_NEAR,
    far_leg=_SEATED_FAR,
)
_OVER_CUSHION = replace(
    _BESIDE_BACKREST,
    lumbar=106,
    thoracic=136,
    neck=140,
    near_arm=Reach(-27, 97),
    far_arm=Limb(-112, -80),
    near_leg=Limb(-75, -88, -60, short=(0.3, 0.84)),
    far_leg=Limb(-105, -92, -120, short=(0.3, 0.8)),
)

_CHILD = Pose(
    Point(-24, 22),
    12,
    -8,
    neck=-30,
    gaze=-90,
    near_arm=Reach(61, SOLE),
    far_arm=Reach(64, SOLE),
    near_leg=Limb(-25.6, 180, 180),
    far_leg=Limb(-25.6, 178, 180),
)
_CHILD_TO_THE_SIDE = Pose(
    Point(12, 56),
    100,
    122,
    neck=126,
    view="back",
    near_arm=Limb(118, 132),
    far_arm=Limb(126, 138),
    near_leg=Limb(80, -92, -88, short=(0.5, 0.85)),
    far_leg=Limb(120, -68, -72, short=(0.5, 0.85)),
)

_SITTING_AT_EASE = Pose(
    Point(0, SEAT + BACK),
    90,
    90,
    view="front",
    near_arm=Limb(-78, -94),
    far_arm=Limb(-102, -86),
    near_leg=_SEATED_NEAR,
    far_leg=_SEATED_FAR,
)
_EAR_TO_SHOULDER = replace(_SITTING_AT_EASE, neck=120)

_ARM_OUT = replace(
    _SITTING_AT_EASE, hip=Point(0, 79), near_leg=_STANDING_NEAR, far_leg=_STANDING_FAR, near_arm=Limb(0, 0)
)
_ARM_ACROSS = replace(_ARM_OUT, near_arm=Limb(184, 180), far_arm=Reach(-8, 116))

_HALF_KNEELING = Pose(
    Point(-8, 43),
    84,
    90,
    near_arm=Reach(-4, 52),
    far_arm=Reach(0, 52),
    near_leg=Limb(-90, 180, 180),
    far_leg=stand(30),
)
_HIP_FORWARD = replace(
    _HALF_KNEELING,
    hip=Point(10, 38),
    lumbar=94,
    thoracic=90,
    near_arm=Reach(12, 48),
    far_arm=Reach(16, 48),
    near_leg=Limb(-118, 180, 180),
)

_AT_WALL = Pose(
    Point(-12, 70), 80, 82, near_arm=Limb(-4, -2), far_arm=Limb(0, 2), near_leg=stand(-40), far_leg=stand(4)
)
_CALF_STRAIGHT = replace(
    _AT_WALL, hip=Point(-2, 65), lumbar=62, thoracic=66, near_arm=Reach(45, 104), far_arm=Reach(45, 108)
)
_SHORT_STEP = Pose(
    Point(-2, 74), 88, 88, near_arm=Limb(-4, 0), far_arm=Limb(0, 2), near_leg=stand(-14), far_leg=stand(12)
)
_CALF_BENT = replace(_SHORT_STEP, hip=Point(-2, 66), near_arm=Reach(45, 100), far_arm=Reach(45, 104))

_ON_ONE_LEG = Pose(
    Point(-8, 76),
    90,
    90,
    near_arm=Limb(-95, -80),
    far_arm=Limb(-6, 8),
    near_leg=stand(-10),
    far_leg=stand(-6),
)
_HEEL_TO_SEAT = replace(_ON_ONE_LEG, near_leg=Limb(-92, 122, 150), near_arm=Limb(-112, -118))

_LEG_OUT_ON_CHAIR = Pose(
    Point(-14, SEAT + BACK),
    92,
    90,
    near_arm=Reach(-14, 54),
    far_arm=Reach(-10, 54),
    near_leg=Reach(42, SOLE + 1, 1, 75),
    far_leg=stand(20),
)
_TIPPED_FORWARD = replace(
    _LEG_OUT_ON_CHAIR, lumbar=56, thoracic=52, neck=55, near_arm=Reach(-12, 58), far_arm=Reach(-8, 58)
)

_FOUR_FROM_ABOVE = Pose(
    Point(0, 84),
    90,
    90,
    view="front",
    near_arm=Limb(-70, -95),
    far_arm=Limb(-110, -85),
    near_leg=Limb(-50, 170, 170, short=(1, 1)),
    far_leg=Limb(-98, -88, -95, short=(0.8, 0.6)),
)
_DRAWN_IN = Pose(
    Point(16, BACK),
    180,
    178,
    neck=172,
    near_arm=Reach(7, 32),
    far_arm=Reach(9, 33),
    near_leg=Limb(25, 144, 100, short=(0.6, 0.86)),
    far_leg=Limb(106, 4, 80),
)

MOBILITY: dict[str, Drawing] = {
    "seated-back-bend": Drawing(
        Frame(_TALL_ON_CHAIR, (_CHAIR,), touches=(("hip", "chair"),)),
        Frame(_BENT_OVER_CHAIR, (_CHAIR,), (arrow((2, 140), (-20, 160), (-54, 146)),), touches=(("hip", "chair"),)),
    ),
    "seated-rotation": Drawing(
        Frame(_ARMS_CROSSED, (stool(-20, 20),), touches=(("hip", "chair"),)),
        Frame(_TURNED, (stool(-20, 20),), (arrow((-26, 150), (2, 130), (32, 148)),), touches=(("hip", "chair"),)),
    ),
    "all-fours-reach-up": Drawing(
        Frame(_HANDS_AND_KNEES, touches=(("near_hand", "ground"), ("far_hand", "ground"))),
        Frame(_OPEN_TO_CEILING, (), (arrow((72, 34), (74, 96), (40, 108)),), touches=(("far_hand", "ground"),)),
    ),
    "cat-camel": Drawing(
        Frame(_CAT, (), (arrow((-2, 84), (-2, 104)),), touches=(("near_hand", "ground"), ("far_hand", "ground"))),
        Frame(_CAMEL, (), (arrow((0, 86), (0, 64)),), touches=(("near_hand", "ground"), ("far_hand", "ground"))),
    ),
    "side-lying-open-book": Drawing(
        Frame(_BOOK_CLOSED, (rug(-74, 34, 74, 126),), ground=False),
        Frame(_BOOK_OPEN, (rug(-74, 34, 74, 126),), (arrow((-16, 56), (8, 98), (-16, 140)),), ground=False),
    ),
    "foam-roller-back-extension": Drawing(
        Frame(_OVER_ROLLER, (roller(-21),), touches=(("chest", "roller"),)),
        Frame(
            _EASED_OVER_ROLLER,
            (roller(-21),),
            (arrow((-40, 62), (-66, 58), (-70, 30)),),
            touches=(("chest", "roller"),),
        ),
    ),
    "doorway-chest-stretch": Drawing(
        Frame(_IN_DOORWAY, (door(-44, 46),), touches=(("near_hand", "door"), ("near_elbow", "door"))),
        Frame(
            _THROUGH_DOORWAY,
            (jamb(-20, -12),),
            (arrow((24, 96), (54, 96)),),
            ((12, 112, 8),),
            touches=(("near_hand", "jamb"),),
        ),
    ),
    "seated-side-bend": Drawing(
        Frame(_BESIDE_BACKREST, (chair(-34, 30, height=44), cushion(-19, 72, 22, 34)), touches=(("hip", "chair"),)),
        Frame(
            _OVER_CUSHION,
            (chair(-34, 30, height=44), cushion(-19, 72, 22, 34)),
            (arrow((20, 146), (-10, 158), (-44, 140)),),
            touches=(("hip", "chair"),),
        ),
    ),
    "childs-pose-side-reach": Drawing(
        Frame(_CHILD, (mat(-60, 66),), touches=(("near_hand", "ground"), ("far_hand", "ground"))),
        Frame(_CHILD_TO_THE_SIDE, (rug(-56, 8, 66, 156),), (arrow((44, 140), (26, 158), (-6, 152)),), ground=False),
    ),
    "neck-side-ease": Drawing(
        Frame(_SITTING_AT_EASE, (stool(-20, 20),), scale=1.25, touches=(("hip", "chair"),)),
        Frame(
            _EAR_TO_SHOULDER,
            (stool(-20, 20),),
            (arrow((12, 134), (-12, 142), (-32, 122)),),
            scale=1.25,
            touches=(("hip", "chair"),),
        ),
    ),
    "cross-body-shoulder-stretch": Drawing(
        Frame(_ARM_OUT),
        Frame(_ARM_ACROSS, (), (arrow((60, 110), (28, 110)),)),
    ),
    "half-kneeling-hip-stretch": Drawing(
        Frame(_HALF_KNEELING, (mat(-50, 4),)),
        Frame(_HIP_FORWARD, (mat(-50, 4),), (arrow((-44, 56), (-16, 56)),)),
    ),
    "standing-calf-stretch": Drawing(
        Frame(_AT_WALL, (wall(49),), touches=(("near_hand", "wall"), ("far_hand", "wall"))),
        Frame(
            _CALF_STRAIGHT, (wall(49),), marks=((-31, 20, 10),), touches=(("near_hand", "wall"), ("far_hand", "wall"))
        ),
    ),
    "bent-knee-calf-stretch": Drawing(
        Frame(_SHORT_STEP, (wall(49),), touches=(("near_hand", "wall"), ("far_hand", "wall"))),
        Frame(_CALF_BENT, (wall(49),), marks=((-12, 18, 10),), touches=(("near_hand", "wall"), ("far_hand", "wall"))),
    ),
    "standing-front-thigh-stretch": Drawing(
        Frame(_ON_ONE_LEG, (wall(46),), touches=(("far_hand", "wall"),)),
        Frame(_HEEL_TO_SEAT, (wall(46),), (arrow((-48, 20), (-62, 50), (-44, 76)),), touches=(("far_hand", "wall"),)),
    ),
    "seated-back-thigh-stretch": Drawing(
        Frame(_LEG_OUT_ON_CHAIR, (chair(-52, 2, height=44),), touches=(("hip", "chair"),)),
        Frame(
            _TIPPED_FORWARD,
            (chair(-52, 2, height=44),),
            (arrow((-6, 140), (20, 140), (38, 118)),),
            touches=(("hip", "chair"),),
        ),
    ),
    "figure-four-hip-stretch": Drawing(
        Frame(_FOUR_FROM_ABOVE, (rug(-44, 8, 44, 176), cushion(0, 154, 34, 24)), ground=False),
        Frame(_DRAWN_IN, (mat(-70, 60),), (arrow((50, 62), (34, 74), (8, 66)),)),
    ),
}
