"""What is drawn anew of an image, and what is refused as one."""

from io import BytesIO

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from events.images import LONGEST_SIDE, SMALL_WIDTH, UnreadableImage, draw
from tests import pictures

pytestmark = pytest.mark.pure

ORIENTATION, SIX_O_CLOCK = 0x0112, 6


def drawn(data: bytes) -> Image.Image:
    return Image.open(BytesIO(draw(BytesIO(data)).data))


@pytest.mark.parametrize(("kind", "extension"), [("PNG", "png"), ("JPEG", "jpg"), ("WEBP", "webp")])
def test_each_accepted_format_is_drawn_anew_in_its_own(kind: str, extension: str) -> None:
    result = draw(BytesIO(pictures.image(kind, (30, 20))))

    assert (result.extension, result.width, result.height, result.small) == (extension, 30, 20, b"")
    assert Image.open(BytesIO(result.data)).format == kind


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_every_kind_of_png_is_read(mode: str) -> None:
    data = BytesIO()
    Image.linear_gradient("L").convert(mode).save(data, "PNG")

    result = drawn(data.getvalue())

    assert result.mode == ("RGBA" if mode in {"LA", "RGBA"} else "RGB")
    light = result.convert("L")
    assert light.getpixel((0, 0)) == pytest.approx(0, abs=3) and light.getpixel((0, 255)) == pytest.approx(255, abs=3)


def test_sixteen_bits_a_point_are_read_as_eight() -> None:
    data = BytesIO()
    Image.new("I;16", (4, 4), 65_535).save(data, "PNG")

    assert drawn(data.getvalue()).getpixel((0, 0)) == (255, 255, 255)


def test_what_a_file_tells_beside_its_pixels_is_dropped() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Appareil de Camille"
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", "Camille Martin")
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    sent = [
        pictures.image("JPEG", exif=exif, icc_profile=profile, comment=b"Camille"),
        pictures.image("WEBP", exif=exif, icc_profile=profile),
        pictures.image("PNG", exif=exif, icc_profile=profile, pnginfo=text),
    ]

    left = {name for image in map(drawn, sent) for name in (*image.info, *image.getexif())}

    assert not left & {"exif", "icc_profile", "comment", "Author", 0x010F}
    assert not any(b"Camille" in draw(BytesIO(data)).data for data in sent)


def test_a_photograph_is_set_upright_before_its_orientation_is_dropped() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = SIX_O_CLOCK

    assert drawn(pictures.image("JPEG", (40, 20), exif=exif)).size == (20, 40)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data", "ignore:Truncated File Read")
def test_an_orientation_that_cannot_be_read_leaves_the_image_as_it_is() -> None:
    broken = b"Exif\0\0MM\0*\0\0\0\x08\xff\xff\x01\x12"

    assert drawn(pictures.image("JPEG", (40, 20), exif=broken)).size == (40, 20)


def test_the_two_photographs_of_a_telephone_are_one_image() -> None:
    assert drawn(pictures.animated(2, "MPO")).size == (4, 4)


def test_colours_for_print_are_those_of_a_screen_afterwards() -> None:
    assert drawn(pictures.image("JPEG", mode="CMYK")).mode == "RGB"


def test_an_unusable_colour_profile_is_passed_over() -> None:
    assert drawn(pictures.image("JPEG", icc_profile=b"profil")).mode == "RGB"


def test_a_large_image_is_made_smaller_and_has_a_smaller_version_still() -> None:
    result = draw(BytesIO(pictures.image("JPEG", (3000, 1500))))

    small = Image.open(BytesIO(result.small))
    assert (result.width, result.height) == (LONGEST_SIDE, 1000)
    assert small.size == (SMALL_WIDTH, 400)


def test_an_image_as_thin_as_a_thread_keeps_a_height() -> None:
    result = draw(BytesIO(pictures.image("PNG", (3000, 1))))

    assert (result.width, result.height) == (LONGEST_SIDE, 1)
    assert Image.open(BytesIO(result.small)).size == (SMALL_WIDTH, 1)


def test_transparency_is_kept() -> None:
    data = pictures.image("PNG", mode="RGBA", color=(255, 0, 0, 0))

    assert drawn(data).getpixel((0, 0)) == (255, 0, 0, 0)


def test_a_photograph_saved_as_png_becomes_lighter() -> None:
    result = draw(BytesIO(pictures.photograph("PNG")))

    assert result.extension == "jpg"
    assert len(result.data) < 1_000_000


def test_a_transparent_photograph_saved_as_png_becomes_lighter_and_stays_transparent() -> None:
    noise = Image.effect_noise((1200, 900), 90)
    data = BytesIO()
    Image.merge("RGBA", [noise, noise, noise, noise]).save(data, "PNG")

    result = draw(BytesIO(data.getvalue()))

    assert (result.extension, Image.open(BytesIO(result.data)).mode) == ("webp", "RGBA")


def test_equal_files_are_drawn_alike() -> None:
    data = pictures.image("JPEG")

    assert draw(BytesIO(data)).digest == draw(BytesIO(data)).digest


def test_what_follows_the_image_in_its_file_is_dropped() -> None:
    assert b"PK\x03\x04" not in draw(BytesIO(pictures.image() + pictures.ZIP)).data


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "Ce fichier est vide."),
        (pictures.PDF, "Ce fichier est un PDF"),
        (pictures.HEIC, "au format HEIC"),
        (pictures.GIF, "une image GIF"),
        (pictures.SVG, "un dessin SVG"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>" + pictures.SVG, "un dessin SVG"),
        (pictures.ZIP, "un document ou une archive"),
        (pictures.EICAR, "n’est pas une image"),
        (b"BM" + bytes(100), "n’est pas une image"),
        (pictures.image("TIFF"), "n’est pas une image"),
        (pictures.photograph("JPEG")[:20_000], "abîmée ou incomplète"),
        (pictures.photograph("PNG", (200, 200))[:20_000], "abîmée ou incomplète"),
        (pictures.photograph("WEBP")[:20_000], "abîmée ou incomplète"),
        (pictures.bomb(), "trop de pixels"),
        (pictures.bomb(7_000, 7_000), "trop de pixels"),
        (pictures.bomb(1, 30_000), "trop de pixels"),
        (pictures.animated(2), "animée"),
        (pictures.animated(2, "WEBP"), "animée"),
    ],
)
def test_anything_else_is_refused_with_what_is_wrong(data: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableImage, match=sentence):
        draw(BytesIO(data))
