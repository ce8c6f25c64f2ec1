"""The outbox in the admin: read by the national team, never the codes, and sent again when it was refused."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from core import outbox
from core.outbox import Mail
from tests import factories

pytestmark = pytest.mark.django_db

MAILS = reverse("admin:core_mail_changelist")
CODE = "12345678"


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(factories.national())
    return client


def posted(key: str, **fields: object) -> Mail:
    mail = outbox.post(key=key, to=f"{key}@exemple.fr", subject=f"Objet {key}", text=f"Voir https://exemple.fr/{key}")
    Mail.objects.filter(pk=mail.pk).update(**fields)
    return mail


def page_of(mail: Mail) -> str:
    return reverse("admin:core_mail_change", args=[mail.pk])


def test_mails_are_listed_by_state(client: Client) -> None:
    failed = posted("un", state=Mail.State.FAILED)
    posted("deux", state=Mail.State.SENT)

    listed = client.get(MAILS, {"etat": "failed"}).context["cl"].result_list

    assert list(listed) == [failed]


def test_a_mail_is_read_with_its_links(client: Client) -> None:
    mail = posted("un", text="Voir https://exemple.fr/un <script>alert(1)</script>")

    page = client.get(page_of(mail)).content.decode()

    assert '<a href="https://exemple.fr/un" rel="nofollow">https://exemple.fr/un</a>' in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.parametrize(("is_demonstration", "is_shown"), [(True, True), (False, False)])
def test_codes_are_shown_in_a_demonstration_alone(
    is_demonstration: bool, is_shown: bool, client: Client, settings: Settings
) -> None:
    settings.DEMO = is_demonstration
    mail = posted("code", is_secret=True, subject=f"Votre code {CODE}", text=f"Code : {CODE}")

    pages = [client.get(MAILS).content.decode(), client.get(page_of(mail)).content.decode()]

    assert [CODE in page for page in pages] == [is_shown, is_shown]


def test_a_code_is_not_guessed_by_searching(client: Client, settings: Settings) -> None:
    settings.DEMO = False
    mail = posted("code", is_secret=True, subject=f"Votre code {CODE}")
    other = posted("autre", subject="Demande 12345678")

    by_subject = client.get(MAILS, {"q": CODE[:4]}).context["cl"].result_list
    by_address = client.get(MAILS, {"q": "code@exemple.fr"}).context["cl"].result_list

    assert list(by_subject) == [other]
    assert list(by_address) == [mail]


def test_refused_mails_are_sent_again_and_no_others(client: Client, mailoutbox: list[object]) -> None:
    refused, waiting = posted("un", state=Mail.State.FAILED), posted("deux", state=Mail.State.CANCELLED)
    data = {"action": "send_again", "_selected_action": [refused.pk, waiting.pk], "index": 0}

    client.post(MAILS, data)

    states = dict(Mail.objects.values_list("key", "state"))
    assert states == {"un": Mail.State.WAITING, "deux": Mail.State.CANCELLED}


def test_a_mail_is_not_written_here(client: Client) -> None:
    mail = posted("un")

    assert client.post(page_of(mail), {"subject": "Autre"}).status_code == 403
    assert client.get(reverse("admin:core_mail_add")).status_code == 403
    assert client.post(reverse("admin:core_mail_delete", args=[mail.pk]), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("query", ["q=%00", "etat=%00", "p=99", "state=%00", "to__contains=a"])
def test_a_broken_query_string_is_no_failure(query: str, client: Client) -> None:
    posted("un")

    expected = 400 if query.startswith(("state", "to")) else 200
    assert client.get(f"{MAILS}?{query}").status_code == expected
