"""The sheet on which an examiner puts right what an event declares: proposed with a return, or made at once."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.audit import AuditEntry
from accounts.models import Membership, User
from core.outbox import Mail
from events.models import Event, Picture, Slot
from labels.models import Action, Application, Condition, Revision, State, Transition
from labels.workflow import MoveRefused, perform
from tests import factories, pictures
from tests.labels.admin.desk import Page, organisation_of, owner_of, page_of, signed_in, text_of

pytestmark = pytest.mark.django_db

REASON: dict[str, Any] = {"conditions": [Condition.FREE], "note": "Dites que c’est gratuit."}


def sheet_of(application: Application) -> str:
    return reverse("admin:labels_application_correction", args=[application.pk])


def image_of(application: Application) -> str:
    return reverse("admin:labels_application_image", args=[application.pk])


def typed(response: Page) -> dict[str, Any]:
    """What a browser would post of the sheet as it is shown."""
    sheet = response.context["sheet"]
    data: dict[str, Any] = dict(sheet.hidden)
    for form in (*sheet.pages, *sheet.place.slots.forms, sheet.place.slots.management_form):
        for bound in form:
            if bound.html_name in data or bound.name == "DELETE":
                continue
            value = bound.value()
            if value is None or value is False:
                continue
            data[bound.html_name] = "on" if value is True else bound.field.prepare_value(value)
    return {**data, "version": response.context["application"].version, "action": "send"}


def corrected(client: Client, application: Application, **changed: Any) -> Page:
    return client.post(sheet_of(application), {**typed(client.get(sheet_of(application))), **REASON, **changed})


def last(application: Application) -> Transition:
    return application.transitions.latest("pk")


# A correction proposed


def test_the_sheet_is_prefilled_and_sent_as_it_is_proposes_nothing(examiner: User, here: Application) -> None:
    client = signed_in(examiner)

    response = corrected(client, here)

    assert response.status_code == 200
    assert "Rien ne diffère de ce qui est déclaré : changez au moins un champ." in text_of(response)
    assert Application.objects.get().state == State.SUBMITTED


def test_only_what_differs_is_proposed(examiner: User, here: Application) -> None:
    response = corrected(signed_in(examiner), here, title="Visite gratuite", audiences=["scolaires"])

    here.refresh_from_db()
    assert response.status_code == 302
    assert here.state == State.RETURNED
    assert (last(here).action, last(here).by, last(here).note) == (Action.RETURN, examiner, REASON["note"])
    assert last(here).changes == {"title": "Visite gratuite", "audiences": ["scolaires"]}
    assert last(here).before == {"title": "Visite de la fonderie", "audiences": ["grand-public", "scolaires"]}
    assert "Visite gratuite" in Mail.objects.get(key=last(here).mail_key).text


def test_every_question_of_the_sheet_may_be_corrected(examiner: User, here: Application) -> None:
    factories.commune("69381")
    slot = here.event.slots.get()

    corrected(
        signed_in(examiner),
        here,
        **{
            "format": "atelier",
            "description": "Entrée libre. Atelier de fonderie.",
            "purpose": "Les métiers de l’industrie.",
            "sectors": ["metallurgie", "chimie"],
            "venue": "La Coulée",
            "address": "1 rue de la République",
            "commune": "Lyon 1er Arrondissement",
            "slots-0-start_time": "10:00",
            "slots-0-capacity": "20",
            "registration": "courriel",
            "registration_email": "visites@exemple.fr",
            "group_size": "30",
            "minimum_age": "12",
            "is_accessible": "on",
            "accessibility": "Boucle magnétique.",
            "safety_equipment": "Casque prêté.",
            "directions": "Métro A, arrêt Hôtel de Ville.",
        },
    )

    changes = last(here).changes
    assert changes.pop("point")[2] is False
    assert changes == {
        "format": "atelier",
        "description": "Entrée libre. Atelier de fonderie.",
        "purpose": "Les métiers de l’industrie.",
        "sectors": ["chimie", "metallurgie"],
        "venue": "La Coulée",
        "address": "1 rue de la République",
        "commune": "69381",
        "slots": [{"date": slot.date.isoformat(), "start_time": "10:00", "end_time": "12:00", "capacity": 20}],
        "registration": "courriel",
        "registration_email": "visites@exemple.fr",
        "group_size": 30,
        "minimum_age": 12,
        "is_accessible": True,
        "accessibility": "Boucle magnétique.",
        "safety_equipment": "Casque prêté.",
        "directions": "Métro A, arrêt Hôtel de Ville.",
    }


def test_what_is_shown_before_it_is_sent_changes_nothing(examiner: User, here: Application) -> None:
    response = corrected(signed_in(examiner), here, title="Visite gratuite", action="preview", note="", conditions=[])

    page = text_of(response)
    assert "Ce qui sera proposé" in page and 'value="Visite gratuite"' in response.content.decode()
    assert Application.objects.get().state == State.SUBMITTED


def test_a_correction_that_would_miss_a_condition_is_not_proposed(examiner: User, here: Application) -> None:
    response = corrected(signed_in(examiner), here, price="12")

    assert response.status_code == 200
    assert 'value="12"' in response.content.decode()
    assert here.transitions.filter(action=Action.RETURN).count() == 0
    assert Application.objects.get().state == State.SUBMITTED


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("title", "", "Indiquez le titre de l’événement."),
        ("title", "a\0b", "caractère"),
        ("title", "x" * 201, "200"),
        ("price", "1e400", "Saisissez un montant en euros"),
        ("price", "9" * 40, "Saisissez un montant en euros"),
        ("format", "inconnu", "Choisissez un format de la liste."),
        ("audiences", ["personne"], "Choisissez des publics de la liste."),
        ("sectors", ["\0"], "Le caractère nul n’est pas autorisé."),
        ("slots-0-date", "31/02/2026", "Saisissez une date qui existe"),
        ("slots-0-end_time", "03:00", "L’heure de fin doit suivre"),
        ("slots-0-capacity", "9" * 30, "Saisissez un nombre entier"),
        ("slots-TOTAL_FORMS", "99999999999", "30 créneaux au plus"),
        ("commune", "Nulle-Part-sur-Rien", "Aucune commune ne correspond"),
        ("latitude", "abc", "degrés décimaux"),
        ("attendance", "ailleurs", "réponse de la liste"),
        ("note", "", "Indiquez le motif."),
        ("note", "x" * 3000, "2000"),
        ("conditions", [], "Indiquez au moins une condition non remplie."),
        ("conditions", ["beauté"], "Cette condition n’existe pas."),
    ],
)
def test_a_fault_is_told_beside_what_was_typed_and_changes_nothing(
    examiner: User, here: Application, field: str, value: Any, told: str
) -> None:
    before = (Event.objects.values().get(), Application.objects.values().get())

    response = corrected(signed_in(examiner), here, **{"purpose": "L’industrie, de près.", field: value})

    assert response.status_code == 200
    assert told in text_of(response).replace("2 000", "2000")
    assert "L’industrie, de près." in text_of(response)
    assert (Event.objects.values().get(), Application.objects.values().get()) == before


@pytest.mark.parametrize("version", ["", "x", "\0", "9" * 30, "-1"])
@pytest.mark.parametrize("address", [sheet_of, image_of])
def test_a_version_that_is_none_is_a_bad_request(examiner: User, here: Application, version: str, address: Any) -> None:
    response = signed_in(examiner).post(address(here), {"version": version})

    assert response.status_code == 400


@pytest.mark.parametrize("action", ["add-picture", "remove-picture-1", f"remove-picture-{'9' * 30}"])
def test_a_button_of_the_image_beside_the_sheet_leaves_the_sheet_as_it_was_typed(
    examiner: User, here: Application, action: str
) -> None:
    response = corrected(signed_in(examiner), here, action=action, title="Visite gratuite")

    assert response.status_code == 200 and len(list(response.context["sheet"].place.slots.rows)) == 1
    assert 'value="Visite gratuite"' in response.content.decode()


def test_rows_are_added_and_removed_by_buttons_with_all_that_was_typed(examiner: User, here: Application) -> None:
    client = signed_in(examiner)

    added = corrected(client, here, action="add-slot", title="Visite gratuite")
    data = {**typed(added), "action": "remove-slot-1", "note": REASON["note"]}
    removed = client.post(sheet_of(here), data)

    assert (
        len(list(added.context["sheet"].place.slots.rows)),
        len(list(removed.context["sheet"].place.slots.rows)),
    ) == (
        2,
        1,
    )
    for response in (added, removed):
        page = response.content.decode()
        assert 'value="Visite gratuite"' in page and REASON["note"] in page
        assert "errorlist" not in page


def test_several_communes_are_offered_to_choose_from(examiner: User, here: Application) -> None:
    factories.commune("97416")
    factories.commune("97502")
    client = signed_in(examiner)

    asked = corrected(client, here, commune="Saint-Pierre")
    corrected(client, here, commune="Saint-Pierre", commune_code="97416")

    assert 'name="commune_code" value="97416"' in asked.content.decode()
    assert last(here).changes["commune"] == "97416"


def test_an_overtaken_sheet_gets_the_page_of_the_conflict_with_what_was_typed(
    examiner: User, here: Application
) -> None:
    client = signed_in(examiner)
    data = {**typed(client.get(sheet_of(here))), **REASON, "title": "Visite gratuite"}
    perform(here, Action.APPROVE, by=factories.national(name="Nadia Nationale"))

    response = client.post(sheet_of(here), data)

    page = text_of(response)
    assert response.status_code == 409
    assert "Nadia Nationale" in page and REASON["note"] in page
    assert Event.objects.get().title == "Visite de la fonderie"


@pytest.mark.parametrize("state", [State.RETURNED, State.REFUSED, State.WITHDRAWN, State.REVOKED, State.CANCELLED])
def test_what_is_no_longer_to_correct_says_so(examiner: User, state: State) -> None:
    application = factories.application(state=state)

    response = signed_in(examiner).get(sheet_of(application), follow=True)

    assert response.redirect_chain == [(page_of(application), 302)]
    assert "ne se corrige plus ici" in text_of(response)


def test_nobody_corrects_what_comes_from_their_own_organisation(examiner: User, here: Application) -> None:
    Membership.objects.create(user=examiner, organisation=organisation_of(here))
    client = signed_in(examiner)

    assert [client.get(sheet_of(here)).status_code, client.post(image_of(here), {}).status_code] == [403, 403]
    with pytest.raises(PermissionDenied):
        perform(here, Action.ILLUSTRATE, by=examiner, changes={"pictures": []})


def test_a_reader_and_another_region_do_not_correct(reader: User, here: Application, elsewhere: Application) -> None:
    client = signed_in(reader)

    assert client.get(sheet_of(here)).status_code == 403
    assert client.get(sheet_of(elsewhere)).status_code == 404


def test_the_sheet_takes_as_many_queries_whatever_the_slots(
    examiner: User, here: Application, django_assert_num_queries: Any
) -> None:
    client, slot = signed_in(examiner), here.event.slots.get()
    client.get(sheet_of(here))
    with django_assert_num_queries(QUERIES):
        client.get(sheet_of(here))
    for day in range(1, 6):
        Slot.objects.create(
            event=here.event, date=slot.date + timedelta(days=day), start_time="09:00", end_time="10:00"
        )

    with django_assert_num_queries(QUERIES):
        client.get(sheet_of(here))


QUERIES = 27


# A labelled event corrected


def test_a_labelled_event_is_corrected_at_once_and_its_organiser_told(examiner: User) -> None:
    application = factories.application(state=State.APPROVED)
    version, sequence = application.event.edition.public_version, application.event.sequence

    response = corrected(signed_in(examiner), application, title="Visite gratuite", **{"slots-0-start_time": "10:00"})

    event = Event.objects.get()
    assert response.status_code == 302
    assert (event.title, event.is_published, event.sequence) == ("Visite gratuite", True, sequence + 1)
    assert event.slots.get().start_time.hour == 10
    event.edition.refresh_from_db()
    # By one for what is shown and one for what is searched: either alone must move it.
    assert event.edition.public_version > version
    done = last(application)
    assert (done.action, set(done.changes), done.to_state) == (Action.CORRECT, {"title", "slots"}, State.APPROVED)
    mail = Mail.objects.get(key=done.mail_key)
    assert mail.to == owner_of(application).email
    assert REASON["note"] in mail.text
    assert "Avant : Visite de la fonderie - Désormais : Visite gratuite" in " ".join(mail.text.split())
    assert AuditEntry.objects.filter(action="application.correct", about=application.reference).count() == 1


def test_a_correction_needs_a_reason_and_keeps_the_conditions(examiner: User) -> None:
    application = factories.application(state=State.APPROVED)
    client = signed_in(examiner)

    without = corrected(client, application, title="Visite gratuite", note="")
    paying = corrected(client, application, price="12")

    assert "Indiquez le motif." in text_of(without)
    assert paying.status_code == 200
    assert (Event.objects.get().title, Event.objects.get().price) == ("Visite de la fonderie", Decimal(0))


def test_an_event_moved_to_another_region_is_examined_there(examiner: User) -> None:
    factories.commune("69381")
    application = factories.application(state=State.APPROVED)

    response = corrected(signed_in(examiner), application, commune="Lyon 1er Arrondissement", commune_code="69381")

    application.refresh_from_db()
    assert (application.region_id, application.event.region_id) == ("84", "84")
    assert response["Location"] == reverse("admin:labels_application_changelist")


def revised(application: Application, changes: dict[str, Any]) -> None:
    perform(application, Action.REVISE, by=owner_of(application), changes=changes)


def test_what_the_organiser_asks_to_change_is_answered_before_it_is_corrected(examiner: User) -> None:
    application = factories.application(state=State.APPROVED)
    revised(application, {"title": "Portes ouvertes"})

    response = corrected(signed_in(examiner), application, title="Visite gratuite")

    assert "L’organisateur demande lui-même une modification (« titre ») : répondez-lui d’abord." in text_of(response)
    assert Event.objects.get().title == "Visite de la fonderie"
    assert Revision.objects.get().is_pending


def test_a_place_is_one_answer_whatever_part_of_it_is_corrected(examiner: User) -> None:
    application = factories.application(state=State.APPROVED)
    revised(application, {"venue": "La Coulée"})

    with pytest.raises(MoveRefused, match="nom du lieu"):
        perform(application, Action.CORRECT, by=examiner, note="Erreur.", changes={"address": "2 rue des Docks"})


def test_the_rest_is_corrected_while_a_change_waits(examiner: User) -> None:
    application = factories.application(state=State.APPROVED)
    revised(application, {"title": "Portes ouvertes"})

    corrected(signed_in(examiner), application, description="Entrée libre. Les ateliers de moulage et leurs métiers.")

    assert last(application).action == Action.CORRECT
    assert Revision.objects.get().is_pending


# The image


def file_of(data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("photo.png", data, "image/png")


def illustrated(client: Client, application: Application, **data: Any) -> Page:
    version = Application.objects.get(pk=application.pk).version
    return client.post(image_of(application), {"version": version, "action": "save", **data})


@pytest.mark.parametrize("state", [State.SUBMITTED, State.APPROVED])
def test_an_image_is_put_with_its_words_and_told(examiner: User, state: State) -> None:
    application = factories.application(state=state)
    client, data = signed_in(examiner), {"image-file": file_of(pictures.image()), "image-alt": "La coulée du métal"}

    response = illustrated(client, application, **data)

    picture = Picture.objects.get()
    assert response.status_code == 302
    assert (picture.kind, picture.alt, picture.event_id) == ("image", "La coulée du métal", application.event_id)
    application.refresh_from_db()
    assert application.state == state
    assert last(application).action == Action.ILLUSTRATE
    mail = Mail.objects.get(key=last(application).mail_key)
    assert "La coulée du métal" in mail.text
    label = application.event.label_number
    about = f"Label {label} – demande {application.reference}" if label else f"Demande {application.reference}"
    assert about in mail.text and about in " ".join(mail.html.split())
    assert AuditEntry.objects.filter(action="application.illustrate").count() == 1


def test_another_image_takes_its_place_and_may_be_taken_away(examiner: User, here: Application) -> None:
    client = signed_in(examiner)
    illustrated(client, here, **{"image-file": file_of(pictures.image()), "image-alt": "La coulée du métal"})
    first = Picture.objects.get()
    kept = {f"picture-{first.pk}-alt": first.alt}

    another = pictures.image(size=(20, 20))
    illustrated(client, here, **kept, **{"image-file": file_of(another), "image-alt": "Le laminoir en marche"})
    second = Picture.objects.get()
    illustrated(client, here, action=f"remove-picture-{second.pk}", **{f"picture-{second.pk}-alt": second.alt})

    assert (second.alt, second.width) == ("Le laminoir en marche", 20)
    assert Picture.objects.count() == 0


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"image-alt": "La coulée du métal"}, "Choisissez l’image que ce texte décrit"),
        ({"image-file": pictures.PDF, "image-alt": "La coulée du métal"}, "La coulée du métal"),
        ({"image-file": pictures.image(), "image-alt": ""}, "Dites ce que montre l’image"),
        ({"image-file": pictures.image(), "image-alt": "IMG_2034"}, "ne dit pas ce que l’on voit"),
        ({"image-file": pictures.image(), "image-alt": "a\0b"}, "caractère"),
    ],
)
def test_an_image_without_its_words_or_that_is_none_is_not_kept(
    examiner: User, here: Application, data: dict[str, Any], told: str
) -> None:
    sent = {name: file_of(value) if isinstance(value, bytes) else value for name, value in data.items()}

    response = illustrated(signed_in(examiner), here, **sent)

    assert response.status_code == 200
    assert told in text_of(response) or told in response.content.decode()
    assert Picture.objects.count() == 0
    assert last(here).action == Action.SUBMIT


def test_only_the_image_changes_that_way(examiner: User, here: Application) -> None:
    with pytest.raises(MoveRefused):
        perform(here, Action.ILLUSTRATE, by=examiner, changes={"title": "Autre"})


# On the page of the application


def test_the_page_leads_to_the_sheet(examiner: User, here: Application) -> None:
    page = signed_in(examiner).get(page_of(here)).content.decode()

    assert re.search(rf'href="{sheet_of(here)}[^"]*"', page)
    assert "Effacer définitivement" not in page
    assert django_settings.DECISION_MAIL_DELAY == 0
