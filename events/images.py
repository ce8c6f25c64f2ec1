"""Images that people send, read with suspicion and drawn anew: nothing of the file but its pixels is kept.

What comes out holds no EXIF, no colour profile, no comment and nothing after its end; whatever was hidden is gone.
"""

import hashlib
import re
import struct
import threading
import warnings
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import IO

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

FORMATS = ("PNG", "JPEG", "WEBP")
ACCEPTED = "Formats acceptés : PNG, JPEG et WebP."
LONGEST_SIDE = 2000  # px
# The width of the smaller version, for telephones and cards; those that are stored have it too.
SMALL_WIDTH = 800  # px
MOST_PIXELS = 40_000_000
# Beyond it an image is a line, and costs more to make smaller than it shows.
FURTHEST_SIDE = 20_000  # px
# A PNG beyond this weight is a photograph, which the other formats hold in a tenth of it.
HEAVY_PNG = 1_000_000
QUALITY = 85

# The guard within Pillow itself, for what is found only on the way.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)

# All that Pillow's readers raise on files that are broken, on purpose or not.
_BROKEN = (
    OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, OverflowError, MemoryError,
    AttributeError, struct.error, zlib.error, UserWarning,
)  # fmt: skip
# What is often sent instead of an image, by its first bytes.
_OTHERS = (
    (re.compile(rb"\s*%PDF-"), "Ce fichier est un PDF : enregistrez la page en image, puis choisissez l’image."),
    (
        re.compile(rb"....ftyp(?:heic|heix|hevc|heim|heis|mif1|msf1|avif)", re.DOTALL),
        "Cette photo est au format HEIC ou AVIF, que tous les navigateurs ne lisent pas : enregistrez-la en JPEG.",
    ),
    (re.compile(rb"GIF8[79]a"), "Ce fichier est une image GIF."),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|svg|!doctype)", re.IGNORECASE), "Ce fichier est un dessin SVG."),
    (re.compile(rb"PK\x03\x04"), "Ce fichier est un document ou une archive, pas une image."),
)
_TOO_MANY_PIXELS = (
    f"Cette image compte trop de pixels pour être lue ({MOST_PIXELS // 1_000_000} millions au plus) : "
    f"réduisez-la, par exemple à {LONGEST_SIDE} pixels de large."
)
# One at a time in each process: 40 million pixels take some 160 MB while they are read.
_reading = threading.Lock()


class UnreadableImage(Exception):
    """The file is not an image that the portal takes; its text is a French sentence for the one who sent it."""


@dataclass(frozen=True)
class Drawn:
    """An image drawn anew, as whole files; ``small`` is empty when it is small itself."""

    data: bytes
    small: bytes
    extension: str
    width: int
    height: int

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def draw(file: IO[bytes]) -> Drawn:
    """Read ``file``, by its content and not by its name. Raises UnreadableImage."""
    head = file.read(64)
    if not head:
        raise UnreadableImage("Ce fichier est vide. Choisissez-en un autre.")
    for pattern, sentence in _OTHERS:
        if pattern.match(head):
            raise UnreadableImage(f"{sentence} {ACCEPTED}")
    file.seek(0)
    with _reading:
        try:
            return _encode(*_decode(file))
        except UnidentifiedImageError:
            raise UnreadableImage(f"Ce fichier n’est pas une image que le portail sait lire. {ACCEPTED}") from None
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise UnreadableImage(_TOO_MANY_PIXELS) from None
        except _BROKEN:
            raise UnreadableImage(
                f"Cette image est abîmée ou incomplète : enregistrez-la de nouveau et recommencez. {ACCEPTED}"
            ) from None


def _decode(file: IO[bytes]) -> tuple[Image.Image, str]:
    """Its pixels, upright and no larger than wanted, in RGB or RGBA; and its format."""
    image: Image.Image = Image.open(file, formats=FORMATS)
    _refuse_the_excessive(image)
    # A photograph with a second one for its depth calls itself MPO; the first is the one that is seen.
    kind = "JPEG" if image.format == "MPO" else str(image.format)
    profile = image.info.get("icc_profile")
    # A JPEG is read at a fraction of its size when that is enough.
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    image.load()
    image = _without_palette(image)
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return _in_plain_colours(_upright(image), profile), kind


def _refuse_the_excessive(image: Image.Image) -> None:
    """By what the header says, before a single pixel is read."""
    if image.width * image.height > MOST_PIXELS or max(image.size) > FURTHEST_SIDE:
        raise UnreadableImage(_TOO_MANY_PIXELS)
    if image.format != "MPO" and getattr(image, "is_animated", False):
        raise UnreadableImage(f"Cette image est animée : choisissez une image fixe. {ACCEPTED}")


def _without_palette(image: Image.Image) -> Image.Image:
    """In a mode that can be made smaller: palettes, single bits and sixteen bits a point cannot."""
    if image.mode.startswith("I"):
        return image.point(lambda value: value / 256).convert("L")
    if image.mode in {"RGB", "RGBA", "L", "LA", "CMYK"} and "transparency" not in image.info:
        return image
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _upright(image: Image.Image) -> Image.Image:
    """As the camera was held; an orientation that cannot be read leaves it as it is."""
    try:
        return ImageOps.exif_transpose(image)
    except _BROKEN:
        return image


def _in_plain_colours(image: Image.Image, profile: bytes | None) -> Image.Image:
    """sRGB, so that a poster made for print or a telephone's photograph keeps its colours without its profile."""
    if profile and image.mode in {"RGB", "CMYK"}:
        try:
            origin = ImageCms.ImageCmsProfile(BytesIO(profile))
            image = ImageCms.profileToProfile(image, origin, ImageCms.createProfile("sRGB"), outputMode="RGB") or image
        except (ImageCms.PyCMSError, *_BROKEN):
            return image.convert("RGB")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _encode(image: Image.Image, kind: str) -> Drawn:
    data = _written(image, kind)
    if kind == "PNG" and len(data) > HEAVY_PNG:
        kind = "WEBP" if image.mode == "RGBA" else "JPEG"
        data = _written(image, kind)
    small = b""
    if image.width > SMALL_WIDTH:
        height = max(1, round(image.height * SMALL_WIDTH / image.width))
        small = _written(image.resize((SMALL_WIDTH, height), Image.Resampling.LANCZOS), kind)
    extension = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp"}[kind]
    return Drawn(data, small, extension, image.width, image.height)


def _written(image: Image.Image, kind: str) -> bytes:
    """On a blank canvas: what the original carried beside its pixels stays behind."""
    canvas = Image.new(image.mode, image.size)
    canvas.paste(image)
    written = BytesIO()
    match kind:
        case "PNG":
            canvas.save(written, "PNG", optimize=True)
        case "JPEG":
            canvas.convert("RGB").save(written, "JPEG", quality=QUALITY, optimize=True, progressive=True)
        case _:
            canvas.save(written, "WEBP", quality=QUALITY, method=4)
    return written.getvalue()
