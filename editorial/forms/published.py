"""What every form of a published row asks: its image with its words, its rank, its time."""

from datetime import datetime
from typing import Any, TypeVar

from django import forms

from editorial.documents import keep
from editorial.forms.previewed import PREVIEW, PreviewedForm
from editorial.models.published import Published
from events.image_fields import AlternativeField, PictureField
from events.images import Drawn

M = TypeVar("M", bound=Published)
FULL = "Le portail n’a pas pu garder ce fichier. Rien n’est perdu du reste : choisissez-le de nouveau dans un moment."
# The first Semaine was in 2011; beyond the other, a slip of the finger.
_FIRST_YEAR, _LAST_YEAR = 2011, 2099


def _instant() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class PublishedForm(PreviewedForm[M]):
    image_file = PictureField(
        label="Image",
        required=False,
        help_text="PNG, JPEG ou WebP, 8 Mo au plus. Une autre prend la place de celle qui est là.",
    )
    image_alt = AlternativeField(
        label="Ce que montre l’image",
        required=False,
        max_length=250,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="Lu à voix haute aux personnes qui ne la voient pas ; pour un logo, le nom qu’il porte.",
    )
    remove_image = forms.BooleanField(label="Retirer l’image", required=False)
    position = forms.IntegerField(
        label="Rang", min_value=0, max_value=32767, initial=0, help_text="Du plus petit au plus grand."
    )

    class Meta:
        published = ("image_alt", "position", "published_from", "published_until")
        widgets = {"published_from": _instant(), "published_until": _instant()}
        help_texts = {
            "published_from": "Heure de Paris. Laissé vide : en préparation, personne d’autre que vous ne le voit.",
            "published_until": "Heure de Paris. Laissé vide : sans fin.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.image:
            del self.fields["remove_image"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        self._check_image(data)
        self._check_dates(data)
        return data

    def _check_image(self, data: dict[str, Any]) -> None:
        keeps = bool(self.instance.image) and not data.get("remove_image")
        if data.get("image_file") or keeps:
            if not data.get("image_alt") and "image_alt" not in self.errors:
                message = self.fields["image_alt"].error_messages["required"]
                self.add_error("image_alt", forms.ValidationError(message, code="required"))
        elif data.get("remove_image"):
            data["image_alt"] = ""
        elif data.get("image_alt") and "image_file" not in self.errors:
            self.add_error("image_file", "Choisissez l’image que ce texte décrit, ou effacez le texte.")

    def _check_dates(self, data: dict[str, Any]) -> None:
        first: datetime | None = data.get("published_from")
        last: datetime | None = data.get("published_until")
        for name, instant in (("published_from", first), ("published_until", last)):
            if instant and not _FIRST_YEAR <= instant.year <= _LAST_YEAR:
                self.add_error(name, "Vérifiez l’année.")
        if last and not first and "published_from" not in self.errors:
            self.add_error("published_from", "Indiquez à partir de quand, ou effacez la fin.")
        if first and last and last <= first:
            self.add_error("published_until", "La publication finit avant de commencer.")

    def _post_clean(self) -> None:
        """Once all is sound, the files: on the disk before the row that names them."""
        super()._post_clean()  # type: ignore[misc]
        if not self.errors:
            self.put_files()

    def put_files(self) -> None:
        drawn: Drawn | None = self.cleaned_data.get("image_file")
        row = self.instance
        if drawn:
            row.image_width, row.image_height = drawn.width, drawn.height
            if PREVIEW in self.data:
                row.embed(drawn.data, drawn.extension)
            else:
                self.put("image_file", "image", drawn.data, drawn.extension)
        elif self.cleaned_data.get("remove_image"):
            row.image, row.image_width, row.image_height = "", None, None
        elif PREVIEW in self.data:
            row.embed_stored()

    def put(self, field: str, column: str, data: bytes, extension: str) -> None:
        """Store what came by ``field`` and name it in ``column``; a disk that is full is told beside the field."""
        try:
            setattr(self.instance, column, keep(data, extension))
        except OSError:
            self.add_error(field, forms.ValidationError(FULL, code="full"))
