"""Correspondents, as the national team edits them."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from editorial import rendering
from editorial.admin.previewed import PreviewedAdmin
from editorial.forms import CorrespondentForm
from editorial.models import Correspondent, Space


@admin.register(Correspondent)
class CorrespondentAdmin(PreviewedAdmin[Correspondent]):
    form = CorrespondentForm
    list_display = ("service", "role", "region", "email", "website", "phone", "position")
    list_select_related = ("region",)
    search_fields = ("service", "region__name")
    fields = CorrespondentForm.Meta.fields

    def preview(self, request: HttpRequest, row: Correspondent, where: str) -> HttpResponse:
        """On the page where it is read: that of the press, or the contacts of all régions."""
        if row.role == Correspondent.Role.PRESS:
            return rendering.space_page(request, Space.PRESS, previewed=row)
        return rendering.contact_page(request, previewed=row)
