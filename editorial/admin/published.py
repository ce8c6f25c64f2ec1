"""Rows with a time of publication: where each stands, and its public page with what is being typed."""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.contrib import admin
from django.db import models
from django.forms import DateTimeField
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html

from editorial.admin.logged import LoggedAdmin
from editorial.forms import PREVIEW
from editorial.models.published import Published

# As Django's own stubs spell it.
Fieldset = tuple[str | None, Any]
M = TypeVar("M", bound=Published)
IMAGE = ("stored_image", "image_file", "image_alt", "remove_image")
DATES: Fieldset = ("Publication", {"fields": ("position", "published_from", "published_until")})


class PublishedAdmin(LoggedAdmin[M]):
    # Django's own way to a page is not among the admin's addresses; the preview is ours.
    view_on_site = False
    change_form_template = "admin/editorial/previewed_form.html"
    formfield_overrides = {models.DateTimeField: {"form_class": DateTimeField}}
    # Each way to preview: what its button sends, and what it says.
    previews: Sequence[tuple[str, str]] = (("page", "Aperçu"),)

    def fields_without_an_object(self, row: M | None) -> set[str]:
        """What shows or removes what is not there."""
        return set() if row and row.image else {"stored_image", "remove_image"}

    def get_fieldsets(self, request: HttpRequest, obj: M | None = None) -> Any:
        absent = self.fields_without_an_object(obj)
        return [
            (title, {**options, "fields": [name for name in options["fields"] if name not in absent]})
            for title, options in super().get_fieldsets(request, obj)
        ]

    def preview(self, request: HttpRequest, row: M, where: str) -> HttpResponse:
        raise NotImplementedError

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        form = context["adminform"].form
        if PREVIEW in request.POST and form.is_bound and not form.errors:
            return self.preview(request, form.instance, request.POST[PREVIEW])
        context |= {"preview_name": PREVIEW, "previews": self.previews}
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description="image actuelle")
    def stored_image(self, row: Any) -> str:
        row.embed_stored()
        return format_html('<img class="stored-image" src="{}" alt="{}">', row.image_url, row.image_alt)

    @admin.display(description="publication", ordering="published_from")
    def publication(self, row: M) -> str:
        return row.publication
