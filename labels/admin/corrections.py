"""What an examiner puts right: a correction proposed with a return, or made of a labelled event, and its image."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from events.changes import Changes, difference, snapshot
from events.diffs import rows
from events.models import Picture
from labels import permissions, workflow
from labels.admin.decisions import ReasonForm
from labels.admin.queue import QueueAdmin
from labels.forms import CorrectionSheet, Flaw, PictureForm, PictureRows, VersionForm
from labels.models import Action, Application, State

# What a correction is, by the state of the application.
CORRECTS = {State.SUBMITTED: Action.RETURN, State.APPROVED: Action.CORRECT}
_DONE = {
    Action.RETURN: "est renvoyée à son organisateur avec la correction proposée",
    Action.CORRECT: "est corrigée, et son organisateur averti",
}
_NOTHING = "Rien ne diffère de ce qui est déclaré\u00a0: changez au moins un champ."


class CorrectionForm(ReasonForm):
    """Why, and of which version, beside the sheet itself."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, application: Application, data: Any = None) -> None:
        super().__init__(data, initial={"version": application.version})
        self.action = CORRECTS[State(application.state)]

    def clean(self) -> None:
        self.require_reason(self.action)

    def flaws(self) -> list[Flaw]:
        shown = ((bound, bound.id_for_label or f"{bound.auto_id}_0") for bound in self.shown)
        return [Flaw("motif", at, str(bound.label), str(error)) for bound, at in shown for error in bound.errors]

    @property
    def shown(self) -> list[forms.BoundField]:
        needs_conditions = workflow.MOVES[self.action].needs_conditions
        return [self[name] for name in (("conditions", "note") if needs_conditions else ("note",))]


class CorrectionAdmin(QueueAdmin):
    """The half of the application's admin that puts right."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<path:object_id>/correction/", view(self.correct), name="labels_application_correction"),
            path("<path:object_id>/image/", view(self.illustrate), name="labels_application_image"),
            *super().get_urls(),
        ]

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def correct(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The sheet, prefilled; by POST what differs on it is proposed, or made, with its reason."""
        application, user = self._examined(request, object_id), cast(User, request.user)
        if request.method != "POST":
            return self._closed(request, application) or self._sheet(request, application)
        if stale := self._overtaken(request, application):
            return stale
        form = CorrectionForm(application, request.POST)
        sheet = CorrectionSheet(application, user, request.POST)
        if sheet.is_moved:
            return self._sheet(request, application, form, sheet, shows_errors=False)
        is_preview = request.POST.get("action") == "preview"
        changes = sheet.changes() if sheet.is_valid() else {}
        if sheet.is_valid() and not changes:
            form.add_error(None, _NOTHING)
        if is_preview or not form.is_valid() or not changes:
            return self._sheet(request, application, form, sheet, changes=changes, is_preview=is_preview)
        return self._take(request, application, form, sheet, changes)

    def _take(
        self,
        request: HttpRequest,
        application: Application,
        form: CorrectionForm,
        sheet: CorrectionSheet,
        changes: dict[str, Any],
    ) -> HttpResponse:
        user, conditions = cast(User, request.user), form.cleaned_data["conditions"]
        following = self.following(request, application)
        note = form.cleaned_data["note"]
        try:
            workflow.perform(application, form.action, by=user, note=note, conditions=conditions, changes=changes)
        except workflow.StaleError:
            return self._conflict_of(request, application, note, changes)
        except workflow.MoveRefused as refusal:
            form.add_error(None, str(refusal))
            return self._sheet(request, application, form, sheet, changes=changes)
        self._tell(request, application, form.action)
        return self._back(request, following if form.action == Action.RETURN else application.pk)

    def _tell(self, request: HttpRequest, application: Application, action: Action) -> None:
        said = format_html("La demande {} {}.", application, _DONE[action])
        if action == Action.RETURN and settings.DECISION_MAIL_DELAY:
            page = reverse("admin:labels_application_change", args=[application.pk])
            said = format_html('{} <a href="{}#decision">Annuler cette décision</a>', said, page)
        messages.success(request, said)

    @method_decorator(require_POST)
    def illustrate(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Put the image with its words, other words on it, or take it away: shown at once, and told."""
        application, user = self._examined(request, object_id), cast(User, request.user)
        if stale := self._overtaken(request, application):
            return stale
        pictures = PictureRows(application.event, user, request.POST, request.FILES)
        proposed = pictures.tried(application.event) if pictures.is_described() else None
        if proposed is None or not pictures.is_valid():
            return self._sheet(request, application, pictures=pictures)
        changes = difference(application.event, {"pictures": proposed})
        if not changes:
            messages.info(request, "L’image est déjà celle-ci.")
            return HttpResponseRedirect(self._address(request, application.pk, "correction"))
        try:
            workflow.perform(application, Action.ILLUSTRATE, by=user, changes=changes)
        except workflow.StaleError:
            return self._conflict_of(request, application)
        messages.success(request, f"L’image de la demande {application} est changée, et son organisateur averti.")
        return HttpResponseRedirect(self._address(request, application.pk, "correction"))

    def _examined(self, request: HttpRequest, object_id: str) -> Application:
        """The application, of whoever may decide on it."""
        application = self.get_object(request, object_id)
        if not permissions.examines(cast(User, request.user), application):
            raise PermissionDenied("Vous ne pouvez pas corriger cette demande.")
        if application.state == State.DRAFT:
            raise PermissionDenied("Un brouillon n’est qu’à son organisateur.")
        return application

    def _closed(self, request: HttpRequest, application: Application) -> HttpResponse | None:
        if application.state in CORRECTS:
            return None
        said = f"La demande {application} ({application.get_state_display()}) ne se corrige plus ici."
        messages.warning(request, said)
        return self._back(request, application.pk)

    def _overtaken(self, request: HttpRequest, application: Application) -> HttpResponse | None:
        """The page of the conflict, where what is posted was read on another version."""
        seen = VersionForm(request.POST)
        if not seen.is_valid():
            raise BadRequest("Cette correction n’est pas lisible.")
        if seen.cleaned_data["version"] == application.version and application.state in CORRECTS:
            return None
        return self._conflict_of(request, application, request.POST.get("note", ""))

    def _conflict_of(
        self, request: HttpRequest, application: Application, note: str = "", changes: Changes | None = None
    ) -> HttpResponse:
        """What was to change is told under the reason, beside what was faster."""
        current = self.get_object(request, str(application.pk))
        lost = [f"{row.label}\u00a0: {row.new}" for row in rows(snapshot(current.event), changes or {})]
        return self._conflict(request, application, note="\n".join([note, *lost]).strip())

    def _sheet(
        self,
        request: HttpRequest,
        application: Application,
        form: CorrectionForm | None = None,
        sheet: CorrectionSheet | None = None,
        *,
        changes: Changes | None = None,
        pictures: PictureRows | None = None,
        shows_errors: bool = True,
        is_preview: bool = False,
    ) -> HttpResponse:
        """What was typed over the application as it is stored: a move just refused leaves it as it never was."""
        user = cast(User, request.user)
        application = Application.objects.for_verdict().get(pk=application.pk)
        sheet = sheet or CorrectionSheet(application, user)
        form = form or CorrectionForm(application)
        shows_reason = shows_errors and not is_preview
        flaws = sheet.flaws() if sheet.event.is_bound and shows_errors else []
        if shows_reason:
            flaws += form.flaws()
        return self.render(
            request,
            "correction",
            title="Proposer une correction" if application.state == State.SUBMITTED else "Corriger l’événement",
            subtitle=application.reference,
            application=application,
            form=form,
            sheet=sheet,
            flaws=flaws,
            shows_errors=shows_errors,
            shows_reason=shows_reason,
            diff=rows(snapshot(application.event), changes or {}),
            is_proposal=application.state == State.SUBMITTED,
            pictures=picture_rows(pictures or PictureRows(application.event, user)),
            image_url=reverse("admin:labels_application_image", args=[application.pk]),
            page_url=self._address(request, application.pk),
            queue_url=self._address(request, None),
        )

    def _back(self, request: HttpRequest, pk: int | None) -> HttpResponse:
        """To the page of the application, or to the queue where it went to another région."""
        is_visible = pk is not None and Application.objects.visible_to(request.user).filter(pk=pk).exists()
        return HttpResponseRedirect(self._address(request, pk if is_visible else None))


def picture_rows(pictures: PictureRows) -> list[PictureForm]:
    """The image with its words, and room for another in its place."""
    shown = pictures.images
    has_room = any(row.picture is None for row in shown)
    return shown if has_room else [*shown, PictureForm(Picture.Kind.IMAGE, None)]
