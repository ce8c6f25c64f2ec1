"""Drawings: true to their counts, readable without colour, safe and alone as files."""

import re
from datetime import date, timedelta
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from figures import outlines
from figures.charts import bars, days, editions, regions
from figures.charts.editions import Curve
from figures.charts.scales import SHADES, shade_of, step_for
from figures.charts.svg import LOOKS, Drawing, inline, standalone

pytestmark = pytest.mark.pure

HOSTILE = "<script>alert(1)</script>\"'&\x0b\x00 ]]> =1+1"
SVG = "{http://www.w3.org/2000/svg}"


def texts(root: Drawing) -> list[str]:
    return [element.text or "" for element in root.iter("text")]


def drawings(label: str = "Libellé") -> list[Drawing]:
    first = date(2026, 11, 1)
    columns = [(first + timedelta(days=rank), rank) for rank in range(37)]
    points = [(60, 10), (30, 200), (-13, 250)]
    return [
        regions.draw("r", label, label, {"28": 12}, {"28": label, "04": label}),
        bars.draw("b", label, label, [(label, 12), ("Autre", 0)]),
        days.draw("d", label, label, columns, (date(2026, 11, 16), date(2026, 11, 22))),
        editions.draw("e", label, label, [Curve(label, points, True), Curve("2024", points, False)]),
    ]


def contains(path: str, point: tuple[int, int]) -> bool:
    """Whether the point is inside of one of the path's rings, by the rays that cross its edges."""
    inside = False
    for ring in path.split("z")[:-1]:
        numbers = [int(number) for number in re.findall(r"-?\d+", ring)]
        (x, y), *steps = zip(numbers[::2], numbers[1::2], strict=True)
        corners = [(x, y)]
        for dx, dy in steps:
            corners.append((corners[-1][0] + dx, corners[-1][1] + dy))
        for (ax, ay), (bx, by) in zip(corners, corners[1:] + corners[:1], strict=True):
            if (ay > point[1]) != (by > point[1]) and point[0] < (bx - ax) * (point[1] - ay) / (by - ay) + ax:
                inside = not inside
    return inside


def test_the_eighteen_regions_are_drawn_each_with_its_figure_inside() -> None:
    shapes = outlines.regions()

    assert len(shapes) == 18
    assert [shape.code for shape in shapes if not contains(shape.path, shape.label)] == []
    assert sum(len(shape.path) for shape in shapes) < 25_000


def test_each_region_is_drawn_in_its_place() -> None:
    at = {shape.code: shape.label for shape in outlines.regions()}

    assert at["53"][0] < at["28"][0] < at["11"][0] < at["44"][0]  # from west to east
    assert at["32"][1] < at["11"][1] < at["24"][1] < at["76"][1] < at["94"][1]  # from north to south
    assert all(at[code][1] > outlines.HEIGHT for code in outlines.OVERSEAS)
    assert sorted(outlines.OVERSEAS, key=lambda code: at[code][0]) == list(outlines.OVERSEAS)


def test_the_map_prints_each_figure_and_hatches_what_has_none() -> None:
    counts = {shape.code: rank * 10 for rank, shape in enumerate(outlines.regions())}
    names = {code: f"Région {code}" for code in counts}

    root = regions.draw("carte", "Par région", "Texte", counts, names)

    written = texts(root)
    assert all(str(count) in written for count in counts.values())
    paths = {path.findtext("title"): path.get("class") for path in root.findall("path")}
    assert paths["Région 01\xa0: 0"] == "chart__step-0"
    assert paths["Région 94\xa0: 170"] == "chart__step-5"
    assert LOOKS["step-0"]["fill"] == "url(#hachures)"
    assert root.find("defs/pattern[@id='hachures']") is not None


def test_a_map_without_an_event_is_hatched_all_over() -> None:
    root = regions.draw("carte", "Par région", "Texte", {}, {})

    assert {path.get("class") for path in root.findall("path")} == {"chart__step-0"}


@pytest.mark.parametrize(
    ("most", "step"), [(0, 1), (1, 1), (5, 1), (6, 2), (60, 12), (565, 120), (903, 200), (5001, 1200)]
)
def test_steps_are_round_and_reach_the_most(most: int, step: int) -> None:
    assert step_for(most) == step
    assert shade_of(most, step) <= SHADES
    assert shade_of(0, step) == 0


def test_bars_are_as_long_as_their_counts() -> None:
    root = bars.draw("b", "Titre", "Texte", [("A", 200), ("B", 50), ("C", 0)])

    widths = [int(bar.get("width", 0)) for bar in root.findall("rect[@class='chart__bar']")]
    assert widths == [600, 150]
    assert texts(root) == ["A", "200", "B", "50", "C", "0"]


@pytest.mark.parametrize("rank", range(4))
def test_a_drawing_says_in_words_what_it_shows(rank: int) -> None:
    root = drawings("Par région")[rank]

    names = [root.get("aria-labelledby"), root.get("aria-describedby")]
    assert root.get("role") == "img"
    assert [element.tag for element in root][:2] == ["title", "desc"]
    assert [element.get("id") for element in root][:2] == names
    assert "style" not in {name for element in root.iter() for name in element.attrib}


@pytest.mark.parametrize("rank", range(4))
def test_a_file_stands_alone_and_hostile_words_stay_words(rank: int) -> None:
    sheet = standalone(drawings(HOSTILE)[rank], HOSTILE, [HOSTILE])

    root = ET.fromstring(sheet)
    assert root.tag == f"{SVG}svg"
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg", "title", "desc", "rect", "text", "path", "defs", "pattern",
    }  # fmt: skip
    attributes = {name for element in root.iter() for name in element.attrib}
    assert [name for name in attributes if name.startswith("on") or "href" in name or name == "style"] == []
    # All that a class says in a page is said by attributes too.
    for element in root.iter():
        if look := (element.get("class") or "").removeprefix("chart__").removeprefix("chart"):
            assert LOOKS[look].items() <= element.attrib.items()


@pytest.mark.parametrize("rank", range(4))
def test_hostile_words_are_inert_in_a_page(rank: int) -> None:
    assert "<script" not in inline(drawings(HOSTILE)[rank])


def test_labels_of_curves_that_end_together_are_not_written_over_each_other() -> None:
    curves = [Curve(str(year), [(30, 1), (-21, 100)], year == 2026) for year in range(2022, 2027)]

    root = editions.draw("e", "Titre", "Texte", curves)

    heights = sorted(int(text.get("y", 0)) for text in root.findall("text") if (text.text or "").startswith("202"))
    assert all(lower - upper >= 30 for upper, lower in pairwise(heights))


@pytest.mark.parametrize("points", [[(200, 5), (100, 9)], [(0, 0)], [(-5, 3)]])
def test_a_curve_may_lie_anywhere(points: list[tuple[int, int]]) -> None:
    root = editions.draw("e", "Titre", "Texte", [Curve("2026", points, True)])

    assert root.find("path[@class='chart__curve']") is not None
