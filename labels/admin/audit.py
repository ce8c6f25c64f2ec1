"""The log at the desk: who did what, read by those who may see what it was done to, changed by nobody.

A région reads what is about its applications, and each examiner their own deeds; the addresses from which people
came are the national team's alone.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from accounts.audit import AuditEntry
from accounts.models import User
from core.admin.lists import ChoiceFilter, ForgivingPaginator, ListAdmin, M
from core.text import clean_text
from labels.admin.changelist import SearchForm
from labels.admin.log_words import AROUND, FAMILIES, NOTHING, in_words
from labels.models import DONE, Application

# How far the list is counted and paged: beyond, filters lead on.
COUNTED_AT_MOST = 5000
Choices = Iterable[tuple[str, str]]


def visible_entries(user: User) -> QuerySet[AuditEntry]:
    """What ``user`` may read of the log."""
    if not user.has_perm("accounts.view_auditentry"):
        return AuditEntry.objects.none()
    if sees_addresses(user):
        return AuditEntry.objects.all()
    references = Application.objects.visible_to(user).order_by().values("reference")
    return AuditEntry.objects.filter(Q(about__in=references) | Q(by=user))


def sees_addresses(user: User) -> bool:
    """Whether the log tells ``user`` from where people came."""
    return user.has_perm("labels.examine_everywhere")


def doer_of(entry: AuditEntry) -> str:
    """A member of staff as they were called then; an organiser as their account is called now."""
    if entry.by_name:
        return entry.by_name
    return str(entry.by) if entry.by else "un compte effacé, ou le portail lui-même"


class ActionFilter(ChoiceFilter):
    title = "action"
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> Choices:
        deeds = {**{f"application.{action}": done for action, done in DONE.items()}, **AROUND}
        families = list(FAMILIES.items())
        return [families[0], *((action, f"– {done}") for action, done in deeds.items()), *families[1:]]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not (value := self.value()):
            return queryset
        return queryset.filter(action=value) if "." in value else queryset.filter(action__startswith=f"{value}.")


class PersonFilter(ChoiceFilter):
    """Members of staff; a regional examiner is offered those who may act on what they see."""

    title = "personne"
    parameter_name = "personne"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> Choices:
        user = cast(User, request.user)
        staff = User.objects.filter(is_staff=True)
        if not sees_addresses(user):
            national = Q(is_superuser=True) | Q(groups__permissions__codename="examine_everywhere")
            theirs = Q(pk=user.pk) | Q(regions__in=user.regions.all())
            staff = staff.filter(theirs | national).distinct()
        return [(str(person.pk), str(person)) for person in staff.order_by("email")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(by=self.value()) if self.value() else queryset


class PeriodFilter(ChoiceFilter):
    """The last days, or one of the months that the log is kept."""

    title = "période"
    parameter_name = "periode"
    last_days = {"aujourdhui": 0, "7-jours": 6, "30-jours": 29}

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> Choices:
        yield "aujourdhui", "Aujourd’hui"
        yield "7-jours", "Sept derniers jours"
        yield "30-jours", "Trente derniers jours"
        for first in _months(timezone.localdate()):
            yield f"{first:%Y-%m}", date_format(first, "F Y")

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not (value := self.value()):
            return queryset
        today = timezone.localdate()
        if value in self.last_days:
            return queryset.filter(at__gte=_midnight(today - timedelta(days=self.last_days[value])))
        first = date.fromisoformat(f"{value}-01")
        return queryset.filter(at__gte=_midnight(first), at__lt=_midnight(_next_month(first)))


def _months(today: date) -> Iterator[date]:
    first = today.replace(day=1)
    for _ in range(13):
        yield first
        first = (first - timedelta(days=1)).replace(day=1)


def _next_month(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=timezone.get_current_timezone())


class BoundedPaginator(ForgivingPaginator[M]):
    @property
    def count(self) -> int:
        return cast(QuerySet[M], self.object_list)[:COUNTED_AT_MOST].count()


class Log(ChangeList):
    search_form_class = SearchForm


@admin.register(AuditEntry)
class AuditAdmin(ListAdmin[AuditEntry]):
    list_filter = (ActionFilter, PersonFilter, PeriodFilter)
    search_fields = ("about",)
    search_help_text = "Référence d’une demande, ou adresse électronique d’un agent."
    list_display_links = ("summary",)
    actions = None
    paginator = BoundedPaginator

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return Log

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @method_decorator(require_safe)
    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, extra_context)

    @method_decorator(require_safe)
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().change_view(request, object_id, form_url, extra_context)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        return HttpResponseNotAllowed([])

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        raise Http404("Une entrée du journal n’a pas d’histoire.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEntry]:
        """With the application that each is about, where the reader may open it."""
        user = cast(User, request.user)
        seen = Application.objects.visible_to(user).order_by().filter(reference=OuterRef("about"))
        return (
            visible_entries(user)
            .select_related("by")
            .defer("details")
            .annotate(application=Subquery(seen.values("pk")[:1]))
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[AuditEntry], search_term: str
    ) -> tuple[QuerySet[AuditEntry], bool]:
        words = clean_text(search_term)
        if not words:
            return queryset, False
        return queryset.filter(Q(about__iexact=words) | Q(by_name__icontains=words)), False

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> AuditEntry:
        found: Any = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404("Cette entrée n’existe pas.")
        return cast(AuditEntry, found)

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        return ("moment", "doer", "summary", "subject", *self._addresses(request))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("moment", "doer", "summary", "subject", "action", *self._addresses(request), "told")

    get_readonly_fields = get_fields

    def _addresses(self, request: HttpRequest) -> tuple[str, ...]:
        return ("origin",) if sees_addresses(cast(User, request.user)) else ()

    @admin.display(description="le", ordering="pk")
    def moment(self, entry: AuditEntry) -> str:
        return date_format(timezone.localtime(entry.at), "d/m/Y H:i:s")

    @admin.display(description="par")
    def doer(self, entry: AuditEntry) -> str:
        return doer_of(entry)

    @admin.display(description="objet")
    def subject(self, entry: Any) -> SafeString | str:
        if entry.application is None:
            return entry.about or NOTHING
        link = reverse("admin:labels_application_change", args=[entry.application])
        return format_html('<a href="{}">{}</a>', link, entry.about)

    @admin.display(description="adresse IP")
    def origin(self, entry: AuditEntry) -> str:
        return entry.address or NOTHING

    @admin.display(description="précisions")
    def told(self, entry: AuditEntry) -> SafeString | str:
        return format_html_join("", "<div>{} : {}</div>", in_words(entry.details)) or NOTHING
