"""What visitors report, at the desk."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from accounts.audit import AuditEntry
from accounts.models import User
from events.models import Report
from labels.models import Application, State
from tests import factories

pytestmark = pytest.mark.django_db

LIST = "/admin/events/report/"


def reported(application: Application, text: str) -> Report:
    return Report.objects.create(
        event=application.event, reason=Report.Reason.NOT_FREE, text=text, email="visiteuse@exemple.fr"
    )


@pytest.fixture
def here() -> Report:
    return reported(factories.application(state=State.APPROVED), "Payant au <b>Havre</b>")


@pytest.fixture
def elsewhere() -> Report:
    return reported(factories.application(state=State.APPROVED, commune=factories.commune("69381")), "Payant à Lyon")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_region_reads_its_own_and_the_national_team_all(here: Report, elsewhere: Report) -> None:
    regional, national = signed_in(factories.regional("28")), signed_in(factories.national())

    page = regional.get(LIST).content.decode()
    assert "Payant au &lt;b&gt;Havre" in page and "Lyon" not in page
    assert "Payant à Lyon" in national.get(LIST).content.decode()
    assert regional.get(f"{LIST}{elsewhere.pk}/change/").status_code == 404
    assert "visiteuse@exemple.fr" in regional.get(f"{LIST}{here.pk}/change/").content.decode()


def test_the_day_of_handling_is_that_of_paris(here: Report) -> None:
    Report.objects.update(handled_at=datetime(2026, 11, 17, 23, 30, tzinfo=UTC))

    page = signed_in(factories.national()).get(f"{LIST}{here.pk}/change/").content.decode()

    assert "le 18/11/2026" in page


def test_one_is_marked_as_handled_and_logged(here: Report, elsewhere: Report) -> None:
    examiner = factories.regional("28")
    client = signed_in(examiner)

    client.post(LIST, {"action": "handle", "_selected_action": [here.pk, elsewhere.pk]})
    client.post(LIST, {"action": "handle", "_selected_action": [here.pk]})

    here.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (here.handled_by, elsewhere.handled_by) == (examiner, None)
    entries = AuditEntry.objects.filter(action="report.handle")
    assert [entry.about for entry in entries] == [here.event.application.reference]
    assert "Havre" not in client.get(f"{LIST}?etat=a-traiter").content.decode()
    assert "Havre" in client.get(f"{LIST}?etat=traites").content.decode()


def test_the_page_of_the_application_shows_them(here: Report) -> None:
    client = signed_in(factories.regional("28"))

    page = client.get(f"/admin/labels/application/{here.event.application.pk}/change/").content.decode()

    assert "Signalements du public" in page and "Payant au &lt;b&gt;Havre" in page
    assert f'href="{LIST}{here.pk}/change/"' in page


@pytest.mark.parametrize("query", ["?etat=inconnu", "?reason=%00", "?p=99", "?o=%27", "?text__contains=a"])
def test_a_broken_search_is_no_failure(here: Report, query: str) -> None:
    response = signed_in(factories.regional("28")).get(f"{LIST}{query}")

    assert response.status_code in {200, 302, 400}


def test_no_organiser_reads_what_is_said_of_their_event(here: Report) -> None:
    application = here.event.application
    owner = application.created_by
    assert owner is not None
    client = signed_in(owner)

    assert client.get(LIST).status_code in {302, 403}
    page = client.get(f"/organisateurs/demandes/{application.reference}/").content.decode()
    assert "Havre</b>" not in page and "visiteuse" not in page
