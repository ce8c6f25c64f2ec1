"""What a superuser erases for good: what goes, what is kept, and who may not."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from accounts.audit import AuditEntry
from accounts.models import User
from core.outbox import Mail
from events.images import draw
from events.models import Edition, Event, Picture, SearchWord
from events.pictures import attach
from labels import removal
from labels.models import Action, Application, Note, State, Transition
from labels.workflow import StaleError, perform
from tests import factories, pictures
from tests.labels.admin.desk import QUEUE, Page, owner_of, page_of, signed_in, text_of

pytestmark = pytest.mark.django_db

REASON = "Ordonnance du 3 novembre, n° 26/1234."


@pytest.fixture
def superuser() -> User:
    return User.objects.create_superuser("chef@exemple.gouv.fr", "x")


def address_of(application: Application) -> str:
    return reverse("admin:labels_application_delete", args=[application.pk])


def erased(user: User, application: Application, **data: Any) -> Page:
    sent = {"version": application.version, "reason": REASON, "reference": application.reference, **data}
    return signed_in(user).post(address_of(application), sent)


def stored() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Application, Event, Transition, Mail, Note, AuditEntry))


def test_the_page_says_what_goes_and_erases_nothing(superuser: User) -> None:
    application = factories.application(state=State.APPROVED, title="Visite interdite")
    before = stored()

    page = text_of(signed_in(superuser).get(address_of(application)))

    assert "Visite interdite" in page and "sa page répondra 404" in page
    assert f"Le numéro de label {application.event.label_number} ne sera plus donné." in page
    assert stored() == before


def test_the_words_that_it_alone_said_are_proposed_to_nobody_who_mistypes(superuser: User) -> None:
    application = factories.application(state=State.APPROVED, title="Calomnie de la fonderie")
    factories.application(state=State.APPROVED, title="Visite de la fonderie")
    assert {"calomnie", "fonderie"} <= set(SearchWord.objects.values_list("folded", flat=True))

    erased(superuser, application)

    assert {"calomnie", "fonderie"} & set(SearchWord.objects.values_list("folded", flat=True)) == {"fonderie"}


def test_all_of_it_goes_but_one_entry_of_the_log(
    superuser: User, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    application = factories.application(state=State.APPROVED, title="Visite interdite")
    picture = attach(application.event, draw(BytesIO(pictures.image())), kind="image", alt="L’atelier")
    Note.objects.create(application=application, by=superuser, text="À effacer.")
    public, name, label = application.event.get_absolute_url(), str(picture.file), application.event.label_number
    version = application.event.edition.public_version

    with django_capture_on_commit_callbacks(execute=True):
        response = erased(superuser, application)

    assert response["Location"] == QUEUE
    kept = [model.objects.count() for model in (Application, Event, Transition, Mail, Note, Picture)]
    assert kept == [0, 0, 0, 0, 0, 0]
    assert not default_storage.exists(name)
    assert client.get(public).status_code == 404
    assert Edition.objects.get().public_version == version + 1
    entry = AuditEntry.objects.get(action="application.erase")
    assert (entry.by, entry.about) == (superuser, application.reference)
    assert entry.details == {"reason": REASON, "label_number": label, "state": "Labellisée"}


def test_the_map_forgets_it(superuser: User, client: Client) -> None:
    application = factories.application(state=State.APPROVED)
    before = client.get(reverse("maps:geojson"))

    erased(superuser, application)
    after = client.get(reverse("maps:geojson"), headers={"if-none-match": before["ETag"]})

    assert (len(before.json()["features"]), after.status_code) == (1, 200)
    assert after.json()["features"] == []


def test_its_number_is_given_to_no_other(superuser: User) -> None:
    application = factories.application(state=State.APPROVED)
    year = application.event.edition.year

    erased(superuser, application)
    other = factories.application(state=State.APPROVED)

    assert (other.reference, other.event.label_number) == (f"SI{year}-000002", f"{year}-00002")


def test_a_file_that_another_event_shows_stays(superuser: User, django_capture_on_commit_callbacks: Any) -> None:
    application, other = (factories.application(state=State.APPROVED, title=title) for title in ("Une", "Autre"))
    drawn = draw(BytesIO(pictures.image(size=(30, 30))))
    names = [str(attach(item.event, drawn, kind="image", alt="L’atelier").file) for item in (application, other)]

    with django_capture_on_commit_callbacks(execute=True):
        erased(superuser, application)

    assert names[0] == names[1] and default_storage.exists(names[0])


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"reason": ""}, "Indiquez le motif."),
        ({"reason": "x" * 501}, "500"),
        ({"reason": "a\0b"}, "caractère"),
        ({"reference": ""}, "Recopiez la référence de la demande."),
        ({"reference": "SI2020-000001"}, "Ce n’est pas la référence de cette demande"),
        ({"reference": "\0"}, "caractère"),
    ],
)
def test_a_fault_erases_nothing_and_keeps_what_was_typed(superuser: User, data: dict[str, str], told: str) -> None:
    application = factories.application(state=State.APPROVED)

    response = erased(superuser, application, **data)

    assert (response.status_code, Application.objects.count()) == (200, 1)
    assert told in text_of(response)
    assert REASON in text_of(response) or "reason" in data


@pytest.mark.parametrize("version", ["", "x", "9" * 30])
def test_a_version_that_is_none_is_a_bad_request(superuser: User, version: str) -> None:
    application = factories.application(state=State.APPROVED)

    assert erased(superuser, application, version=version).status_code == 400


def test_what_moved_meanwhile_is_read_again_first(superuser: User) -> None:
    application = factories.application(state=State.APPROVED)
    stale = Application.objects.get(pk=application.pk)
    perform(application, Action.CANCEL, by=owner_of(application), note="L’atelier est fermé.")

    response = erased(superuser, stale)

    assert (response.status_code, Application.objects.count()) == (409, 1)
    assert "Événement annulé" in text_of(response) and REASON in text_of(response)
    with pytest.raises(StaleError):
        removal.erase(stale, by=superuser, reason=REASON)


def test_nobody_else_erases_nor_is_led_there(superuser: User) -> None:
    application = factories.application(state=State.APPROVED)

    for user, status in ((factories.national(), 403), (factories.regional("28"), 403), (factories.regional("84"), 404)):
        assert erased(user, application).status_code == status
    led = [page_of(application), address_of(application)]
    assert [
        led[1] in signed_in(user).get(led[0]).content.decode() for user in (superuser, factories.regional("28"))
    ] == [
        True,
        False,
    ]
    assert Application.objects.count() == 1


def test_the_list_deletes_nothing_in_bulk(superuser: User) -> None:
    application = factories.application(state=State.SUBMITTED)
    client = signed_in(superuser)

    client.post(QUEUE, {"action": "delete_selected", "_selected_action": [application.pk], "post": "yes"})

    assert Application.objects.count() == 1
    assert "delete_selected" not in client.get(QUEUE).content.decode()
