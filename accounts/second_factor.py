"""The second factor of staff: who must have one, whether this session showed it, and what happens without it.

A password alone opens nothing of the examiner's desk: a factor is asked for at sign-in by allauth's stages, and whoever
has none yet is led to set one up before any other page.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from accounts import sessions
from accounts.attempts import FactorAttempts
from accounts.models import User

MAIN = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
# What of the admin opens to whoever has yet to show a factor.
OPEN = ("admin:login", "admin:logout", "admin:jsi18n")


def may_have(user: Any) -> bool:
    """Staff alone; not the sign-ins of a demonstration, which anyone could shut for all others."""
    domain = settings.STAFF_SECOND_FACTOR_EXEMPT_DOMAIN
    is_exempt = bool(domain) and getattr(user, "email", "").endswith(domain)
    return bool(user.is_authenticated and user.is_staff and not is_exempt)


def must_have(user: Any) -> bool:
    return bool(settings.STAFF_SECOND_FACTOR) and may_have(user)


def has_one(user: Any) -> bool:
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=MAIN).exists())


def is_shown(request: HttpRequest) -> bool:
    """In this session: one that began before factors were asked for has yet to show its own."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def note_shown(request: HttpRequest, kind: str) -> None:
    """A factor just set up was shown by that."""
    record_authentication(request, request.user, "mfa", type=kind)


def is_the_last(authenticator: Authenticator) -> bool:
    others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=MAIN).exclude(pk=authenticator.pk)
    return not bool(others.exists())


def remove_all(user: User) -> int:
    """With their sessions; the number removed, recovery codes apart."""
    count: int = Authenticator.objects.filter(user=user, type__in=MAIN).count()
    Authenticator.objects.filter(user=user).delete()
    FactorAttempts.objects.filter(user=user).delete()
    sessions.end_all(user)
    return count


def require(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Lead staff who have shown no second factor to where they show or set up one, whatever they ask of the admin."""

    def answer(request: HttpRequest) -> HttpResponse:
        if _is_of_the_desk(request.path) and must_have(request.user) and not is_shown(request):
            return _to_show(request)
        return get_response(request)

    return answer


def _is_of_the_desk(path: str) -> bool:
    """``path`` as the browser asked for it: addresses are made with the prefix that a server may put before them."""
    return path.startswith(reverse("admin:index")) and path not in {reverse(name) for name in OPEN}


def _to_show(request: HttpRequest) -> HttpResponse:
    if not has_one(request.user):
        return redirect("mfa_index")
    asked = request.get_full_path() if request.method == "GET" else reverse("admin:index")
    return redirect(f"{reverse(_way_to_show(request.user))}?{urlencode({'next': asked})}")


def _way_to_show(user: Any) -> str:
    """By code where there is an application, which every browser can; else by passkey."""
    is_totp = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).exists()
    return "mfa_reauthenticate" if is_totp else "mfa_reauthenticate_webauthn"


def for_staff(*, showing: bool = False) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Bound a page of the second factor to staff; unless it is where a factor is shown, to who has shown theirs."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @never_cache
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path(), reverse("admin:login"))
            if not may_have(request.user):
                raise PermissionDenied(_refusal(request.user))
            if not showing and must_have(request.user) and has_one(request.user) and not is_shown(request):
                return _to_show(request)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def _refusal(user: Any) -> str:
    if user.is_staff:
        return "Les comptes de la démonstration se passent de second facteur."
    return "Cette page est celle des agents de l’État. Vous vous connectez avec un code reçu par courriel."
