"""The drawings of movements: one for each, a body that stays a body, and files that fit page and mail."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest

from rules.advice import catalogue
from rules.advice.loader import DRAWN
from service.drawings import drawings, drawn, png, svg
from service.drawings.drawing import Drawing, Frame
from service.drawings.figure import (
    FOREARM,
    LUMBAR,
    SHIN,
    SOLE,
    THIGH,
    THORACIC,
    UPPER_ARM,
    Limb,
    Point,
    Pose,
    Reach,
    foot_length,
    joints,
)
from service.drawings.props import ground
from service.drawings.renderer import HEIGHT, WIDTH, origins, shapes
from service.drawings.shapes import Disc, Shape, Stroke, extent

MOVEMENTS = {code: advice for code, advice in catalogue().items() if advice.kind in DRAWN}
#: Half the thickness of the body at a joint.
THICK = {"hip": 8.5, "chest": 8.5, "hand": 4.2, "elbow": 4.2, "head": 10.5, "ankle": 4.0, "toe": 3.5}
SVG = "{http://www.w3.org/2000/svg}"

each = pytest.mark.parametrize("code", sorted(drawn()))


def document(code: str) -> str:
    text = MOVEMENTS[code].text("en")
    return svg(code, name=text.name, alt=text.alt)


def frames(code: str) -> tuple[Frame, Frame]:
    return drawings()[code].start, drawings()[code].end


def placed(drawing: Drawing) -> Iterator[tuple[Frame, Point]]:
    yield from zip((drawing.start, drawing.end), origins(drawing), strict=True)


def test_every_movement_has_a_drawing_and_none_is_left_over() -> None:
    assert drawn() == set(MOVEMENTS)


def test_a_code_that_nobody_drew_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        svg("take-run-free-days", name="", alt="")
    with pytest.raises(KeyError):
        png("take-run-free-days")


@each
def test_limbs_keep_their_lengths_unless_they_point_at_the_viewer(code: str) -> None:
    for frame in frames(code):
        pose, at = frame.pose, joints(frame.pose)
        for side, arm, leg in (("near", pose.near_arm, pose.near_leg), ("far", pose.far_arm, pose.far_leg)):
            assert bones(at, arm, f"{side}_shoulder", f"{side}_elbow", f"{side}_hand") == (
                pytest.approx((UPPER_ARM, FOREARM), rel=0.01)
            )
            assert bones(at, leg, f"{side}_hip", f"{side}_knee", f"{side}_ankle") == (
                pytest.approx((THIGH, SHIN), rel=0.01)
            )
            foot = at[f"{side}_ankle"].distance(at[f"{side}_toe"])
            assert foot == pytest.approx(foot_length(pose), rel=0.01)
        spine = at["hip"].distance(at["waist"]) + at["waist"].distance(at["nape"])
        assert spine == pytest.approx((LUMBAR + THORACIC) * pose.spine_short, rel=0.01)


def bones(at: dict[str, Point], limb: Limb | Reach, root: str, middle: str, end: str) -> tuple[float, float]:
    first, second = limb.short
    return at[root].distance(at[middle]) / first, at[middle].distance(at[end]) / second


@each
def test_seen_from_the_side_no_limb_is_shortened_but_one_that_comes_forward(code: str) -> None:
    for frame in frames(code):
        pose = frame.pose
        limbs = (pose.near_arm, pose.far_arm, pose.near_leg, pose.far_leg)
        shortened = [limb for limb in limbs if limb.short != (1, 1)]
        assert pose.view != "side" or len(shortened) <= 1


@each
def test_everything_lies_within_the_picture(code: str) -> None:
    for frame, origin in placed(drawings()[code]):
        for point in [*everything(frame), *(point for arrow in frame.arrows for point in arrow.points)]:
            assert 3 <= origin.x + frame.scale * point.x <= WIDTH - 3
            assert 3 <= origin.y - frame.scale * point.y <= HEIGHT - 3


def everything(frame: Frame) -> Iterator[Point]:
    for shape in shapes(frame, 60):
        yield from extent(shape)


@each
def test_the_two_people_do_not_run_into_each_other(code: str) -> None:
    drawing = drawings()[code]
    if not drawing.stacked:
        start, end = (
            [origin.x + frame.scale * point.x for point in everything(frame)] for frame, origin in placed(drawing)
        )
        assert max(start) <= min(end)


@each
def test_nobody_floats_above_the_floor_or_sinks_into_it(code: str) -> None:
    for frame in frames(code):
        step = max(
            (point.y for prop in frame.props if prop.name == "step" for point in prop.shapes[0].points), default=0
        )
        if frame.ground:
            assert -2.6 <= lowest(frame.pose) <= step + 2.6


def lowest(pose: Pose) -> float:
    """How high the lowest place of the body is; toes that point at the viewer are drawn a little below their floor."""
    nearer = 3.0 if pose.view == "front" else 0.0
    radius = {"hip": 8.5, "chest": 8.5, "near_hip": 6.2, "far_hip": 6.2, "toe": SOLE - nearer}
    return min(point.y - radius.get(name, radius.get(name.split("_")[-1], 4.0)) for name, point in joints(pose).items())


@each
def test_a_hand_foot_or_seat_that_should_rest_on_something_does(code: str) -> None:
    for frame in frames(code):
        for joint, name in frame.touches:
            props = [prop for prop in (*frame.props, ground(70)) if prop.name == name]
            gap = min(
                distance(joints(frame.pose)[joint], shape) - THICK[joint.split("_")[-1]]
                for prop in props
                for shape in prop.shapes
            )
            assert gap <= 2.5, joint


@each
def test_a_hand_that_reaches_for_a_wall_does_not_go_through_it(code: str) -> None:
    for frame in frames(code):
        for prop in frame.props:
            if prop.name == "wall":
                at = joints(frame.pose)
                assert all(distance(at[f"{side}_hand"], prop.shapes[0]) > 0 for side in ("near", "far"))


def distance(place: Point, shape: Shape) -> float:
    """From a place to the surface of a shape, 0 within it."""
    if isinstance(shape, Disc):
        return max(place.distance(shape.centre) - shape.radius, 0)
    if isinstance(shape, Stroke):
        pairs = zip(shape.points, shape.points[1:], strict=False)
        return max(min(_to_line(place, *pair) for pair in pairs) - shape.width / 2, 0)
    xs, ys = [point.x for point in shape.points], [point.y for point in shape.points]
    aside = max(min(xs) - place.x, place.x - max(xs), 0)
    above = max(min(ys) - place.y, place.y - max(ys), 0)
    return max((aside**2 + above**2) ** 0.5 - shape.corner / 2, 0)


def _to_line(place: Point, start: Point, end: Point) -> float:
    length = start.distance(end)
    along = ((place.x - start.x) * (end.x - start.x) + (place.y - start.y) * (end.y - start.y)) / length
    return place.distance(start.moved(start.direction(end), min(max(along, 0), length)))


@each
def test_start_and_end_can_be_told_apart(code: str) -> None:
    start, end = frames(code)
    if start.pose.view == end.pose.view:
        before, after = joints(start.pose), joints(end.pose)
        moved = max(before[name].distance(after[name]) for name in before)
        assert moved >= 7 or start.pose.gaze_direction != end.pose.gaze_direction or start.marks != end.marks


@each
def test_the_file_is_a_picture_with_name_and_alternative_and_no_script(code: str) -> None:
    root = ElementTree.fromstring(document(code))
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == MOVEMENTS[code].text("en").name
    assert root.findtext(f"{SVG}desc") == MOVEMENTS[code].text("en").alt
    assert all(element.tag != f"{SVG}script" and "style" not in element.attrib for element in root.iter())
    assert not any(name.startswith("on") or "href" in name for element in root.iter() for name in element.attrib)
    assert len(document(code)) < 12_000


def test_what_is_said_beside_the_picture_cannot_break_it() -> None:
    root = ElementTree.fromstring(svg("dead-bug", name="A & <b>", alt='"<script>"'))
    assert root.findtext(f"{SVG}title") == "A & <b>"


@each
def test_colours_follow_a_reader_who_prefers_dark(code: str) -> None:
    assert document(code).count("@media(prefers-color-scheme:dark)") == 1


@each
def test_the_picture_for_mail_is_640_wide_and_light_to_send(code: str) -> None:
    picture = png(code)
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", picture[16:24]) == (640, 400)
    assert len(picture) < 25_000


def test_the_same_picture_is_made_only_once() -> None:
    assert png("dead-bug") is png("dead-bug")
