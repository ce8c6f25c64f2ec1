"""The examiner's desk: Django's admin under the portal's name, open to staff alone, on the portal's own lists alone."""

from collections.abc import Iterable
from typing import Any, cast

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.db.models import Model
from django.db.models.base import ModelBase
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from accounts.models import User
from accounts.views.passwords import ChangeView
from labels.board import board_of

OURS = frozenset({"accounts", "core", "editorial", "events", "labels"})


class SignInForm(AdminAuthenticationForm):
    def clean_username(self) -> str:
        """In lower case, as addresses are stored, and of a length that the log of failures holds."""
        email: str = self.cleaned_data["username"].lower()
        if len(email) > (self.fields["username"].max_length or 0):  # type: ignore[attr-defined]
            raise self.get_invalid_login_error()
        return email


class SignInView(LoginView):
    """The password; the stages of allauth ask for the second factor of whoever has one, then open the session."""

    authentication_form = SignInForm
    template_name = "admin/login.html"

    def get_default_redirect_url(self) -> str:
        return reverse("admin:index")

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        user = form.get_user()
        login = Login(user=user, email=user.email, redirect_url=self.get_success_url())
        response: HttpResponse = perform_password_login(self.request, {"email": user.email}, login)
        return response


class Site(AdminSite):
    site_header = "Semaine de l’industrie"
    site_title = "Labellisation"
    index_title = "Instruction des demandes de label"
    enable_nav_sidebar = False

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

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:  # type: ignore[override]
        if request.method == "GET" and self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        context = {
            **self.each_context(request),
            "title": "Connexion",
            "subtitle": None,
            "app_path": request.get_full_path(),
            "username": request.user.get_username(),
            **(extra_context or {}),
        }
        return SignInView.as_view(extra_context=context)(request)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:  # type: ignore[override]
        request.current_app = self.name
        return ChangeView.as_view(extra_context={**self.each_context(request), **(extra_context or {})})(request)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """With what waits for the user, and where the current edition stands."""
        context = dict(extra_context or {})
        if request.user.has_perm("labels.view_application"):
            context["board"] = board_of(cast(User, request.user))
        return super().index(request, context)
