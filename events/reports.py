"""« Signaler un problème »: a visitor tells the DGE what is wrong with an event, without an account."""

from uuid import UUID

from django import forms
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core import limits, outbox
from core.fields import EmailField, TextField
from events.models import Event, Report
from events.views import gone

# A visitor's own, and all those about one event: a campaign is known by its first twenty.
MOST, SECONDS = 5, 3600
MOST_OF_AN_EVENT, A_DAY = 20, 24 * 3600


class ReportForm(forms.Form):
    reason = forms.ChoiceField(
        label="Quel est le problème ?",
        choices=Report.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Dites quel est le problème.",
            "invalid_choice": "Choisissez un problème de la liste.",
        },
    )
    text = TextField(
        label="Précisions",
        help_text="Ce que vous avez constaté, et où. N’écrivez rien sur votre santé ni sur d’autres personnes.",
        multiline=True,
        max_length=2000,
        error_messages={
            "required": "Décrivez le problème en une phrase au moins.",
            "max_length": "Ce texte compte %(show_value)d caractères : %(limit_value)d au plus.",
        },
    )
    email = EmailField(
        label="Votre adresse électronique",
        help_text="Seulement si vous souhaitez une réponse. Format attendu : nom@exemple.fr",
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    # Nobody sees it; what fills every field of a page it meets fills this one too.
    site = forms.CharField(label="Ne remplissez pas ce champ", required=False, max_length=500)

    @property
    def is_from_a_machine(self) -> bool:
        return bool(self.data.get("site"))


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, uid: UUID) -> HttpResponse:
    event = get_object_or_404(Event.objects.once_published().for_cards(), uid=uid)
    if event.revoked_at:
        return gone(request, event)
    form = ReportForm(request.POST if request.method == "POST" else None)
    if form.is_bound and (form.is_from_a_machine or form.is_valid()):
        if not form.is_from_a_machine and _is_too_often(request, event):
            return limits.refused(request, SECONDS, "events/report.html", event=event, form=form)
        if not form.is_from_a_machine:
            _file(event, form)
        # A machine is told the same: it learns nothing.
        return HttpResponse(status=303, headers={"Location": reverse("events:reported", args=[event.uid])})
    return render(request, "events/report.html", {"event": event, "form": form})


def _is_too_often(request: HttpRequest, event: Event) -> bool:
    return limits.is_exceeded(request, "report", most=MOST, seconds=SECONDS) or limits.is_exceeded_for(
        event.pk, "report-event", most=MOST_OF_AN_EVENT, seconds=A_DAY
    )


@transaction.atomic
def _file(event: Event, form: ReportForm) -> None:
    """Keep it, and tell the DGE that it came: what it says stays where only staff read."""
    filed = Report.objects.create(
        event=event, **{name: form.cleaned_data[name] for name in ("reason", "text", "email")}
    )
    if not settings.CONTACT_EMAIL:
        return
    outbox.post(
        key=f"report-{filed.pk}",
        to=settings.CONTACT_EMAIL,
        subject=f"Signalement : {event.title}",
        text=render_to_string("events/emails/report_body.txt", {"report": filed, "SITE_URL": settings.SITE_URL}),
    )


@require_safe
def reported(request: HttpRequest, uid: UUID) -> HttpResponse:
    event = get_object_or_404(Event.objects.once_published(), uid=uid)
    if event.revoked_at:
        return gone(request, event)
    return render(request, "events/reported.html", {"event": event})
