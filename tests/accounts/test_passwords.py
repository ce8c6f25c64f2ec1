"""The staff's passwords: strong enough by the CNIL's measure, chosen by a link that serves once and tells nothing."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts import links
from accounts.audit import AuditEntry
from accounts.models import User
from accounts.passwords import is_strong
from core.outbox import Mail
from tests import factories
from tests.labels.admin.desk import text_of

pytestmark = pytest.mark.django_db

FORGOTTEN = reverse("account_reset_password")
NEW = "Acier-trempé-1924"


@pytest.fixture
def nadia() -> User:
    return factories.national(email="nadia@exemple.gouv.fr")


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("Acier-trempe1", True),  # 13 characters, 4 kinds
        ("Acier-tremp1", True),  # 12
        ("Acier-trem1", False),  # 11
        ("AcierTrempe1924", True),  # 15 characters, 3 kinds
        ("AcierTrempe192", True),  # 14
        ("AcierTrempe19", False),  # 13, 3 kinds
        ("aciertrempedelan1924", False),  # 2 kinds, however long
        ("une phrase de passe longue de sept mots", True),
        ("une phrase de passe de six mots", False),
        ("une phrase de six mots seulement", False),
        ("mot mot mot mot mot mot mot", False),
        ("Aaaaaaaaaa1!", False),
        ("", False),
    ],
)
def test_a_password_is_as_strong_as_the_cnil_asks(password: str, expected: bool) -> None:
    assert is_strong(password) is expected


@pytest.mark.parametrize("password", ["Nadia@exemple.gouv.fr1", "court", "une phrase courte"])
def test_a_weak_or_personal_password_is_refused(password: str, nadia: User) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, nadia)


def test_staff_change_their_password_in_the_admin_under_the_same_rules(nadia: User) -> None:
    client = Client()
    client.force_login(nadia)
    address = reverse("admin:password_change")

    def change(new: str) -> Any:
        typed = {"old_password": factories.PASSWORD, "new_password1": new, "new_password2": new}
        return client.post(address, typed)

    weak, strong = change("motdepasse"), change(NEW)
    nadia.refresh_from_db()

    assert "Ce mot de passe est trop facile à deviner." in text_of(weak)
    assert strong.status_code == 302
    assert nadia.check_password(NEW)


def test_a_password_changed_in_the_admin_is_logged_and_told_to_its_owner(nadia: User) -> None:
    client = Client()
    client.force_login(nadia)
    typed = {"old_password": factories.PASSWORD, "new_password1": NEW, "new_password2": NEW}
    client.post(reverse("admin:password_change"), typed)
    entry, mail = AuditEntry.objects.get(), Mail.objects.get()

    assert (entry.by, entry.action, entry.summary) == (nadia, "account.password", "Mot de passe changé")
    assert mail.to == nadia.email
    assert "votre mot de passe a été changé" in mail.text


def link_in(mail: Mail) -> str:
    found = re.search(r"http://\S+/mot-de-passe/\S+", mail.text)
    assert found
    assert found[0] in mail.html
    return found[0].removeprefix("http://127.0.0.1:8000")


def choose(link: str, password: str = NEW, client: Client | None = None) -> Any:
    """Follow the link as a browser does, and type the password twice."""
    client = client or Client()
    page = client.get(link, follow=True)
    if page.status_code != 200:
        return page
    return client.post(page.redirect_chain[-1][0], {"new_password1": password, "new_password2": password})


def test_a_forgotten_password_is_chosen_anew_by_the_link_of_the_mail(client: Client, nadia: User) -> None:
    elsewhere = Client()
    elsewhere.force_login(nadia)
    client.post(FORGOTTEN, {"email": " Nadia@Exemple.gouv.fr "})
    answer = choose(link_in(Mail.objects.get()))
    nadia.refresh_from_db()

    assert answer["Location"] == reverse("admin:login")
    assert nadia.check_password(NEW)
    assert elsewhere.get("/admin/").status_code == 302
    assert [entry.action for entry in AuditEntry.objects.all()] == ["account.password"]
    assert "votre mot de passe a été changé" in Mail.objects.first().text  # type: ignore[union-attr]


def test_the_link_opens_no_session(nadia: User) -> None:
    client = Client()
    choose(links.address(nadia), client=client)

    assert client.get("/admin/").status_code == 302


def test_a_link_serves_once_and_ends_those_sent_before(nadia: User) -> None:
    first, second = links.address(nadia), links.address(nadia)
    choose(second)

    assert [choose(link).status_code for link in (first, second)] == [410, 410]


def test_a_link_is_good_for_three_days(nadia: User) -> None:
    link = links.address(nadia)
    with time_machine.travel(timezone.now() + timedelta(days=2, hours=23), tick=False):
        in_time = Client().get(link, follow=True).status_code
    with time_machine.travel(timezone.now() + timedelta(days=3, hours=3), tick=False):
        late = Client().get(link, follow=True)

    assert (in_time, late.status_code) == (200, 410)
    assert "Ce lien ne sert plus" in text_of(late)


def test_a_link_of_a_closed_account_of_an_organiser_and_of_nobody_say_the_same(nadia: User) -> None:
    closed = factories.regional(is_active=False)
    addresses = [links.address(closed), links.address(factories.organiser()), "/connexion/mot-de-passe/OTk5OTk5/c-0/"]
    pages = [Client().get(address, follow=True) for address in addresses]

    assert {page.status_code for page in pages} == {410}
    assert len({re.sub(r"csrfmiddlewaretoken.*", "", page.content.decode()) for page in pages}) == 1


@pytest.mark.parametrize("uid", ["AAAA", "_", "9" * 300, "MTAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMA"])
def test_a_broken_link_is_no_failure(uid: str) -> None:
    assert Client().get(f"/connexion/mot-de-passe/{uid}/choisir/").status_code == 410


def test_a_refused_choice_says_why_and_changes_nothing(nadia: User) -> None:
    client = Client()
    page = client.get(links.address(nadia), follow=True)
    where = page.redirect_chain[-1][0]
    weak = client.post(where, {"new_password1": "court", "new_password2": "court"})
    different = client.post(where, {"new_password1": NEW, "new_password2": f"{NEW}!"})
    nadia.refresh_from_db()

    assert "Ce mot de passe est trop facile à deviner." in text_of(weak)
    assert "Les deux saisies ne sont pas les mêmes." in text_of(different)
    assert nadia.check_password(factories.PASSWORD)


def test_the_same_is_answered_whoever_is_asked_for(nadia: User) -> None:
    emails = [
        nadia.email,
        "personne@exemple.fr",
        factories.organiser().email,
        factories.regional(is_active=False).email,
    ]
    answers = []
    for email in emails:
        page = Client().post(FORGOTTEN, {"email": email}, follow=True)
        answers.append(re.sub(r".*csrfmiddlewaretoken.*", "", page.content.decode()).replace(email, "…"))

    assert len(set(answers)) == 1
    assert [mail.to for mail in Mail.objects.all()] == [nadia.email]


def test_asking_again_and_again_sends_five_mails_an_hour(client: Client, nadia: User) -> None:
    for _ in range(7):
        last = client.post(FORGOTTEN, {"email": nadia.email})

    assert Mail.objects.count() == 5
    assert "Trop de demandes." in text_of(last)


@pytest.mark.parametrize("email", ["", "\0@a.fr", "élodie@exemple.fr", "x" * 5000, "pas une adresse"])
def test_a_broken_address_is_refused_beside_its_field(email: str, client: Client) -> None:
    response = client.post(FORGOTTEN, {"email": email})

    assert (response.status_code, list(response.context["form"].errors)) == (200, ["email"])


def test_the_link_is_wiped_once_it_has_left_production(nadia: User, settings: Settings) -> None:
    settings.DEMO = False
    links.send(nadia)
    mail = Mail.objects.get()
    mail.claim()
    mail.send()

    assert "mot-de-passe" not in str(Mail.objects.values().get())
