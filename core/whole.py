"""One transaction of which all is written, or nothing once a row that it names is gone.

What a person chose is read before the transaction begins; foreign keys are looked at as it commits, by both databases.
A row deleted in between shows there, and is no fault of the program.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction

_FOREIGN_KEY_VIOLATION = "23503"  # PostgreSQL's code; SQLite has words alone


class Gone(Exception):
    """Something that was to be written names a row deleted since it was read; nothing was written."""


@contextmanager
def whole() -> Iterator[None]:
    """The block in one transaction; raises ``Gone``."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if _names_a_missing_row(error):
            raise Gone from error
        raise


def _names_a_missing_row(error: IntegrityError) -> bool:
    code = getattr(error.__cause__, "sqlstate", None)
    return code == _FOREIGN_KEY_VIOLATION or "FOREIGN KEY constraint failed" in str(error)
