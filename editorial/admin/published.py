"""Rows with a time of publication: where each stands, and the image that it has."""

from typing import Any, TypeVar

from django.contrib import admin
from django.db import models
from django.forms import DateTimeField
from django.http import HttpRequest
from django.utils.html import format_html

from editorial.admin.previewed import PreviewedAdmin
from editorial.models.published import Published

# As Django's own stubs spell it.
Fieldset = tuple[str | None, Any]
M = TypeVar("M", bound=Published)
IMAGE = ("stored_image", "image_file", "image_alt", "remove_image")
DATES: Fieldset = ("Publication", {"fields": ("position", "published_from", "published_until")})


class PublishedAdmin(PreviewedAdmin[M]):
    formfield_overrides = {models.DateTimeField: {"form_class": DateTimeField}}

    def fields_without_an_object(self, row: M | None) -> set[str]:
        """What shows or removes what is not there."""
        return set() if row and row.image else {"stored_image", "remove_image"}

    def get_fieldsets(self, request: HttpRequest, obj: M | None = None) -> Any:
        absent = self.fields_without_an_object(obj)
        return [
            (title, {**options, "fields": [name for name in options["fields"] if name not in absent]})
            for title, options in super().get_fieldsets(request, obj)
        ]

    @admin.display(description="image actuelle")
    def stored_image(self, row: Any) -> str:
        row.embed_stored()
        return format_html('<img class="stored-image" src="{}" alt="{}">', row.image_url, row.image_alt)

    @admin.display(description="publication", ordering="published_from")
    def publication(self, row: M) -> str:
        return row.publication
