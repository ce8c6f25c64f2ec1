"""The front page of the examiner's desk: what waits for the user, and the portal's own lists alone."""

from datetime import timedelta
from html import unescape

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from events.models import Event
from labels.models import Action, Application, State
from labels.permissions import COMMUNICATION
from labels.workflow import perform
from tests import factories
from tests.labels.admin.desk import QUEUE, Page, owner_of, references, signed_in, text_of

pytestmark = pytest.mark.django_db

FRONT = reverse("admin:index")


def counted(response: Page) -> dict[str, int]:
    return {tile.label: tile.count for tile in response.context["board"].tiles}


def table(response: Page) -> dict[str, dict[str, int]]:
    """By row and column, what is not nothing."""
    board = response.context["board"]
    rows = [*board.rows, *([board.total] if board.total else [])]
    return {row.name: {cell.label: cell.count for cell in row.cells if cell.count} for row in rows}


def test_the_front_page_counts_what_waits_for_the_user() -> None:
    examiner = factories.regional("28")
    today = timezone.localdate()
    late, due, mine = (factories.application(state=State.SUBMITTED) for _ in range(3))
    factories.application(state=State.SUBMITTED, commune=factories.commune("69381"))
    for application, days in ((late, -1), (due, 0), (mine, 1)):
        Application.objects.filter(pk=application.pk).update(promised_on=today + timedelta(days=days))
    Application.objects.filter(pk=mine.pk).update(assigned_to=examiner)

    regional = signed_in(examiner).get(FRONT)
    national = signed_in(factories.national()).get(FRONT)

    assert list(counted(regional).values()) == [3, 1, 1, 1]
    assert list(counted(national).values()) == [4, 1, 1, 0]
    assert "Niveaux scolaires" not in text_of(regional)


def test_the_front_page_tells_the_edition_by_region_and_state() -> None:
    factories.application(state=State.SUBMITTED)
    revised = factories.application(state=State.APPROVED)
    perform(revised, Action.REVISE, by=owner_of(revised), changes={"title": "Nuit de la fonderie"})
    factories.application(state=State.REFUSED, commune=factories.commune("69381"))
    factories.application(state=State.SUBMITTED, attendance="en-ligne")
    factories.application(state=State.DRAFT, edition=factories.edition(2019))

    national = table(signed_in(factories.national()).get(FRONT))
    regional = table(signed_in(factories.regional("28")).get(FRONT))

    normandie = {"À instruire": 1, "Modifications à examiner": 1, "Labellisées": 1, "Toutes": 2}
    assert national == {
        "Auvergne-Rhône-Alpes": {"Refusées": 1, "Toutes": 1},
        "Normandie": normandie,
        "Équipe nationale": {"À instruire": 1, "Toutes": 1},
        "Ensemble": {
            "À instruire": 2,
            "Modifications à examiner": 1,
            "Labellisées": 1,
            "Refusées": 1,
            "Toutes": 4,
        },
    }
    assert regional == {"Normandie": normandie}


def test_each_count_leads_to_the_queue_of_as_many() -> None:
    for state in (State.SUBMITTED, State.APPROVED, State.RETURNED):
        factories.application(state=state)
    factories.application(state=State.SUBMITTED, attendance="en-ligne")
    client = signed_in(factories.national())
    board = client.get(FRONT).context["board"]

    tiles = [*board.tiles, *(cell for row in (*board.rows, board.total) for cell in row.cells)]
    listed = [len(references(client.get(f"{QUEUE}?{tile.query}"))) for tile in tiles]

    assert listed == [tile.count for tile in tiles]


@pytest.mark.parametrize("rows", [1, 30])
def test_the_front_page_takes_as_many_queries_whatever_there_is(
    rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    owner = factories.organiser()
    organisation = factories.organisation(member=owner)
    for rank in range(rows):
        place = factories.commune(("76351", "69381", "97411")[rank % 3])
        factories.application(state=State.SUBMITTED, by=owner, organisation=organisation, commune=place)
    client = signed_in(factories.national())

    with django_assert_num_queries(8):
        response = client.get(FRONT)

    assert table(response)["Ensemble"]["Toutes"] == rows


def test_who_reads_figures_alone_is_told_nothing_of_applications() -> None:
    factories.application(state=State.SUBMITTED)
    user = factories.organiser(is_staff=True)
    user.groups.add(Group.objects.get(name=COMMUNICATION))

    response = signed_in(user).get(FRONT)

    assert "board" not in response.context
    assert "à décider" not in text_of(response)


def test_lists_of_the_packages_used_are_not_in_the_admin() -> None:
    superuser = User.objects.create_superuser("super@exemple.gouv.fr")

    response = signed_in(superuser).get(FRONT)

    listed = {unescape(model["name"]) for app in response.context["app_list"] for model in app["models"]}
    assert listed == {
        "Comptes",
        "Correspondants",
        "Courriels",
        "Demandes de label",
        "Entrées du journal",
        "Filières",
        "Formats",
        "Motifs types",
        "Niveaux scolaires",
        "Organisations",
        "Partenaires",
        "Publics",
        "Ressources",
        "Signalements",
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
