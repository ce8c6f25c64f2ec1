"""Accounts in the admin: the national team opens and closes the staff's, nobody raises themselves, all is logged."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.audit import AuditEntry
from accounts.models import User
from core import retention
from core.outbox import Mail
from labels.models import Application, State
from labels.permissions import NATIONAL, REGIONAL
from tests import factories
from tests.accounts.factors import kinds, recovery_codes, with_application
from tests.labels.admin.desk import signed_in, text_of
from tests.purging import purged

pytestmark = pytest.mark.django_db

USERS = reverse("admin:accounts_user_changelist")
ADD = reverse("admin:accounts_user_add")


@pytest.fixture
def nadia() -> User:
    return factories.national(email="nadia@exemple.gouv.fr")


@pytest.fixture
def chief() -> User:
    return User.objects.create_superuser("chef@exemple.gouv.fr", factories.PASSWORD, name="Simone")


@pytest.fixture
def client(nadia: User) -> Client:
    return signed_in(nadia)


def address(name: str, user: User) -> str:
    return reverse(f"admin:accounts_user_{name}", args=[user.pk])


def change(client: Client, user: User, **changes: Any) -> Any:
    """The form as it stands, with ``changes``; None is a box that is not ticked."""
    stands = {
        "email": user.email,
        "name": user.name,
        "is_active": "on" if user.is_active else None,
        "is_superuser": "on" if user.is_superuser else None,
        "groups": [group.pk for group in user.groups.all()],
        "regions": [region.code for region in user.regions.all()],
    }
    posted = {name: value for name, value in {**stands, **changes}.items() if value is not None}
    return client.post(address("change", user), posted)


def errors_of(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 200
    return {name: list(messages) for name, messages in response.context["adminform"].form.errors.items()}


def new_account(**changes: Any) -> dict[str, Any]:
    group = Group.objects.get(name=REGIONAL)
    return {"email": "Agent@Exemple.gouv.fr", "name": "Alex Agent", "groups": [group.pk], "regions": ["28"], **changes}


def test_an_account_is_opened_without_typing_a_password(client: Client, nadia: User) -> None:
    factories.commune()
    response: Any = client.post(ADD, new_account())
    user = User.objects.get(email="agent@exemple.gouv.fr")
    entry = AuditEntry.objects.get()

    assert response.url == USERS
    assert (user.is_staff, user.is_superuser, user.has_usable_password()) == (True, False, False)
    assert [region.code for region in user.regions.all()] == ["28"]
    assert (entry.action, entry.by, entry.about) == ("account.open", nadia, f"compte-{user.pk}")
    assert entry.details["after"]["groups"] == [REGIONAL]
    assert Mail.objects.get().to == user.email


def test_the_link_of_the_mail_leads_to_the_first_sign_in(client: Client) -> None:
    factories.commune()
    client.post(ADD, new_account())
    link = next(word for word in Mail.objects.get().text.split() if "/mot-de-passe/" in word)
    visitor = Client()
    page = visitor.get(link.removeprefix("http://127.0.0.1:8000"), follow=True)
    visitor.post(page.redirect_chain[-1][0], dict.fromkeys(("new_password1", "new_password2"), factories.PASSWORD))
    typed = {"username": "agent@exemple.gouv.fr", "password": factories.PASSWORD, "next": "/admin/"}

    assert visitor.post(reverse("admin:login"), typed)["Location"] == "/admin/"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "NADIA@exemple.gouv.fr"}, "email"),
        ({"email": "élodie@exemple.fr"}, "email"),
        ({"email": "a\0@exemple.fr"}, "email"),
        ({"name": "a\x0bb"}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"groups": ["999999"]}, "groups"),
        ({"groups": ["\0"]}, "groups"),
        ({"regions": ["\0"]}, "regions"),
        ({"regions": ["99"]}, "regions"),
    ],
)
def test_a_broken_account_is_refused_beside_its_field(changes: dict[str, Any], field: str, client: Client) -> None:
    factories.commune()
    response = client.post(ADD, new_account(**changes))

    assert list(errors_of(response)) == [field]
    assert User.objects.count() == 1
    assert not AuditEntry.objects.exists()


def test_group_and_regions_are_changed_and_logged_as_before_and_after(client: Client, nadia: User) -> None:
    user = factories.regional("28")
    factories.commune("69381")
    group = Group.objects.get(name=NATIONAL)

    change(client, user, groups=[group.pk], regions=["84"])

    entry = AuditEntry.objects.get()
    assert [region.code for region in user.regions.all()] == ["84"]
    assert (entry.by, entry.details) == (
        nadia,
        {"before": {"groups": [REGIONAL], "regions": ["28"]}, "after": {"groups": [NATIONAL], "regions": ["84"]}},
    )


def test_a_form_sent_back_as_it_is_logs_nothing(client: Client) -> None:
    change(client, factories.regional())

    assert not AuditEntry.objects.exists()


def test_an_account_that_is_closed_is_out_at_once_and_its_sessions_are_gone(client: Client) -> None:
    user = factories.regional()
    theirs = signed_in(user)
    before = theirs.get("/admin/").status_code

    change(client, user, is_active=None)

    user.refresh_from_db()
    assert (before, theirs.get("/admin/").status_code, user.is_active) == (200, 302, False)
    assert {row.get_decoded()["_auth_user_id"] for row in Session.objects.all()} == {client.session["_auth_user_id"]}
    assert AuditEntry.objects.get().summary == f"Compte de {user.email} : fermé"


def test_an_examiner_who_loses_a_region_loses_it_at_the_next_request(client: Client) -> None:
    user = factories.regional("28")
    waiting = factories.application(state=State.SUBMITTED)
    theirs = signed_in(user)
    page = reverse("admin:labels_application_change", args=[waiting.pk])
    factories.commune("69381")
    before = theirs.get(page).status_code

    change(client, user, regions=["84"])

    assert (before, theirs.get(page).status_code) == (200, 404)


def test_the_national_team_touches_neither_a_superuser_nor_itself(client: Client, chief: User, nadia: User) -> None:
    answers = [change(client, user, name="Autre", is_active=None).status_code for user in (chief, nadia)]
    links = [client.post(address("send_link", user)).status_code for user in (chief, nadia)]
    factors = [client.post(address("remove_factors", user)).status_code for user in (chief, nadia)]

    assert answers + links + factors == [403] * 6
    assert User.objects.filter(is_active=True).exclude(name="Autre").count() == 2
    assert not Mail.objects.exists()


def test_nobody_is_made_a_superuser_by_the_national_team(client: Client) -> None:
    user = factories.regional()
    page = client.get(address("change", user))
    change(client, user, is_superuser="on", is_staff="on", user_permissions=[1])
    factories.commune()
    client.post(ADD, new_account(is_superuser="on"))

    assert "is_superuser" not in page.content.decode()
    assert not User.objects.filter(is_superuser=True).exists()
    assert not user.user_permissions.exists()


def test_the_national_team_does_not_change_an_address(client: Client) -> None:
    user = factories.regional(email="rachida@exemple.gouv.fr")

    change(client, user, email="moi@exemple.gouv.fr")

    user.refresh_from_db()
    assert user.email == "rachida@exemple.gouv.fr"


def test_a_superuser_makes_another_and_unmakes_them(chief: User) -> None:
    client, user = signed_in(chief), factories.regional()
    change(client, user, is_superuser="on")
    user.refresh_from_db()
    made = user.is_superuser
    change(client, user, is_superuser=None)
    user.refresh_from_db()

    assert (made, user.is_superuser) == (True, False)
    assert [entry.details["after"] for entry in AuditEntry.objects.all()] == [
        {"is_superuser": False},
        {"is_superuser": True},
    ]


def test_the_last_superuser_stays_one(chief: User) -> None:
    client = signed_in(chief)
    refused = change(client, chief, is_superuser=None)
    second = User.objects.create_superuser("autre@exemple.gouv.fr")
    accepted = change(client, chief, is_superuser=None)
    chief.refresh_from_db()

    assert "C’est le dernier administrateur technique" in text_of(refused)
    assert (accepted.status_code, chief.is_superuser, second.is_superuser) == (302, False, True)


def test_nobody_closes_their_own_account(chief: User) -> None:
    change(signed_in(chief), chief, is_active=None)

    chief.refresh_from_db()
    assert chief.is_active


def test_a_superuser_gives_an_organiser_neither_rights_nor_password(chief: User) -> None:
    organiser = factories.organiser()
    posted = {"is_active": "on", "is_superuser": "on", "is_staff": "on", "groups": [1], "password": "x"}

    change(signed_in(chief), organiser, **posted)

    organiser.refresh_from_db()
    assert (organiser.is_superuser, organiser.is_staff, organiser.groups.count()) == (False, False, 0)
    assert not organiser.has_usable_password()


def test_what_is_logged_of_an_organiser_names_nobody(chief: User) -> None:
    organiser = factories.organiser(name="Camille Martin")

    change(signed_in(chief), organiser, is_active=None, name="Autre Nom")

    entry = AuditEntry.objects.get()
    assert entry.details == {"before": {"is_active": True}, "after": {"is_active": False}}
    assert organiser.email not in entry.summary + entry.about


def test_the_link_is_sent_again_after_a_page_that_asks(client: Client) -> None:
    user = factories.regional()
    page = client.get(address("send_link", user))
    before = Mail.objects.count()
    client.post(address("send_link", user))

    assert (page.status_code, before) == (200, 0)
    assert Mail.objects.get().to == user.email
    assert AuditEntry.objects.get().action == "account.link"


def test_the_factors_of_a_lost_telephone_are_removed_and_its_owner_is_told(client: Client, nadia: User) -> None:
    user = with_application(factories.regional())
    recovery_codes(user)
    theirs = signed_in(user)
    page = client.get(address("remove_factors", user))
    client.post(address("remove_factors", user))

    assert page.status_code == 200
    assert kinds(user) == []
    assert theirs.get("/admin/").status_code == 302
    assert "a retiré le second facteur de votre compte" in Mail.objects.get(to=user.email).text
    assert (AuditEntry.objects.get().action, AuditEntry.objects.get().by) == ("factor.remove", nadia)


def test_a_closed_account_gets_no_link(client: Client) -> None:
    assert client.post(address("send_link", factories.regional(is_active=False))).status_code == 403


def test_an_account_is_closed_and_never_deleted(chief: User) -> None:
    user = factories.regional()

    assert signed_in(chief).post(address("delete", user), {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=user.pk).exists()


def test_accounts_are_no_regional_examiners(nadia: User) -> None:
    client, organiser = signed_in(factories.regional()), factories.organiser()
    addresses = [USERS, ADD, *(address(name, nadia) for name in ("change", "send_link", "remove_factors"))]
    addresses += [address("erase", organiser), address("change", organiser)]

    assert {client.get(each).status_code for each in addresses} == {403}
    assert {client.post(each).status_code for each in addresses} == {403}


@pytest.mark.parametrize(
    "query", ["q=%00", "compte=%00", "acces=x", "region=%00", "p=9999", "o=1.-2", "is_staff__exact=%00"]
)
def test_a_broken_query_string_is_no_failure(query: str, client: Client) -> None:
    assert client.get(f"{USERS}?{query}").status_code == (400 if "exact" in query else 200)


@pytest.mark.parametrize("name", ["send_link", "remove_factors", "erase"])
def test_an_account_that_nobody_has_is_not_found(name: str, client: Client) -> None:
    for pk in (0, 10**30):
        assert client.get(f"/admin/accounts/user/{pk}/{_SEGMENTS[name]}/").status_code == 404


_SEGMENTS = {"send_link": "lien", "remove_factors": "second-facteur", "erase": "effacer"}


def test_staff_and_organisers_are_listed_apart(client: Client, nadia: User) -> None:
    staff, organiser = factories.regional(), factories.organiser()

    listed = {
        value: {user.email for user in client.get(USERS, {"compte": value}).context["cl"].result_list}
        for value in ("True", "False")
    }

    assert listed == {"True": {staff.email, nadia.email}, "False": {organiser.email}}


def test_the_list_costs_the_same_queries_with_many_accounts(client: Client) -> None:
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(USERS)
        counts.append(len(queries))
        for _ in range(5):
            with_application(factories.regional("28", "84"))

    assert counts[0] == counts[1] <= 14


# Erasing an organiser -------------------------------------------------------------------------------------------------


def test_an_organiser_is_erased_for_a_reason_and_what_was_published_stays(client: Client, nadia: User) -> None:
    organiser = factories.organiser(name="Camille Martin")
    published = factories.application(state=State.APPROVED, by=organiser)
    waiting = factories.application(state=State.SUBMITTED, by=organiser)
    theirs, pk = signed_in(organiser), organiser.pk
    asked = client.get(address("erase", organiser))
    response = client.post(address("erase", organiser), {"reason": "asked", "is_certain": "on"})
    entry = AuditEntry.objects.get(action="account.erase")

    assert "Camille Martin" in text_of(asked)
    assert response["Location"] == USERS
    assert not User.objects.filter(pk=pk).exists()
    assert dict(Application.objects.values_list("pk", "state")) == {published.pk: "approved", waiting.pk: "withdrawn"}
    assert theirs.get("/organisateurs/").status_code == 302
    assert (entry.by, entry.about, entry.details) == (nadia, f"compte-{pk}", {"reason": "La personne le demande"})
    assert "Camille" not in str(AuditEntry.objects.values())
    assert organiser.email not in str(AuditEntry.objects.values())


@pytest.mark.parametrize(
    ("posted", "fields"),
    [
        ({}, ["reason", "is_certain"]),
        ({"reason": "asked"}, ["is_certain"]),
        ({"reason": "\0", "is_certain": "on"}, ["reason"]),
    ],
)
def test_nobody_is_erased_without_a_reason_and_a_certainty(
    posted: dict[str, str], fields: list[str], client: Client
) -> None:
    organiser = factories.organiser()
    response = client.post(address("erase", organiser), posted)

    assert (response.status_code, list(response.context["form"].errors)) == (200, fields)
    assert User.objects.filter(pk=organiser.pk).exists()
    assert not AuditEntry.objects.exists()


def test_staff_are_not_erased(chief: User) -> None:
    user = factories.regional()

    assert signed_in(chief).post(address("erase", user), {"reason": "asked", "is_certain": "on"}).status_code == 404
    assert User.objects.filter(pk=user.pk).exists()


def test_an_account_opened_and_never_used_is_not_purged() -> None:
    user = factories.regional()
    User.objects.filter(pk=user.pk).update(created_at=timezone.now() - timedelta(days=30))

    assert purged(retention.NEVER_USED) == 0
