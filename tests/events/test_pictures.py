"""The pictures of events: kept once, served by their names alone, erased with their last row."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.test.client import FakePayload
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from core import retention
from core.uploads import LARGEST_BODY
from events import pictures
from events.images import Drawn, draw
from events.models import Event, Picture
from labels.models import State
from tests import bad_input, factories
from tests.headers import policy
from tests.pictures import image, photograph
from tests.purging import purged

pytestmark = pytest.mark.django_db

IMAGE, DOCUMENT = Picture.Kind.IMAGE, Picture.Kind.DOCUMENT


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return tmp_path / "media"


@pytest.fixture
def event() -> Event:
    return factories.event()


def drawn(data: bytes | None = None) -> Drawn:
    return draw(BytesIO(data or image()))


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def of(event: Event) -> list[Picture]:
    return list(Event.objects.get(pk=event.pk).pictures.all())


def test_a_picture_is_stored_under_a_random_name_with_its_smaller_version(event: Event, folder: Path) -> None:
    picture = pictures.attach(event, drawn(photograph()), kind=IMAGE, alt="L’atelier")

    names = {picture.file.name, picture.small.name}
    assert files(folder) == names and len(names) == 2
    assert (picture.width, picture.height, picture.size) == (1200, 900, (folder / str(picture.file)).stat().st_size)


def test_equal_pictures_share_their_files(event: Event, folder: Path) -> None:
    other = factories.event()

    for owner, kind in ((event, IMAGE), (event, DOCUMENT), (other, IMAGE)):
        pictures.attach(owner, drawn(), kind=kind, alt="L’atelier")

    assert len(files(folder)) == 1
    assert Picture.objects.count() == 3


def test_the_same_picture_sent_twice_is_one_row(event: Event) -> None:
    pictures.attach(event, drawn(), kind=DOCUMENT, alt="Affiche")
    pictures.attach(event, drawn(), kind=DOCUMENT, alt="L’affiche de la journée")

    assert [picture.alt for picture in of(event)] == ["L’affiche de la journée"]


def test_another_image_takes_the_place_of_the_first_and_its_files(
    event: Event, folder: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        pictures.attach(event, drawn(), kind=IMAGE, alt="La première")
        second = pictures.attach(event, drawn(image(size=(20, 20))), kind=IMAGE, alt="La seconde")

    assert of(event) == [second]
    assert files(folder) == {second.file.name}


def test_files_go_with_the_last_picture_that_shows_them_and_not_before(
    event: Event, folder: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    first = pictures.attach(event, drawn(), kind=IMAGE, alt="L’atelier")
    second = pictures.attach(factories.event(), drawn(), kind=IMAGE, alt="L’atelier")

    with django_capture_on_commit_callbacks(execute=True):
        pictures.remove(first)
    shared = files(folder)
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        pictures.remove(second)

    assert shared == {second.file.name}
    assert files(folder) == set()
    assert len(callbacks) == 1


def test_a_removal_that_is_rolled_back_erases_nothing(event: Event, folder: Path) -> None:
    picture = pictures.attach(event, drawn(), kind=IMAGE, alt="L’atelier")

    pictures.remove(picture)  # in a transaction that never commits

    assert files(folder) == {picture.file.name}


def full(*, after: int) -> Any:
    """A disk that takes ``after`` files and then a few bytes of the next."""
    taken = 0
    chunks = ContentFile.chunks

    def some(file: ContentFile[bytes], chunk_size: int | None = None) -> Iterator[bytes]:
        nonlocal taken
        taken += 1
        if taken > after:
            yield b"half"
            raise OSError(28, "No space left on device")
        yield from chunks(file, chunk_size)

    return some


@pytest.mark.parametrize("after", [0, 1])
def test_a_disk_that_fills_leaves_neither_a_row_nor_half_a_file(
    after: int, event: Event, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ContentFile, "chunks", full(after=after))

    with pytest.raises(OSError, match="No space left"):
        pictures.attach(event, drawn(photograph()), kind=IMAGE, alt="L’atelier")

    assert files(folder) == set()
    assert of(event) == []


def test_pictures_written_as_values_come_back_on_another_event_without_their_files_being_copied(
    event: Event, folder: Path
) -> None:
    pictures.attach(event, drawn(), kind=IMAGE, alt="L’atelier")
    pictures.attach(event, drawn(image(size=(20, 20))), kind=DOCUMENT, alt="Le plan")
    other = factories.event()
    pictures.attach(other, drawn(image(size=(30, 30))), kind=IMAGE, alt="Une autre")

    pictures.set_values(other, pictures.as_values(event))

    assert pictures.as_values(other) == pictures.as_values(event)
    assert [picture.alt for picture in of(other)] == ["L’atelier", "Le plan"]
    assert len(files(folder)) == 3  # the third goes once committed


def test_files_without_a_row_are_erased_the_day_after(event: Event, folder: Path) -> None:
    kept = pictures.attach(event, drawn(), kind=IMAGE, alt="L’atelier")
    default_storage.save("orphelin.png", ContentFile(image()))

    assert purged(retention.FILE) == 0
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert purged(retention.FILE) == 1
    assert files(folder) == {kept.file.name}


def test_erasing_files_when_none_was_ever_stored_does_nothing() -> None:
    assert purged(retention.FILE) == 0


# Served ---------------------------------------------------------------------------------------------------------------


def test_a_picture_is_served_as_what_it_is_and_nothing_else(client: Client, event: Event) -> None:
    picture = pictures.attach(event, drawn(), kind=IMAGE, alt="L’atelier")
    event.publish()

    response = client.get(picture.url)

    assert picture.url == f"/media/{picture.file.name}"
    assert response.status_code == 200
    assert response.content == drawn().data
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.headers["Content-Disposition"] == f'inline; filename="{picture.file.name}"'
    assert policy(response) == {"default-src": "'none'", "sandbox": ""}
    assert "Set-Cookie" not in response.headers and "Cookie" not in response.headers.get("Vary", "")


def test_a_picture_of_what_is_not_public_is_served_by_a_signed_address_alone(client: Client, event: Event) -> None:
    picture = pictures.attach(event, drawn(photograph()), kind=IMAGE, alt="L’atelier")

    signed = [client.get(address) for address in (picture.url, picture.thumbnail)]

    assert [response.status_code for response in signed] == [200, 200]
    assert {response.headers["Cache-Control"] for response in signed} == {"private, max-age=3600"}
    assert picture.srcset.count("?s=") == 2
    assert [client.get(file.url).status_code for file in (picture.file, picture.small)] == [404, 404]


def test_a_signature_is_of_one_file_for_two_days(client: Client, event: Event) -> None:
    picture = pictures.attach(event, drawn(photograph()), kind=IMAGE, alt="L’atelier")
    signature = picture.url.partition("?s=")[2]

    for wrong in ("", "x", "\0", "x:y", signature[:-1], f"{signature}x", "é" * 3000):
        assert client.get(picture.file.url, {"s": wrong}).status_code == 404
    assert client.get(picture.small.url, {"s": signature}).status_code == 404
    with time_machine.travel(timezone.now() + timedelta(days=2, minutes=1)):
        assert client.get(picture.file.url, {"s": signature}).status_code == 404


def test_a_picture_is_everybodys_as_long_as_one_event_that_shows_it_is_public(client: Client, event: Event) -> None:
    picture = pictures.attach(event, drawn(), kind=IMAGE, alt="L’atelier")
    public = factories.event()
    pictures.attach(public, drawn(), kind=IMAGE, alt="L’atelier")
    public.publish()

    assert client.get(picture.file.url).status_code == 200
    public.revoke()
    assert client.get(picture.file.url).status_code == 404


@pytest.mark.parametrize("name", ["0" * 32 + ".png", "..%2Fdb.sqlite3", "%00.png", "orphelin.png", "x" * 300 + ".png"])
def test_a_name_that_is_no_pictures_is_not_found(client: Client, event: Event, name: str) -> None:
    pictures.attach(event, drawn(), kind=IMAGE, alt="L’atelier")
    default_storage.save("orphelin.png", ContentFile(image()))

    assert client.get(f"/media/{name}").status_code == 404


def test_a_picture_whose_file_is_gone_is_not_found(client: Client, event: Event, folder: Path) -> None:
    picture = pictures.attach(event, drawn(), kind=IMAGE, alt="L’atelier")
    (folder / str(picture.file)).unlink()

    assert client.get(picture.url).status_code == 404


@bad_input.runs("file-017")
def test_a_body_that_is_too_large_is_refused_unread_with_a_page(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakePayload, "read", lambda *args: pytest.fail("The body was read."))

    response = client.generic(
        "POST",
        "/organisateurs/demandes/nouvelle/",
        data=b"x",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(5 * 1024**3),
    )

    assert response.status_code == 413
    assert f"Il dépasse {LARGEST_BODY // 1024**2}\u00a0Mo" in response.content.decode()


# Shown ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def shown() -> Event:
    event = factories.application(state=State.APPROVED).event
    pictures.attach(event, drawn(photograph()), kind=IMAGE, alt="Une coulée de « fonte »")
    pictures.attach(event, drawn(image(size=(20, 20))), kind=DOCUMENT, alt="Plan d’accès depuis la gare")
    pictures.attach(event, drawn(image(size=(30, 30))), kind=DOCUMENT)
    return event


def test_the_page_of_an_event_shows_its_image_and_the_documents_that_are_described(
    client: Client, shown: Event
) -> None:
    page = client.get(shown.get_absolute_url()).content.decode()

    image, described, undescribed = shown.pictures.all()
    assert f'srcset="{image.small.url} 800w, {image.file.url} 1200w"' in page
    assert 'alt="Une coulée de « fonte »"' in page and 'width="1200"' in page and 'height="900"' in page
    assert f'<meta property="og:image" content="http://127.0.0.1:8000{image.file.url}">' in page
    assert f'"image": ["http://127.0.0.1:8000{image.file.url}"]' in page
    assert described.file.url in page and "Plan d’accès depuis la gare" in page
    assert undescribed.file.url not in page


def test_an_event_without_image_shows_none_and_is_shared_with_the_portals(client: Client) -> None:
    event = factories.application(state=State.APPROVED).event

    page = client.get(event.get_absolute_url()).content.decode()

    assert "srcset" not in page and "/media/" not in page
    assert '"image": ["http://127.0.0.1:8000/static/img/partage.png"]' in page


def test_a_card_shows_the_image(client: Client, shown: Event) -> None:
    page = client.get("/evenements/").content.decode()

    image = shown.image
    assert image and f'src="{image.small.url}"' in page
