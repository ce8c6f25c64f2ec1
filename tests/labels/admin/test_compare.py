"""Two applications side by side."""

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from labels.models import Application, State
from tests import factories
from tests.labels.admin.desk import page_of, signed_in, text_of

pytestmark = pytest.mark.django_db


def comparison(one: Application, other: Application) -> str:
    return reverse("admin:labels_application_compare", args=[one.pk, other.pk])


def test_each_field_is_said_to_be_the_same_or_not(examiner: User, here: Application) -> None:
    other = factories.application(state=State.SUBMITTED, title="Visite de la forge")

    response = signed_in(examiner).get(comparison(here, other))

    said = {row.name: row.is_changed for row in response.context["rows"]}
    assert {name for name, is_changed in said.items() if is_changed} == {"title"}
    assert {"price", "slots", "commune", "description"} <= said.keys()
    text = text_of(response)
    assert "Titre Visite de la fonderie Visite de la forge Différent" in text
    assert "Organisateur Fonderie du Port" in text
    assert "Semblable" in text or "Doublon probable" in text


def test_two_applications_of_different_places_are_told_in_words(here: Application) -> None:
    overseas = factories.application(state=State.REFUSED, title="Atelier", commune=factories.commune("97411"))

    text = text_of(signed_in(factories.national()).get(comparison(here, overseas)))

    assert "La machine n’y voit ni un doublon ni deux demandes semblables." in text
    assert "Commune Le Havre (76600) Saint-Denis (97400) Différent" in text


def test_both_must_be_the_examiners_to_see(examiner: User, here: Application, elsewhere: Application) -> None:
    client = signed_in(examiner)

    for one, other in ((here, elsewhere), (elsewhere, here)):
        response = client.get(comparison(one, other))
        assert response.status_code == 404
        assert "secret" not in response.content.decode()


@pytest.mark.parametrize("other", ["0", "abc", "9" * 40, "%00"])
def test_a_comparison_with_nothing_does_not_exist(other: str, examiner: User, here: Application) -> None:
    address = comparison(here, here).replace(f"comparer/{here.pk}/", f"comparer/{other}/")

    assert signed_in(examiner).get(address, follow=True).status_code == 404


def test_the_filters_come_along(examiner: User, here: Application) -> None:
    other = factories.application(state=State.SUBMITTED)

    html = signed_in(examiner).get(f"{comparison(here, other)}?_changelist_filters=region%3D28").content.decode()

    assert f'{page_of(other)}?_changelist_filters=region%3D28"' in html


def test_a_comparison_takes_as_many_queries_whatever_the_fields(
    examiner: User, here: Application, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    alike = factories.application(state=State.SUBMITTED)
    unlike = factories.application(
        state=State.SUBMITTED, audiences=["jeunes"], commune=factories.commune("14118"), title="Tout autre chose"
    )
    client = signed_in(examiner)
    client.get(comparison(here, alike))

    for other in (alike, unlike):
        with django_assert_num_queries(24):
            client.get(comparison(here, other))
