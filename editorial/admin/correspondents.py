"""Correspondents, as the national team edits them."""

from django.contrib import admin

from editorial.admin.logged import LoggedAdmin
from editorial.forms import CorrespondentForm
from editorial.models import Correspondent


@admin.register(Correspondent)
class CorrespondentAdmin(LoggedAdmin[Correspondent]):
    form = CorrespondentForm
    list_display = ("service", "role", "region", "email", "website", "phone", "position")
    list_select_related = ("region",)
    search_fields = ("service", "region__name")
    fields = CorrespondentForm.Meta.fields
