"""The outbox keeps its promise: each mail leaves, once, whatever falls over."""

import smtplib
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail as django_mail
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from pytest_django import Settings

from core import outbox
from core.outbox import Mail

pytestmark = pytest.mark.django_db(transaction=True)


def post(key: str = "k1", **fields: Any) -> Mail:
    return outbox.post(**{"key": key, "to": "a@exemple.fr", "subject": "Objet", "text": "Texte", **fields})


@pytest.fixture
def refusing(monkeypatch: pytest.MonkeyPatch) -> list[Exception]:
    """An SMTP server that answers with the errors of this list, then accepts."""
    errors: list[Exception] = []
    real_send = django_mail.EmailMultiAlternatives.send

    def send(message: django_mail.EmailMultiAlternatives, fail_silently: bool = False) -> int:
        if errors:
            raise errors.pop(0)
        return real_send(message, fail_silently)

    monkeypatch.setattr(django_mail.EmailMultiAlternatives, "send", send)
    return errors


def make_due(mail: Mail) -> None:
    Mail.objects.filter(pk=mail.pk).update(send_after=timezone.now() - timedelta(seconds=1))


def test_a_mail_leaves_once_its_transaction_commits(mailoutbox: list[Any]) -> None:
    with transaction.atomic():
        mail = post(html="<p>Texte</p>")
        assert mailoutbox == []

    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == (Mail.State.SENT, 1)
    assert [(m.to, m.subject, m.body, m.alternatives[0][0]) for m in mailoutbox] == [
        (["a@exemple.fr"], "Objet", "Texte", "<p>Texte</p>")
    ]


def test_a_mail_of_a_transaction_rolled_back_never_was(mailoutbox: list[Any]) -> None:
    def post_and_fail() -> None:
        with transaction.atomic():
            post()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        post_and_fail()

    assert (list(Mail.objects.all()), mailoutbox) == ([], [])


def test_the_same_key_sends_one_mail(mailoutbox: list[Any]) -> None:
    first = post(text="Le premier")
    second = post(text="Le second")

    assert (first.pk, len(mailoutbox), mailoutbox[0].body) == (second.pk, 1, "Le premier")


def test_the_same_key_is_no_error_of_the_database_whose_log_would_hold_the_mail() -> None:
    refused: list[DatabaseError] = []

    def watch(execute: Any, *asked: Any) -> Any:
        try:
            return execute(*asked)
        except DatabaseError as error:
            refused.append(error)
            raise

    post()
    with connection.execute_wrapper(watch):
        post()

    assert refused == []


def test_a_subject_stays_on_one_line(mailoutbox: list[Any]) -> None:
    post(subject="Objet\r\nBcc: victime@exemple.fr")

    assert mailoutbox[0].subject == "Objet Bcc: victime@exemple.fr"


def test_a_delayed_mail_waits_for_its_hour(mailoutbox: list[Any]) -> None:
    mail = post(delay=300)

    outbox.sweep()
    assert mailoutbox == []

    make_due(mail)
    outbox.sweep()
    assert len(mailoutbox) == 1


def test_a_cancelled_mail_never_leaves(mailoutbox: list[Any]) -> None:
    mail = post(delay=300)

    assert outbox.cancel("k1") is True
    make_due(mail)
    outbox.sweep()

    assert mailoutbox == []
    assert outbox.cancel("k1") is False


def test_a_mail_that_left_cannot_be_cancelled() -> None:
    post()

    assert outbox.cancel("k1") is False


def test_a_mail_is_withdrawn_with_its_copies_and_no_other() -> None:
    for key in ("k1", "k1-7", "k1-8", "k11"):
        post(key=key, delay=300)

    assert outbox.cancel("k1") is True
    assert dict(Mail.objects.values_list("key", "state")) == {
        "k1": "cancelled",
        "k1-7": "cancelled",
        "k1-8": "cancelled",
        "k11": "waiting",
    }


def test_what_nobody_was_written_is_withdrawn() -> None:
    post(key="k11")

    assert outbox.cancel("k1") is True


def test_a_mail_of_which_a_copy_left_is_not_withdrawn() -> None:
    post(key="k1", delay=300)
    post(key="k1-7")

    assert outbox.cancel("k1") is False


def test_a_mail_is_hastened_with_its_copies_and_no_other() -> None:
    for key in ("k1", "k1-7", "k11"):
        post(key=key, delay=300)

    outbox.hasten("k1")

    assert list(Mail.objects.order_by("key").values_list("key", "state")) == [
        ("k1", "sent"),
        ("k1-7", "sent"),
        ("k11", "waiting"),
    ]


def test_a_mail_can_be_answered_and_sets_off_no_answering_machine(mailoutbox: list[Any], settings: Settings) -> None:
    settings.CONTACT_EMAIL = "contact@semaine.example"
    post()

    (message,) = mailoutbox
    assert message.reply_to == ["contact@semaine.example"]
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    assert "List-Unsubscribe" not in message.extra_headers


def test_a_mail_that_nobody_asked_for_is_stopped_by_one_click(mailoutbox: list[Any]) -> None:
    post(unsubscribe_url="https://semaine.example/rappels/x/")

    headers = mailoutbox[0].extra_headers
    assert headers["List-Unsubscribe"] == "<https://semaine.example/rappels/x/>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPResponseException(421, b"too busy"),
        smtplib.SMTPSenderRefused(451, b"later", "b@exemple.fr"),
        smtplib.SMTPRecipientsRefused({"a@exemple.fr": (450, b"greylisted")}),
        smtplib.SMTPServerDisconnected("gone"),
        TimeoutError("timed out"),
        ConnectionRefusedError(),
        smtplib.SMTPAuthenticationError(535, b"wrong password"),
        smtplib.SMTPConnectError(554, b"no service here"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_passing_fault_is_tried_again_later_with_the_same_message_id(
    error: Exception, refusing: list[Exception], mailoutbox: list[Any]
) -> None:
    refusing.append(error)
    mail = post()
    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mailoutbox) == (Mail.State.WAITING, 1, [])
    assert mail.send_after > timezone.now() + timedelta(seconds=50)
    assert mail.last_error

    make_due(mail)
    outbox.sweep()

    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.last_error) == (Mail.State.SENT, 2, "")
    assert mailoutbox[0].extra_headers["Message-ID"] == mail.message_id


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPResponseException(554, b"no"),
        smtplib.SMTPRecipientsRefused({"a@exemple.fr": (550, b"unknown user")}),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_final_refusal_is_noted_and_not_tried_again(
    error: Exception, refusing: list[Exception], mailoutbox: list[Any]
) -> None:
    refusing.append(error)
    mail = post()
    make_due(mail)

    outbox.sweep()

    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mailoutbox) == (Mail.State.FAILED, 1, [])
    assert type(error).__name__ in mail.last_error


def test_waits_between_tries_grow_and_end_after_a_day(refusing: list[Exception]) -> None:
    refusing += [TimeoutError()] * 4
    mail = post()
    waits = []
    for _ in range(2):
        mail.refresh_from_db()
        waits.append(mail.send_after - timezone.now())
        make_due(mail)
        outbox.sweep()
    assert waits[1] > waits[0] * 1.5

    Mail.objects.filter(pk=mail.pk).update(
        created_at=timezone.now() - timedelta(hours=25), send_after=timezone.now() - timedelta(seconds=1)
    )
    outbox.sweep()

    mail.refresh_from_db()
    assert mail.state == Mail.State.FAILED


def test_a_mail_whose_sender_died_is_taken_over_after_its_lease(mailoutbox: list[Any]) -> None:
    mail = post(delay=300)
    make_due(mail)
    assert mail.claim() is True

    outbox.sweep()
    assert mailoutbox == []

    Mail.objects.filter(pk=mail.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    outbox.sweep()
    assert len(mailoutbox) == 1


def test_two_senders_never_hold_the_same_mail() -> None:
    mail = post(delay=300)
    make_due(mail)
    same = Mail.objects.get(pk=mail.pk)

    assert (mail.claim(), same.claim()) == (True, False)


def test_a_broker_that_fails_breaks_nothing_and_loses_nothing(
    monkeypatch: pytest.MonkeyPatch, mailoutbox: list[Any], settings: Any
) -> None:
    settings.CELERY_TASK_ALWAYS_EAGER = False

    def refuse(*args: Any, **kwargs: Any) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(outbox.deliver, "apply_async", refuse)
    post()
    assert mailoutbox == []

    outbox.sweep()

    assert len(mailoutbox) == 1


def test_a_code_is_not_kept_once_sent_in_production(settings: Any) -> None:
    settings.DEMO = False
    mail = post(subject="12345678", text="12345678", html="12345678", is_secret=True)

    mail.refresh_from_db()
    assert (mail.state, mail.subject, mail.text, mail.html) == (Mail.State.SENT, "", "", "")
