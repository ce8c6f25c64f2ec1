"""Stored files that no row refers to: a crash between the disk and the database leaves some."""

from collections.abc import Collection
from datetime import datetime

from django.core.files.storage import default_storage
from django.utils import timezone

from core import retention


def find(folder: str, used: Collection[str]) -> list[str]:
    """Those of ``folder`` that are not ``used``, and not so young that they may be waiting for their row."""
    before = timezone.now() - retention.FILE.kept
    _, names = default_storage.listdir(folder)
    paths = [f"{folder}/{name}" if folder else name for name in names]
    return [path for path in paths if path not in used and _written_at(path) < before]


def erase(paths: Collection[str]) -> int:
    for path in paths:
        default_storage.delete(path)
    return len(paths)


def _written_at(path: str) -> datetime:
    """That of a file which somebody else erased meanwhile is now: it is nobody's to erase."""
    try:
        return default_storage.get_modified_time(path)
    except OSError:
        return timezone.now()
