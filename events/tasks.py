"""What is done at night for events."""

from celery import shared_task

from events import pictures
from events.models import Report


@shared_task
def erase_unused_files() -> int:
    """Files that no picture refers to: a crash between the disk and the database leaves some."""
    return pictures.erase_unused()


@shared_task
def purge_reports() -> int:
    """Erase what visitors told more than a year ago; the number erased."""
    return Report.objects.over().delete()[0]
