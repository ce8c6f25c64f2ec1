"""A worker is killed at each moment of a mail's way: none is lost, and one may come twice, under the same name."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.utils import timezone

from core import outbox
from core.outbox import Mail
from tests.portal import until
from tests.servers import SmtpServer, Worker

pytestmark = [pytest.mark.postgresql, pytest.mark.fault]

Start = Callable[[], Worker]


def post() -> Mail:
    return outbox.post(key="killed", to="zoe@exemple.fr", subject="Reçu", text="Déposée.")


def state(mail: Mail) -> str:
    return Mail.objects.values_list("state", flat=True).get(pk=mail.pk)


def let_the_lease_end_and_sweep() -> None:
    """Two minutes later, what beat asks for every thirty seconds."""
    Mail.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    outbox.sweep.apply_async(retry=True)


@contextmanager
def no_room_at(port: int) -> Iterator[None]:
    """A server to which no connection is ever made: one waits already, and it has room for no other."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(0)
        with socket.create_connection(("127.0.0.1", port)):
            yield


def test_killed_before_connecting_one_mail_leaves(start_worker: Start, smtp_server: SmtpServer) -> None:
    worker = start_worker()
    smtp_server.stop()
    with no_room_at(smtp_server.port):
        mail = post()
        until(lambda: state(mail) == Mail.State.SENDING)
        worker.kill()
    smtp_server.start()

    start_worker()
    let_the_lease_end_and_sweep()

    smtp_server.wait_for(1, seconds=30)
    until(lambda: state(mail) == Mail.State.SENT)
    outbox.sweep()
    assert [message["Message-ID"] for message in smtp_server.messages] == [mail.message_id]


def test_killed_after_data_two_mails_at_most_leave_under_one_message_id(
    start_worker: Start, smtp_server: SmtpServer
) -> None:
    worker = start_worker()
    smtp_server.before_reply = worker.kill
    mail = post()
    smtp_server.wait_for(1, seconds=30)
    assert state(mail) == Mail.State.SENDING
    smtp_server.before_reply = lambda: None

    start_worker()
    let_the_lease_end_and_sweep()

    messages = smtp_server.wait_for(2, seconds=30)
    until(lambda: state(mail) == Mail.State.SENT)
    outbox.sweep()
    assert [message["Message-ID"] for message in messages] == [mail.message_id] * 2


def test_killed_after_the_commit_one_mail_leaves(start_worker: Start, smtp_server: SmtpServer) -> None:
    worker = start_worker()
    mail = post()
    until(lambda: state(mail) == Mail.State.SENT)
    worker.kill()

    start_worker()
    let_the_lease_end_and_sweep()

    # The sweep has run once a later mail arrives: this worker does one task after the other.
    later = outbox.post(key="later", to="zoe@exemple.fr", subject="Suite", text="Labellisée.")
    until(lambda: state(later) == Mail.State.SENT)
    assert [message["Message-ID"] for message in smtp_server.messages] == [mail.message_id, later.message_id]
