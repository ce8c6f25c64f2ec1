"""Mails whose time is over: that they left stays told, no longer to whom nor what they said."""

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils import timezone

from core import retention
from core.outbox import Mail

# Neither waits for its hour nor is being sent.
AT_REST = (Mail.State.SENT, Mail.State.FAILED, Mail.State.CANCELLED)


def left() -> QuerySet[Mail]:
    """Those that left, or were cancelled before."""
    before = timezone.now() - retention.MAIL.kept
    over = Q(state=Mail.State.SENT, sent_at__lt=before) | Q(state=Mail.State.CANCELLED, created_at__lt=before)
    return _whole().filter(over)


def refused() -> QuerySet[Mail]:
    before = timezone.now() - retention.FAILED_MAIL.kept
    return _whole().filter(state=Mail.State.FAILED, created_at__lt=before)


def codes() -> QuerySet[Mail]:
    """What opened an account, whether or not it left."""
    before = timezone.now() - retention.CODE.kept
    return _whole().filter(is_secret=True, state__in=AT_REST, created_at__lt=before)


def mask(mails: QuerySet[Mail]) -> int:
    """Forget whom they went to and what they said; the subject of a code holds it."""
    subject = Case(When(is_secret=True, then=Value("")), default=F("subject"))
    # What a server answers names the address; the link that stops reminders names the account.
    empty = {"text": "", "html": "", "last_error": "", "unsubscribe_url": ""}
    return mails.update(to=Mail.FORGOTTEN, subject=subject, **empty)


def _whole() -> QuerySet[Mail]:
    return Mail.objects.exclude(to=Mail.FORGOTTEN)
