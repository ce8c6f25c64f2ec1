"""Accounts in the admin: staff are named by a superuser alone, and an organiser never gets a password."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from accounts.models import User
from labels.permissions import REGIONAL
from tests import factories

pytestmark = pytest.mark.django_db

USERS = reverse("admin:accounts_user_changelist")
ADD = reverse("admin:accounts_user_add")


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("super@exemple.gouv.fr", factories.PASSWORD, name="Simone"))
    return client


def change(user: User) -> str:
    return reverse("admin:accounts_user_change", args=[user.pk])


def errors_of(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 200
    return {name: list(messages) for name, messages in response.context["adminform"].form.errors.items()}


def new_account(**changes: Any) -> dict[str, Any]:
    password = {"password1": factories.PASSWORD, "password2": factories.PASSWORD}
    return {"email": "Agent@Exemple.gouv.fr", "name": "Alex Agent", **password, **changes}


def test_an_account_made_here_is_the_staffs_and_signs_in_by_password(client: Client) -> None:
    response: Any = client.post(ADD, new_account())

    user = User.objects.get(email="agent@exemple.gouv.fr")
    assert response.url == change(user)
    assert (user.is_staff, user.is_superuser, user.name) == (True, False, "Alex Agent")
    assert user.check_password(factories.PASSWORD)
    credentials = {"username": user.email, "password": factories.PASSWORD, "next": "/admin/"}
    assert Client().post(reverse("admin:login"), credentials).headers["Location"] == "/admin/"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "SUPER@exemple.gouv.fr"}, "email"),
        ({"email": "élodie@exemple.fr"}, "email"),
        ({"email": "a\0@exemple.fr"}, "email"),
        ({"name": "a\x0bb"}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"password2": "une autre phrase de passe"}, "password2"),
        ({"password1": "court", "password2": "court"}, "password2"),
    ],
)
def test_a_broken_account_is_refused_beside_its_field(changes: dict[str, str], field: str, client: Client) -> None:
    response = client.post(ADD, new_account(**changes))

    assert list(errors_of(response)) == [field]
    assert User.objects.count() == 1


def test_a_superuser_gives_an_examiner_group_and_regions(client: Client) -> None:
    user = factories.regional("28")
    factories.commune("69381")
    group = Group.objects.get(name=REGIONAL)
    data = {"email": user.email, "name": "Autre Nom", "is_active": "on", "groups": [group.pk], "regions": ["84"]}

    response = client.post(change(user), data)

    user.refresh_from_db()
    assert response.status_code == 302
    assert user.name == "Autre Nom"
    assert [region.code for region in user.regions.all()] == ["84"]
    assert user.check_password(factories.PASSWORD)


def test_nobody_is_made_a_superuser_or_staff_by_a_form(client: Client) -> None:
    user, organiser = factories.regional(), factories.organiser()
    posted = {"is_active": "on", "is_superuser": "on", "is_staff": "on", "user_permissions": [1], "groups": [1]}

    for account in (user, organiser):
        client.post(change(account), {"email": account.email, "name": account.name, **posted})

    user.refresh_from_db()
    organiser.refresh_from_db()
    assert (user.is_superuser, user.is_staff, user.user_permissions.count()) == (False, True, 0)
    assert (organiser.is_superuser, organiser.is_staff, organiser.groups.count()) == (False, False, 0)


def test_an_organiser_has_no_password_to_set(client: Client) -> None:
    organiser, staff = factories.organiser(), factories.regional()

    page = client.get(change(organiser)).content.decode()

    assert "Mot de passe" not in page
    assert client.get(reverse("admin:auth_user_password_change", args=[organiser.pk])).status_code == 404
    assert client.get(reverse("admin:auth_user_password_change", args=[staff.pk])).status_code == 200


def test_a_superuser_does_not_close_their_own_account(client: Client) -> None:
    user = User.objects.get()

    client.post(change(user), {"email": user.email, "name": "Simone"})

    user.refresh_from_db()
    assert user.is_active


def test_an_account_is_closed_and_never_deleted(client: Client) -> None:
    user = factories.regional()

    deleted = client.post(reverse("admin:accounts_user_delete", args=[user.pk]), {"post": "yes"})
    client.post(change(user), {"email": user.email, "name": user.name})

    user.refresh_from_db()
    assert deleted.status_code == 403
    assert not user.is_active


@pytest.mark.parametrize("role", ["regional", "national", "with every permission on accounts"])
def test_accounts_are_a_superusers_alone(role: str) -> None:
    user = factories.regional() if role == "regional" else factories.national()
    if role.startswith("with"):
        user.user_permissions.set(Permission.objects.filter(content_type__app_label="accounts"))
    client = Client()
    client.force_login(user)

    addresses = [USERS, ADD, change(user), reverse("admin:auth_user_password_change", args=[user.pk])]

    assert {client.get(address).status_code for address in addresses} == {403}


@pytest.mark.parametrize(
    "query", ["q=%00", "compte=%00", "acces=x", "region=%00", "p=9999", "o=1.-2", "is_staff__exact=%00"]
)
def test_a_broken_query_string_is_no_failure(query: str, client: Client) -> None:
    assert client.get(f"{USERS}?{query}").status_code == (400 if "exact" in query else 200)


def test_staff_and_organisers_are_listed_apart(client: Client) -> None:
    staff, organiser = factories.regional(), factories.organiser()

    listed = {
        value: {user.email for user in client.get(USERS, {"compte": value}).context["cl"].result_list}
        for value in ("True", "False")
    }

    assert listed == {"True": {staff.email, "super@exemple.gouv.fr"}, "False": {organiser.email}}
