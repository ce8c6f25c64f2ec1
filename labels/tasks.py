"""What Celery beat runs for the label: the examiners' digest of each working morning."""

from celery import shared_task
from django.utils import timezone

from accounts.models import User
from labels.deadlines import is_working_day
from labels.emails import send_digest


@shared_task
def send_digests() -> int:
    """One mail to each examiner with something waiting, none on holidays; the number posted."""
    today = timezone.localdate()
    if not is_working_day(today):
        return 0
    examiners = User.objects.filter(is_staff=True, is_active=True, is_superuser=False)
    return sum(send_digest(user, today) for user in examiners if user.has_perm("labels.examine_application"))
