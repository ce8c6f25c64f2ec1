"""The pages of the second factor: allauth's views for staff alone, each deed logged."""

import base64
from typing import Any

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.account.internal.stagekit import get_pending_stage
from allauth.account.views import ReauthenticateView
from allauth.core.internal.httpkit import authenticated_user
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import views as base
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView

from accounts import audit, notices, second_factor, staff
from accounts.second_factor import for_staff


def _log(request: HttpRequest, action: str, summary: str, deed: str) -> None:
    """In the transaction of the deed; its owner is told by mail, since somebody else may have done it."""
    user = authenticated_user(request)
    audit.record(user, action, summary, about=staff.about(user))
    notices.tell(user, deed)


@method_decorator(for_staff(), name="dispatch")
class IndexView(TemplateView):
    """« Sécurité de mon compte »: which factors there are, and how to add one."""

    template_name = "mfa/index.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = list(Authenticator.objects.filter(user=self.request.user).order_by("pk"))
        by_type = {kind: [item for item in found if item.type == kind] for kind in Authenticator.Type}
        return super().get_context_data(
            totp=next(iter(by_type[Authenticator.Type.TOTP]), None),
            passkeys=by_type[Authenticator.Type.WEBAUTHN],
            codes=next(iter(by_type[Authenticator.Type.RECOVERY_CODES]), None),
            codes_left=sum(map(_left, by_type[Authenticator.Type.RECOVERY_CODES])),
            has_one=any(by_type[kind] for kind in second_factor.MAIN),
            is_required=second_factor.must_have(self.request.user),
            **kwargs,
        )


def _left(codes: Authenticator) -> int:
    return settings.MFA_RECOVERY_CODE_COUNT - int(codes.data["used_mask"]).bit_count()


class AuthenticateView(base.AuthenticateView):  # type: ignore[misc]
    """The second step of signing in, after the password."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated and get_pending_stage(request) is None:
            messages.error(request, "Recommencez par votre mot de passe : la connexion n’a pas été terminée à temps.")
            return redirect("admin:login")
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        kinds = Authenticator.objects.filter(user=self.stage.login.user).values_list("type", flat=True)
        return {**context, "has_totp": Authenticator.Type.TOTP in kinds, "has_passkey": "webauthn" in kinds}


@method_decorator(for_staff(showing=True), name="dispatch")
class ByPasswordView(ReauthenticateView):  # type: ignore[misc]
    template_name = "mfa/by_password.html"


@method_decorator(for_staff(showing=True), name="dispatch")
class ByCodeView(base.ReauthenticateView):  # type: ignore[misc]
    pass


@method_decorator(for_staff(showing=True), name="dispatch")
class ByPasskeyView(webauthn.ReauthenticateWebAuthnView):  # type: ignore[misc]
    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = self.render_to_response(self.get_context_data(form=form))
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # allauth's own drops the form that was posted, with its faults.
        return {**super().get_context_data(**kwargs), **kwargs}


@method_decorator(for_staff(), name="dispatch")
class ActivateTOTPView(totp.ActivateTOTPView):  # type: ignore[misc]
    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        second_factor.note_shown(self.request, Authenticator.Type.TOTP)
        _log(self.request, "factor.add", "Application d’authentification ajoutée", "totp_activated")
        return response


@method_decorator(for_staff(), name="dispatch")
class DeactivateTOTPView(totp.DeactivateTOTPView):  # type: ignore[misc]
    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        _log(
            self.request,
            "factor.remove",
            "Application d’authentification retirée",
            "totp_deactivated",
        )
        return response


@method_decorator(for_staff(), name="dispatch")
class AddPasskeyView(webauthn.AddWebAuthnView):  # type: ignore[misc]
    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        second_factor.note_shown(self.request, Authenticator.Type.WEBAUTHN)
        _log(self.request, "factor.add", "Clé d’accès ajoutée", "webauthn_added")
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), **kwargs}


@method_decorator(for_staff(), name="dispatch")
class RemovePasskeyView(webauthn.RemoveWebAuthnView):  # type: ignore[misc]
    success_url = reverse_lazy("mfa_index")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "is_the_last": not get_adapter().can_delete_authenticator(self.object)}

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        if not get_adapter().can_delete_authenticator(self.object):
            refused: HttpResponse = self.render_to_response(self.get_context_data(form=form))
            return refused
        response: HttpResponse = super().form_valid(form)
        _log(self.request, "factor.remove", "Clé d’accès retirée", "webauthn_removed")
        return response


@method_decorator(for_staff(), name="dispatch")
class GenerateCodesView(recovery_codes.GenerateRecoveryCodesView):  # type: ignore[misc]
    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        _log(self.request, "factor.codes", "Nouveaux codes de secours créés", "recovery_codes_generated")
        return response


@method_decorator(for_staff(), name="dispatch")
class CodesView(TemplateView):
    """The recovery codes until their owner says to have kept them, then never again."""

    template_name = "mfa/recovery_codes/index.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        raise_if_reauthentication_required(request, app="allauth.mfa")
        found = Authenticator.objects.filter(user_id=request.user.pk, type=Authenticator.Type.RECOVERY_CODES).first()
        if found is None or found.wrap().did_view:
            messages.info(
                request, "Les codes de secours ne sont montrés qu’une fois. Vous pouvez en créer de nouveaux."
            )
            return redirect("mfa_index")
        self.codes = found.wrap()
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        unused = self.codes.get_unused_codes()
        text = "\r\n".join(["Semaine de l’industrie – codes de secours", self.request.user.email, "", *unused, ""])  # type: ignore[union-attr]
        file = f"data:text/plain;charset=utf-8;base64,{base64.b64encode(text.encode()).decode()}"
        return super().get_context_data(unused_codes=unused, file=file, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        self.codes.mark_as_viewed()
        return redirect("admin:index")
