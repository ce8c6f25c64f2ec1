import re
from unittest.mock import patch

import pytest
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError, connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries, Settings

from pages.errors import permission_denied
from tests import bad_input, factories

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
        patch("pages.views.render", side_effect=RuntimeError("secret detail")),
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
        patch("pages.views.render", side_effect=error("connection refused: secret host")),
        CaptureQueriesContext(connection) as queries,
    ):
        answer = client.get("/contact/")

    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "300", "no-store")
    assert _heading(answer.content) == ["Le portail est momentanément indisponible"]
    assert b"secret host" not in answer.content
    assert [query for query in queries if "accounts_user" in query["sql"]] == []


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
    assert all("default-src 'none'" in answer["Content-Security-Policy"] for answer in answers)
    assert _heading(answers[0].content) == ["Le portail est momentanément indisponible"]
    assert probe.status_code == 200
