"""The staff's password: a link is asked for, which says nothing of who has an account; one is chosen, or changed."""

from typing import TYPE_CHECKING, Any

from allauth.core import ratelimit
from django import forms
from django.contrib import messages
from django.contrib.admin.forms import AdminPasswordChangeForm
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.views import PasswordChangeView, PasswordResetConfirmView
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import FormView

from accounts import audit, links, notices, staff
from accounts.models import User
from accounts.passwords import StrengthValidator
from core import limits
from core.fields import EmailField

# Links that one caller may ask for one address.
MOST, SECONDS = 5, 3600

if TYPE_CHECKING:
    _SetPasswordForm = SetPasswordForm[User]
else:
    _SetPasswordForm = SetPasswordForm


class RequestForm(forms.Form):
    email = EmailField(
        label="Adresse électronique professionnelle",
        help_text="Celle de votre compte d’agent, par exemple prenom.nom@exemple.gouv.fr",
        max_length=254,
        widget=forms.EmailInput(attrs={"class": "fr-input", "autocomplete": "username"}),
        error_messages={"required": "Saisissez votre adresse électronique."},
    )


@method_decorator(never_cache, name="dispatch")
class RequestView(FormView[RequestForm]):
    form_class = RequestForm
    template_name = "accounts/forgotten_password.html"

    def form_valid(self, form: RequestForm) -> HttpResponse:
        email = form.cleaned_data["email"].lower()
        if self._is_too_often(email):
            form.add_error("email", f"Trop de demandes. Patientez {limits.spoken(SECONDS)} avant de recommencer.")
            return limits.tell(self.form_invalid(form), SECONDS)
        user = User.objects.filter(email=email, is_staff=True, is_active=True).first()
        if user:
            links.send(user)
        told = f"Si un compte d’agent existe à l’adresse {email}, un lien valable trois jours vient d’y être envoyé."
        messages.success(self.request, told)
        return redirect("account_reset_password")

    def _is_too_often(self, email: str) -> bool:
        """For one caller, before it counts for all: nobody uses up what an agent needs."""
        mine = limits.is_exceeded_about(self.request, email, "password", most=MOST, seconds=SECONDS)
        return mine or not ratelimit.consume(self.request, action="reset_password", key=email)


class ChoiceForm(_SetPasswordForm):
    error_messages = {"password_mismatch": "Les deux saisies ne sont pas les mêmes."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {"new_password1": "Mot de passe", "new_password2": "Le même, une seconde fois"}
        for name, label in labels.items():
            field = self.fields[name]
            field.label, field.help_text = label, ""
            field.widget.attrs.update({"class": "fr-input", "maxlength": 200, "autocomplete": "new-password"})
            field.error_messages["required"] = "Saisissez un mot de passe."
        self.fields["new_password1"].help_text = StrengthValidator.help_text

    def validate_password_for_user(self, user: User, password_field_name: str = "", **kwargs: Any) -> None:
        """Said beside the field where a password is first chosen, and not where it is typed again."""
        super().validate_password_for_user(user, "new_password1", **kwargs)


class ChooseView(PasswordResetConfirmView):
    """A link that is used, too old, of a closed account or of nobody: the same page says so."""

    form_class = ChoiceForm
    template_name = "accounts/choose_password.html"
    reset_url_token = "choisir"  # noqa: S105
    success_url = reverse_lazy("admin:login")

    def get_user(self, uidb64: str) -> User | None:
        user = super().get_user(uidb64)
        return user if isinstance(user, User) and user.is_staff and user.is_active else None

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        is_changed = form.user.has_usable_password()
        response = super().form_valid(form)
        # Their sessions end by themselves: each holds a print of the password it began with.
        _log(form.user, "Mot de passe choisi par un lien reçu")
        if is_changed:
            notices.tell(form.user, "password_changed")
        messages.success(self.request, "Votre mot de passe est enregistré. Connectez-vous.")
        return response

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        if response.status_code == 200 and not self.validlink:
            response.status_code = 410
        return response


class ChangeView(PasswordChangeView):
    """From the desk, by whoever gives the password that they had; told by mail, in case it was somebody else."""

    form_class = AdminPasswordChangeForm
    success_url = reverse_lazy("admin:password_change_done")

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        _log(form.user, "Mot de passe changé")
        notices.tell(form.user, "password_changed")
        return response


def _log(user: User, summary: str) -> None:
    audit.record(user, "account.password", summary, about=staff.about(user))
