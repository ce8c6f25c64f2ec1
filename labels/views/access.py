"""Who enters the organisers' pages: people who sign in by code; staff has the admin."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.models import User
from core import limits
from labels.models import Application, ApplicationQuerySet, State
from labels.views import kept

P = ParamSpec("P")
# More of what is public than anybody changes by hand; each makes pages anew for all, and stays in the history.
MOST, SECONDS = 60, 60
_CLOSED = "Cette demande n’est plus modifiable. Voici où elle en est."


class OrganiserRequest(HttpRequest):
    user: User


def for_organisers(
    view: Callable[Concatenate[OrganiserRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        if request.user.is_staff:
            return render(request, "labels/staff.html", status=403)
        return view(cast(OrganiserRequest, request), *args, **kwargs)

    return guarded  # type: ignore[return-value]


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in and back, with what was typed; a script that saves in the background is only told."""
    if request.POST.get("action") == "autosave":
        return HttpResponse(status=401)
    kept.keep(request)
    return redirect_to_login(request.get_full_path())


def not_too_often(
    view: Callable[Concatenate[OrganiserRequest, P], HttpResponse],
) -> Callable[Concatenate[OrganiserRequest, P], HttpResponse]:
    """For what changes a labelled event; beyond what an account may, the page that says so holds what was typed."""

    @wraps(view)
    def counted(request: OrganiserRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method == "POST" and limits.is_exceeded_for(request.user.pk, "change", most=MOST, seconds=SECONDS):
            return limits.refused(request, SECONDS)
        return view(request, *args, **kwargs)

    return counted  # type: ignore[return-value]


def applications_of(request: OrganiserRequest) -> ApplicationQuerySet:
    return Application.objects.of(request.user)


def see_other(name: str, *args: str) -> HttpResponse:
    """Redirect after a POST, to be fetched by GET whatever came before."""
    response = redirect(name, *args)
    response.status_code = 303
    return response


def closed(request: OrganiserRequest, found: Application) -> HttpResponse:
    """From the form of an application that is not to be changed; a second « Déposer » lands where the first did."""
    has_just_been_sent = request.method == "POST" and found.state == State.SUBMITTED
    messages.info(request, f"La demande {found.reference} est déposée." if has_just_been_sent else _CLOSED)
    return see_other("labels:application", found.reference)


def no_longer_changeable(request: OrganiserRequest, found: Application) -> HttpResponse:
    """To the application of an event that its organiser may not change now."""
    messages.info(request, "Cet événement n’est plus modifiable. Voici où en est la demande.")
    return see_other("labels:application", found.reference)


def back_to_desk(request: OrganiserRequest) -> HttpResponse:
    """To the desk as it was seen, by the query string that its form posts along."""
    query = QueryDict(request.POST.get("desk", "")[:200]).urlencode()
    response = redirect(f"{reverse('labels:desk')}?{query}" if query else "labels:desk")
    response.status_code = 303
    return response
