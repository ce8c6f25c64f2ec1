"""What examiners write to one another of an application: for those who may decide on it, and nobody else."""

from typing import cast

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms.renderers import DjangoTemplates
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from accounts import audit
from accounts.models import User
from core.fields import TextField
from labels import permissions
from labels.admin.desk import DeskAdmin
from labels.models import Application, Note

AT_MOST = 2000


class NoteForm(forms.Form):
    default_renderer = DjangoTemplates

    text = TextField(
        label="Nouvelle note",
        help_text="Lue par les seuls examinateurs de cette demande. Elle ne se corrige ni ne s’efface.",
        multiline=True,
        max_length=AT_MOST,
        widget=forms.Textarea(attrs={"rows": 3, "data-key": "n"}),
        error_messages={
            "required": "Écrivez la note.",
            "max_length": "Cette note compte %(show_value)d caractères : %(limit_value)d au plus.",
        },
    )


def may_read(user: User, application: Application) -> bool:
    """Who may decide: not who only reads, nor who is on the organiser's side."""
    return permissions.examines(user, application)


class NotesAdmin(DeskAdmin):
    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.add_note)
        return [path("<path:object_id>/note/", view, name="labels_application_note"), *super().get_urls()]

    @method_decorator(require_POST)
    def add_note(self, request: HttpRequest, object_id: str) -> HttpResponse:
        application, user = self.get_object(request, object_id), cast(User, request.user)
        form = NoteForm(request.POST)
        is_complete = form.is_valid()
        with transaction.atomic():
            # Held: an erasure waits for the note and takes it along, or was first and leaves nothing to write of.
            if not Application.objects.select_for_update().filter(pk=application.pk).first():
                raise Http404("Cette demande n’existe plus.")
            if not may_read(user, application):
                raise PermissionDenied("Les notes internes sont réservées à ceux qui instruisent la demande.")
            if is_complete:
                Note.objects.create(application=application, by=user, text=form.cleaned_data["text"])
                audit.record(user, "note.write", "Note interne ajoutée", about=application.reference)
        if not is_complete:
            return self._page(request, application, note_form=form)
        return HttpResponseRedirect(f"{self._address(request, application.pk)}#notes")
