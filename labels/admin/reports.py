"""What visitors report of events, at the desk: each examiner reads those of the applications that they see."""

from typing import Any, cast

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts import audit
from accounts.models import User
from core.admin.lists import ChoiceFilter, ColumnFilter, ListAdmin
from events.models import Report
from labels.models import Application

TO_HANDLE, HANDLED = "a-traiter", "traites"


def visible_reports(user: User) -> QuerySet[Report]:
    return Report.objects.filter(event__in=Application.objects.visible_to(user).order_by().values("event"))


class StateFilter(ChoiceFilter):
    title = "état"
    parameter_name = "etat"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        return [(TO_HANDLE, "À traiter"), (HANDLED, "Traités")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(handled_at__isnull=self.value() == TO_HANDLE) if self.value() else queryset


class ReasonFilter(ColumnFilter):
    title = "problème"
    parameter_name = column = "reason"
    choices_offered = Report.Reason.choices


@admin.register(Report)
class ReportAdmin(ListAdmin[Report]):
    """Read, and marked as handled by one action; nothing of one is written here."""

    list_display = ("created_at", "reason", "excerpt", "application", "state")
    list_display_links = ("created_at", "reason")
    list_filter = (StateFilter, ReasonFilter)
    list_select_related = ("event__application", "handled_by")
    fields = readonly_fields = ("created_at", "application", "reason", "text", "email", "state")
    actions = ("handle",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_handle_permission(self, request: HttpRequest) -> bool:
        return cast(User, request.user).has_perm("events.change_report")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        return visible_reports(cast(User, request.user)).order_by(*self.get_ordering(request) or ("-pk",))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Report:
        found: Any = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404("Ce signalement n’existe pas.")
        return cast(Report, found)

    @admin.action(description="Marquer comme traités", permissions=["handle"])
    @transaction.atomic
    def handle(self, request: HttpRequest, queryset: QuerySet[Report]) -> None:
        user = cast(User, request.user)
        references = list(queryset.filter(handled_at=None).values_list("event__application__reference", flat=True))
        count = Report.objects.filter(pk__in=queryset.order_by().values("pk")).handle(user)
        for reference in references:
            audit.record(user, "report.handle", "Signalement marqué comme traité", about=reference)
        messages.success(request, f"{count} signalement{'s' if count > 1 else ''} marqué{'s' if count > 1 else ''}.")

    @admin.display(description="précisions")
    def excerpt(self, report: Report) -> str:
        return report.text if len(report.text) <= 120 else f"{report.text[:119]}…"

    @admin.display(description="demande")
    def application(self, report: Report) -> SafeString:
        application: Application = report.event.application
        link = reverse("admin:labels_application_change", args=[application.pk])
        return format_html('<a href="{}">{} – {}</a>', link, application.reference, report.event.title)

    @admin.display(description="état")
    def state(self, report: Report) -> str:
        if report.handled_at is None:
            return "À traiter"
        handled_on = timezone.localdate(report.handled_at)
        return f"Traité par {report.handled_by or 'un compte effacé'} le {handled_on:%d/%m/%Y}"
