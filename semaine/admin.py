"""The examiner's desk: Django's admin under the portal's name, open to staff alone, on the portal's own lists alone."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.db.models import Model
from django.db.models.base import ModelBase
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver

from accounts.sessions import bound
from labels.models import Application

OURS = frozenset({"accounts", "core", "events", "labels"})


class SignInForm(AdminAuthenticationForm):
    def clean_username(self) -> str:
        """In lower case, as addresses are stored, and of a length that the log of failures holds."""
        email: str = self.cleaned_data["username"].lower()
        if len(email) > (self.fields["username"].max_length or 0):  # type: ignore[attr-defined]
            raise self.get_invalid_login_error()
        return email


class Site(AdminSite):
    site_header = "Semaine de l’industrie"
    site_title = "Labellisation"
    index_title = "Instruction des demandes de label"
    enable_nav_sidebar = False
    login_form = SignInForm

    def register(
        self,
        model_or_iterable: type[Model] | Iterable[type[Model]],
        admin_class: type[ModelAdmin[Any]] | None = None,
        **options: Any,
    ) -> None:
        """Groups are the code's to define; the lists of the packages used here neither speak French nor stand a NUL."""
        models = [model_or_iterable] if isinstance(model_or_iterable, ModelBase) else list(model_or_iterable)
        ours = [model for model in models if model._meta.app_label in OURS]
        if ours:
            super().register(ours, admin_class, **options)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Without Django's way to any object's page: it tells the titles of all régions to whoever may sign in."""
        return [address for address in super().get_urls() if getattr(address, "name", "") != "view_on_site"]

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        response = super().login(request, extra_context)
        if request.method == "POST" and request.user.is_authenticated:
            bound(request)
        return response

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """With what waits for the user, in two counts."""
        context = dict(extra_context or {})
        if request.user.has_perm("labels.view_application"):
            visible = Application.objects.visible_to(request.user)
            context["queue"] = {"waiting": visible.waiting().count(), "late": visible.late().count()}
        return super().index(request, context)
