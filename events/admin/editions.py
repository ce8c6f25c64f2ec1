"""Editions as the national team keeps them: a form, then what follows from it, and only then the change."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.db import models, transaction
from django.forms import DateTimeField
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.crypto import constant_time_compare

from events.admin.edition_form import EditionForm
from events.admin.kept import KeptAdmin
from events.consequences import Consequence, Facts, public_consequences, seal, stored
from events.models import Audience, Edition

CONFIRMED, BACK = "_confirmed", "_back"
# Which of the form's buttons was pressed: where Django leads to afterwards.
_BUTTONS = ("_save", "_continue", "_addanother")


class EditionAdmin(KeptAdmin):
    form = EditionForm
    list_display = (
        "year",
        "number",
        "theme",
        "week_starts_on",
        "week_ends_on",
        "window_starts_on",
        "window_ends_on",
        "applications_close_at",
        "is_published",
    )
    formfield_overrides = {models.DateTimeField: {"form_class": DateTimeField}}
    fieldsets = (
        (None, {"fields": ("year", "number", "theme", "is_published")}),
        ("Semaine et fenêtre", {"fields": EditionForm.Meta.fields[3:7]}),
        ("Demandes de label", {"fields": ("applications_open_at", "applications_close_at", "audiences")}),
        ("Bilan", {"fields": ("participants",)}),
    )

    class Media:
        js = (Script("js/admin-edition.js", type="module"),)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """References and label numbers are counted by edition, and stay consumed."""
        return False

    def consequences(self, known: Sequence[Facts], before: Facts | None, after: Facts) -> list[Consequence]:
        """What the change does; a subclass knows more of those who are concerned."""
        return public_consequences(known, before, after)

    def edition_changed(self, edition: Edition, before: Facts | None, after: Facts) -> None:
        """In the transaction of the change; for a subclass."""

    def get_form(self, request: HttpRequest, obj: Any = None, *args: Any, **kwargs: Any) -> type[Any]:
        """For Django's own page, which shows what was typed and what is wrong, and never saves: ``_answer`` does."""
        form = super().get_form(request, obj, *args, **kwargs)
        return type(form.__name__, (form,), {"is_valid": _never})

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method == "POST" and BACK not in request.POST and (answer := self._answer(request, object_id)):
            return answer
        return super().changeform_view(request, object_id, form_url, extra_context)

    @transaction.atomic
    def _answer(self, request: HttpRequest, object_id: str | None) -> HttpResponse | None:
        """The preview, or the change once confirmed; None where Django's page refuses, or shows what is wrong."""
        # All of them are held: which one is current, and which overlap, is decided among them.
        list(Edition.objects.select_for_update().order_by("pk"))
        # And the audiences, so that none of those chosen is deleted before the edition targets it.
        list(Audience.objects.select_for_update(no_key=True).order_by("pk"))
        edition = self.get_object(request, unquote(object_id)) if object_id else None
        is_allowed = self.has_change_permission(request, edition) if object_id else self.has_add_permission(request)
        if not is_allowed or (object_id and edition is None):
            return None
        known = stored()
        before = next((facts for facts in known if edition and facts.pk == edition.pk), None)
        form = self._form(request, edition)
        if form.errors:
            return None
        after = Facts.of(form.instance, form.cleaned_data["audiences"])
        shown = request.POST.get(CONFIRMED)
        if shown is None or not constant_time_compare(shown, seal(known, after)):
            return self._preview(request, form, known, before, after)
        return self._change(request, form, before, after)

    def _form(self, request: HttpRequest, edition: Edition | None) -> EditionForm:
        fields = flatten_fieldsets(self.get_fieldsets(request, edition))
        form = super().get_form(request, edition, change=edition is not None, fields=fields)
        answered: EditionForm = form(request.POST, instance=edition)
        return answered

    def _preview(
        self, request: HttpRequest, form: EditionForm, known: Sequence[Facts], before: Facts | None, after: Facts
    ) -> HttpResponse:
        if CONFIRMED in request.POST:
            text = "Rien n’est encore fait : une édition a changé entre-temps. Relisez ce que votre saisie entraîne."
            messages.warning(request, text)
        request.current_app = self.admin_site.name
        sent = [name for name in (*form.fields, *_BUTTONS) if name in request.POST]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"Confirmer : édition {after.year}",
            "edition": form.instance if before else None,
            "rows": _differences(form, before, after),
            "consequences": self.consequences(known, before, after),
            "typed": [(name, value) for name in sent for value in request.POST.getlist(name)],
            "seal": seal(known, after),
        }
        return TemplateResponse(request, "admin/events/edition/confirm.html", context)

    def _change(self, request: HttpRequest, form: EditionForm, before: Facts | None, after: Facts) -> HttpResponse:
        edition = self.save_form(request, form, change=before is not None)
        self.save_model(request, edition, form, before is not None)
        self.save_related(request, form, [], before is not None)
        details = {"before": before.as_json() if before else {}, "after": {**after.as_json(), "pk": edition.pk}}
        self.record(request, "change" if before else "add", edition, details)
        self.edition_changed(edition, before, after)
        message = self.construct_change_message(request, form, [], before is None)  # type: ignore[arg-type]
        if before is None:
            self.log_addition(request, edition, message)
            return self.response_add(request, edition)
        self.log_change(request, edition, message)
        return self.response_change(request, edition)


def _never(form: EditionForm) -> bool:
    return False


def _differences(form: EditionForm, before: Facts | None, after: Facts) -> list[tuple[str, str, str]]:
    """Each field that changes, in words: its name, what it was, what it will be."""
    old, new = before.in_words() if before else {}, after.in_words()
    labels = {name: str(form.fields[name].label) for name in form.fields}
    return [(labels[name], old.get(name, ""), new[name]) for name in labels if old.get(name) != new[name]]
