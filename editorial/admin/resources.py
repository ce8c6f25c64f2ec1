"""Resources, as the national team and the DGE's communication edit them."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from core.admin.lists import ChoiceFilter, ColumnFilter
from core.templatetags.french import weight
from editorial import rendering
from editorial.admin.published import DATES, IMAGE, PublishedAdmin
from editorial.forms import ResourceForm
from editorial.models import Resource, Space

FILE = ("stored_file", "document", "remove_document")


class SpaceFilter(ChoiceFilter):
    title = "espace"
    parameter_name = "espace"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(Space.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Resource]) -> QuerySet[Resource]:
        value = self.value()
        return queryset.filter(**{Space(value).column: True}) if value else queryset


class KindFilter(ColumnFilter):
    title = "nature"
    parameter_name = "nature"
    column = "kind"
    choices_offered = Resource.Kind.choices


@admin.register(Resource)
class ResourceAdmin(PublishedAdmin[Resource]):
    form = ResourceForm
    list_display = ("title", "kind", "shown_in", "publication", "published_from", "published_until", "position")
    list_filter = (SpaceFilter, KindFilter)
    search_fields = ("title", "summary")
    prepopulated_fields = {"slug": ("title",)}
    readonly_fields = ("stored_file", "stored_image")
    fieldsets = (
        (None, {"fields": ("title", "slug", "kind", "summary")}),
        ("Où elle paraît", {"fields": tuple(space.column for space in Space)}),
        (
            "Ce qu’elle contient",
            {"fields": ("text", "address", "duration", *FILE)},
        ),
        ("Illustration", {"fields": IMAGE}),
        DATES,
    )
    previews = (("page", "Aperçu de la page"), ("espace", "Aperçu dans son espace"))

    def fields_without_an_object(self, row: Resource | None) -> set[str]:
        absent = super().fields_without_an_object(row)
        return absent if row and row.file else absent | {"stored_file", "remove_document"}

    def preview(self, request: HttpRequest, row: Resource, where: str) -> HttpResponse:
        """On its own page where it has one; else, or when asked so, among the others of its first space."""
        if row.text and where == "page":
            return rendering.resource_page(request, row, is_preview=True)
        return rendering.space_page(request, row.spaces[0], previewed=row)

    @admin.display(description="fichier actuel")
    def stored_file(self, row: Resource) -> str:
        return f"{row.file_format}, {weight(row.file_size)}"

    @admin.display(description="espaces")
    def shown_in(self, row: Resource) -> str:
        return ", ".join(space.label.removeprefix("Espace ") for space in row.spaces)
