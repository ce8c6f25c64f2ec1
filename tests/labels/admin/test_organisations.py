"""Organisations in the admin: read, and joined where they stand twice."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from accounts.audit import AuditEntry
from accounts.models import Invitation, Membership, Organisation, User
from events.models import Event
from labels.models import Application, State
from tests import factories

pytestmark = pytest.mark.django_db

LIST = reverse("admin:accounts_organisation_changelist")
JOIN = reverse("admin:accounts_organisation_join")
SIRET = "55208131766522"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def client() -> Client:
    return signed_in(factories.national())


@pytest.fixture
def pair() -> tuple[Organisation, Organisation]:
    kept = factories.organisation(member=factories.organiser(), name="Fonderie du Port")
    other = factories.organisation(member=factories.organiser(), name="FONDERIE", siret=SIRET, address="12 rue")
    return kept, other


def post(client: Client, kept: Any, *joined: Organisation) -> Any:
    return client.post(JOIN, {"kept": kept, "joined": [item.pk for item in joined]})


def test_organisations_are_found_and_read_but_not_written(client: Client) -> None:
    member = factories.organiser()
    found = factories.organisation(name="Aciéries du Nord", siret="12345678901234", member=member)
    factories.organisation(name="Verrerie de l’Est")
    address = reverse("admin:accounts_organisation_change", args=[found.pk])

    listed = client.get(LIST, {"q": "12345678901234"}).context["cl"].result_list

    assert list(listed) == [found]
    assert f"{member.email} (responsable)" in client.get(address).content.decode()
    assert client.post(address, {"name": "Autre"}).status_code == 403
    assert Organisation.objects.get(pk=found.pk).name == "Aciéries du Nord"


def test_both_are_shown_before_one_is_kept(client: Client, pair: tuple[Organisation, Organisation]) -> None:
    factories.event(organisation=pair[1])
    data = {"action": "join_selected", "_selected_action": [item.pk for item in pair]}
    page = client.post(LIST, data).content.decode()

    assert "Réunir 2 organisations" in page
    assert all(item.name in page for item in pair)
    assert "1 événement –" in page
    assert Organisation.objects.count() == 2


def test_what_one_has_moves_to_the_one_that_stays(client: Client, pair: tuple[Organisation, Organisation]) -> None:
    kept, other = pair
    owner = other.memberships.get().user
    both = kept.memberships.get()
    Membership.objects.filter(pk=both.pk).update(role="member")
    Membership.objects.create(user=both.user, organisation=other, role="owner")
    Invitation.objects.create(organisation=kept, email="a@exemple.fr")
    Invitation.objects.create(organisation=other, email="a@exemple.fr")
    Invitation.objects.create(organisation=other, email="b@exemple.fr")
    labelled = factories.application(state=State.APPROVED, by=owner, organisation=other)
    version, sequence = labelled.event.edition.public_version, labelled.event.sequence

    response = post(client, kept.pk, kept, other)

    assert response.status_code == 302
    organisation = Organisation.objects.get()
    assert (organisation.name, organisation.siret, organisation.address) == ("Fonderie du Port", SIRET, "12 rue")
    assert {(item.user, item.role) for item in organisation.memberships.all()} == {
        (both.user, "owner"),
        (owner, "owner"),
    }
    assert sorted(organisation.invitations.values_list("email", flat=True)) == ["a@exemple.fr", "b@exemple.fr"]
    event = Event.objects.get()
    assert event.organisation == organisation
    assert "fonderie du port" in event.search_text
    assert event.sequence > sequence
    event.edition.refresh_from_db()
    assert event.edition.public_version > version
    assert list(Application.objects.of(both.user)) == [labelled]
    told = f"FONDERIE (n°\u00a0{other.pk}, {SIRET})"
    assert LogEntry.objects.get().get_change_message() == f"Réunie avec\u00a0: {told}."
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.about, entry.details) == ("organisation.join", "Fonderie du Port", {"joined": [told]})


def test_which_one_stays_must_be_said(client: Client, pair: tuple[Organisation, Organisation]) -> None:
    stranger = factories.organisation()
    for kept in ("", "x", "9" * 40, stranger.pk):
        response = post(client, kept, *pair)
        assert response.status_code == 200
        assert list(response.context_data["form"].errors["kept"]) == ["Choisissez celle qui reste."], kept
    assert Organisation.objects.count() == 3


@pytest.mark.parametrize("count", [1, 11])
def test_from_two_to_ten_are_joined_at_once(client: Client, count: int) -> None:
    made = [factories.organisation() for _ in range(count)]
    response = client.post(
        LIST, {"action": "join_selected", "_selected_action": [item.pk for item in made]}, follow=True
    )

    assert len(response.context["messages"]) == 1
    assert post(client, made[0].pk, *made).status_code == 400
    assert Organisation.objects.count() == count


def test_a_second_click_finds_nothing_to_join(client: Client, pair: tuple[Organisation, Organisation]) -> None:
    statuses = [post(client, pair[0].pk, *pair).status_code for _ in range(2)]

    assert statuses == [302, 400]


@pytest.mark.parametrize("user", [factories.regional, factories.organiser], ids=["regional", "organiser"])
def test_others_join_nothing(user: Any, pair: tuple[Organisation, Organisation]) -> None:
    response = post(signed_in(user()), pair[0].pk, *pair)

    assert response.status_code in {302, 403}
    assert Organisation.objects.count() == 2
