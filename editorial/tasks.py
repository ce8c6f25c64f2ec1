"""What is done at night for the files of the DGE's team."""

from datetime import timedelta

from celery import shared_task
from django.core.files.storage import default_storage
from django.utils import timezone

from editorial.documents import FOLDER
from editorial.models import Partner, Resource

# Longer than any request lasts: a younger file may be waiting for its row.
WAIT = timedelta(days=1)


@shared_task
def erase_unused_files() -> int:
    """Files that were replaced, or whose row is gone: no address serves them since; how many were erased."""
    used = {*Resource.objects.values_list("file", flat=True), *Resource.objects.values_list("image", flat=True)}
    used |= set(Partner.objects.values_list("image", flat=True))
    before = timezone.now() - WAIT
    _, names = default_storage.listdir(FOLDER)
    paths = [f"{FOLDER}/{name}" for name in names]
    old = [path for path in paths if path not in used and default_storage.get_modified_time(path) < before]
    for path in old:
        default_storage.delete(path)
    return len(old)
