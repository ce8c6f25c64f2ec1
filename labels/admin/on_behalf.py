"""What the national team does in an organiser's name: an application opened, or made again for the open edition."""

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods, require_POST

from accounts import audit
from accounts.models import User
from events.models import Edition
from labels import copies, drafts
from labels.admin.desk import DeskAdmin
from labels.emails import correspondents, tell_of_draft
from labels.forms import OnBehalfForm
from labels.models import Application


class OnBehalfAdmin(DeskAdmin):
    """The half of the application's admin that acts for organisers; they file what is opened so, or leave it."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<path:object_id>/refaire/", view(self.redo), name="labels_application_redo"),
            *super().get_urls(),
        ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return cast(User, request.user).has_perm("labels.apply_for_others")

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: object = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = OnBehalfForm(request.POST if request.method == "POST" else None)
        if not form.is_valid():
            queue_url = reverse("admin:labels_application_changelist")
            title = "Ouvrir une demande pour un organisateur"
            return self.render(request, "on_behalf", title=title, form=form, queue_url=queue_url)
        draft = _open(cast(User, request.user), form)
        messages.success(
            request, f"La demande {draft} est ouverte pour {form.cleaned_data['email']}, qui en est averti."
        )
        return HttpResponseRedirect(reverse("admin:labels_application_change", args=[draft.pk]))

    @method_decorator(require_POST)
    def redo(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Copy an application into the open edition; twice gives the same draft."""
        source, user = self.get_object(request, object_id), cast(User, request.user)
        if not self.has_add_permission(request):
            raise PermissionDenied("Seule l’équipe nationale refait une demande pour un organisateur.")
        edition = copied_into(source)
        people = correspondents(source)
        if edition is None or not people:
            refusal = "Personne n’en répond plus." if edition else "Aucune autre édition ne prend de demande."
            messages.error(request, f"Cette demande ne peut pas être refaite\u00a0: {refusal}")
            return HttpResponseRedirect(reverse("admin:labels_application_change", args=[source.pk]))
        draft = _copy(source, edition, people[0], by=user)
        messages.success(request, f"La demande {draft} reprend {source} pour {people[0].email}, qui en est averti.")
        return HttpResponseRedirect(reverse("admin:labels_application_change", args=[draft.pk]))


def copied_into(source: Application) -> Edition | None:
    """The edition that a copy of ``source`` would be for: another than its own."""
    edition = Edition.objects.taking_applications()
    return edition if edition and edition.pk != source.event.edition_id else None


@transaction.atomic
def _open(by: User, form: OnBehalfForm) -> Application:
    edition, reason = form.cleaned_data["edition"], form.cleaned_data["reason"]
    person = User.objects.of_address(form.cleaned_data["email"])
    draft = drafts.begin(edition, person, late_reason="" if edition.is_open() else reason)
    details = {"for": person.pk, "edition": edition.year, "reason": reason}
    audit.record(by, "application.open", "Demande ouverte pour un organisateur", about=draft.reference, details=details)
    tell_of_draft(draft, person)
    return draft


@transaction.atomic
def _copy(source: Application, edition: Edition, person: User, *, by: User) -> Application:
    draft = copies.copy(source, edition, person)
    details = {"for": person.pk, "from": source.reference}
    audit.record(by, "application.copy", "Demande refaite pour un organisateur", about=draft.reference, details=details)
    tell_of_draft(draft, person)
    return draft
