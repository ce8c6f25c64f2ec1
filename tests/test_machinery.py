"""The machinery of the tests holds its promises: a real worker, commits that leave no hole."""

import pytest
from celery import current_app
from django.contrib.auth.models import Group
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections
from playwright.sync_api import Page

from accounts.models import User
from core import outbox
from core.outbox import Mail
from events.models import Format
from labels.models import Application, State
from labels.permissions import GROUPS
from places.models import Commune
from tests import factories, reference
from tests.servers import SmtpServer


def post(key: str) -> Mail:
    return outbox.post(key=key, to="camille@exemple.fr", subject="Reçu", text="Bonjour.")


@pytest.mark.parametrize("turn", [1, 2])
@pytest.mark.django_db(transaction=True)
def test_a_test_that_commits_finds_the_reference_rows_and_leaves_them(turn: int) -> None:
    groups = set(Group.objects.values_list("name", flat=True))
    permissions = {group.permissions.count() for group in Group.objects.all()}
    formats = Format.objects.values_list("slug", "label")

    assert groups == set(GROUPS)
    assert 0 not in permissions
    assert ("autre", "Autre événement ludique") in formats
    assert "de-trop" not in dict(formats)
    assert [Application.objects.count(), User.objects.count(), Commune.objects.count()] == [0, 0, 0]

    # What the next turn must not find.
    factories.application(state=State.APPROVED)
    Group.objects.all().delete()
    Format.objects.filter(slug="autre").update(label="Changé")
    Format.objects.create(slug="de-trop", label="De trop")


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_connection_that_nobody_closed_does_not_hold_the_test_database() -> None:
    forgotten = connections.create_connection(DEFAULT_DB_ALIAS)
    forgotten.ensure_connection()

    reference.end_other_sessions()

    with pytest.raises(OperationalError), forgotten.cursor() as cursor:
        cursor.execute("SELECT 1")
    assert Group.objects.exists()


@pytest.mark.postgresql
def test_a_mail_leaves_through_a_real_worker(celery_worker: object, smtp_server: SmtpServer) -> None:
    mail = post("machinery-1")

    (message,) = smtp_server.wait_for(1)

    assert message["Subject"] == "Reçu"
    assert message["Message-ID"] == mail.message_id


def test_celery_runs_tasks_in_the_caller_unless_a_test_asks_for_a_worker() -> None:
    assert current_app.conf.task_always_eager is True


def test_chromium_starts_and_runs_scripts(page: Page) -> None:
    page.set_content("<p id=a></p><script>document.querySelector('#a').textContent = 6 * 7</script>")

    assert page.text_content("#a") == "42"
