"""The reasons that examiners choose from, as the national team words them."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.forms.models import model_to_dict
from django.http import HttpRequest, HttpResponse

from accounts import audit
from accounts.models import User
from core.admin.deletion import UnheldAdmin
from core.fields import TextField
from labels.models import Application, Condition, Preset
from labels.presets import PLACEHOLDERS, Subject, has_lone_brace, render_text, unknown

TEXT_AT_MOST = 1500
PREVIEW = "_preview"


class PresetForm(forms.ModelForm[Preset]):
    """Also previewed with: then it is shown again, and nothing is stored."""

    title = TextField(
        label="Titre",
        max_length=80,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="Lu par les seuls examinateurs, dans la liste.",
    )
    uses = forms.MultipleChoiceField(
        label="Décisions",
        choices=Preset.Use.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="Celles pour lesquelles ce motif est proposé.",
        error_messages={
            "required": "Cochez au moins une décision.",
            "invalid_choice": "Cette décision n’existe pas.",
        },
    )
    conditions = forms.MultipleChoiceField(
        label="Conditions non remplies",
        choices=Condition.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Cochées d’avance ; l’examinateur peut les changer.",
        error_messages={"invalid_choice": "Cette condition n’existe pas."},
    )
    text = TextField(
        label="Texte",
        multiline=True,
        max_length=TEXT_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 10, "class": "vLargeTextField"}),
        help_text="Envoyé à l’organisateur tel que l’examinateur l’aura relu. Les mots entre accolades sont remplacés.",
    )
    position = forms.IntegerField(label="Rang", min_value=0, max_value=32767, initial=0)
    preview_on = TextField(
        label="Référence d’une demande",
        required=False,
        max_length=20,
        help_text="Pour lire l’aperçu tel que cette demande le donnerait ; laissée vide, avec des exemples.",
    )

    class Meta:
        model = Preset
        fields = ("title", "uses", "conditions", "text", "position", "is_active")

    # Whose applications a preview may be about.
    user: User

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if names := unknown(text):
            shown = ", ".join(f"{{{name}}}" for name in names)
            said = (
                "Ces mots entre accolades n’existent pas" if len(names) > 1 else "Ce mot entre accolades n’existe pas"
            )
            raise forms.ValidationError(f"{said} : {shown}. La liste est sous le texte.")
        if has_lone_brace(text):
            raise forms.ValidationError("Une accolade est ouverte ou fermée sans l’autre.")
        return text

    def clean_preview_on(self) -> Application | None:
        reference: str = self.cleaned_data["preview_on"]
        if not reference or PREVIEW not in self.data:
            return None
        found = Application.objects.visible_to(self.user).filter(reference=reference.upper()).for_verdict().first()
        if found is None:
            raise forms.ValidationError("Aucune demande de votre file ne porte cette référence.")
        return found

    def is_valid(self) -> bool:
        return super().is_valid() and PREVIEW not in self.data

    @property
    def preview(self) -> str:
        """The text as an organiser would read it: what is being typed, else what is stored."""
        if not self.is_bound:
            return render_text(self.instance.text)
        application = self.cleaned_data.get("preview_on")
        return render_text(self.cleaned_data.get("text", ""), Subject(application) if application else None)


@admin.register(Preset)
class PresetAdmin(UnheldAdmin[Preset]):
    held = "Une décision vient d’être prise avec ce motif type\u00a0: il n’est pas supprimé."
    form = PresetForm
    list_display = ("title", "decisions", "conditions_named", "position", "is_active", "used")
    fieldsets = (
        (None, {"fields": ("title", "position", "is_active")}),
        ("Ce que le motif propose", {"fields": ("uses", "conditions", "text")}),
    )
    change_form_template = "admin/labels/preset/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Preset]:
        return super().get_queryset(request).annotate(times_used=Count("decisions"))

    def get_form(self, request: HttpRequest, obj: Preset | None = None, *args: Any, **kwargs: Any) -> type[Any]:
        form = super().get_form(request, obj, *args, **kwargs)
        form.user = request.user
        return form

    def is_held(self, obj: Preset) -> bool:
        """By the decisions that came from it."""
        return obj.decisions.exists()

    def save_model(self, request: HttpRequest, obj: Preset, form: Any, change: bool) -> None:
        before = _words(self.hold(obj)) if change else {}
        super().save_model(request, obj, form, change)
        _log(request.user, "change" if change else "add", obj, {"before": before, "after": _words(obj)})

    def delete_model(self, request: HttpRequest, obj: Preset) -> None:
        before = _words(obj)
        super().delete_model(request, obj)
        _log(request.user, "delete", obj, {"before": before})

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        shown = context["adminform"].form
        context |= {"placeholders": PLACEHOLDERS.items(), "preview_name": PREVIEW}
        context |= {"preview": shown.preview, "preview_field": shown["preview_on"]}
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description="décisions")
    def decisions(self, preset: Preset) -> str:
        return ", ".join(Preset.Use(use).label for use in preset.uses)

    @admin.display(description="conditions non remplies", empty_value="–")
    def conditions_named(self, preset: Preset) -> str | None:
        return ", ".join(Condition(value).label for value in preset.conditions) or None

    @admin.display(description="décisions prises avec")
    def used(self, preset: Any) -> int:
        count: int = preset.times_used
        return count


def _words(preset: Preset) -> dict[str, Any]:
    """As the log compares it."""
    return model_to_dict(preset, PresetForm.Meta.fields)


def _log(by: Any, deed: str, preset: Preset, details: dict[str, Any]) -> None:
    done = {"add": "ajouté", "change": "changé", "delete": "supprimé"}[deed]
    audit.record(by, f"preset.{deed}", f"Motif type {done}", about=preset.title, details=details)
