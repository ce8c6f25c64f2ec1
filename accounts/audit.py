"""The log of who did what, when and from where: written once, read by staff, changed by nobody, kept for a year.

An entry is written in the transaction of what it tells of: neither goes without the other. On PostgreSQL a trigger
holds the database itself to it.
"""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any, NoReturn

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse

# The request being answered; none in a task or a command.
_answered: ContextVar[HttpRequest | None] = ContextVar("answered", default=None)


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("An audit entry is written once.")

    def delete(self) -> NoReturn:
        raise TypeError("An audit entry is not deleted.")


class AuditEntry(models.Model):
    """One deed; ``about`` is what it was done to: a reference, the key of an account, the name of a file."""

    at = models.DateTimeField("le", auto_now_add=True, db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="par")
    # A member of staff as they were called then; of others, the account alone.
    by_name = models.CharField("nom de l’agent", max_length=254, blank=True)
    address = models.GenericIPAddressField("adresse IP", null=True)
    action = models.CharField("action", max_length=40, db_index=True)
    summary = models.CharField("ce qui a été fait", max_length=250)
    about = models.CharField("objet", max_length=60, blank=True, db_index=True)
    details = models.JSONField("détails", default=dict)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "entrée du journal"
        verbose_name_plural = "entrées du journal"
        ordering = ["-pk"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.summary} {self.about}".strip()

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise TypeError("An audit entry is written once.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("An audit entry is not deleted.")


def record(
    by: Any, action: str, summary: str, *, about: str = "", details: Mapping[str, Any] | None = None
) -> AuditEntry:
    """Write that ``by`` (a user, or nobody known) did ``action``; in the transaction of the deed."""
    known = by if by is not None and by.is_authenticated else None
    return AuditEntry.objects.create(
        by=known,
        by_name=str(known.email) if known and known.is_staff else "",
        address=_address(),
        action=action,
        summary=summary[:250],
        about=about[:60],
        details=dict(details or {}),
    )


def _address() -> str | None:
    """That of the client; None where a proxy set wrong hides it, which must keep nobody from their work."""
    if (request := _answered.get()) is None:
        return None
    try:
        return str(get_adapter(request).get_client_ip(request))
    except (PermissionDenied, ImproperlyConfigured):
        return None


def remember_request(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Let what is logged while a request is answered know where the request came from."""

    def answer(request: HttpRequest) -> HttpResponse:
        token = _answered.set(request)
        try:
            return get_response(request)
        finally:
            _answered.reset(token)

    return answer
