"""« Mes données » : what is kept on the organiser who is signed in, to read, to take away, to erase."""

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods, require_safe

from core import limits
from labels import erasure
from labels.views.access import OrganiserRequest, for_organisers
from labels.workflow import MoveRefused
from pages import personal_data as data


class ErasureForm(forms.Form):
    is_certain = forms.BooleanField(
        label="J’ai lu ce qui précède et je veux effacer mon compte",
        error_messages={"required": "Cochez la case pour effacer votre compte."},
    )


@for_organisers
@require_safe
def personal_data(request: OrganiserRequest) -> HttpResponse:
    kept = data.gather(request.user)
    return render(request, "pages/personal_data.html", {"kept": kept, "account": request.user})


@for_organisers
@require_safe
def download(request: OrganiserRequest) -> HttpResponse:
    if limits.is_exceeded_for(request.user.pk, "download", most=20, seconds=3600):
        messages.error(request, "Vous avez demandé ce fichier plusieurs fois : réessayez dans une heure.")
        return redirect("pages:personal_data")
    answer = JsonResponse(data.gather(request.user), json_dumps_params={"ensure_ascii": False, "indent": 2})
    name = f"semaine-industrie-mes-donnees-{timezone.localdate():%Y-%m-%d}.json"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    patch_cache_control(answer, private=True, no_store=True)
    return answer


@for_organisers
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: OrganiserRequest) -> HttpResponse:
    """GET tells what will happen; POST, with its box ticked, erases."""
    form = ErasureForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "pages/erase.html", {"form": form, "fate": erasure.foresee(request.user)})
    try:
        erasure.erase(request.user)
    except MoveRefused:
        messages.error(request, "Une de vos demandes vient de changer d’état : relisez cette page, puis recommencez.")
        return redirect("pages:erase")
    logout(request)
    messages.success(request, "Votre compte est effacé.")
    return redirect("pages:home")
