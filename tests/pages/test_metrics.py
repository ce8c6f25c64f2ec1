"""The figures of an operator's Prometheus, read by Prometheus's own parser."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as portal
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import DjangoAssertNumQueries, Settings

from core.outbox import Mail
from labels import workflow
from labels.models import Action, State
from tests import factories

pytestmark = pytest.mark.django_db

TOKEN = "jeton-de-mesure"
# Two processes of one server count a request each; a third, after them, answers for both.
COUNTS = "from pages import metrics; metrics.count('pages:home', 200, 0.02)"
READS = "from pages import metrics; print(metrics.generate_latest(metrics._processes()).decode())"


def read(client: Client) -> dict[tuple[str, ...], float]:
    """Each sample by its name and the values of its labels."""
    response = client.get("/sante/mesures", headers={"authorization": f"Bearer {TOKEN}"})
    assert response.status_code == 200
    return samples(response.content.decode())


def samples(text: str) -> dict[tuple[str, ...], float]:
    families = text_string_to_metric_families(text)
    return {(s.name, *s.labels.values()): s.value for family in families for s in family.samples}


@pytest.fixture(autouse=True)
def token(settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN


@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer autre", TOKEN, f"bearer {TOKEN}"])
def test_who_bears_no_token_finds_nothing_there(client: Client, given: str) -> None:
    assert client.get("/sante/mesures", headers={"authorization": given}).status_code == 404


def test_without_a_token_configured_nobody_finds_anything(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = ""

    for given in ("", "Bearer ", "Bearer"):
        assert client.get("/sante/mesures", headers={"authorization": given}).status_code == 404


def test_requests_are_counted_by_the_name_of_their_address_and_not_by_what_was_typed(client: Client) -> None:
    before = read(client).get(("semaine_requests_total", "pages:help", "200"), 0)
    client.get("/aide/?q=secret")
    client.get("/nulle-part-secret/")

    after = read(client)

    assert after["semaine_requests_total", "pages:help", "200"] == before + 1
    assert after["semaine_request_seconds_count", "pages:help"] >= 1
    assert after["semaine_requests_total", "", "404"] >= 1
    assert [key for key in after if any("secret" in part for part in key)] == []


def test_mails_are_told_by_state_and_the_oldest_that_should_have_left_by_its_age(client: Client) -> None:
    now = timezone.now()
    for number, (state, age) in enumerate([("waiting", 600), ("waiting", -600), ("sent", 9000), ("failed", 9000)]):
        mail = {"to": "a@exemple.fr", "subject": "s", "text": "t", "send_after": now - timedelta(seconds=age)}
        Mail.objects.create(key=f"essai-{number}", state=state, **mail)

    told = read(client)

    states = {key[1]: value for key, value in told.items() if key[0] == "semaine_mails"}
    assert states == {"waiting": 2, "sending": 0, "sent": 1, "failed": 1, "cancelled": 0}
    assert 600 <= told["semaine_mail_oldest_unsent_seconds",] < 660


def test_the_queue_is_told_by_its_length_and_age_and_decisions_by_what_they_were(client: Client) -> None:
    waiting = factories.application(state=State.SUBMITTED)
    decided = factories.application(state=State.SUBMITTED)
    workflow.perform(decided, Action.APPROVE, by=factories.national())
    type(waiting).objects.filter(pk=waiting.pk).update(submitted_at=timezone.now() - timedelta(days=3))

    told = read(client)

    assert told["semaine_applications_waiting",] == 1
    assert 3 * 86400 <= told["semaine_application_oldest_waiting_seconds",] < 3 * 86400 + 60
    assert told["semaine_transitions", "approve"] == 1


def test_an_empty_portal_has_figures_too(client: Client) -> None:
    told = read(client)

    assert (told["semaine_mail_oldest_unsent_seconds",], told["semaine_applications_waiting",]) == (0, 0)


def test_the_figures_cost_the_same_whatever_there_is(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        factories.application(state=State.SUBMITTED)

    with django_assert_num_queries(4):
        read(client)


def test_the_processes_of_one_server_add_up(tmp_path: Path) -> None:
    setup = "import django; django.setup(); "
    environment = {
        **os.environ,
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "semaine.settings",
    }

    def run(code: str) -> str:
        command = [sys.executable, "-c", setup + code]
        done = subprocess.run(command, env=environment, cwd=portal.BASE_DIR, capture_output=True, text=True, check=True)
        return done.stdout

    run(COUNTS)
    run(COUNTS)

    assert samples(run(READS))["semaine_requests_total", "pages:home", "200"] == 2
