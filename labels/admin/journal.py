"""Who did what to one application: what the log tells of it, and the exports that held its contacts."""

from collections.abc import Iterable, Iterator
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from accounts.audit import AuditEntry
from accounts.models import User
from labels.admin.audit import doer_of, sees_addresses, visible_entries
from labels.admin.desk import DeskAdmin
from labels.models import Application

AT_MOST = 300
# Each may hold tens of thousands of applications: only the latest are looked into.
EXPORTS_AT_MOST = 100


def spans(keys: Iterable[int]) -> str:
    """Many keys in few words: « 1-500,502 »."""
    ends: list[list[int]] = []
    for key in sorted(keys):
        if ends and key == ends[-1][1] + 1:
            ends[-1][1] = key
        else:
            ends.append([key, key])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in ends)


def holds(told: str, key: int) -> bool:
    """Whether ``key`` is within ``spans``."""
    ends = (span.partition("-") for span in told.split(",") if span)
    return any(int(first) <= key <= int(last or first) for first, _, last in ends)


class JournalAdmin(DeskAdmin):
    """The half of the application's admin that tells who did what to it."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.journal)
        return [path("<path:object_id>/journal/", view, name="labels_application_journal"), *super().get_urls()]

    @method_decorator(require_safe)
    def journal(self, request: HttpRequest, object_id: str) -> HttpResponse:
        application, user = self.get_object(request, object_id), cast(User, request.user)
        if not user.has_perm("accounts.view_auditentry"):
            raise PermissionDenied
        visible = visible_entries(user)
        entries = list(_about(visible, application)[: AT_MOST + 1])
        readable = {entry.pk for entry in entries}
        exports = list(_exports(application))
        readable |= set(visible.filter(pk__in=[entry.pk for entry in exports]).values_list("pk", flat=True))
        told = sorted([*entries[:AT_MOST], *exports], key=lambda entry: -entry.pk)
        return self.render(
            request,
            "journal",
            title="Qui a fait quoi",
            application=application,
            rows=[(entry, doer_of(entry), entry.pk in readable) for entry in told],
            is_cut=len(entries) > AT_MOST,
            sees_addresses=sees_addresses(user),
            queue_url=reverse("admin:labels_application_changelist"),
        )


def _about(visible: QuerySet[AuditEntry], application: Application) -> QuerySet[AuditEntry]:
    return visible.filter(about=application.reference).select_related("by").defer("details")


def _exports(application: Application) -> Iterator[AuditEntry]:
    """Those that carried its contacts away, of whoever sees the application to know."""
    since: Any = {"action": "application.export", "at__gte": application.created_at, "details__contacts": True}
    for entry in AuditEntry.objects.filter(**since).select_related("by")[:EXPORTS_AT_MOST]:
        if holds(entry.details.get("applications", ""), application.pk):
            yield entry
