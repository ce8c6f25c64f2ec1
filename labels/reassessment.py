"""What the queue keeps of the machine's reading, read anew where the terms of an edition or the rules have changed."""

from collections.abc import Iterator

from labels.models import Application, ApplicationQuerySet

BATCH = 200


def reassess(applications: ApplicationQuerySet) -> int:
    """Bring the columns of those that wait up to date, a batch in memory at a time; how many were not.

    Nobody is waited for: one that somebody decides on meanwhile is brought up to date by that.
    """
    return sum(_refresh(application) for batch in _batches(applications) for application in batch)


def _batches(applications: ApplicationQuerySet) -> Iterator[list[Application]]:
    last = 0
    while batch := list(
        applications.waiting().filter(pk__gt=last).order_by("pk").for_verdict().prefetch_related("revisions")[:BATCH]
    ):
        yield batch
        last = batch[-1].pk


def _refresh(application: Application) -> bool:
    """Compare and swap: a decision taken since the batch was read placed it in the queue itself."""
    columns = application.queue_columns()
    if all(getattr(application, name) == value for name, value in columns.items()):
        return False
    as_read = Application.objects.filter(pk=application.pk, version=application.version, state=application.state)
    return bool(as_read.update(**columns))
