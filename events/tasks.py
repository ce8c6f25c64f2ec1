"""What is done at night for events."""

from celery import shared_task

from events import pictures


@shared_task
def erase_unused_files() -> int:
    """Files that no picture refers to: a crash between the disk and the database leaves some."""
    return pictures.erase_unused()
