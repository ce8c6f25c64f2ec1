"""Accounts in the admin, with the erasure of an organiser's: in two steps, for a reason of a closed list."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms.renderers import DjangoTemplates
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from accounts import admin as accounts
from accounts import audit, staff
from accounts.models import User
from labels import erasure
from labels.workflow import MoveRefused


class AccountErasureForm(forms.Form):
    default_renderer = DjangoTemplates
    # A closed list: what is typed would name whom it forgets.
    REASONS = {
        "asked": "La personne le demande",
        "left": "La personne a quitté son organisme",
        "mistaken": "L’adresse est erronée ou n’est pas la sienne",
        "misused": "Le compte sert à autre chose qu’au label",
    }
    reason = forms.ChoiceField(
        label="Motif",
        choices=list(REASONS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez un motif.", "invalid_choice": "Choisissez un motif."},
    )
    is_certain = forms.BooleanField(
        label="J’ai lu ce qui précède et je veux effacer ce compte",
        error_messages={"required": "Cochez la case pour effacer ce compte."},
    )

    @property
    def reason_in_words(self) -> str:
        chosen: str = self.cleaned_data["reason"]
        return self.REASONS[chosen]


@admin.register(User)
class UserAdmin(accounts.UserAdmin):
    def get_urls(self) -> list[URLPattern]:
        own = path("<int:pk>/effacer/", self.admin_site.admin_view(self.erase), name="accounts_user_erase")
        return [own, *super().get_urls()]

    def erase(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not staff.erases(request.user):
            raise PermissionDenied
        account = self.get_queryset(request).filter(pk=pk, is_staff=False).first()
        if account is None:
            raise Http404("Aucun organisateur n’a ce compte.")
        form = AccountErasureForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            return self._erase(request, account, form.reason_in_words)
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": "Effacer ce compte",
            "account": account,
            "fate": erasure.foresee(account),
            "form": form,
        }
        return TemplateResponse(request, "admin/accounts/user/erase.html", context)

    def _erase(self, request: HttpRequest, account: User, reason: str) -> HttpResponse:
        about = staff.about(account)
        try:
            with transaction.atomic():
                erasure.erase(account)
                audit.record(
                    request.user,
                    "account.erase",
                    "Compte d’un organisateur effacé",
                    about=about,
                    details={"reason": reason},
                )
        except MoveRefused:
            messages.error(
                request, "Une de ses demandes vient de changer d’état : relisez cette page, puis recommencez."
            )
            return HttpResponseRedirect(request.path)
        messages.success(request, "Le compte est effacé.")
        return HttpResponseRedirect(reverse("admin:accounts_user_changelist"))
