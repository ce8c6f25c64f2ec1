"""The front page of the examiner's desk: what waits for the user, and the portal's own lists alone."""

from datetime import timedelta
from html import unescape

import pytest
from axes.models import AccessAttempt
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from events.models import Event
from labels.models import Application, State
from tests import factories
from tests.labels.admin.desk import signed_in, text_of

pytestmark = pytest.mark.django_db

FRONT = reverse("admin:index")


def test_the_front_page_counts_what_waits_for_the_user() -> None:
    here = factories.application(state=State.SUBMITTED)
    factories.application(state=State.SUBMITTED, commune=factories.commune("69381"))
    Application.objects.filter(pk=here.pk).update(promised_on=timezone.localdate() - timedelta(days=1))

    regional = signed_in(factories.regional("28")).get(FRONT)
    national = signed_in(factories.national()).get(FRONT)

    assert regional.context["queue"] == {"waiting": 1, "late": 1}
    assert national.context["queue"] == {"waiting": 2, "late": 1}
    assert "Éditions" not in text_of(regional)
    assert "Courriels" not in text_of(regional)


def test_lists_of_the_packages_used_are_not_in_the_admin() -> None:
    superuser = User.objects.create_superuser("super@exemple.gouv.fr")

    response = signed_in(superuser).get(FRONT)

    listed = {unescape(model["name"]) for app in response.context["app_list"] for model in app["models"]}
    assert listed == {
        "Comptes",
        "Courriels",
        "Demandes de label",
        "Filières",
        "Formats",
        "Niveaux scolaires",
        "Organisations",
        "Publics",
        "Éditions",
    }


@pytest.mark.parametrize("address", [FRONT, reverse("admin:login"), reverse("admin:jsi18n")])
def test_the_desk_asks_for_no_inline_script_nor_style(address: str) -> None:
    html = signed_in(factories.national()).get(address, follow=True).content.decode()

    assert "<style" not in html
    assert ' style="' not in html
    assert "<script>" not in html
    assert " onclick=" not in html


def test_no_address_tells_the_title_of_an_event_of_another_region() -> None:
    elsewhere = factories.application(state=State.SUBMITTED, commune=factories.commune("69381"), title="Secret").event
    content_type = ContentType.objects.get_for_model(Event)

    response = signed_in(factories.regional("28")).get(f"{FRONT}r/{content_type.pk}/{elsewhere.pk}/")

    assert response.status_code == 404


def test_staff_sign_in_however_they_type_the_capitals_of_their_address(client: Client) -> None:
    factories.national(email="nadia@exemple.gouv.fr")

    response = client.post(
        reverse("admin:login"), {"username": "Nadia@Exemple.gouv.fr", "password": factories.PASSWORD, "next": FRONT}
    )

    assert (response.status_code, response["Location"]) == (302, FRONT)


def test_a_name_longer_than_any_address_is_no_failure(client: Client) -> None:
    response = client.post(reverse("admin:login"), {"username": "a" * 4000, "password": factories.PASSWORD})

    assert response.status_code == 200
    assert "Erreur" in text_of(response)
    assert not AccessAttempt.objects.exists()
