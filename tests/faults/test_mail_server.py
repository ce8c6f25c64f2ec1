"""What a real SMTP server answers decides whether a mail is sent, tried again or given up."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from core import outbox
from core.outbox import Mail
from labels.models import Application, State
from tests import factories
from tests.servers import SmtpServer

pytestmark = [pytest.mark.postgresql, pytest.mark.fault, pytest.mark.django_db(transaction=True)]


def post() -> Mail:
    mail = outbox.post(
        key="smtp", to="zoe@exemple.fr", subject="Reçu – n° 1", text="Déposée\u00a0: merci.", html="<p>Déposée.</p>"
    )
    mail.refresh_from_db()
    return mail


def test_a_message_arrives_whole_in_text_and_html(smtp_server: SmtpServer) -> None:
    mail = post()

    (message,) = smtp_server.wait_for(1)
    parts = {part.get_content_type(): part.get_content().strip() for part in message.iter_parts()}
    assert mail.state == Mail.State.SENT
    assert (message["To"], message["Subject"], message["Message-ID"]) == (
        "zoe@exemple.fr",
        "Reçu – n° 1",
        mail.message_id,
    )
    assert parts == {"text/plain": "Déposée\u00a0: merci.", "text/html": "<p>Déposée.</p>"}


@pytest.mark.parametrize("reply", ["421 closing", "450 busy", "451 local error", "452 storage"])
def test_a_passing_refusal_is_tried_again(reply: str, smtp_server: SmtpServer) -> None:
    smtp_server.reply = reply
    mail = post()
    assert (mail.state, mail.attempts) == (Mail.State.WAITING, 1)
    assert reply[:3] in mail.last_error

    smtp_server.reply = "250 OK"
    Mail.objects.filter(pk=mail.pk).update(send_after=mail.created_at)
    outbox.sweep()

    (message,) = smtp_server.wait_for(1)
    assert message["Message-ID"] == mail.message_id


@pytest.fixture(params=["silence", "time-out"])
def mute_server(request: pytest.FixtureRequest, smtp_server: SmtpServer, settings: Settings) -> Iterator[None]:
    """In its place, one that takes connections and says nothing, or one that takes none."""
    settings.EMAIL_TIMEOUT = 0.3
    smtp_server.stop()
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", smtp_server.port))
        listener.listen(0)
        if request.param == "silence":
            yield
        else:
            with socket.create_connection(("127.0.0.1", smtp_server.port)):
                yield
    smtp_server.start()


@pytest.mark.usefixtures("mute_server")
def test_a_server_that_is_silent_or_not_reached_in_time_is_tried_again() -> None:
    mail = post()

    assert (mail.state, mail.attempts) == (Mail.State.WAITING, 1)
    assert mail.last_error.startswith(("TimeoutError", "SMTPServerDisconnected"))


def test_a_passing_refusal_is_tried_again_with_growing_delays_for_a_day(smtp_server: SmtpServer) -> None:
    smtp_server.reply = "451 local error"
    mail = post()
    tried = [mail.created_at]
    while mail.state == Mail.State.WAITING:
        tried.append(mail.send_after + timedelta(seconds=1))
        with time_machine.travel(tried[-1], tick=False):
            outbox.sweep()
        mail.refresh_from_db()

    minutes = [round((later - earlier).total_seconds() / 60) for earlier, later in pairwise(tried)]
    assert minutes == [1, 2, 4, 8, 16, 32, 64, 128, 240, 240, 240, 240, 240]
    assert (mail.state, mail.attempts) == (Mail.State.FAILED, len(tried))
    assert timedelta(hours=24) < tried[-1] - tried[0] < timedelta(hours=28)


@pytest.mark.parametrize("reply", ["550 unknown", "552 too big", "554 no"])
def test_a_final_refusal_is_not_and_is_shown_to_organiser_and_staff(reply: str, smtp_server: SmtpServer) -> None:
    smtp_server.reply = reply

    application = factories.application(state=State.SUBMITTED)

    mail = Mail.objects.get()
    assert (mail.state, mail.attempts) == (Mail.State.FAILED, 1)
    assert outbox.sweep() == 0
    assert f"« {mail.subject} », envoyé à votre adresse {mail.to}, a été refusé" in page_of_organiser(application)
    assert f"SMTPDataError: ({reply[:3]}, " in page_of_staff(application)


def page_of_organiser(application: Application) -> str:
    client = Client()
    client.force_login(application.created_by)  # type: ignore[arg-type]
    page = client.get(f"/organisateurs/demandes/{application.reference}/").content.decode()
    return page.replace("\u00a0", " ")


def page_of_staff(application: Application) -> str:
    client = Client()
    client.force_login(factories.national(), "django.contrib.auth.backends.ModelBackend")
    return client.get(f"/admin/labels/application/{application.pk}/change/").content.decode()
