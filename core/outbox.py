"""The outbox: a mail is a row written with the decision it tells of, and leaves at least once whatever falls over.

The row is claimed by a one-row compare-and-swap with a lease, sent, and marked. Celery is only nudged; ``sweep``
takes what a lost broker or a killed worker left behind.
"""

import logging
import smtplib
from collections.abc import Sequence
from datetime import timedelta
from email.utils import make_msgid
from functools import partial
from typing import Any

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
GIVE_UP_AFTER = timedelta(hours=24)
FIRST_RETRY = timedelta(minutes=1)
SWEEP_AT_MOST = 500


class MailQuerySet(models.QuerySet["Mail"]):
    def due(self) -> "MailQuerySet":
        """Waiting mails whose hour has come, and those whose sender died holding them."""
        now = timezone.now()
        return self.filter(
            Q(state=Mail.State.WAITING, send_after__lte=now) | Q(state=Mail.State.SENDING, lease_until__lt=now)
        )

    def copies_of(self, key: str) -> "MailQuerySet":
        """The mail of that key, and its copies to other people: ``<key>-<whose>``."""
        return self.filter(Q(key=key) | Q(key__startswith=f"{key}-"))

    def undelivered(self, about: str) -> "MailQuerySet":
        """Those that tell of ``about`` and that the server of their addressee refused for good."""
        return self.filter(about=about, state=Mail.State.FAILED, is_secret=False)


class Mail(models.Model):
    """One message to one person; ``key`` is unique for a purpose, so that no cause sends two."""

    # Whom a mail went to once nobody may know it any more.
    FORGOTTEN = "efface@courriel.invalid"

    class State(models.TextChoices):
        WAITING = "waiting", "En attente"
        SENDING = "sending", "En cours d’envoi"
        SENT = "sent", "Envoyé"
        FAILED = "failed", "Refusé par le serveur"
        CANCELLED = "cancelled", "Annulé avant l’envoi"

    key = models.CharField("clé", max_length=120, unique=True)
    # The reference of the application that it tells of, where it tells of one.
    about = models.CharField("demande", max_length=20, blank=True, default="", db_default="", db_index=True)
    to = models.EmailField("destinataire", max_length=254)
    subject = models.CharField("objet", max_length=255)
    text = models.TextField("texte")
    html = models.TextField("HTML", blank=True)
    # Where a mail that nobody asked for can be stopped, by a POST and without signing in (RFC 8058).
    unsubscribe_url = models.URLField("adresse de désabonnement", max_length=500, blank=True, default="", db_default="")
    is_secret = models.BooleanField("contient un code", default=False)
    state = models.CharField("état", max_length=10, choices=State, default=State.WAITING)
    created_at = models.DateTimeField("créé le", auto_now_add=True)
    send_after = models.DateTimeField("à envoyer à partir de", default=timezone.now)
    lease_until = models.DateTimeField("réservé jusqu’à", null=True, editable=False)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    sent_at = models.DateTimeField("envoyé le", null=True)
    message_id = models.CharField(max_length=255, editable=False)
    last_error = models.CharField("dernière erreur", max_length=500, blank=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name = "courriel"
        verbose_name_plural = "courriels"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state", "send_after"])]

    def __str__(self) -> str:
        # Not the subject: that of a sign-in holds its code.
        return f"Courriel à {self.to}"

    @property
    def is_forgotten(self) -> bool:
        return self.to == self.FORGOTTEN

    def claim(self) -> bool:
        """Take this mail for ``LEASE``; False when another sender holds or has sent it."""
        now = timezone.now()
        claimed = (
            Mail.objects.due()
            .filter(pk=self.pk)
            .update(state=self.State.SENDING, lease_until=now + LEASE, attempts=F("attempts") + 1)
        )
        if claimed:
            self.refresh_from_db()
        return bool(claimed)

    def send(self) -> None:
        """Hand the claimed mail to the SMTP server and note what came of it."""
        message = EmailMultiAlternatives(
            self.subject,
            self.text,
            settings.DEFAULT_FROM_EMAIL,
            [self.to],
            reply_to=[settings.CONTACT_EMAIL] if settings.CONTACT_EMAIL else None,
            headers=self._headers(),
        )
        if self.html:
            message.attach_alternative(self.html, "text/html")
        try:
            message.send()
        except (OSError, smtplib.SMTPException, ValueError) as error:
            self._note_failure(error)
        else:
            self._mark(state=self.State.SENT, sent_at=timezone.now(), last_error="")
            if self.is_secret and not settings.DEMO:
                self._mark(subject="", text="", html="")

    def _headers(self) -> dict[str, str]:
        """A stable identity, no answer from those who are away, and one click to be left alone where it is offered."""
        headers = {"Message-ID": self.message_id, "Auto-Submitted": "auto-generated"}
        if self.unsubscribe_url:
            headers["List-Unsubscribe"] = f"<{self.unsubscribe_url}>"
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        return headers

    def _note_failure(self, error: Exception) -> None:
        is_final = _is_final(error) or timezone.now() - self.created_at > GIVE_UP_AFTER
        wait = min(FIRST_RETRY * 2 ** (self.attempts - 1), timedelta(hours=4))
        logger.warning("mail %s not sent at attempt %s: %s", self.pk, self.attempts, type(error).__name__)
        self._mark(
            state=self.State.FAILED if is_final else self.State.WAITING,
            send_after=timezone.now() + wait,
            last_error=f"{type(error).__name__}: {error}"[:500],
        )

    def _mark(self, **values: Any) -> None:
        Mail.objects.filter(pk=self.pk).update(**values, lease_until=None)


# What the server has against us, whatever the mail: an operator's slip must not cost the mails of a day.
_AGAINST_US = (smtplib.SMTPAuthenticationError, smtplib.SMTPConnectError, smtplib.SMTPHeloError)


def _is_final(error: Exception) -> bool:
    """Whether the server said no for good (5xx) to this mail, so that asking again is noise."""
    if isinstance(error, _AGAINST_US):
        return False
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes: Sequence[int] = [code for code, _ in error.recipients.values()]
        return all(code >= 500 for code in codes)
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code >= 500
    return isinstance(error, ValueError)


def post(
    *,
    key: str,
    to: str,
    subject: str,
    text: str,
    html: str = "",
    delay: float = 0,
    is_secret: bool = False,
    unsubscribe_url: str = "",
    about: str = "",
) -> Mail:
    """Write a mail in the caller's transaction and nudge its sending once committed; ``delay`` in seconds.

    ``about`` is the reference of the application that it tells of.

    The same ``key`` a second time writes nothing and gives the first mail back.
    """
    mail = Mail(
        key=key,
        to=to,
        subject=" ".join(subject.split())[:255],
        text=text,
        html=html,
        is_secret=is_secret,
        unsubscribe_url=unsubscribe_url,
        about=about,
        send_after=timezone.now() + timedelta(seconds=delay),
        message_id=make_msgid(domain=settings.SITE_URL.split("//")[-1].split(":")[0]),
    )
    # A refusal by the key would be an error of the database, whose log then holds the whole mail.
    Mail.objects.bulk_create([mail], ignore_conflicts=True)
    kept = Mail.objects.get(key=key)
    if kept.message_id == mail.message_id:
        transaction.on_commit(lambda: nudge(kept.pk, delay=delay))
    return kept


def cancel(key: str) -> bool:
    """Withdraw a mail and its copies, if any; False when one is leaving or has, or was withdrawn before."""
    mails = Mail.objects.copies_of(key)
    cancelled = mails.filter(state=Mail.State.WAITING).update(state=Mail.State.CANCELLED)
    return cancelled == mails.count()


def take_back(mail: Mail) -> float | None:
    """Erase one that waits, so that another person may be told by its key; the seconds left to it, None if too late."""
    if not Mail.objects.filter(pk=mail.pk, state=Mail.State.WAITING).delete()[0]:
        return None
    return max(0.0, (mail.send_after - timezone.now()).total_seconds())


def hasten(key: str) -> None:
    """Let a mail and its copies that wait for their hour leave as soon as the caller's transaction is committed."""
    now = timezone.now()
    delayed = Mail.objects.copies_of(key).filter(state=Mail.State.WAITING, attempts=0, send_after__gt=now)
    for pk in list(delayed.values_list("pk", flat=True)):
        Mail.objects.filter(pk=pk).update(send_after=now)
        transaction.on_commit(partial(nudge, pk))


def retry(pk: int) -> bool:
    """Put a mail that the server refused back among those to send; False when it was not, or is forgotten."""
    refused = Mail.objects.filter(pk=pk, state=Mail.State.FAILED).exclude(to=Mail.FORGOTTEN)
    if not refused.update(state=Mail.State.WAITING, send_after=timezone.now()):
        return False
    transaction.on_commit(lambda: nudge(pk))
    return True


def nudge(pk: int, *, delay: float = 0) -> None:
    """Have it sent now, or after ``delay`` seconds, by a worker; what fails here is left to the sweeper."""
    try:
        if not settings.CELERY_TASK_ALWAYS_EAGER:
            deliver.apply_async((pk,), countdown=delay, retry=False)
        elif not delay:
            deliver(pk)
    except Exception as error:  # noqa: BLE001  the broker's client raises many kinds; none may break a committed request
        logger.warning("mail %s waits for the sweeper: %s", pk, type(error).__name__)


@shared_task
def deliver(pk: int) -> None:
    """Send one mail if it is due and nobody else is at it."""
    mail = Mail.objects.filter(pk=pk).first()
    if mail and mail.claim():
        mail.send()


@shared_task
def sweep() -> int:
    """Send every due mail that its nudge missed; the number tried."""
    pks = list(Mail.objects.due().order_by("send_after").values_list("pk", flat=True)[:SWEEP_AT_MOST])
    for pk in pks:
        deliver(pk)
    return len(pks)
