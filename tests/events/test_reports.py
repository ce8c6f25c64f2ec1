"""« Signaler un problème »: what a visitor tells the DGE of an event."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings as Settings
from django.test import Client
from django.utils import timezone

from core import retention
from core.outbox import Mail
from events.models import Event, Report
from labels.models import State
from tests import bad_input, factories
from tests.events.test_views import published, text
from tests.purging import purged

pytestmark = pytest.mark.django_db

ANSWERS = {"reason": "payant", "text": "On m’a demandé 5 € à l’entrée.", "email": "visiteuse@exemple.fr", "site": ""}


@pytest.fixture
def event() -> Event:
    return published(edition=factories.edition())


def report(client: Client, event: Event, **changes: Any) -> Any:
    return client.post(f"/signaler/{event.uid}/", {**ANSWERS, **changes})


def test_a_visitor_reports_without_an_account_and_is_thanked(client: Client, event: Event) -> None:
    form = client.get(f"/signaler/{event.uid}/")
    response = report(client, event)

    assert (form.status_code, response.status_code) == (200, 303)
    assert "Merci, votre message est envoyé" in text(client.get(response["Location"]))
    stored = Report.objects.get()
    assert (stored.event, stored.reason, stored.text, stored.email) == (
        event,
        "payant",
        "On m’a demandé 5 € à l’entrée.",
        "visiteuse@exemple.fr",
    )


def test_nothing_of_it_is_public(client: Client, event: Event) -> None:
    report(client, event, text="Secret de visiteuse")

    pages = [event.get_absolute_url(), f"/evenements/{event.uid}.ics", "/evenements/", f"/label/{event.label_number}/"]
    for address in [*pages, f"/signaler/{event.uid}/", f"/signaler/{event.uid}/merci/", "/carte/evenements.geojson"]:
        body = client.get(address).content.decode()
        assert "Secret" not in body and "visiteuse@" not in body


def test_the_dge_is_told_that_it_came_and_not_what_it_says(client: Client, event: Event, settings: Settings) -> None:
    settings.CONTACT_EMAIL = "dge@exemple.gouv.fr"

    report(client, event)

    mail = Mail.objects.get()
    assert (mail.to, mail.subject) == ("dge@exemple.gouv.fr", f"Signalement : {event.title}")
    assert f"/admin/events/report/{Report.objects.get().pk}/change/" in mail.text
    assert "visiteuse" not in mail.text and "5 €" not in mail.text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"reason": ""}, "Dites quel est le problème."),
        ({"reason": "autre<b>"}, "Choisissez un problème de la liste."),
        ({"text": "  "}, "Décrivez le problème en une phrase au moins."),
        ({"text": "a" * 2001}, "Ce texte compte 2001 caractères : 2000 au plus."),
        ({"text": "a\x0bb"}, "Ce texte contient un caractère de contrôle interdit. Retirez-le."),
        ({"email": "a@b.fr\u202e"}, "Saisissez une adresse"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(
    client: Client, event: Event, changes: dict[str, str], said: str
) -> None:
    response = report(client, event, **changes)

    body = response.content.decode()
    assert response.status_code == 200
    assert said in text(response) and "<b>" not in body
    assert not Report.objects.exists()
    assert ("5 €" in body) is ("text" not in changes)


@bad_input.runs("mass-013")
def test_a_machine_is_thanked_and_nothing_is_kept(client: Client, event: Event) -> None:
    response = report(client, event, site="https://spam.example/")

    assert response.status_code == 303
    assert not Report.objects.exists()


def test_a_sixth_report_in_an_hour_waits_and_keeps_its_text(client: Client, event: Event) -> None:
    answers = [report(client, event, text=f"Message {rank}").status_code for rank in range(5)]
    refused = report(client, event, text="Message de trop")

    assert answers == [303] * 5
    assert refused.status_code == 429
    assert "Trop de signalements à la fois" in text(refused) and "Message de trop" in refused.content.decode()
    assert Report.objects.count() == 5


def test_a_form_without_its_token_is_refused(event: Event) -> None:
    client = Client(enforce_csrf_checks=True)

    assert report(client, event).status_code == 403
    assert not Report.objects.exists()


@pytest.mark.parametrize(("state", "status"), [(State.REVOKED, 410), (State.SUBMITTED, 404), (State.CANCELLED, 200)])
def test_only_what_is_public_is_reported(client: Client, state: State, status: int) -> None:
    event = factories.application(state=state).event

    assert client.get(f"/signaler/{event.uid}/").status_code == status
    assert client.get(f"/signaler/{event.uid}/merci/").status_code == status
    report(client, event)
    assert Report.objects.exists() is (status == 200)


def test_a_report_is_erased_after_a_year(client: Client, event: Event) -> None:
    report(client, event)
    report(client, event, text="Récent")
    old = Report.objects.earliest("pk")
    Report.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=366))

    assert purged(retention.REPORT) == 1
    assert [kept.text for kept in Report.objects.all()] == ["Récent"]


def test_the_event_leads_to_the_form(client: Client, event: Event) -> None:
    assert f'href="/signaler/{event.uid}/"' in client.get(event.get_absolute_url()).content.decode()
