"""An application is erased while an examiner writes of it: nothing is left of it, nobody meets a failure."""

from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from accounts.audit import AuditEntry
from accounts.models import User
from labels import removal
from labels.admin.notes import NoteForm
from labels.models import Application, Note, State
from tests import factories
from tests.parallel import SignIn, at_once, once_before, posting

ROUNDS = 5
NOTE = "labels_application_note"

pytestmark = pytest.mark.django_db(transaction=True)


def address(application: Application, name: str) -> str:
    return reverse(f"admin:{name}", args=[application.pk])


def test_a_note_on_what_was_erased_since_its_page_was_read_finds_nothing(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = factories.application(state=State.SUBMITTED)
    client.force_login(factories.national())
    superuser = User.objects.create_superuser("chef@exemple.gouv.fr")
    erase = partial(removal.erase, Application.objects.get(pk=application.pk), by=superuser, reason="Ordonnance.")
    once_before(monkeypatch, NoteForm, "is_valid", erase)

    response = client.post(address(application, NOTE), {"text": "À rappeler."})

    assert response.status_code == 404
    assert not Note.objects.exists()
    assert not AuditEntry.objects.filter(action="note.write").exists()


def test_of_an_erasure_and_a_note_sent_together_neither_fails(signed_in: SignIn) -> None:
    examiner = signed_in(factories.national())
    superuser = signed_in(User.objects.create_superuser("chef@exemple.gouv.fr"))
    owner = factories.organiser()
    for round_ in range(ROUNDS):
        application = factories.application(state=State.SUBMITTED, by=owner, title=f"Visite {round_}")
        sworn = {"version": application.version, "reason": "Ordonnance.", "reference": application.reference}

        noted, erased = at_once(
            posting(examiner, address(application, NOTE), text="À rappeler."),
            posting(superuser, address(application, "labels_application_delete"), **sworn),
        )

        assert noted.status_code in {302, 404}
        assert erased.status_code == 302
        assert not Application.objects.filter(pk=application.pk).exists()
    assert not Note.objects.exists()
