"""What a signed link opens without signing in, for how long, and what it never shows."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from events.models import Event
from labels.links import Link
from labels.models import Action, Application, State
from labels.workflow import perform
from tests import bad_input, factories

pytestmark = pytest.mark.django_db

PENDING = [State.DRAFT, State.SUBMITTED, State.RETURNED]
PRIVATE = ["Camille Martin", "camille@exemple.fr", "+33235000000", "02 35 00 00 00"]


def path(link: Link, application: Application) -> str:
    return link.to(application.reference).removeprefix("http://127.0.0.1:8000")


def made(state: State, **fields: Any) -> Application:
    owner = factories.organiser(email="camille@exemple.fr", name="Camille Martin")
    application = factories.application(state=state, by=owner, title="Visite de l’aciérie", **fields)
    Application.objects.filter(pk=application.pk).update(contact_phone="+33235000000")
    return application


@pytest.mark.parametrize("link", [Link.PREVIEW, Link.FOLLOW])
def test_a_page_of_a_link_is_neither_kept_nor_indexed_nor_told_to_other_sites(client: Client, link: Link) -> None:
    response = client.get(path(link, made(State.SUBMITTED)))

    assert response.status_code == 200
    headers = [response.headers[name] for name in ("Cache-Control", "Referrer-Policy", "X-Robots-Tag")]
    assert headers == ["no-store", "no-referrer", "noindex, nofollow"]
    assert '<meta name="robots" content="noindex, nofollow">' in response.content.decode()


@pytest.mark.parametrize(("link", "days"), [(Link.PREVIEW, 14), (Link.FOLLOW, 90)])
def test_a_link_is_good_for_its_days_and_says_so_afterwards(client: Client, link: Link, days: int) -> None:
    address = path(link, made(State.SUBMITTED))
    now = timezone.now()

    with time_machine.travel(now + timedelta(days=days, seconds=-60)):
        assert client.get(address).status_code == 200
    with time_machine.travel(now + timedelta(days=days, seconds=60)):
        response = client.get(address)

    page = response.content.decode()
    assert (response.status_code, "Ce lien a expiré" in page, "aciérie" in page) == (410, True, False)


@bad_input.runs("idor-006", "idor-018")
@pytest.mark.parametrize("link", Link)
def test_what_was_not_signed_for_this_page_opens_nothing(client: Client, link: Link) -> None:
    application = made(State.SUBMITTED)
    other = Link.FOLLOW if link == Link.PREVIEW else Link.PREVIEW
    start = path(link, application).split("/")[1]
    token = path(link, application).split("/")[2]
    foreign = path(other, application).split("/")[2]

    for wrong in (foreign, token[:-1], application.reference, f"{application.reference}x{token[13:]}", "%00", "é"):
        assert client.get(f"/{start}/{wrong}/").status_code == 404


@pytest.mark.parametrize("link", [Link.PREVIEW, Link.FOLLOW])
def test_a_link_only_reads(client: Client, link: Link) -> None:
    assert client.post(path(link, made(State.DRAFT))).status_code == 405


# The preview


@pytest.mark.parametrize("state", PENDING)
def test_the_preview_is_the_public_page_under_a_banner(client: Client, state: State) -> None:
    application = made(state)

    page = client.get(path(Link.PREVIEW, application)).content.decode()

    assert "Aperçu – cet événement n’est pas encore labellisé" in page
    assert "<h1>Visite de l’aciérie</h1>" in page and "12 rue des Docks" in page
    for absent in ("application/ld+json", "text/calendar", ".ics", 'rel="canonical"', "og:title", "Partager", *PRIVATE):
        assert absent not in page


def test_the_preview_of_a_draft_with_nothing_in_it_is_a_page(client: Client) -> None:
    edition = factories.edition()
    event = Event.objects.create(edition=edition)
    application = Application.objects.create(reference=edition.next_reference(), event=event)

    assert "Événement sans titre" in client.get(path(Link.PREVIEW, application)).content.decode()


@pytest.mark.parametrize("state", [State.APPROVED, State.CANCELLED])
def test_the_preview_of_what_is_public_leads_to_the_public_page(client: Client, state: State) -> None:
    application = made(state)

    response = client.get(path(Link.PREVIEW, application))

    assert (response.status_code, response.headers["Location"]) == (302, application.event.get_absolute_url())


@pytest.mark.parametrize("state", [State.REFUSED, State.WITHDRAWN, State.REVOKED])
def test_the_preview_of_what_will_not_be_public_is_gone(client: Client, state: State) -> None:
    response = client.get(path(Link.PREVIEW, made(state)))

    assert (response.status_code, "aciérie" in response.content.decode()) == (410, False)


# Where an application stands

SAID = {
    State.DRAFT: ["pas encore déposé", "Reprendre la demande"],
    State.SUBMITTED: ["Réponse promise au plus tard le"],
    State.RETURNED: ["Ce qui est demandé", "Précisez les dates.", "Dates", "Corriger la demande"],
    State.APPROVED: ["est labellisé, sous le numéro", "Voir et partager la page"],
    State.REFUSED: ["Motif", "Payant.", "Gratuité", "Le service de votre région"],
    State.WITHDRAWN: ["a été retirée", "déposer une autre demande"],
    State.REVOKED: ["Le label est retiré", "Payant.", "Gratuité"],
    State.CANCELLED: ["Message affiché au public", "L’atelier est fermé."],
}


@pytest.mark.parametrize("state", State)
def test_the_follow_up_tells_state_reason_and_what_to_do_and_nothing_of_people(client: Client, state: State) -> None:
    application = made(state)

    page = client.get(path(Link.FOLLOW, application)).content.decode()

    assert [words for words in [*SAID[state], "Que faire maintenant", application.reference] if words not in page] == []
    assert [words for words in PRIVATE if words in page] == []


def test_a_reason_that_was_answered_is_told_no_more(client: Client) -> None:
    application = made(State.RETURNED)
    owner = application.created_by
    assert owner
    perform(application, Action.SUBMIT, by=owner)

    assert "Précisez les dates." not in client.get(path(Link.FOLLOW, application)).content.decode()


def test_a_change_that_waits_then_is_declined_is_told(client: Client) -> None:
    application = made(State.APPROVED)
    owner = application.created_by
    assert owner
    perform(application, Action.REVISE, by=owner, changes={"title": "Un autre titre"})
    address = path(Link.FOLLOW, application)
    assert "Une modification est à l’examen" in client.get(address).content.decode()

    perform(application, Action.DECLINE, by=factories.national(), note="Trop loin.", conditions=["dates"])
    page = client.get(address).content.decode()

    assert "Pourquoi la modification n’est pas acceptée" in page and "Trop loin." in page
    assert "Une modification est à l’examen" not in page


# Sharing


def test_a_public_page_is_shared_by_plain_links(client: Client) -> None:
    application = factories.application(state=State.APPROVED, title="Visite & atelier ?")
    address = f"http://127.0.0.1:8000{application.event.get_absolute_url()}"

    page = client.get(application.event.get_absolute_url()).content.decode()

    quoted = address.replace(":", "%3A").replace("/", "%2F")
    assert f'href="https://www.linkedin.com/sharing/share-offsite/?url={quoted}" rel="noopener noreferrer' in page
    assert f'href="https://www.facebook.com/sharer/sharer.php?u={quoted}" rel="noopener noreferrer' in page
    assert 'href="mailto:?subject=Visite%20%26%20atelier%20%3F&amp;body=' in page
    assert f'data-copy data-address="{address}"' in page
