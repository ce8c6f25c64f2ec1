"""Pictures for a few demonstration events, drawn at each loading rather than kept as files."""

from collections.abc import Callable, Iterable
from io import BytesIO
from math import cos, pi, sin

from PIL import Image, ImageDraw

from events.images import draw
from events.models import Event, Picture
from events.pictures import attach

SIZE = (1200, 675)
_SKY, _GROUND, _WALL, _ROOF, _LIGHT, _DARK = "#dbe8f7", "#c9cbb4", "#8ea2bd", "#3f5372", "#f6d876", "#22304a"


def load(events: Iterable[Event]) -> None:
    """Show one picture on each of the first events, and a document on the first of them."""
    first, *_ = shown = list(events)
    for event, (paint, alt) in zip(shown, _IMAGES, strict=False):
        attach(event, draw(_file(paint)), kind=Picture.Kind.IMAGE, alt=alt)
    attach(first, draw(_file(_plan)), kind=Picture.Kind.DOCUMENT, alt="Plan d’accès depuis la gare")


def _file(paint: Callable[[ImageDraw.ImageDraw], None]) -> BytesIO:
    image = Image.new("RGB", SIZE, _SKY)
    paint(ImageDraw.Draw(image))
    file = BytesIO()
    image.save(file, "PNG")
    file.seek(0)
    return file


def _factory(pen: ImageDraw.ImageDraw) -> None:
    width, height = SIZE
    pen.rectangle((0, 520, width, height), _GROUND)
    for left, top in ((180, 130), (300, 190)):
        pen.rectangle((left, top, left + 60, 520), _ROOF)
        pen.rectangle((left, top + 40, left + 60, top + 60), "#c25b4a")
    pen.rectangle((140, 360, 1060, 560), _WALL)
    for left in range(440, 1060, 155):
        pen.polygon([(left, 360), (left + 155, 360), (left + 155, 250)], _ROOF)
        pen.polygon([(left + 75, 345), (left + 145, 345), (left + 145, 285)], _LIGHT)
    for left in range(190, 1000, 130):
        pen.rectangle((left, 420, left + 80, 480), _LIGHT)


def _gears(pen: ImageDraw.ImageDraw) -> None:
    pen.rectangle((0, 0, *SIZE), "#e9edf2")
    for x, y, radius, colour in ((430, 360, 190, _ROOF), (760, 250, 125, "#c25b4a"), (830, 480, 80, _WALL)):
        teeth = 12
        for tooth in range(teeth):
            angle = 2 * pi * tooth / teeth
            cx, cy, half = x + radius * cos(angle), y + radius * sin(angle), radius / 7
            pen.ellipse((cx - half, cy - half, cx + half, cy + half), colour)
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), colour)
        pen.ellipse((x - radius / 3, y - radius / 3, x + radius / 3, y + radius / 3), "#e9edf2")


def _robot(pen: ImageDraw.ImageDraw) -> None:
    pen.rectangle((0, 540, *SIZE), _GROUND)
    pen.rectangle((420, 500, 620, 560), _DARK)
    for line in (((520, 500), (440, 300)), ((440, 300), (690, 190)), ((690, 190), (800, 330))):
        pen.line(line, "#e07b39", 52)
    for x, y in ((520, 500), (440, 300), (690, 190)):
        pen.ellipse((x - 40, y - 40, x + 40, y + 40), _DARK)
    pen.polygon([(770, 320), (850, 320), (830, 400), (790, 400)], _DARK)
    pen.rectangle((700, 480, 1120, 540), _WALL)
    pen.rectangle((770, 410, 850, 480), _LIGHT)


def _plan(pen: ImageDraw.ImageDraw) -> None:
    pen.rectangle((0, 0, *SIZE), "#f4f1e8")
    for road in (((0, 480), (1200, 400)), ((320, 0), (420, 675)), ((800, 0), (760, 675))):
        pen.line(road, "#ffffff", 46)
    pen.line(((120, 470), (395, 452), (370, 210), (780, 180)), "#000091", 12, joint="curve")
    pen.rectangle((60, 420, 180, 520), _ROOF)
    pen.text((70, 530), "Gare", _DARK, font_size=36)
    pen.ellipse((755, 155, 805, 205), "#c9191e")
    # The font that comes with Pillow has no accents.
    pen.text((820, 150), "Accueil", _DARK, font_size=36)


_IMAGES: list[tuple[Callable[[ImageDraw.ImageDraw], None], str]] = [
    (_factory, "Dessin d’une usine à toits en dents de scie, avec deux cheminées"),
    (_gears, "Dessin de trois engrenages"),
    (_robot, "Dessin d’un bras robotisé au-dessus d’un tapis roulant"),
]
