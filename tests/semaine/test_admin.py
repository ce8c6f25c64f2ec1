"""The front page of the examiner's desk: what waits for the user, and the portal's own lists alone."""

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
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
