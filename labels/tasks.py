"""What runs by itself for the label: digests and reminders on working mornings, and the reading of what waits."""

import logging

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core.outbox import Mail
from events.models import Edition
from labels import digests
from labels.deadlines import is_working_day, reminders_due
from labels.emails import correspondents, digest_key, send_digest, send_reminder
from labels.models import Application
from labels.reassessment import reassess

logger = logging.getLogger(__name__)

# Twenty minutes: fifty thousand applications read anew at ten milliseconds each, with room to spare.
LONGEST_READING = 1200


@shared_task
def send_digests() -> int:
    """One mail to each examiner with something waiting, none on holidays; the number posted.

    A digest that fails is logged and keeps nobody else from theirs; a second run posts what the first did not.
    """
    today = timezone.localdate()
    if not is_working_day(today):
        return 0
    posted = set(Mail.objects.filter(key__startswith=digest_key(today)).values_list("key", flat=True))
    country = digests.country(today)
    left = [user for user in digests.examiners() if digest_key(today, user) not in posted]
    return sum(_send_digest(user, digests.Morning(today, country)) for user in left)


def _send_digest(user: User, morning: digests.Morning) -> bool:
    try:
        with transaction.atomic():
            return send_digest(user, morning)
    except Exception:
        logger.exception("no digest for account %s", user.pk)
        return False


def reassess_soon(edition: int) -> None:
    """Have what waits for ``edition`` read anew; what fails here is left to the night."""
    try:
        if settings.CELERY_TASK_ALWAYS_EAGER:
            reassess_waiting(edition)
        else:
            reassess_waiting.apply_async((edition,), retry=False)
    except Exception as error:  # noqa: BLE001  the broker's client raises many kinds; none may break a committed change
        logger.warning("edition %s is read anew at night: %s", edition, type(error).__name__)


@shared_task(time_limit=LONGEST_READING)
def reassess_waiting(edition: int | None = None) -> int:
    """Read anew what waits, for one edition or all: a release may bring other rules; how many were not up to date."""
    applications = Application.objects.all()
    return reassess(applications.filter(event__edition=edition) if edition else applications)


@shared_task
def send_reminders() -> int:
    """One mail to each person whose drafts will soon be too late, twice an edition at most; how many were told."""
    today = timezone.localdate()
    if not is_working_day(today):
        return 0
    return sum(
        _remind(edition, reminders_due(today, timezone.localdate(edition.applications_close_at)))
        for edition in Edition.objects.open_to_applications()
    )


def _remind(edition: Edition, due: int) -> int:
    drafts_of: dict[User, list[Application]] = {}
    for draft in Application.objects.to_remind(edition, due).for_desk().select_related("created_by").order_by("pk"):
        for person in correspondents(draft):
            if person.accepts_reminders:
                drafts_of.setdefault(person, []).append(draft)
    for person, drafts in drafts_of.items():
        with transaction.atomic():
            send_reminder(person, edition, drafts, due)
            Application.objects.filter(pk__in=[draft.pk for draft in drafts]).update(reminders=due)
    return len(drafts_of)
