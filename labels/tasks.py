"""What Celery beat runs for the label on working mornings: the examiners' digest, the reminder of drafts."""

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from events.models import Edition
from labels.deadlines import is_working_day, reminders_due
from labels.emails import correspondents, send_digest, send_reminder
from labels.models import Application


@shared_task
def send_digests() -> int:
    """One mail to each examiner with something waiting, none on holidays; the number posted."""
    today = timezone.localdate()
    if not is_working_day(today):
        return 0
    examiners = User.objects.filter(is_staff=True, is_active=True, is_superuser=False)
    return sum(send_digest(user, today) for user in examiners if user.has_perm("labels.examine_application"))


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
