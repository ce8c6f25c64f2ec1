"""The rows of pictures in the form: what is kept, what is refused and where it is said."""

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import encode_multipart
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks, Settings

from accounts.models import User
from core import limits
from core.uploads import LARGEST_FILE
from events import pictures
from events.image_fields import AlternativeField
from events.images import draw
from events.models import Event, Picture
from labels import copies
from labels.models import Action, Application, State
from tests import bad_input, factories
from tests import pictures as files
from tests.labels import answers

pytestmark = pytest.mark.django_db

ALT = "Une apprentie règle un tour"
ACCEPTED = "Formats acceptés : PNG, JPEG et WebP."


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return tmp_path / "media"


@pytest.fixture
def user() -> User:
    return factories.organiser()


@pytest.fixture
def draft(client: Client, user: User) -> Application:
    return answers.begun(client, user)


def post(client: Client, draft: Application, **data: Any) -> Any:
    address = f"/organisateurs/demandes/{draft.reference}/evenement/"
    return client.post(address, {**answers.EVENT, "action": "continue", **data})


def sent(data: bytes, name: str = "photo.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def kept(draft: Application) -> list[Picture]:
    return list(Event.objects.get(pk=draft.event_id).pictures.all())


def on_disk(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def faults(response: Any) -> dict[str, str]:
    return {flaw.anchor: flaw.message for flaw in response.context["flaws"]}


# What hostile senders and hurried people send. ------------------------------------------------------------------------

TAKEN = {
    "file-001": sent(files.image()),
    "file-003": sent(files.image() + files.ZIP),
    "file-005": sent(files.image(), "a.php.png"),
    "file-021": sent(files.image(), "a\r\nX-Injected: 1.png"),
}
REFUSED = {
    "file-007": (sent(files.SVG, "dessin.svg"), "Ce fichier est un dessin SVG."),
    "file-009": (sent(files.PDF, "a.png"), "Ce fichier est un PDF"),
    "file-011": (sent(files.bomb()), "trop de pixels"),
    "file-013": (sent(files.animated(5000)), "Cette image est animée"),
    "file-015": (sent(b""), "Ce fichier est vide."),
    "file-023": (sent(files.image(), "a" * 300 + ".png"), "Le nom de ce fichier est trop long"),
    "file-025": (sent(files.HEIC, "IMG_1.heic"), "au format HEIC"),
    # No antivirus reads it: what is not an image is not kept, and what is one is drawn anew.
    "file-029": (sent(files.EICAR), "n’est pas une image"),
    "file-031": (sent(files.ZIP, "lettre.docx"), "un document ou une archive"),
    # Its rows are for imports to count; here it is no image, and is not unpacked.
    "file-033": (sent(files.ZIP, "lignes.xlsx"), "un document ou une archive"),
}


def each(keys: Iterable[str]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("key", [pytest.param(key, marks=bad_input.runs(key)) for key in keys])


@each(TAKEN)
def test_an_image_is_taken_whatever_its_name_and_its_end(
    client: Client, draft: Application, folder: Path, key: str
) -> None:
    TAKEN[key].seek(0)

    response = post(client, draft, **{"image-file": TAKEN[key], "image-alt": ALT})

    assert response.status_code == 303
    (picture,) = kept(draft)
    assert on_disk(folder) == [picture.file.name]
    assert str(picture.file.name).endswith(".png") and len(str(picture.file.name)) == 36
    assert files.ZIP not in (folder / str(picture.file)).read_bytes()
    response = client.get(picture.url)
    assert response.headers["Content-Disposition"] == f'inline; filename="{picture.file.name}"'


@each(REFUSED)
def test_anything_else_is_refused_beside_its_field_and_the_rest_is_kept(
    client: Client, draft: Application, folder: Path, key: str
) -> None:
    file, sentence = REFUSED[key]
    file.seek(0)

    response = post(client, draft, **{"image-file": file, "image-alt": ALT})

    assert response.status_code == 200
    assert list(faults(response)) == ["id_image-file"]
    assert sentence in faults(response)["id_image-file"]
    page = response.content.decode()
    assert 'aria-describedby="id_image-file_helptext id_image-file_error"' in page
    assert f'value="{ALT}"' in page
    assert kept(draft) == [] and on_disk(folder) == []
    assert Event.objects.get(pk=draft.event_id).title == answers.EVENT["title"]


@pytest.mark.parametrize("key", ["file-007", "file-009", "file-025", "file-029", "file-031"])
def test_who_sends_another_format_reads_which_are_taken(client: Client, draft: Application, key: str) -> None:
    REFUSED[key][0].seek(0)

    response = post(client, draft, **{"image-file": REFUSED[key][0], "image-alt": ALT})

    assert ACCEPTED in faults(response)["id_image-file"]


@bad_input.runs("file-019")
def test_a_file_named_by_dots_alone_is_no_file(client: Client, draft: Application, folder: Path) -> None:
    """What reads the request drops it, before anything could have taken its name for a path."""
    body = encode_multipart("limite", {**answers.EVENT, "image-file": sent(files.image(), "photo.png")})

    response = client.post(
        f"/organisateurs/demandes/{draft.reference}/evenement/",
        body.replace(b'filename="photo.png"', b'filename=".."'),
        content_type="multipart/form-data; boundary=limite",
    )

    assert response.status_code == 303
    assert kept(draft) == [] and on_disk(folder) == []


@bad_input.runs("file-027")
def test_the_same_image_twice_is_one_file(client: Client, draft: Application, folder: Path) -> None:
    """Also when a button is pressed twice."""
    for _ in range(2):
        post(client, draft, **{"image-file": sent(files.image()), "image-alt": ALT})
    post(client, draft, **{"document-file": sent(files.image()), "document-alt": "L’affiche de la journée"})

    assert len(on_disk(folder)) == 1
    assert [picture.kind for picture in kept(draft)] == ["image", "document"]


@bad_input.runs("file-035")
def test_a_full_disk_is_said_beside_the_file_and_the_rest_is_kept(
    client: Client, draft: Application, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: Any, **kwargs: Any) -> Any:
        yield b"half"
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(ContentFile, "chunks", full)

    response = post(client, draft, **{"image-file": sent(files.image()), "image-alt": ALT})

    assert list(faults(response)) == ["id_image-file"]
    assert "n’a pas pu garder ce fichier" in faults(response)["id_image-file"]
    assert kept(draft) == [] and on_disk(folder) == []
    assert Event.objects.get(pk=draft.event_id).title == answers.EVENT["title"]


def test_who_sends_files_without_end_is_asked_to_wait_and_keeps_the_rest(
    client: Client, draft: Application, folder: Path
) -> None:
    for _ in range(20):
        post(client, draft, **{"image-file": sent(b"x"), "document-file": sent(b"x")})

    response = post(client, draft, **{"image-file": sent(files.image()), "image-alt": ALT, "title": "Visite de nuit"})

    assert "Choisissez-le de nouveau dans 10 minutes." in faults(response)["id_image-file"]
    assert (kept(draft), on_disk(folder)) == ([], [])
    assert Event.objects.get(pk=draft.event_id).title == "Visite de nuit"
    assert f'value="{ALT}"' in response.content.decode()


def test_the_limit_of_files_is_each_persons_own_and_counts_no_page_without_one(
    client: Client, draft: Application, user: User
) -> None:
    for _ in range(50):
        limits.is_exceeded_for(user.pk + 1, "pictures", most=1, seconds=600)
    for _ in range(42):
        post(client, draft)

    post(client, draft, **{"image-file": sent(files.image()), "image-alt": ALT})

    assert [picture.alt for picture in kept(draft)] == [ALT]


def test_a_file_that_is_too_heavy_is_told_its_weight(client: Client, draft: Application) -> None:
    heavy = files.image() + bytes(LARGEST_FILE)

    response = post(client, draft, **{"image-file": sent(heavy), "image-alt": ALT})

    assert "Ce fichier pèse 8,4\u00a0Mo : 8\u00a0Mo au plus." in faults(response)["id_image-file"]


# Words ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words", ["IMG_1234.jpg", "photo", "Photo 12", "DSC_0042", "20261117_101500", "affiche.PNG", "…", "ab", "image-2"]
)
def test_words_that_say_nothing_are_refused(words: str) -> None:
    with pytest.raises(ValidationError, match="ne dit pas ce que l’on voit"):
        AlternativeField(max_length=250).clean(words)


@pytest.mark.parametrize("words", [ALT, "Plan d’accès", "Photo de l’atelier", "Affiche", "Image d’une coulée de fonte"])
def test_words_that_say_what_is_seen_are_taken(words: str) -> None:
    assert AlternativeField(max_length=250).clean(words) == words


@pytest.mark.parametrize(("typed", "said"), [("", "Dites ce que montre l’image"), ("IMG_1.jpg", "ne dit pas ce que")])
def test_an_image_without_words_is_kept_and_its_words_are_asked_for(
    client: Client, draft: Application, typed: str, said: str
) -> None:
    response = post(client, draft, **{"image-file": sent(files.image()), "image-alt": typed})

    (picture,) = kept(draft)
    assert picture.alt == ""
    assert list(faults(response)) == [f"id_picture-{picture.pk}-alt"]
    assert said in faults(response)[f"id_picture-{picture.pk}-alt"]
    assert f'src="{picture.file.url}?s=' in response.content.decode()


def test_an_application_does_not_leave_with_an_image_that_nothing_describes(client: Client, user: User) -> None:
    draft = answers.filled(client, user)
    post(client, draft, **{"image-file": sent(files.image())})

    response = client.get(f"/organisateurs/demandes/{draft.reference}/verification/")

    assert "Dites ce que montre l’image" in response.content.decode()
    page = client.post(f"/organisateurs/demandes/{draft.reference}/verification/", {"version": 0, "is_sworn": "on"})
    assert Application.objects.get(pk=draft.pk).state == "draft", page.status_code


def test_words_without_an_image_ask_for_it(client: Client, draft: Application) -> None:
    response = post(client, draft, **{"image-alt": ALT})

    assert faults(response) == {"id_image-file": "Choisissez l’image que ce texte décrit, ou effacez le texte."}


# Rows -----------------------------------------------------------------------------------------------------------------


def attached(draft: Application, count: int = 1) -> list[Picture]:
    for number in range(count):
        data = files.image(size=(10 + number, 10))
        pictures.attach(draft.event, draw(BytesIO(data)), kind="document", alt=f"Le plan numéro {number}")
    return kept(draft)


def test_a_page_with_pictures_is_left_without_touching_them(client: Client, draft: Application) -> None:
    (picture,) = attached(draft)

    response = post(client, draft, **{f"picture-{picture.pk}-alt": picture.alt})

    assert response.status_code == 303
    assert kept(draft) == [picture]


def test_words_are_changed_and_never_emptied(client: Client, draft: Application) -> None:
    (picture,) = attached(draft)

    post(client, draft, **{f"picture-{picture.pk}-alt": "Le plan d’accès"})
    response = post(client, draft, **{f"picture-{picture.pk}-alt": ""})

    assert list(faults(response)) == [f"id_picture-{picture.pk}-alt"]
    assert [item.alt for item in kept(draft)] == ["Le plan d’accès"]


def test_a_picture_is_removed_by_its_button_and_its_page_comes_back(
    client: Client,
    draft: Application,
    folder: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    first, second = attached(draft, 2)
    words = {f"picture-{picture.pk}-alt": picture.alt for picture in (first, second)}

    with django_capture_on_commit_callbacks(execute=True):
        response = post(client, draft, **words, action=f"remove-picture-{first.pk}")

    assert response.status_code == 200
    assert kept(draft) == [second]
    assert on_disk(folder) == [second.file.name]
    page = response.content.decode()
    assert f"remove-picture-{first.pk}" not in page and f"remove-picture-{second.pk}" in page


def test_the_button_that_sends_a_picture_says_nothing_of_what_is_still_missing(
    client: Client, draft: Application
) -> None:
    response = post(
        client, draft, title="", action="add-picture", **{"image-file": sent(files.image()), "image-alt": ALT}
    )

    assert response.status_code == 200
    assert [picture.alt for picture in kept(draft)] == [ALT]
    assert "Indiquez le titre" not in response.content.decode()


def test_a_fourth_document_is_refused(client: Client, draft: Application) -> None:
    attached(draft, 3)

    response = post(client, draft, **{"document-file": sent(files.image(size=(50, 50))), "document-alt": "Un de trop"})

    assert "3 documents au plus" in faults(response)["id_document-file"]
    assert len(kept(draft)) == 3


def test_a_tab_opened_before_a_picture_was_there_says_nothing_of_it(client: Client, draft: Application) -> None:
    (picture,) = attached(draft)

    response = post(client, draft)

    assert response.status_code == 303
    assert kept(draft) == [picture]


def test_a_picture_of_another_event_is_out_of_reach(client: Client, draft: Application) -> None:
    other = factories.application()
    (picture,) = attached(other)

    post(client, draft, **{f"picture-{picture.pk}-alt": "Pris"}, action=f"remove-picture-{picture.pk}")

    assert [item.alt for item in kept(other)] == [picture.alt]


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_as_many_queries_whatever_pictures_it_shows(
    client: Client, draft: Application, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    attached(draft, count)

    with django_assert_num_queries(11):
        response = client.get(f"/organisateurs/demandes/{draft.reference}/evenement/")

    assert response.content.decode().count("picture-thumbnail") == count


# A labelled event, and an event asked for again -----------------------------------------------------------------------


@pytest.fixture
def labelled(client: Client, user: User) -> Application:
    client.force_login(user)
    return factories.application(state=State.APPROVED, by=user)


def change(client: Client, application: Application, **data: Any) -> Any:
    return client.post(f"/organisateurs/demandes/{application.reference}/modifier/images/", {"action": "save", **data})


def test_pictures_of_a_labelled_event_are_published_at_once_and_logged(
    client: Client, labelled: Application, folder: Path
) -> None:
    response = change(client, labelled, **{"image-file": sent(files.image()), "image-alt": ALT})

    assert response.status_code == 303
    assert [picture.alt for picture in kept(labelled)] == [ALT]
    assert on_disk(folder) == [str(kept(labelled)[0].file)]
    last = labelled.transitions.last()
    assert last and (last.action, list(last.changes)) == (Action.EDIT, ["pictures"])
    assert ALT in client.get(labelled.event.get_absolute_url()).content.decode()


def test_a_picture_of_a_labelled_event_is_removed_by_its_button(client: Client, labelled: Application) -> None:
    (picture,) = attached(labelled)

    change(client, labelled, **{f"picture-{picture.pk}-alt": picture.alt, "action": f"remove-picture-{picture.pk}"})

    assert kept(labelled) == []


def test_a_fault_among_them_publishes_nothing(client: Client, labelled: Application) -> None:
    response = change(client, labelled, **{"image-file": sent(files.image()), "image-alt": "IMG_1.jpg"})

    assert response.status_code == 200
    assert "ne dit pas ce que l’on voit" in response.content.decode()
    assert kept(labelled) == [] and labelled.transitions.filter(action=Action.EDIT).count() == 0


def test_saving_without_a_change_is_no_change(client: Client, labelled: Application) -> None:
    (picture,) = attached(labelled)

    assert change(client, labelled, **{f"picture-{picture.pk}-alt": picture.alt}).status_code == 303
    assert labelled.transitions.filter(action=Action.EDIT).count() == 0


def test_an_event_asked_for_again_has_the_pictures_of_the_first(client: Client, user: User, folder: Path) -> None:
    first = factories.application(state=State.APPROVED, by=user)
    attached(first, 2)

    draft = copies.copy(first, first.event.edition, user)

    assert [picture.alt for picture in kept(draft)] == [picture.alt for picture in kept(first)]
    assert len(on_disk(folder)) == 2
