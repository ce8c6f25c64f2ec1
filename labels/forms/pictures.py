"""The pictures of an event in its form: each a row of its own, described in words for those who do not see it."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from core import limits
from events import pictures
from events.image_fields import REFUSED_FOR, AlternativeField, PictureField
from events.images import Drawn
from events.models import MOST_DOCUMENTS, Event, Picture
from labels.forms.base import count_characters_aloud

_FULL = "Le portail n’a pas pu garder ce fichier. Rien n’est perdu du reste : choisissez-le de nouveau dans un moment."
_TOO_MANY = f"Un événement a {MOST_DOCUMENTS} documents au plus : retirez-en un pour ajouter celui-ci."
# Reading one takes the processor for a second and 160 MB: nobody has so many of their own to show.
_MOST_FILES = 40


class PictureForm(forms.Form):
    """One row: a stored picture and its words, or room for a file and its words."""

    file = PictureField(required=False)
    alt = AlternativeField(required=False, max_length=250)

    def __init__(
        self, kind: str, picture: Picture | None, data: Any = None, files: Any = None, *, is_refused: bool = False
    ) -> None:
        self.kind, self.picture = kind, picture
        prefix = f"picture-{picture.pk}" if picture else kind
        if picture and data is not None and f"{prefix}-alt" not in data:
            # Its page was opened before this picture was there: it has nothing to say of it.
            data = files = None
        super().__init__(data, files, prefix=prefix, initial={"alt": picture.alt} if picture else {})
        is_image = kind == Picture.Kind.IMAGE
        self.title = Picture.Kind(kind).label
        self.fields["file"].label = "Image de l’événement" if is_image else "Document à ajouter"
        self.fields["file"].help_text = _HINTS[kind]
        self.fields["file"].is_refused = is_refused  # type: ignore[attr-defined]
        self.fields["alt"].label = "Ce que montre l’image" if is_image else "Ce que montre ce document"
        self.fields["alt"].help_text = _EXAMPLES[kind]
        # Asked for with a file, and with a file alone.
        self.fields["alt"].widget.is_required = True
        count_characters_aloud(self.fields["alt"])
        if picture:
            del self.fields["file"]
            self.fields["alt"].required = True

    def clean(self) -> dict[str, Any]:
        is_empty = not self.picture and not self.cleaned_data.get("file") and "file" not in self.errors
        if is_empty and self.cleaned_data.get("alt") and self.data.get("action") != "autosave":
            self.add_error("file", "Choisissez l’image que ce texte décrit, ou effacez le texte.")
        return self.cleaned_data


class PictureRows:
    """The rows of an event: its image, its documents, and room for one more of each while there is."""

    def __init__(self, event: Event, user: User, data: Any = None, files: Any = None) -> None:
        self.event, self.data, self.files = event, data, files
        self._is_refused = any(_is_one_too_many(user) for _ in files or ())
        self.action = str(data.get("action", "")) if data is not None else ""
        self.rows = list(self._read())

    @staticmethod
    def as_posted(event: Event) -> dict[str, str]:
        """The stored words as a browser would post them."""
        return {f"picture-{picture.pk}-alt": picture.alt for picture in event.pictures.all()}

    @staticmethod
    def are_all_described(event: Event) -> bool:
        """Whether the rows of the stored pictures, and these are all there would be to judge, have no fault."""
        try:
            return all(PictureForm.base_fields["alt"].clean(picture.alt) for picture in event.pictures.all())
        except ValidationError:
            return False

    def spoken(self) -> dict[str, str]:
        """Each picture with its words, as they were typed or kept."""
        shown = [row for row in self.rows if row.picture or row["alt"].value()]
        return {f"{row.title} {number}": str(row["alt"].value() or "À décrire") for number, row in enumerate(shown, 1)}

    @property
    def images(self) -> list[PictureForm]:
        return [row for row in self.rows if row.kind == Picture.Kind.IMAGE]

    @property
    def documents(self) -> list[PictureForm]:
        return [row for row in self.rows if row.kind == Picture.Kind.DOCUMENT]

    def is_valid(self) -> bool:
        faulty = [row for row in self.rows if row.errors]
        return not faulty

    def is_described(self) -> bool:
        """Valid, each new file with its words: what is published at once is not completed later."""
        for row in self.rows:
            if row.is_bound and not row.picture and row.is_valid() and row.cleaned_data["file"]:
                row.fields["alt"].required = True
                row.full_clean()
        return self.is_valid()

    def tried(self, event: Event) -> list[dict[str, Any]]:
        """What the rows would make of the pictures, undone: their files wait on the disk for what names them."""
        with transaction.atomic():
            self.store(event)
            values = pictures.as_values(event)
            transaction.set_rollback(True)
        return values

    def store(self, event: Event) -> None:
        """Keep what is valid; the rows are then those of what is kept, each fault beside its own."""
        self.event = event
        kept: dict[str, Picture] = {}
        for row in self.rows:
            if row.picture and self.action == f"remove-{row.prefix}":
                pictures.remove(row.picture)
            elif row.picture and row.is_bound and "alt" in row.cleaned_data:
                event.pictures.filter(pk=row.picture.pk).update(alt=row.cleaned_data["alt"])
            elif not row.picture and row.cleaned_data.get("file") and (picture := self._attach(row)):
                kept[row.kind] = picture
        self._show_what_is_kept(kept)

    def _attach(self, row: PictureForm) -> Picture | None:
        drawn: Drawn = row.cleaned_data["file"]
        others = self.event.pictures.filter(kind=Picture.Kind.DOCUMENT).exclude(digest=drawn.digest)
        if row.kind == Picture.Kind.DOCUMENT and others.count() >= MOST_DOCUMENTS:
            row.add_error("file", ValidationError(_TOO_MANY, code="too many"))
            return None
        try:
            return pictures.attach(self.event, drawn, kind=row.kind, alt=row.cleaned_data.get("alt", ""))
        except OSError:
            row.add_error("file", ValidationError(_FULL, code="full"))
            return None

    def _show_what_is_kept(self, kept: Mapping[str, Picture]) -> None:
        faulty = {row.prefix: row for row in self.rows if "file" in row.errors}
        typed = {
            key: value for key, value in self.data.items() if not key.startswith(tuple(f"{kind}-" for kind in kept))
        }
        for kind, picture in kept.items():
            typed[f"picture-{picture.pk}-alt"] = self.data.get(f"{kind}-alt", "")
        self.data, self.files = typed, None
        self.rows = list(({row.prefix: row for row in self._read()} | faulty).values())

    def _read(self) -> Iterator[PictureForm]:
        stored = list(self.event.pictures.all())
        for kind, most in ((Picture.Kind.IMAGE, 1), (Picture.Kind.DOCUMENT, MOST_DOCUMENTS)):
            of_kind = [picture for picture in stored if picture.kind == kind]
            for picture in of_kind:
                yield PictureForm(kind, picture, self.data, self.files)
            has_more = bool(self.files) and f"{kind}-file" in self.files
            if len(of_kind) < most or has_more:
                yield PictureForm(kind, None, self.data, self.files, is_refused=self._is_refused)


def _is_one_too_many(user: User) -> bool:
    return limits.is_exceeded_for(user.pk, "pictures", most=_MOST_FILES, seconds=REFUSED_FOR * 60)


_HINTS: dict[str, str] = {
    Picture.Kind.IMAGE: "Elle illustre la page publique et la liste. PNG, JPEG ou WebP, 8 Mo au plus. "
    "N’y montrez personne qui n’en soit d’accord.",
    Picture.Kind.DOCUMENT: f"Une affiche, un plan d’accès : {MOST_DOCUMENTS} au plus, en image PNG, JPEG ou WebP "
    "de 8 Mo au plus.",
}
_EXAMPLES: dict[str, str] = {
    Picture.Kind.IMAGE: "Lu à voix haute aux personnes qui ne la voient pas, par exemple "
    "« Une apprentie règle un tour dans l’atelier d’usinage ».",
    Picture.Kind.DOCUMENT: "Il paraît sous ces mots, par exemple « Plan d’accès depuis la gare ».",
}
