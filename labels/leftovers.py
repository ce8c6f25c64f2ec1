"""What an edition leaves behind once nobody may need it: drafts, what was not labelled, whom to call, unused accounts.

Nothing of an edition that is not over is in any of these querysets, nor anybody who has something in one.
"""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from core import old_mails, retention
from core.outbox import Mail
from events.models import Edition
from labels import emails
from labels.models import LABELLED, Application, Note, State, Transition

# Between the warning and the erasure.
NOTICE = retention.ACCOUNT.kept - retention.WARNED.kept
# What was public stays as the archive of its edition, whatever became of the label.
_ARCHIVE = Q(state__in=LABELLED) | Q(event__published_at__isnull=False)


def drafts() -> QuerySet[Application]:
    """Those that nobody was at since, be it late by leave of staff."""
    kept = retention.DRAFT.kept
    return _of_editions_over(kept).filter(state=State.DRAFT, updated_at__lt=timezone.now() - kept)


def unlabelled() -> QuerySet[Application]:
    """Those refused, withdrawn, or left without a decision."""
    return _of_editions_over(retention.APPLICATION.kept).exclude(_ARCHIVE).exclude(state=State.DRAFT)


def with_contacts() -> QuerySet[Application]:
    """Labelled ones that still say whom to call, or may say so again: beside them, in a note or in their history."""
    silent = Q(contact_name="", contact_phone="", event__registration_email="", event__registration_phone="")
    over = _of_editions_over(retention.CONTACT.kept).filter(_ARCHIVE)
    noted = Note.objects.filter(application=OuterRef("pk"))
    moved = Transition.objects.filter(application=OuterRef("pk"), at__gt=OuterRef("contacts_erased_at"))
    return over.filter(Q(contacts_erased_at=None) | ~silent | Exists(noted) | Exists(moved))


def never_used() -> QuerySet[User]:
    """Organisers' accounts that nobody signed in to within a day.

    Whoever has an application was told of it by mail: staff opened it in their name.
    """
    unused = User.objects.filter(last_login=None, is_staff=False, memberships=None, applications=None)
    return unused.filter(created_at__lt=timezone.now() - retention.NEVER_USED.kept)


def to_warn() -> QuerySet[User]:
    """Accounts soon to be erased, whose owners were not told of it since they last used them."""
    since = timezone.now() - retention.WARNED.kept
    return _unused_since(since).exclude(pk__in=never_used().values("pk")).exclude(warned_at__gt=since)


def to_erase() -> QuerySet[User]:
    """Accounts whose owners were told in time and did not come back."""
    now = timezone.now()
    told = {"warned_at__gt": now - retention.WARNED.kept, "warned_at__lte": now - NOTICE}
    return _unused_since(now - retention.ACCOUNT.kept).filter(**told)


def warn(users: QuerySet[User]) -> int:
    """Tell each by mail, once; in a transaction."""
    found = list(users)
    for user in found:
        emails.warn_of_erasure(user, timezone.localdate() + NOTICE)
    return User.objects.filter(pk__in=[user.pk for user in found]).update(warned_at=timezone.now())


def forget(users: QuerySet[User]) -> int:
    """Erase accounts never used, with the addresses that their codes went to."""
    addresses = list(users.values_list("email", flat=True))
    old_mails.mask(Mail.objects.filter(to__in=addresses, is_secret=True, state__in=old_mails.AT_REST))
    return users.delete()[1].get("accounts.User", 0)


def _of_editions_over(kept: timedelta) -> QuerySet[Application]:
    return Application.objects.filter(event__edition__in=Edition.objects.over(kept))


def _unused_since(since: datetime) -> QuerySet[User]:
    """Organisers who neither came nor filed nor did anything since, and have nothing in an edition that is not over."""
    filed = Application.objects.filter(created_by=OuterRef("pk"), created_at__gte=since)
    done = Transition.objects.filter(by=OuterRef("pk"), at__gte=since)
    live = Edition.objects.exclude(pk__in=Edition.objects.over(timedelta(0)))
    theirs = Application.objects.filter(created_by=OuterRef("pk"), event__edition__in=live)
    shared = Application.objects.filter(event__organisation__memberships__user=OuterRef("pk"), event__edition__in=live)
    old = User.objects.filter(is_staff=False, created_at__lt=since).exclude(last_login__gte=since)
    return old.exclude(Exists(filed)).exclude(Exists(done)).exclude(Exists(theirs)).exclude(Exists(shared))
