"""The form of a resource: what it asks depends on its nature."""

from typing import Any

from django import forms

from core.contact_fields import WebAddressField
from core.fields import TextField
from editorial.documents import Document
from editorial.forms.fields import DocumentField, MarkupField
from editorial.forms.previewed import PREVIEW
from editorial.forms.published import PublishedForm
from editorial.models import Resource, Space

Kind = Resource.Kind
# What each nature holds: one of these fields at least, asked for beside the first.
_HOLDS: dict[str, tuple[str, ...]] = {
    Kind.RELEASE: ("text", "document"),
    Kind.ADVICE: ("text",),
    Kind.JOB: ("text", "document", "address"),
    Kind.DOCUMENT: ("document",),
    Kind.VIDEO: ("address",),
    Kind.LINK: ("address",),
}
_ASKED = {
    "text": "Écrivez le texte.",
    "document": "Choisissez le fichier à proposer.",
    "address": "Donnez l’adresse du site ou de la vidéo.",
}


class ResourceForm(PublishedForm[Resource]):
    title = TextField(label="Titre", max_length=120, widget=forms.TextInput(attrs={"class": "vTextField"}))
    summary = TextField(
        label="Résumé",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text="Une phrase ou deux, lues dans la liste de l’espace.",
    )
    text = MarkupField(
        label="Texte",
        required=False,
        help_text="Titre : « ## » en début de ligne, puis « ### ». Liste : « - » ou « 1. ». "
        "Lien : [mots du lien](https://adresse). Gras : **mots**. Une ligne vide sépare les paragraphes.",
    )
    address = WebAddressField(
        label="Adresse du site ou de la vidéo",
        required=False,
        max_length=500,
        widget=forms.URLInput(attrs={"class": "vURLField"}),
        help_text="La page montre un lien, avec le nom du site : rien n’en est chargé chez nous.",
    )
    duration = forms.DurationField(
        label="Durée de la vidéo",
        required=False,
        help_text="Minutes et secondes, par exemple 3:45.",
        error_messages={"invalid": "Écrivez la durée en minutes et secondes, par exemple 3:45."},
    )
    document = DocumentField(
        label="Fichier à télécharger",
        required=False,
        help_text="PDF, PNG, JPEG ou WebP, 8 Mo au plus. Un PDF doit être accessible (titres, textes des images).",
    )
    remove_document = forms.BooleanField(label="Retirer le fichier", required=False)

    class Meta(PublishedForm.Meta):
        model = Resource
        fields = (
            "title",
            "slug",
            "kind",
            *(space.column for space in Space),
            "summary",
            "text",
            "address",
            "duration",
            *PublishedForm.Meta.published,
        )
        help_texts = {
            **PublishedForm.Meta.help_texts,
            "slug": "Fin de l’adresse de la page ; d’autres sites la gardent, ne la changez plus une fois publiée.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.file:
            del self.fields["remove_document"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not any(data.get(space.column) for space in Space):
            self.add_error(Space.TEACHERS.column, "Cochez au moins un espace.")
        wanted = _HOLDS.get(data.get("kind", ""), ())
        held = [name for name in wanted if self._holds(name, data)]
        if wanted and not held and not any(name in self.errors for name in wanted):
            self.add_error(wanted[0], _ASKED[wanted[0]])
        return data

    def _holds(self, name: str, data: dict[str, Any]) -> bool:
        if name != "document" or data.get("document"):
            return bool(data.get(name))
        return bool(self.instance.file) and not data.get("remove_document")

    def clean_duration(self) -> Any:
        duration = self.cleaned_data["duration"]
        if duration is not None and not 0 < duration.total_seconds() < 24 * 3600:
            raise forms.ValidationError(self.fields["duration"].error_messages["invalid"], code="invalid")
        return duration

    def put_files(self) -> None:
        super().put_files()
        document: Document | None = self.cleaned_data.get("document")
        if document:
            self.instance.file_size = len(document.data)
            if PREVIEW in self.data:
                self.instance.file = f"apercu.{document.extension}"
            else:
                self.put("document", "file", document.data, document.extension)
        elif self.cleaned_data.get("remove_document"):
            self.instance.file, self.instance.file_size = "", 0
