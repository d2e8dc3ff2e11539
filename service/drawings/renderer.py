"""Renders a drawing as one SVG file that needs nothing around it: its colours follow the reader's light or dark."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from xml.sax.saxutils import escape

from service.drawings.body import body
from service.drawings.drawing import Arrow, Drawing, Frame
from service.drawings.figure import Point
from service.drawings.props import ground
from service.drawings.shapes import Disc, Role, Shape, Stroke, extent

WIDTH, HEIGHT = 320, 200
LIGHT: Mapping[str, str] = {
    "card": "#ffffff", "edge": "#dedad0", "near": "#24433d", "far": "#93aaa3", "shirt": "#0b7a64",
    "halo": "#ffffff", "prop": "#b9ab93", "soft": "#d9cdb6", "rug": "#efe9dc", "ground": "#c9c2b3",
    "band": "#8a5a9e", "arrow": "#d9480f", "mark": "#ffc48a", "eye": "#ffffff",
}  # fmt: skip
DARK: Mapping[str, str] = {
    "card": "#181d1b", "edge": "#333b37", "near": "#dfe8e4", "far": "#6d807a", "shirt": "#4fb79d",
    "halo": "#181d1b", "prop": "#8d8270", "soft": "#5c5546", "rug": "#2c2c27", "ground": "#4a524d",
    "band": "#c79bdb", "arrow": "#ff9a5c", "mark": "#ff9a5c", "eye": "#181d1b",
}  # fmt: skip
#: The middle of each frame: across when side by side, on its floor when one is above the other.
BESIDE = (80.0, 240.0)
STACKED = (Point(160, 90), Point(160, 186))
DIGITS = ("M-1.8 -3.2L0.6 -5V5", "M-2.8 -2.6C-2.4 -5.8 3 -5.8 2.8 -2.2C2.6 0 -1 2 -3 5H3.2")


def document(drawing: Drawing, *, name: str, alt: str, palettes: tuple[Mapping[str, str], ...] = (LIGHT, DARK)) -> str:
    """The SVG of a drawing; a second palette is for readers who prefer dark."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
        f' role="img" aria-labelledby="t d"><title id="t">{escape(name)}</title><desc id="d">{escape(alt)}</desc>'
        f"<style>{_style(palettes)}</style>{picture(drawing)}</svg>"
    )


def picture(drawing: Drawing) -> str:
    """The card with both frames, without the file around it."""
    card = f'<rect x="1" y="1" width="{WIDTH - 2}" height="{HEIGHT - 2}" rx="12" class="card"/>'
    frames = zip((drawing.start, drawing.end), origins(drawing), DIGITS, strict=True)
    return card + "".join(_frame(frame, origin, digit, drawing.stacked) for frame, origin, digit in frames)


def origins(drawing: Drawing) -> tuple[Point, Point]:
    """Where in the picture, from its top left, the middle of each frame's floor is."""
    if drawing.stacked:
        return STACKED
    heights = [height for frame in (drawing.start, drawing.end) for height in _heights(frame)]
    floor = HEIGHT / 2 + (min(heights) + max(heights)) / 2
    return Point(BESIDE[0], floor), Point(BESIDE[1], floor)


def _heights(frame: Frame) -> Iterator[float]:
    painted = [point for shape in shapes(frame, 1) for point in extent(shape)]
    for point in (*painted, *(point for arrow in frame.arrows for point in arrow.points)):
        yield frame.scale * point.y


def shapes(frame: Frame, half: float) -> Iterator[Shape]:
    """Everything of a frame in the order of painting, but for its arrows; `half` is half the floor's width."""
    if frame.ground:
        yield from ground(half).shapes
    for over in (False, True):
        for prop in frame.props:
            if prop.over == over:
                yield from prop.shapes
        if not over:
            yield from body(frame.pose)
    for x, y, radius in frame.marks:
        yield Disc(Point(x, y), radius, "mark")


def style(palette: Mapping[str, str]) -> str:
    """The colours of every role as rules of a style sheet."""
    fills = "".join(f".{role}{{stroke:{colour};fill:{colour}}}" for role, colour in palette.items())
    return f"{fills}.card{{stroke:{palette['edge']};fill:{palette['card']}}}"


def _style(palettes: tuple[Mapping[str, str], ...]) -> str:
    fixed = "path{stroke-linecap:round;stroke-linejoin:round}.line{fill:none}.mark{fill-opacity:.6;stroke:none}"
    dark = "".join(f"@media(prefers-color-scheme:dark){{{style(palette)}{fixed}}}" for palette in palettes[1:])
    return style(palettes[0]) + fixed + dark


def _frame(frame: Frame, origin: Point, digit: str, stacked: bool) -> str:
    half = (144 if stacked else 68) / frame.scale
    drawn = [_shape(shape) for shape in shapes(frame, half)] + [_arrow(arrow) for arrow in frame.arrows]
    place = f"translate({_n(origin.x)} {_n(origin.y)})" + (f" scale({frame.scale})" if frame.scale != 1 else "")
    corner = Point(16, origin.y - 74) if stacked else Point(origin.x - 64, 18)
    number = f'<path class="arrow line" stroke-width="2" transform="translate({corner.x} {corner.y})" d="{digit}"/>'
    return f'<g transform="{place}">{"".join(drawn)}</g>{number}'


def _shape(shape: Shape) -> str:
    if isinstance(shape, Disc):
        x, y = _place(shape.centre)
        return f'<circle class="{shape.role}" stroke="none" cx="{x}" cy="{y}" r="{_n(shape.radius)}"/>'
    if isinstance(shape, Stroke):
        return _path(_curve(shape.points) if shape.smooth else _straight(shape.points), shape.role, shape.width)
    return f'<path class="{shape.role}" stroke-width="{_n(shape.corner)}" d="{_straight(shape.points)}Z"/>'


def _path(way: str, role: Role, width: float) -> str:
    return f'<path class="{role} line" stroke-width="{_n(width)}" d="{way}"/>'


def _straight(points: Iterable[Point]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in map(_place, points))


def _curve(points: tuple[Point, ...]) -> str:
    """Through the middle of three points, in the direction from the first to the last."""
    start, middle, end = points
    direction = start.direction(end)
    before = middle.moved(direction + 180, start.distance(middle) / 2)
    after = middle.moved(direction, middle.distance(end) / 2)
    (a, b), (c, d), (e, f) = _place(before), _place(middle), _place(after)
    x, y = _place(end)
    return f"{_straight([start])}Q{a} {b} {c} {d}Q{e} {f} {x} {y}"


def _arrow(arrow: Arrow) -> str:
    first, *between, last = arrow.points
    way = _straight([first]) + _to(between, last)
    heads = _head((between or [first])[-1], last)
    if arrow.both:
        heads += _head((between or [last])[0], first)
    return _path(way + heads, "arrow", 2.6)


def _to(between: list[Point], last: Point) -> str:
    numbers = [number for point in (*between, last) for number in _place(point)]
    return ("Q" if between else "L") + " ".join(numbers)


def _head(origin: Point, tip: Point) -> str:
    back = tip.direction(origin)
    return _straight([tip.moved(back + 32, 7.5), tip, tip.moved(back - 32, 7.5)])


def _place(point: Point) -> tuple[str, str]:
    return _n(point.x), _n(-point.y)


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
