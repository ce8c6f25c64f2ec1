"""A deposit never waits for the broker, and its mail leaves once, when the broker is back."""

import socket
import time
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from core import outbox
from core.outbox import Mail
from labels.models import Application, State
from semaine.celery import app
from tests import factories
from tests.servers import SmtpServer, point_celery_at
from tests.services import RedisServer

# Celery left to itself waits for forty seconds; a busy machine may take two for the answer itself.
PATIENCE = 10

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def submit() -> tuple[Application, float]:
    """Send a complete draft as a browser does; the application, and the seconds that the answer took."""
    owner = factories.organiser()
    application = factories.application(by=owner)
    client = Client()
    client.force_login(owner)
    address = reverse("labels:step", args=[application.reference, "verification"])
    begun = time.monotonic()

    response = client.post(address, {"version": application.version, "is_sworn": "on"})

    took = time.monotonic() - begun
    application.refresh_from_db()
    assert (response.status_code, application.state) == (303, State.SUBMITTED)
    return application, took


def test_with_the_broker_stopped_the_answer_is_quick_and_the_mail_leaves_once_it_is_back(
    celery_worker: object, redis_server: RedisServer, smtp_server: SmtpServer
) -> None:
    redis_server.stop()

    application, took = submit()

    assert took < PATIENCE
    mail = Mail.objects.get()
    assert (mail.state, smtp_server.messages) == (Mail.State.WAITING, [])
    redis_server.start()
    # What beat asks for every 30 seconds; the worker that lost its broker must have found it again.
    outbox.sweep.apply_async(retry=True)
    (message,) = smtp_server.wait_for(1, seconds=30)
    assert (message["Message-ID"], str(application.event) in message["Subject"]) == (mail.message_id, True)
    outbox.sweep()
    assert len(smtp_server.messages) == 1


@pytest.fixture
def silent_broker(redis_server: RedisServer) -> Iterator[None]:
    """A broker that accepts connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        point_celery_at(f"redis://127.0.0.1:{listener.getsockname()[1]}/0")
        yield
        point_celery_at(redis_server.url)


def test_with_a_broker_that_hangs_the_answer_is_quick_and_the_sweeper_sends(
    silent_broker: None, smtp_server: SmtpServer
) -> None:
    assert app.conf.task_always_eager is False

    _, took = submit()

    assert took < PATIENCE
    assert outbox.sweep() == 1
    assert len(smtp_server.messages) == 1
