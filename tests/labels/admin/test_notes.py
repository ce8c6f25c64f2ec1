"""Internal notes: written and read by those who decide, found nowhere else."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from accounts.audit import AuditEntry
from accounts.models import Membership, User
from core.outbox import Mail
from labels.admin.notes import AT_MOST
from labels.links import Link
from labels.models import Action, Application, Note
from labels.workflow import perform
from tests import factories
from tests.labels.admin.desk import (
    EXPORT,
    QUEUE,
    Page,
    organisation_of,
    owner_of,
    page_of,
    signed_in,
    text_of,
)

pytestmark = pytest.mark.django_db

SECRET = "Ne répond jamais au téléphone."


def write(client: Client, application: Application, text: str) -> Page:
    return client.post(reverse("admin:labels_application_note", args=[application.pk]), {"text": text})


def test_a_note_is_read_by_those_who_examine(examiner: User, here: Application) -> None:
    response = write(signed_in(examiner), here, f"  {SECRET}\r\nÀ rappeler.  ")

    note = Note.objects.get()
    assert response.url == f"{page_of(here)}#notes"
    assert (note.application, note.by, note.text) == (here, examiner, f"{SECRET}\nÀ rappeler.")
    for reader in (examiner, factories.national(), factories.regional("28")):
        assert SECRET in text_of(signed_in(reader).get(page_of(here)))


def test_a_note_is_logged_without_its_text(examiner: User, here: Application) -> None:
    write(signed_in(examiner), here, SECRET)

    entry = AuditEntry.objects.get(action="note.write")
    assert (entry.by, entry.about) == (examiner, here.reference)
    assert SECRET not in f"{entry.summary} {json.dumps(entry.details)}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("  ", "Écrivez la note."),
        ("é" * (AT_MOST + 1), f"Cette note compte {AT_MOST + 1} caractères : {AT_MOST} au plus."),
        ("a\0b", "caractère"),
        ("a\x0bb", "caractère de contrôle"),
    ],
)
def test_a_note_that_cannot_be_kept_is_refused_beside_its_field(
    text: str, message: str, examiner: User, here: Application
) -> None:
    response = write(signed_in(examiner), here, text)

    (error,) = response.context["note_form"].errors["text"]
    assert message in error.replace("\N{NO-BREAK SPACE}", " ")
    assert 'aria-invalid="true"' in response.content.decode()
    assert response.context["note_form"]["text"].value() == text
    assert not Note.objects.exists()
    assert not AuditEntry.objects.filter(action="note.write").exists()


def test_a_note_as_long_as_may_be_is_kept(examiner: User, here: Application) -> None:
    write(signed_in(examiner), here, "é" * AT_MOST)

    assert len(Note.objects.get().text) == AT_MOST


def test_who_only_reads_neither_reads_nor_writes_notes(reader: User, examiner: User, here: Application) -> None:
    Note.objects.create(application=here, by=examiner, text=SECRET)

    page = signed_in(reader).get(page_of(here))

    assert page.status_code == 200
    assert SECRET not in text_of(page)
    assert write(signed_in(reader), here, "Moi aussi.").status_code == 403
    assert Note.objects.count() == 1


def test_an_examiner_of_the_organisers_side_neither_reads_nor_writes_notes(examiner: User, here: Application) -> None:
    Note.objects.create(application=here, by=factories.national(), text=SECRET)
    Membership.objects.create(user=examiner, organisation=organisation_of(here))

    page = signed_in(examiner).get(page_of(here))

    assert SECRET not in text_of(page)
    assert write(signed_in(examiner), here, "Moi aussi.").status_code == 403


def test_another_regions_application_takes_no_note(examiner: User, elsewhere: Application) -> None:
    assert write(signed_in(examiner), elsewhere, SECRET).status_code == 404
    assert not Note.objects.exists()


def test_a_note_is_shown_escaped(examiner: User, here: Application) -> None:
    Note.objects.create(application=here, by=examiner, text="<script>alert(1)</script>")

    assert "<script>alert(1)" not in signed_in(examiner).get(page_of(here)).content.decode()


def test_no_note_leaves_the_desk(examiner: User, here: Application) -> None:
    """Organiser's pages, links by mail, « mes données », exports, the public pages and feeds, the outbox."""
    Note.objects.create(application=here, by=examiner, text=SECRET)
    perform(here, Action.APPROVE, by=examiner)
    organiser, event = signed_in(owner_of(here)), here.event
    event.refresh_from_db()
    pages = [
        organiser.get(reverse("labels:desk")),
        organiser.get(reverse("labels:application", args=[here.reference])),
        organiser.get(reverse("labels:changes", args=[here.reference])),
        organiser.get(reverse("pages:personal_data")),
        organiser.get(reverse("pages:download")),
        Client().get(Link.FOLLOW.to(here.reference)),
        Client().get(event.get_absolute_url()),
        Client().get(reverse("events:list")),
        Client().get(reverse("events:calendar", args=[event.uid])),
        Client().get(reverse("maps:geojson")),
        signed_in(examiner).get(f"{EXPORT}?etat=toutes"),
        signed_in(examiner).get(f"{QUEUE}?etat=toutes"),
        signed_in(examiner).get(reverse("admin:labels_application_preview", args=[here.pk])),
    ]

    read = [page.getvalue().decode() for page in pages]

    assert {page.status_code for page in pages} == {200}
    # All but the summary of « mes données » tell of this application: a note could be there.
    assert [here.reference in page or "fonderie" in page for page in read].count(False) == 1
    assert [page for page in read if "jamais au téléphone" in page] == []
    assert not Mail.objects.filter(text__contains="jamais au téléphone").exists()
