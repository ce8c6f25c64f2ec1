"""Organisations in the admin: read by the national team, who join those that stand twice."""

from collections.abc import Iterable

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count, QuerySet
from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from accounts import audit
from accounts.models import Organisation
from core.admin.lists import ColumnFilter, ListAdmin
from labels import organisations

AT_MOST = 10
_CHOOSE = "Choisissez celle qui reste."
_UNREADABLE = "Cette sélection n’est pas lisible, ou vient d’être réunie."


class KindFilter(ColumnFilter):
    title = "nature"
    parameter_name = "nature"
    column = "kind"
    choices_offered = Organisation.Kind.choices


class JoinForm(forms.Form):
    """Those to join, and which of them stays."""

    default_renderer = DjangoTemplates
    joined = forms.ModelMultipleChoiceField(Organisation.objects.all(), widget=forms.MultipleHiddenInput)
    kept = forms.CharField(label="Organisation qui reste", error_messages={"required": _CHOOSE})

    def clean_kept(self) -> Organisation:
        """Among those to join as they were read: somebody else may join them between two readings."""
        joined: Iterable[Organisation] = self.cleaned_data.get("joined") or ()
        kept = next((item for item in joined if str(item.pk) == self.cleaned_data["kept"]), None)
        if kept is None:
            raise ValidationError(_CHOOSE)
        return kept


@admin.register(Organisation)
class OrganisationAdmin(ListAdmin[Organisation]):
    """Read here: an organisation's name stands in the search words of its events."""

    list_display = ("name", "kind", "siret", "uai", "commune", "website")
    list_select_related = ("commune",)
    list_filter = (KindFilter,)
    search_fields = ("name", "siret", "uai")
    fields = ("name", "kind", "siret", "uai", "address", "commune", "website", "checked_at", "people")
    readonly_fields = fields
    actions = ("join_selected",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Organisation | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Organisation | None = None) -> bool:
        return False

    def has_join_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.join_organisations")

    def get_urls(self) -> list[URLPattern]:
        own = path("reunir/", self.admin_site.admin_view(self.join), name="accounts_organisation_join")
        return [own, *super().get_urls()]

    @admin.display(description="membres")
    def people(self, organisation: Organisation) -> str:
        memberships = organisation.memberships.select_related("user").order_by("pk")
        return ", ".join(f"{item.user.email} ({item.get_role_display().lower()})" for item in memberships) or "–"

    @admin.action(description="Réunir la sélection", permissions=["join"])
    def join_selected(self, request: HttpRequest, queryset: QuerySet[Organisation]) -> HttpResponse | None:
        found = list(queryset.order_by("pk")[: AT_MOST + 1])
        if not 2 <= len(found) <= AT_MOST:
            text = f"Sélectionnez de deux à {AT_MOST} organisations : rien n’a été fait."
            self.message_user(request, text, messages.ERROR)
            return None
        return self._ask(request, found)

    def _ask(self, request: HttpRequest, found: list[Organisation], form: JoinForm | None = None) -> HttpResponse:
        rows = Organisation.objects.filter(pk__in=[item.pk for item in found]).annotate(event_count=Count("events"))
        context = {
            **self.admin_site.each_context(request),
            "title": f"Réunir {len(found)} organisations",
            "rows": [(item, self.people(item)) for item in rows.select_related("commune").order_by("pk")],
            "form": form or JoinForm(initial={"joined": found}),
        }
        return TemplateResponse(request, "admin/accounts/organisation/join.html", context)

    @method_decorator(require_POST)
    def join(self, request: HttpRequest) -> HttpResponse:
        if not self.has_join_permission(request):
            raise PermissionDenied
        form = JoinForm(request.POST)
        form.is_valid()
        joined = list(form.cleaned_data.get("joined") or [])
        if not 2 <= len(joined) <= AT_MOST:
            raise BadRequest(_UNREADABLE)
        if form.errors:
            return self._ask(request, joined, form)
        kept = form.cleaned_data["kept"]
        self._join(request, kept, joined)
        messages.success(request, f"{len(joined)} organisations sont réunies sous « {kept} ».")
        return HttpResponseRedirect(reverse("admin:accounts_organisation_change", args=[kept.pk]))

    @transaction.atomic
    def _join(self, request: HttpRequest, kept: Organisation, joined: list[Organisation]) -> None:
        """All held in one order, and as they are stored by now: of two joinings at once, the second is told."""
        rows = Organisation.objects.select_for_update().filter(pk__in=[item.pk for item in joined]).order_by("pk")
        held = {item.pk: item for item in rows}
        if len(held) < len(joined):
            raise BadRequest(_UNREADABLE)
        kept = held.pop(kept.pk)
        others = list(held.values())
        told = [_named(item) for item in others]
        organisations.join(kept, Organisation.objects.filter(pk__in=[item.pk for item in others]))
        self.log_change(request, kept, f"Réunie avec : {', '.join(told)}.")
        details = {"joined": told}
        audit.record(request.user, "organisation.join", "Organisations réunies", about=kept.name, details=details)


def _named(organisation: Organisation) -> str:
    """As the log tells it once it is gone."""
    number = organisation.siret or organisation.uai
    return f"{organisation.name} (n° {organisation.pk}{f', {number}' if number else ''})"
