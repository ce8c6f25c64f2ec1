"""The map of the régions: each with its figure written on it and a shade for its rank; hatched where there is none."""

from collections.abc import Mapping

from events.templatetags.event_text import figure
from figures import outlines
from figures.charts.scales import shade_of, step_for
from figures.charts.svg import Drawing, add, drawing

_BOXES = outlines.HEIGHT + 15
_LEGEND = outlines.HEIGHT + 60 + outlines.INSET_HEIGHT + 75
HEIGHT = _LEGEND + 95


def draw(name: str, title: str, description: str, counts: Mapping[str, int], names: Mapping[str, str]) -> Drawing:
    """``counts`` and ``names`` by INSEE code; a région without either is drawn all the same."""
    root = drawing(name, title, description, outlines.WIDTH, HEIGHT)
    _define_hatching(root)
    shapes = outlines.regions()
    most = max(counts.get(shape.code, 0) for shape in shapes)
    step = step_for(most)
    for shape in shapes:
        count = counts.get(shape.code, 0)
        label = names.get(shape.code, "")
        path = add(root, "path", look=f"step-{shade_of(count, step)}", d=shape.path)
        add(path, "title", f"{label} : {figure(count)}".replace(" :", "\N{NO-BREAK SPACE}:"))
    for shape in shapes:
        _write(root, shape, counts.get(shape.code, 0), names.get(shape.code, ""))
    _add_legend(root, step, shade_of(most, step))
    return root


def _define_hatching(root: Drawing) -> None:
    definitions = add(root, "defs")
    pattern = add(
        definitions,
        "pattern",
        id="hachures",
        width=12,
        height=12,
        patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )
    add(pattern, "path", look="hatch", d="M0 0v12")


def _write(root: Drawing, shape: outlines.Shape, count: int, label: str) -> None:
    if shape.code not in outlines.OVERSEAS:
        x, y = shape.label
        add(root, "text", figure(count), look="over", x=x, y=y + 12, font_size=36, text_anchor="middle")
        return
    left, top = outlines.inset(shape.code)
    middle = left + outlines.INSET // 2
    add(root, "text", label, look="text", x=middle, y=_BOXES + 20, font_size=30, text_anchor="middle")
    below = top + outlines.INSET_HEIGHT + 42
    add(root, "text", figure(count), look="strong", x=middle, y=below, font_size=36, text_anchor="middle")


def _add_legend(root: Drawing, step: int, shades: int) -> None:
    for rank in range(shades + 1):
        x, y = 40 + rank % 3 * 320, _LEGEND + rank // 3 * 48
        add(root, "rect", look=f"step-{rank}", x=x, y=y, width=48, height=32)
        first = figure((rank - 1) * step + 1)
        label = "Aucun" if rank == 0 else first if step == 1 else f"De {first} à {figure(rank * step)}"
        add(root, "text", label, look="text", x=x + 60, y=y + 26, font_size=28)
