"""A deposit never waits for the broker, and its mail leaves once, when the broker is back."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

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

# Seconds that the broker is waited for, at most; Celery left to itself waits for forty.
WAIT = 0.8

pytestmark = [pytest.mark.postgresql, pytest.mark.fault, pytest.mark.django_db(transaction=True)]


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


@pytest.fixture
def usual(redis_server: RedisServer) -> float:
    """Seconds that a deposit takes with the broker there, on this machine as busy as it is; the second of two."""
    for _ in range(2):
        _, took = submit()
    return took


def test_with_the_broker_stopped_the_answer_is_quick_and_the_mail_leaves_once_it_is_back(
    celery_worker: object, redis_server: RedisServer, smtp_server: SmtpServer, usual: float
) -> None:
    # Those of the deposits before.
    told = len(smtp_server.wait_for(2, seconds=30))
    redis_server.stop()

    application, took = submit()

    assert took < 2 * usual + WAIT
    mail = Mail.objects.get(about=application.reference)
    assert (mail.state, len(smtp_server.messages)) == (Mail.State.WAITING, told)
    redis_server.start()
    # What beat asks for every 30 seconds; the worker looks for its broker at growing intervals, or has ended.
    outbox.sweep.apply_async(retry=True)
    message = smtp_server.wait_for(told + 1, seconds=90)[-1]
    assert (message["Message-ID"], str(application.event) in message["Subject"]) == (mail.message_id, True)
    outbox.sweep()
    assert len(smtp_server.messages) == told + 1


@contextmanager
def silent_broker(redis_server: RedisServer) -> Iterator[None]:
    """A broker that accepts connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        point_celery_at(f"redis://127.0.0.1:{listener.getsockname()[1]}/0")
        yield
        point_celery_at(redis_server.url)


def test_with_a_broker_that_hangs_the_answer_is_quick_and_the_sweeper_sends(
    redis_server: RedisServer, smtp_server: SmtpServer, usual: float
) -> None:
    assert app.conf.task_always_eager is False
    # No worker here: those of the deposits before wait for the sweep as well.
    outbox.sweep()
    told = len(smtp_server.messages)

    with silent_broker(redis_server):
        _, took = submit()

    assert took < 2 * usual + WAIT
    assert outbox.sweep() == 1
    assert len(smtp_server.messages) == told + 1
