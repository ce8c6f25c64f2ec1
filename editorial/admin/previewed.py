"""Rows that are shown on their public page, with what is being typed, before anybody reads them."""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db.models import Model
from django.http import HttpRequest, HttpResponse

from editorial.admin.logged import LoggedAdmin
from editorial.forms import PREVIEW

M = TypeVar("M", bound=Model)


class PreviewedAdmin(LoggedAdmin[M]):
    # Django's own way to a page is not among the admin's addresses; the preview is ours.
    view_on_site = False
    change_form_template = "admin/editorial/previewed_form.html"
    # Each way to preview: what its button sends, and what it says.
    previews: Sequence[tuple[str, str]] = (("page", "Aperçu"),)

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
