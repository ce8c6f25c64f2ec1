"""Allauth's page of the code, with a word on the code that came too late."""

from typing import Any

from allauth.account import views
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class ConfirmCodeView(views.ConfirmLoginCodeView):  # type: ignore[misc]
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        has_expired = getattr(self, "_process", self) is None
        if has_expired:
            messages.error(request, "Ce code n’est plus valable. Demandez-en un nouveau.")
        return response
