"""What a real SMTP server answers decides whether a mail is sent, tried again or given up."""

import pytest

from core import outbox
from core.outbox import Mail
from tests.servers import SmtpServer

pytestmark = pytest.mark.django_db(transaction=True)


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


@pytest.mark.parametrize("reply", ["550 unknown", "552 too big", "554 no"])
def test_a_final_refusal_is_not(reply: str, smtp_server: SmtpServer) -> None:
    smtp_server.reply = reply

    mail = post()

    assert (mail.state, mail.attempts) == (Mail.State.FAILED, 1)
    assert outbox.sweep() == 0
