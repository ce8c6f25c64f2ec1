"""Allauth's page of the code, with a word on the code that came too late."""

from typing import Any

from allauth.account import views
from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class ConfirmCodeView(views.ConfirmLoginCodeView):  # type: ignore[misc]
    _process = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        was_waiting = LOGIN_SESSION_KEY in request.session
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        if was_waiting and self._process is None:
            messages.error(request, "Ce code n’est plus valable. Demandez-en un nouveau.")
        return response
