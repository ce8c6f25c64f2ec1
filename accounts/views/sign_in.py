"""Allauth's pages of the address and of the code, with a word on what came too often or too late."""

from typing import Any

from allauth.account import views
from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from accounts.forms import SECONDS, TOO_MANY, RequestCodeForm
from core import limits


class RequestCodeView(views.RequestLoginCodeView):  # type: ignore[misc]
    def form_invalid(self, form: RequestCodeForm) -> HttpResponse:
        """The page again, with the address that was typed."""
        response: HttpResponse = super().form_invalid(form)
        return limits.tell(response, SECONDS) if form.has_error("email", TOO_MANY) else response


def locked_out(request: HttpRequest, response: HttpResponse | None = None, credentials: Any = None) -> HttpResponse:
    """After too many wrong passwords of one account from one address; its owner elsewhere is let in."""
    seconds = int(settings.AXES_COOLOFF_TIME * 3600)
    return limits.refused(request, seconds, "accounts/locked_out.html", username=request.POST.get("username", ""))


class ConfirmCodeView(views.ConfirmLoginCodeView):  # type: ignore[misc]
    _process = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        was_waiting = LOGIN_SESSION_KEY in request.session
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        if was_waiting and self._process is None:
            messages.error(request, "Ce code n’est plus valable. Demandez-en un nouveau.")
        return response
