"""Who kept a version of a page, and from where: what a conflict tells, and how a page knows its own."""

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.utils import timezone

from accounts.models import User
from labels.forms import StepForm

# A draft is rarely left open longer; what is forgotten only costs a page that asks which version to keep.
REMEMBERED = 7 * 24 * 3600


@dataclass(frozen=True)
class Save:
    """One version: by which account, from which opened page, when, and as which of its saves."""

    by: int
    page: str
    at: datetime
    rank: int = 0

    @property
    def author(self) -> User | None:
        return User.objects.filter(pk=self.by).first()


def remember(kept: StepForm, page: str, rank: int) -> None:
    """A save that says again what is stored does not make it older."""
    if (known := save_of(kept)) and known.page == page:
        rank = max(rank, known.rank)
    cache.set(_key(kept), Save(kept.user.pk, page, timezone.now(), rank), REMEMBERED)


def has_seen(stored: StepForm, seen: str, page: str, rank: int) -> bool:
    """Whether who posts knows of what is stored: it was read, or came from the very page that posts again.

    That page's browser may have missed our answer, or gone back. ``rank`` grows with each of a page's saves: one that
    arrives after a later one has nothing to say. Zero comes from a page without a script, which has no such saves.
    """
    save = save_of(stored)
    is_of_page = save is not None and save.page == page
    if save and is_of_page and 0 < rank < save.rank:
        return False
    return is_of_page or seen == stored.fingerprint


def save_of(kept: StepForm) -> Save | None:
    """How ``kept`` came to be, where it is still known."""
    found = cache.get(_key(kept))
    return found if isinstance(found, Save) else None


def _key(kept: StepForm) -> str:
    return f"save-{kept.application.pk}-{kept.slug}-{kept.fingerprint}"
