import re
from typing import Any
from unittest.mock import patch

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InterfaceError, OperationalError, connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries, Settings

from pages.errors import permission_denied
from tests import bad_input, factories
from tests.headers import policy

pytestmark = pytest.mark.django_db


def _heading(page: bytes) -> list[str]:
    return re.findall(r"<h1[^>]*>(.*?)</h1>", page.decode())


def test_a_page_that_is_not_there_offers_ways_on(client: Client) -> None:
    answer = client.get("/nulle-part/")

    assert answer.status_code == 404
    assert _heading(answer.content) == ["Page introuvable"]
    assert 'action="/evenements/"' in answer.content.decode()
    assert 'href="/carte/"' in answer.content.decode()


def test_a_reload_of_what_only_takes_forms_is_a_page_that_leads_back(client: Client) -> None:
    owner = factories.organiser()
    application = factories.application(by=owner)
    client.force_login(owner)

    answer = client.get(f"/organisateurs/demandes/{application.reference}/retirer/")

    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert _heading(answer.content) == ["Cette page ne s’ouvre pas par son adresse"]
    assert 'href="/organisateurs/"' in answer.content.decode()


@pytest.mark.parametrize("address", ["/%00", "/aide/%00/", "/<script>alert(1)</script>", "/" + "a" * 5000, "/%ff%fe/"])
def test_a_hostile_address_is_not_found_and_not_repeated(client: Client, address: str) -> None:
    answer = client.get(address)

    assert answer.status_code == 404
    assert b"alert(1)" not in answer.content


@bad_input.runs("http-001")
def test_a_foreign_host_is_refused_in_french(client: Client) -> None:
    answer = client.get("/", headers={"host": "evil.example"})

    assert answer.status_code == 400
    assert _heading(answer.content) == ["Cette demande n’a pas été comprise"]
    assert b"evil.example" not in answer.content


@bad_input.runs("http-015")
def test_too_many_fields_are_refused_in_french(client: Client) -> None:
    answer = client.post("/connexion/", {f"champ{number}": "x" for number in range(1001)})

    assert answer.status_code == 400
    assert _heading(answer.content) == ["Cette demande n’a pas été comprise"]


@bad_input.runs("http-005")
def test_a_form_without_its_token_tells_what_to_do() -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/connexion/", {"email": "camille@exemple.fr"})

    assert answer.status_code == 403
    assert _heading(answer.content) == ["Ce formulaire n’a pas pu être vérifié"]
    assert 'href="/connexion/"' in answer.content.decode()
    assert "CSRF" not in answer.content.decode()


@bad_input.runs("http-007")
@pytest.mark.parametrize("origin", ["null", "https://evil.example"])
def test_a_form_from_another_site_is_refused(origin: str) -> None:
    client = Client(enforce_csrf_checks=True)
    token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get("/connexion/").content.decode())[0]
    data = {"email": "camille@exemple.fr", "csrfmiddlewaretoken": token}

    assert client.post("/connexion/", data, headers={"origin": origin}).status_code == 403
    assert client.post("/connexion/", data).status_code == 302


def test_what_one_may_not_do_is_said_with_its_reason_and_the_account_one_has(rf: RequestFactory) -> None:
    request = rf.get("/quelque-part/")
    request.user = factories.national(email="nadia@exemple.gouv.fr")

    answer = permission_denied(request, PermissionDenied("Cette région n’est pas la vôtre <b>."))

    page = answer.content.decode()
    assert answer.status_code == 403
    assert _heading(answer.content) == ["Accès refusé"]
    assert "Cette région n’est pas la vôtre &lt;b&gt;." in page
    assert "nadia@exemple.gouv.fr" in page


def test_a_failure_is_told_without_asking_the_database_anything() -> None:
    client = Client(raise_request_exception=False)
    client.force_login(factories.organiser(), "django.contrib.auth.backends.ModelBackend")
    with (
        patch("editorial.rendering.render", side_effect=RuntimeError("secret detail")),
        CaptureQueriesContext(connection) as queries,
    ):
        answer = client.get("/contact/")

    assert answer.status_code == 500
    assert _heading(answer.content) == ["Une erreur est survenue"]
    assert b"secret detail" not in answer.content
    assert [query for query in queries if "accounts_user" in query["sql"]] == []


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_database_that_does_not_answer_is_told_as_a_moment_and_not_as_a_failure(error: type[Exception]) -> None:
    client = Client(raise_request_exception=False)
    with (
        patch("editorial.rendering.render", side_effect=error("connection refused: secret host")),
        CaptureQueriesContext(connection) as queries,
    ):
        answer = client.get("/contact/")

    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "300", "no-store")
    assert _heading(answer.content) == ["Le portail est momentanément indisponible"]
    assert b"secret host" not in answer.content
    assert [query for query in queries if "accounts_user" in query["sql"]] == []


def _unavailable(client: Client, address: str, data: dict[str, Any]) -> str:
    with patch("labels.views.steps.applications_of", side_effect=OperationalError("connection refused")):
        answer = client.post(address, data)
    assert answer.status_code == 503
    return answer.content.decode()


def test_what_was_typed_when_the_database_went_is_in_the_page_with_the_token_it_came_with() -> None:
    owner = factories.organiser()
    application = factories.application(by=owner)
    client = Client(raise_request_exception=False)
    client.force_login(owner)
    typed = {"title": 'Visite "de nuit" <b>', "sectors": ["metallurgie", "chimie"], "csrfmiddlewaretoken": "jeton"}

    page = _unavailable(client, f"/organisateurs/demandes/{application.reference}/evenement/?a=1&b=2", typed)

    assert f'action="/organisateurs/demandes/{application.reference}/evenement/?a=1&amp;b=2"' in page
    assert re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page) == [
        ("title", "Visite &quot;de nuit&quot; &lt;b&gt;"),
        ("sectors", "metallurgie"),
        ("sectors", "chimie"),
        ("csrfmiddlewaretoken", "jeton"),
    ]
    assert "<li>Visite &quot;de nuit&quot; &lt;b&gt;</li>" in page
    assert "Un fichier que vous aviez choisi" not in page


def test_a_file_that_was_sent_when_the_database_went_is_to_be_chosen_again() -> None:
    client = Client(raise_request_exception=False)
    client.force_login(factories.organiser())
    sent = {"title": "Visite", "image-file": SimpleUploadedFile("forge.png", b"image")}

    assert "Un fichier que vous aviez choisi" in _unavailable(client, "/organisateurs/demandes/X/evenement/", sent)


@pytest.mark.parametrize(
    ("address", "data"),
    [
        ("/connexion/code/", {"code": "12345678"}),
        ("/connexion/", {"email": "camille@exemple.fr"}),
        ("/admin/login/", {"username": "nadia@exemple.gouv.fr", "password": "un secret"}),
        ("/nulle-part/", {"texte": "de quelqu’un d’autre"}),
    ],
)
def test_what_opens_an_account_or_goes_nowhere_is_not_given_back(
    client: Client, settings: Settings, address: str, data: dict[str, str]
) -> None:
    settings.MAINTENANCE = True

    page = client.post(address, data).content.decode()

    assert "<form" not in page
    assert [value for value in data.values() if value in page] == []


def test_during_maintenance_every_page_but_the_probes_says_so_without_the_database(
    client: Client, settings: Settings, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(factories.national(), "django.contrib.auth.backends.ModelBackend")
    settings.MAINTENANCE = True

    with django_assert_num_queries(0):
        answers = [client.get(address) for address in ("/", "/carte/", "/admin/", "/nulle-part/")]
        answers.append(client.post("/connexion/", {"email": "camille@exemple.fr"}))
        probe = client.get("/sante/vivant")

    assert {(answer.status_code, answer["Retry-After"]) for answer in answers} == {(503, "300")}
    assert {policy(answer)["default-src"] for answer in answers} == {"'none'"}
    assert _heading(answers[0].content) == ["Le portail est momentanément indisponible"]
    assert probe.status_code == 200
