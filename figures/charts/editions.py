"""How editions filled: a curve each, over the days that went before the week."""

from collections.abc import Sequence
from dataclasses import dataclass

from events.templatetags.event_text import figure
from figures.charts.scales import step_for
from figures.charts.svg import Drawing, add, drawing

WIDTH, HEIGHT = 760, 520
_LEFT, _RIGHT, _TOP, _BOTTOM = 84, 670, 20, 430
_LINES = 4
# Further than this, labels are too few to be worth the room.
FURTHEST = 90
_DASHES = ("", "14 8", "4 8", "20 6 4 6", "2 12")
_APART = 34


@dataclass(frozen=True)
class Curve:
    """``points``: days before the week and labels reached by their end, from the first to the last."""

    label: str
    points: Sequence[tuple[int, int]]
    is_shown: bool


@dataclass(frozen=True)
class _Plane:
    first: int
    last: int
    most: int

    def x(self, days_before: int) -> int:
        return _LEFT + round((_RIGHT - _LEFT) * (self.first - days_before) / (self.first - self.last))

    def y(self, count: int) -> int:
        return _BOTTOM - round((_BOTTOM - _TOP) * count / self.most)


def draw(name: str, title: str, description: str, curves: Sequence[Curve]) -> Drawing:
    """At least one curve, at most as many as there are kinds of dashes."""
    root = drawing(name, title, description, WIDTH, HEIGHT)
    days = [day for curve in curves for day, _ in curve.points]
    step = step_for(max(curve.points[-1][1] for curve in curves), _LINES)
    plane = _Plane(min(FURTHEST, max(*days, 15)), min(*days, 0), step * _LINES)
    _add_frame(root, plane, step)
    for curve, dash in zip(curves, _DASHES, strict=False):
        look = "curve" if curve.is_shown else "curve-of-before"
        add(root, "path", look=look, d=_path(plane, curve), **({"stroke_dasharray": dash} if dash else {}))
    ends = _spread([plane.y(curve.points[-1][1]) for curve in curves])
    for curve, y in zip(curves, ends, strict=True):
        x = plane.x(min(curve.points[-1][0], plane.first)) + 10
        add(root, "text", curve.label, look="strong" if curve.is_shown else "text", x=x, y=y + 10, font_size=28)
    return root


def _path(plane: _Plane, curve: Curve) -> str:
    """In steps: what is reached one day holds until the next label."""
    reached = max((count for day, count in curve.points if day > plane.first), default=0)
    seen = [(plane.x(day), plane.y(count)) for day, count in curve.points if day <= plane.first]
    start = _LEFT if reached or not seen else seen[0][0]
    return f"M{start} {plane.y(reached)}" + "".join(f"H{x}V{y}" for x, y in seen)


def _add_frame(root: Drawing, plane: _Plane, step: int) -> None:
    for rank in range(_LINES + 1):
        y = plane.y(rank * step)
        add(root, "path", look="grid" if rank else "axis", d=f"M{_LEFT} {y}H{_RIGHT}")
        add(root, "text", figure(rank * step), look="quiet", x=_LEFT - 10, y=y + 9, font_size=24, text_anchor="end")
    x = plane.x(0)
    add(root, "path", look="axis", d=f"M{x} {_TOP}V{_BOTTOM + 12}")
    add(root, "text", "Premier jour", look="strong", x=x, y=_BOTTOM + 44, font_size=24, text_anchor="middle")
    add(root, "text", "de la Semaine", look="strong", x=x, y=_BOTTOM + 74, font_size=24, text_anchor="middle")
    for day in range(30, plane.first + 1, 30):
        x = plane.x(day)
        add(root, "path", look="axis", d=f"M{x} {_BOTTOM}v12")
        add(root, "text", f"{day} j avant", look="quiet", x=x, y=_BOTTOM + 44, font_size=24, text_anchor="middle")


def _spread(heights: Sequence[int]) -> list[int]:
    """The same heights, moved up where two would be written over each other."""
    placed: dict[int, int] = {}
    ceiling = HEIGHT
    for rank in sorted(range(len(heights)), key=lambda rank: -heights[rank]):
        placed[rank] = min(heights[rank], ceiling, _BOTTOM - _APART // 2)
        ceiling = placed[rank] - _APART
    return [placed[rank] for rank in range(len(heights))]
