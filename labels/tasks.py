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
    return sum(send_digest(examiner, today) for examiner in examiners if examiner.has_perm("labels.examine_application"))
