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
    """One version: by which account, from which opened page, and when."""

    by: int
    page: str
    at: datetime

    @property
    def author(self) -> User | None:
        return User.objects.filter(pk=self.by).first()


def remember(kept: StepForm, page: str) -> None:
    cache.set(_key(kept), Save(kept.user.pk, page, timezone.now()), REMEMBERED)


def save_of(kept: StepForm) -> Save | None:
    """How ``kept`` came to be, where it is still known."""
    found = cache.get(_key(kept))
    return found if isinstance(found, Save) else None


def _key(kept: StepForm) -> str:
    return f"save-{kept.application.pk}-{kept.slug}-{kept.fingerprint}"
